import { computed, reactive, ref, toRaw, watch } from 'vue'
import { ApiError, call, client, items, upload } from '@/api/client'
import { isLive } from '@/api/stream'
import { now } from '@/app/clock'
import { t } from '@/app/i18n'
import { queryClient } from '@/app/query'
import { session } from '@/app/session'
import { emptyForm, isBlank, isComplete, toReport, type IntakeDraft } from './draft'
import { allLocal, dropLocal, getLocal, putLocal } from './localStore'

/** Two calls at once are common; three are not one officer's work. */
export const MAX_PARALLEL = 2
const LOCAL_MS = 250
const NODE_MS = 1_000
const RETRY_MS = 5_000

export const drafts = ref<IntakeDraft[]>([])
/** Drafts of an earlier sitting, not yet taken up again: a new call never writes into one of them. */
const leftBehind = reactive(new Set<string>())
export const panel = reactive({ open: false, activeId: '' })
export const activeDraft = computed(() => drafts.value.find((d) => d.id === panel.activeId) ?? null)
/** Why a draft was refused, by draft. */
export const refusals = reactive<Record<string, unknown>>({})
/** Set when even this machine cannot keep the draft. */
export const localBroken = ref(false)
export const pendingDrafts = computed(() => drafts.value.filter((d) => d.phase !== 'saved' && !isBlank(d)))

const accountId = (): string => session.me?.account_id ?? ''

function create(): IntakeDraft {
  const at = now.value
  return { id: crypto.randomUUID(), account: accountId(), startedAt: at, updatedAt: at, form: emptyForm(), photos: [], notSame: [], phase: 'editing', localAt: null, nodeAt: null, saved: null }
}

/** The calls this sitting is working on. */
export function inHand(): IntakeDraft[] {
  return drafts.value.filter((d) => (d.phase === 'editing' || d.phase === 'sending') && !leftBehind.has(d.id))
}

/** Opens the intake: on the call in hand, or on a new one when there is room. */
export function openIntake(fresh = false): void {
  drafts.value = drafts.value.filter((d) => d.phase !== 'saved' || (panel.open && d.id === panel.activeId && !fresh))
  const editing = inHand()
  const wantsNew = (fresh || panel.open) && editing.length < MAX_PARALLEL && editing.every((d) => !isBlank(d))
  if (editing.length === 0 || wantsNew) {
    const draft = create()
    drafts.value.push(draft)
    panel.activeId = draft.id
  } else if (!panel.open || !activeDraft.value) {
    panel.activeId = editing.at(-1)!.id
  } else if (editing.length > 1) {
    panel.activeId = editing.find((d) => d.id !== panel.activeId)?.id ?? panel.activeId
  } else {
    panel.activeId = editing[0]!.id
  }
  panel.open = true
}

/** Takes up a draft that was left behind. */
export function resumeDraft(id: string): void {
  leftBehind.delete(id)
  panel.activeId = id
  panel.open = true
}

export function closeIntake(): void {
  panel.open = false
  drafts.value = drafts.value.filter((d) => d.phase !== 'saved' && !isBlank(d))
}

/** Drops a draft here and on the node. */
export async function discardDraft(id: string): Promise<void> {
  const draft = drafts.value.find((d) => d.id === id)
  drafts.value = drafts.value.filter((d) => d.id !== id)
  delete refusals[id]
  await forget(id, draft)
  if (panel.activeId === id) {
    const other = inHand()[0]
    if (other) panel.activeId = other.id
    else panel.open = false
  }
}

async function forget(id: string, draft?: IntakeDraft): Promise<void> {
  clearTimeout(localTimers.get(id))
  clearTimeout(nodeTimers.get(id))
  await dropLocal('drafts', id).catch(() => undefined)
  for (const photo of draft?.photos ?? []) await dropLocal('files', photo.id).catch(() => undefined)
  await call(client.DELETE('/drafts/{id}', { params: { path: { id } } })).catch(() => undefined)
}

const localTimers = new Map<string, ReturnType<typeof setTimeout>>()
const nodeTimers = new Map<string, ReturnType<typeof setTimeout>>()
const plain = (draft: IntakeDraft): IntakeDraft => JSON.parse(JSON.stringify(toRaw(draft))) as IntakeDraft

async function saveLocal(draft: IntakeDraft): Promise<void> {
  try {
    await putLocal('drafts', plain(draft))
    draft.localAt = now.value
    localBroken.value = false
  } catch {
    localBroken.value = true
  }
}
async function saveOnNode(draft: IntakeDraft): Promise<void> {
  if (draft.phase === 'saved') return
  try {
    await call(client.PUT('/drafts/{id}', { params: { path: { id: draft.id } }, body: { json: plain(draft) as unknown as Record<string, unknown> } }))
    draft.nodeAt = now.value
  } catch {
    // The copy on this machine stands; the next change tries again.
  }
}

function schedule(draft: IntakeDraft): void {
  draft.updatedAt = now.value
  clearTimeout(localTimers.get(draft.id))
  localTimers.set(draft.id, setTimeout(() => void saveLocal(draft), LOCAL_MS))
  if (!nodeTimers.has(draft.id)) {
    const timer = setTimeout(() => {
      nodeTimers.delete(draft.id)
      void saveOnNode(draft)
    }, NODE_MS)
    nodeTimers.set(draft.id, timer)
  }
}

// One watcher per draft, so that a key in one call never rewrites the other.
const watched = new Set<string>()
watch(
  () => drafts.value.map((d) => d.id),
  () => {
    for (const draft of drafts.value) {
      if (watched.has(draft.id)) continue
      watched.add(draft.id)
      watch(
        () => [draft.form, draft.photos, draft.notSame, draft.phase],
        () => {
          if (draft.phase !== 'saved' && !isBlank(draft)) schedule(draft)
        },
        { deep: true },
      )
    }
  },
)

/** Keeps a photo on this machine and starts its upload. */
export async function addPhoto(draft: IntakeDraft, file: File): Promise<void> {
  const id = crypto.randomUUID()
  await putLocal('files', { id, blob: file } as { id: string }).catch(() => (localBroken.value = true))
  draft.photos.push({ id, name: file.name, type: file.type, bytes: file.size })
  await uploadPhotos(draft).catch(() => undefined)
}

async function uploadPhotos(draft: IntakeDraft): Promise<void> {
  for (const photo of draft.photos) {
    if (photo.digest || photo.failed) continue
    const kept = await getLocal<{ blob: Blob }>('files', photo.id)
    if (!kept) continue
    try {
      photo.digest = (await upload(kept.blob, photo.name)).digest
    } catch (error) {
      if (error instanceof ApiError && error.offline) throw error
      photo.failed = true
    }
  }
}

/** Saves the report on the node. Without a line it waits on this machine and goes out by itself. */
export async function submitDraft(draft: IntakeDraft): Promise<void> {
  if (!isComplete(draft) || draft.phase === 'sending' || draft.phase === 'saved') return
  const wasQueued = draft.phase === 'queued'
  draft.phase = wasQueued ? 'queued' : 'sending'
  delete refusals[draft.id]
  try {
    await uploadPhotos(draft)
    const body = toReport(draft, t('incident.intake.sourceCaller'), t('incident.intake.sourceOfficer'))
    const detail = await call(client.POST('/incidents', { body, params: { header: { 'Idempotency-Key': draft.id } } }))
    draft.saved = { incidentId: detail.id, code: detail.code, title: detail.title, position: detail.position ?? null, at: now.value }
    draft.phase = 'saved'
    void queryClient.invalidateQueries({ queryKey: ['board'] })
    void queryClient.invalidateQueries({ queryKey: ['incidents'] })
    void forget(draft.id, draft)
  } catch (error) {
    if (error instanceof ApiError && error.offline) {
      draft.phase = 'queued'
      await saveLocal(draft)
    } else {
      draft.phase = 'editing'
      refusals[draft.id] = error
    }
  }
}

function sendQueued(): void {
  for (const draft of drafts.value) if (draft.phase === 'queued') void submitDraft(draft)
}

let started = ''
/** Loads what was left behind, from this machine and from the node, and keeps sending what waits. */
export async function startDrafts(): Promise<void> {
  const own = accountId()
  if (started === own) return
  started = own
  const local = (await allLocal<IntakeDraft>('drafts').catch(() => [])).filter((d) => d.account === own)
  const remote = await call(client.GET('/drafts', {})).then(items, () => [])
  const known = new Map(local.map((d) => [d.id, d]))
  for (const { id, json } of remote) {
    const draft = json as unknown as IntakeDraft
    if (draft.form && (known.get(id)?.updatedAt ?? 0) < draft.updatedAt) known.set(id, { ...draft, id, account: own })
  }
  const kept = [...known.values()].map((d) => (d.phase === 'sending' ? { ...d, phase: 'queued' as const } : d))
  const present = new Set(drafts.value.map((d) => d.id))
  const found = kept.filter((d) => !present.has(d.id) && d.phase !== 'saved')
  for (const draft of found) leftBehind.add(draft.id)
  drafts.value.push(...found)
  sendQueued()
}
setInterval(sendQueued, RETRY_MS)
watch(isLive, (live) => live && sendQueued())
