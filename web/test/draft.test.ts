import { describe, expect, it } from 'vitest'
import { fromZoned } from '@/app/clock'
import { randomUuid } from '@/app/oldBrowsers'
import { emptyForm, isBlank, isComplete, missing, toReport, type IntakeDraft } from '@/slices/incident/intake/draft'

const STARTED = fromZoned(2026, 11, 24, 3, 12)
function draft(form: Partial<IntakeDraft['form']>): IntakeDraft {
  return { id: 'd1', account: 'a1', startedAt: STARTED, updatedAt: STARTED, form: { ...emptyForm(), ...form }, photos: [], notSame: [], phase: 'editing', localAt: null, nodeAt: null, saved: null }
}
const enough = { eventClass: { code: '20300', name: 'x' }, division: { code: '150125100', name: 'x', full_name: 'x' } as IntakeDraft['form']['division'], text: 'leak' }

describe('a draft of a report', () => {
  it('is blank until something is entered', () => {
    expect(isBlank(draft({}))).toBe(true)
    expect(isBlank(draft({ phone: '1' }))).toBe(false)
  })
  it('needs a class, a place and words, and nothing else', () => {
    expect(missing(draft({}))).toMatchObject({ eventClass: true, division: true, text: true })
    expect(isComplete(draft(enough))).toBe(true)
  })
  it('is not complete with a time or a figure that cannot be read', () => {
    expect(isComplete(draft({ ...enough, occurred: 'soon' }))).toBe(false)
    expect(isComplete(draft({ ...enough, casualties: { deaths: 'many' } }))).toBe(false)
  })
  it('says the call came in when the form was opened', () => {
    expect(toReport(draft(enough), 'caller', 'officer').times.received).toEqual({ at: '2026-11-24T03:12:00+08:00', precision: 'minute', source: 'officer' })
  })
  it('sends unknown as null, none as 0, and leaves out what was not asked', () => {
    const report = toReport(draft({ ...enough, casualties: { deaths: '0', missing: '?', injured: '' } }), 'caller', 'officer')
    expect(report.casualties).toEqual([{ kind: 'deaths', value: 0, source: 'caller' }, { kind: 'missing', value: null, source: 'caller' }])
  })
  it('sends no caller where none was named', () => {
    expect(toReport(draft(enough), 'c', 'o').caller).toBeUndefined()
    expect(toReport(draft({ ...enough, phone: ' 10012345678 ' }), 'c', 'o').caller).toEqual({ phone: '10012345678' })
  })
})

it('makes ids where the browser cannot', () => {
  expect(randomUuid(new Uint8Array(16).fill(255))).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff')
})
