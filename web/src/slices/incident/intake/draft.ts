import type { CasualtyKind, Channel, NewIncident, Point } from '@/api/schema'
import { toRfc3339 } from '@/app/clock'
import type { PickedDivision } from '@/design/DivisionPicker.vue'
import { CASUALTY_KINDS } from '../view'
import { parseCasualty, parseQuickTime, type QuickTime } from './quickTime'

export interface IntakeForm {
  channel: Channel
  phone: string
  name: string
  eventClass: { code: string; name: string } | null
  division: PickedDivision | null
  address: string
  point: Point | null
  text: string
  occurred: string
  learned: string
  received: string
  casualties: Partial<Record<CasualtyKind, string>>
  source: string
}
export interface DraftPhoto {
  id: string
  name: string
  type: string
  bytes: number
  digest?: string
  failed?: boolean
}
export interface SavedCard {
  incidentId: string
  code: string
  title: string
  position: number | null
  at: number
}
export type DraftPhase = 'editing' | 'sending' | 'queued' | 'saved'
export interface IntakeDraft {
  id: string
  account: string
  startedAt: number
  updatedAt: number
  form: IntakeForm
  photos: DraftPhoto[]
  /** Incidents that the officer has looked at and called another one. */
  notSame: string[]
  phase: DraftPhase
  localAt: number | null
  nodeAt: number | null
  saved: SavedCard | null
}

export function emptyForm(): IntakeForm {
  return { channel: 'phone', phone: '', name: '', eventClass: null, division: null, address: '', point: null, text: '', occurred: '', learned: '', received: '', casualties: {}, source: '' }
}

/** Whether anything at all was entered: an untouched draft is not kept. */
export function isBlank(draft: IntakeDraft): boolean {
  const f = draft.form
  const words = [f.phone, f.name, f.address, f.text, f.occurred, f.learned, f.received, ...Object.values(f.casualties)]
  return words.every((w) => !w?.trim()) && !f.eventClass && !f.division && draft.photos.length === 0
}

export interface Missing {
  eventClass: boolean
  division: boolean
  text: boolean
  times: ('occurred' | 'learned' | 'received')[]
  casualties: CasualtyKind[]
}

const readTime = (text: string, startedAt: number): QuickTime | null | undefined => (text.trim() ? parseQuickTime(text, startedAt) : undefined)

/** What still stands in the way of saving. Times are read from the moment the call began. */
export function missing(draft: IntakeDraft): Missing {
  const f = draft.form
  const kinds = ['occurred', 'learned', 'received'] as const
  return {
    eventClass: !f.eventClass,
    division: !f.division,
    text: f.text.trim() === '',
    times: kinds.filter((kind) => readTime(f[kind], draft.startedAt) === null),
    casualties: CASUALTY_KINDS.filter((kind) => Number.isNaN(parseCasualty(f.casualties[kind] ?? ''))),
  }
}

export function isComplete(draft: IntakeDraft): boolean {
  const m = missing(draft)
  return !m.eventClass && !m.division && !m.text && m.times.length === 0 && m.casualties.length === 0
}

/** The report as the node takes it. `callerWord` names the caller as a source. */
export function toReport(draft: IntakeDraft, callerWord: string, officerWord: string): NewIncident {
  const f = draft.form
  const source = f.source.trim() || callerWord
  // The call came in when the form was opened, unless somebody says otherwise.
  const times: NewIncident['times'] = { received: { at: toRfc3339(draft.startedAt), precision: 'minute', source: officerWord } }
  for (const kind of ['occurred', 'learned', 'received'] as const) {
    const read = readTime(f[kind], draft.startedAt)
    if (read) times[kind] = { at: toRfc3339(read.at), precision: read.precision, source: kind === 'occurred' ? source : officerWord }
  }
  const casualties = CASUALTY_KINDS.flatMap((kind) => {
    const value = parseCasualty(f.casualties[kind] ?? '')
    return value === undefined ? [] : [{ kind, value, source }]
  })
  const caller = { ...(f.name.trim() && { name: f.name.trim() }), ...(f.phone.trim() && { phone: f.phone.trim() }) }
  const attachments = draft.photos.flatMap((p) => (p.digest ? [p.digest] : []))
  return {
    client_ref: draft.id,
    channel: f.channel,
    event_class: f.eventClass?.code ?? '',
    text: f.text.trim(),
    division: f.division?.code ?? '',
    times,
    ...(f.address.trim() && { address: f.address.trim() }),
    ...(f.point && { point: f.point }),
    ...(Object.keys(caller).length && { caller }),
    ...(casualties.length && { casualties }),
    ...(attachments.length && { attachments }),
    ...(draft.notSame.length && { confirm_not_duplicate: [...draft.notSame] }),
  }
}
