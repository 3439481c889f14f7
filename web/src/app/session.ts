import { computed, reactive, readonly } from 'vue'
import { ApiError, call, client, onSignedOut } from '@/api/client'
import { learnClock, startStream, stopStream } from '@/api/stream'
import type { Me, NodeInfo } from '@/api/schema'

interface SessionState {
  node: NodeInfo | null
  me: Me | null
  /** True once the first look for a session is over. */
  ready: boolean
  /** The node could not be reached when we last asked. */
  unreachable: boolean
}

const state = reactive<SessionState>({ node: null, me: null, ready: false, unreachable: false })
export const session = readonly(state) as Readonly<SessionState>
export const isDrill = computed(() => (state.node?.realm ?? 'live') !== 'live')

/** Reads who the node is; needs no session. */
export async function loadNode(): Promise<NodeInfo | null> {
  try {
    state.node = await call(client.GET('/node', {}))
    state.unreachable = false
    learnClock(state.node.now)
  } catch {
    state.unreachable = true
  }
  return state.node
}

/** Takes up the session of the cookie, if there is one. */
export async function resume(): Promise<void> {
  await loadNode()
  if (state.node?.initialised) {
    try {
      enter(await call(client.GET('/me', {})))
    } catch (error) {
      if (error instanceof ApiError && error.offline) state.unreachable = true
    }
  }
  state.ready = true
}

function enter(me: Me): void {
  state.me = me
  // Who may not follow the stream (two of the three administrators) has no line that could be lost.
  if (me.operations.includes('stream.read')) startStream(state.node?.position ?? 0)
}

/** Opens a session; throws `ApiError` with the reason of a refusal. */
export async function signIn(name: string, password: string, totp?: string): Promise<void> {
  const body = totp ? { name, password, totp } : { name, password }
  const opened = await call(client.POST('/sessions', { body }))
  await loadNode()
  enter(opened.account)
}

export async function signOut(): Promise<void> {
  await call(client.DELETE('/sessions/current', {})).catch(() => undefined)
  leave()
}

function leave(): void {
  state.me = null
  stopStream()
}
onSignedOut(leave)

/** Reads the own account again, for example after its second factor changed. */
export async function reloadMe(): Promise<void> {
  state.me = await call(client.GET('/me', {}))
}

/** Whether the session holds any of these operations; `incident.` with its dot stands for all that begin so. Only for what is shown: the server decides. */
export function holds(prefixes: readonly string[] | undefined): boolean {
  if (!prefixes) return true
  const operations = state.me?.operations ?? []
  return prefixes.some((prefix) => (prefix.endsWith('.') ? operations.some((op) => op.startsWith(prefix)) : operations.includes(prefix)))
}
