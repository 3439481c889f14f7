import { computed, reactive, readonly } from 'vue'
import { API_BASE } from './client'
import { SseParser, type SseEvent } from './sse'
import type { StreamEntry } from './schema'

/** A line without even a ping for this long is taken for dead. */
const SILENCE_MS = 40_000
const RETRY_MS = [500, 1_000, 2_000, 5_000]
const KEEP = 200
/** How much history the desk asks for when it opens. */
const LOOK_BACK = 80

interface LinkState {
  status: 'idle' | 'connecting' | 'live' | 'lost'
  /** Since when the present status holds, in browser time. */
  since: number
  position: number
  /** Server clock minus browser clock, in milliseconds. */
  skew: number
  entries: StreamEntry[]
}

const state = reactive<LinkState>({ status: 'idle', since: Date.now(), position: 0, skew: 0, entries: [] })
const listeners = new Set<(entry: StreamEntry) => void>()
let controller: AbortController | null = null
let lastHeard = 0
let attempt = 0
let timer: ReturnType<typeof setTimeout> | undefined
let watchdog: ReturnType<typeof setInterval> | undefined

export const link = readonly(state)
export const isLive = computed(() => state.status === 'live')

/** Calls back for each entry that arrives while the page is open; returns the function that ends it. */
export function onEntry(listener: (entry: StreamEntry) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Learns the server's clock from any instant it sends. */
export function learnClock(now: string): void {
  const at = Date.parse(now)
  if (!Number.isNaN(at)) state.skew = at - Date.now()
}

function setStatus(status: LinkState['status']): void {
  if (state.status === status) return
  state.status = status
  state.since = Date.now()
}

function accept(entry: StreamEntry): void {
  if (state.entries.some((known) => known.position === entry.position)) return
  const at = state.entries.findIndex((known) => known.position < entry.position)
  state.entries.splice(at < 0 ? state.entries.length : at, 0, entry)
  if (state.entries.length > KEEP) state.entries.length = KEEP
  listeners.forEach((listener) => listener(entry))
}

function handle(event: SseEvent): void {
  lastHeard = Date.now()
  if (event.event === ':') return
  const data = JSON.parse(event.data) as { position?: number; now?: string } & Partial<StreamEntry>
  if (event.event === 'hello' || event.event === 'clock') {
    if (data.now) learnClock(data.now)
    return
  }
  if (event.event !== 'entry' || typeof data.position !== 'number') return
  state.position = Math.max(state.position, data.position)
  accept(data as StreamEntry)
}

async function read(signal: AbortSignal): Promise<void> {
  const headers = { Accept: 'text/event-stream', 'Last-Event-ID': String(state.position) }
  const response = await fetch(`${API_BASE}/stream`, { headers, signal, credentials: 'same-origin', cache: 'no-store' })
  if (!response.ok || !response.body) throw new Error(String(response.status))
  setStatus('live')
  attempt = 0
  lastHeard = Date.now()
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  const parser = new SseParser()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    parser.push(decoder.decode(value, { stream: true })).forEach(handle)
  }
}

async function connect(): Promise<void> {
  const own = new AbortController()
  controller = own
  if (state.status !== 'lost') setStatus('connecting')
  await read(own.signal).catch(() => undefined)
  if (controller !== own) return
  setStatus('lost')
  timer = setTimeout(connect, RETRY_MS[Math.min(attempt++, RETRY_MS.length - 1)])
}

function reconnectNow(): void {
  if (!controller) return
  clearTimeout(timer)
  const old = controller
  attempt = 0
  void connect()
  old.abort()
}

/** Opens the stream, a little before `head`, and keeps it open until `stopStream`. */
export function startStream(head: number): void {
  stopStream()
  state.position = Math.max(0, head - LOOK_BACK)
  state.entries = []
  void connect()
  watchdog = setInterval(() => {
    if (state.status === 'live' && Date.now() - lastHeard > SILENCE_MS) {
      setStatus('lost')
      reconnectNow()
    }
  }, 5_000)
  window.addEventListener('online', reconnectNow)
}

/** Without the right to the stream there is still a line to watch: the node is asked whether it is there. */
export function watchNode(): void {
  stopStream()
  const ask = async (): Promise<void> => {
    const answer = await fetch(`${API_BASE}/node`, { cache: 'no-store' }).catch(() => null)
    if (answer?.ok) {
      const node = (await answer.json()) as { now: string; position: number }
      learnClock(node.now)
      state.position = Math.max(state.position, node.position)
    }
    setStatus(answer?.ok ? 'live' : 'lost')
  }
  void ask()
  watchdog = setInterval(() => void ask(), 15_000)
}

/** Closes the stream, for example at sign-out. */
export function stopStream(): void {
  clearTimeout(timer)
  clearInterval(watchdog)
  window.removeEventListener('online', reconnectNow)
  const old = controller
  controller = null
  old?.abort()
  setStatus('idle')
}
