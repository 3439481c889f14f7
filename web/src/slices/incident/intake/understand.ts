import type { CasualtyKind } from '@/api/schema'
import type { components } from '@/api/schema.gen'
import { zoned } from '@/app/clock'
import type { IntakeDraft } from './draft'

export type Understood = components['schemas']['Understood']
type Said = components['schemas']['Said']

/** Shorter texts are a few words of the officer's own; there is nothing to read in them. */
export const WORTH_READING = 8
/** A paste this long into a short field is the text of a report. */
export const WHOLE_REPORT = 24

/** Two clocks may differ by this much. */
const CLOCKS_DIFFER = 5 * 60_000

export type SuggestedField = 'eventClass' | 'division' | 'address' | 'occurred' | 'unit' | 'cause' | CasualtyKind
/** `open`: the field is empty; `same`: it already says so; `other`: a person typed something else; `later`: cannot be; `told`: the form has no field for it, the text keeps it. */
export type SuggestionState = 'open' | 'same' | 'other' | 'later' | 'told'

/** One value read out of the text, for one field of the form. */
export interface Suggestion {
  field: SuggestedField
  /** What the field would hold. */
  value: string
  /** What is shown of it. */
  shown: string
  /** Characters of the text it came from. */
  start: number
  end: number
  confidence: number
  state: SuggestionState
  apply: () => void
}

/** A stretch of the text, with the field it was read for. */
export interface Piece {
  text: string
  field: SuggestedField | null
}

const two = (n: number): string => String(n).padStart(2, '0')

/** The instant as the time field wants it typed, as exact as it was said. */
export function typedTime(at: string, precision: string): string {
  const p = zoned(Date.parse(at))
  const day = `${p.year}-${two(p.month)}-${two(p.day)}`
  if (precision === 'day' || precision === 'month') return day
  if (precision === 'minute') return `${day} ${two(p.hour)}${two(p.minute)}`
  // literal-check: vocabulary (the time field reads these words)
  return precision === 'hour' ? `${day} ${two(p.hour)}时` : `约${day} ${two(p.hour)}${two(p.minute)}`
}

function suggestion(field: SuggestedField, said: Pick<Said, 'start' | 'end' | 'confidence'>, value: string, shown: string, now: string, apply: () => void): Suggestion {
  const state = now.trim() === '' ? 'open' : now.trim() === value ? 'same' : 'other'
  return { field, value, shown, start: said.start, end: said.end, confidence: said.confidence, state, apply }
}

/** What the text suggests, field by field in the order of the form. */
export function suggestions(draft: IntakeDraft, understood: Understood): Suggestion[] {
  const form = draft.form
  const found: Suggestion[] = []
  const { event_type: type, event_class: code, event_class_name: name, division, place, occurred } = understood
  if (type && code && name) {
    found.push(suggestion('eventClass', type, code, type.value === name ? name : `${name} · ${type.value}`, form.eventClass?.code ?? '', () => (form.eventClass = { code, name })))
  }
  if (division) {
    found.push(suggestion('division', division, division.code, division.full_name, form.division?.code ?? '', () => (form.division = { code: division.code, name: division.full_name })))
  }
  if (place) found.push(suggestion('address', place, place.value, place.value, form.address, () => (form.address = place.value)))
  if (occurred && understood.occurred_at) {
    const value = typedTime(understood.occurred_at, understood.occurred_precision ?? 'minute')
    const read = suggestion('occurred', occurred, value, value, form.occurred, () => (form.occurred = value))
    // Nothing happens after the call that tells of it: then the day was read wrong, and a person must say.
    const later = read.state === 'open' && Date.parse(understood.occurred_at) > draft.startedAt + CLOCKS_DIFFER
    found.push(later ? { ...read, state: 'later' } : read)
  }
  for (const counted of understood.casualties) {
    const value = String(counted.value)
    found.push(suggestion(counted.kind, counted, value, value, form.casualties[counted.kind] ?? '', () => (form.casualties[counted.kind] = value)))
  }
  // Whose premises and why: no fields of the form, but what the first report names.
  for (const field of ['unit', 'cause'] as const) {
    const said = understood[field]
    if (said) found.push({ field, value: said.value, shown: said.value, start: said.start, end: said.end, confidence: said.confidence, state: 'told', apply: () => undefined })
  }
  return found
}

/** Takes every suggestion for an empty field; what a person typed stays. Returns how many were taken. */
export function acceptAll(list: Suggestion[]): number {
  const open = list.filter((s) => s.state === 'open')
  for (const s of open) s.apply()
  return open.length
}

/** Cuts the text so that every word a value came from can be marked; where two overlap, the shorter one shows. */
export function pieces(text: string, list: Suggestion[]): Piece[] {
  const chars = Array.from(text)
  const fields: (SuggestedField | null)[] = chars.map(() => null)
  for (const s of [...list].sort((a, b) => b.end - b.start - (a.end - a.start))) fields.fill(s.field, s.start, s.end)
  const cut: Piece[] = []
  chars.forEach((c, n) => {
    const last = cut.at(-1)
    if (last && last.field === fields[n]) last.text += c
    else cut.push({ text: c, field: fields[n] ?? null })
  })
  return cut
}
