import { describe, expect, it } from 'vitest'
import { fromZoned } from '@/app/clock'
import { emptyForm, type IntakeDraft } from '@/slices/incident/intake/draft'
import { parseQuickTime } from '@/slices/incident/intake/quickTime'
import { acceptAll, pieces, suggestions, typedTime, type Understood } from '@/slices/incident/intake/understand'

const STARTED = fromZoned(2026, 11, 24, 4, 0)
const TEXT = '凌晨3时许,哈乐镇起火,2人死亡'
const draft = (): IntakeDraft => ({ id: 'a', account: 'b', startedAt: STARTED, updatedAt: STARTED, form: { ...emptyForm(), text: TEXT }, photos: [], notSame: [], phase: 'editing', localAt: null, nodeAt: null, saved: null })
const said = (value: string, start: number, end: number) => ({ value, start, end, words: TEXT.slice(start, end), confidence: 90 })
const understood = (at = '2026-11-24T03:00:00+08:00'): Understood =>
  ({
    event_type: said('火灾', 9, 11),
    event_class: '20100',
    event_class_name: '建筑火灾',
    place: said('哈乐镇', 6, 9),
    division: { code: '150125101', name: '哈乐镇', full_name: '呼和浩特市武川县哈乐镇', start: 6, end: 9, words: '哈乐镇', confidence: 93 },
    occurred: said('2026-11-24T03:00', 0, 5),
    occurred_at: at,
    occurred_precision: 'hour',
    casualties: [{ kind: 'deaths', value: 2, start: 12, end: 16, words: '2人死亡', confidence: 92 }],
    doubts: [],
    drill: false,
  }) as unknown as Understood

describe('what a pasted text suggests', () => {
  it('fills every empty field at once, and then has nothing left to take', () => {
    const d = draft()
    expect(acceptAll(suggestions(d, understood()))).toBe(5)
    expect(d.form).toMatchObject({ eventClass: { code: '20100' }, address: '哈乐镇', occurred: '2026-11-24 03时', casualties: { deaths: '2' } })
    expect(suggestions(d, understood()).every((s) => s.state === 'same')).toBe(true)
  })
  it('never overwrites what a person typed', () => {
    const d = draft()
    d.form.casualties.deaths = '3'
    d.form.address = '哈乐镇南街'
    acceptAll(suggestions(d, understood()))
    expect(d.form).toMatchObject({ address: '哈乐镇南街', casualties: { deaths: '3' } })
    expect(suggestions(d, understood()).find((s) => s.field === 'deaths')?.state).toBe('other')
  })
  it('does not take a time that lies after the call', () => {
    const d = draft()
    acceptAll(suggestions(d, understood('2026-11-24T05:00:00+08:00')))
    expect(d.form.occurred).toBe('')
  })
  it('leaves a figure that the text does not say unasked', () => {
    const d = draft()
    acceptAll(suggestions(d, understood()))
    expect(d.form.casualties.missing).toBeUndefined()
  })
  it('marks the words of every value and loses none', () => {
    const cut = pieces(TEXT, suggestions(draft(), understood()))
    expect(cut.map((p) => p.text).join('')).toBe(TEXT)
    expect(cut.find((p) => p.field === 'deaths')?.text).toBe('2人死亡')
  })
  it('types a time so that the field reads it back as exactly as it was said', () => {
    for (const [precision, read] of [['minute', 'minute'], ['hour', 'hour'], ['day', 'day'], ['part of day', 'about']] as const) {
      expect(parseQuickTime(typedTime('2026-11-23T15:00:00+08:00', precision), STARTED)?.precision).toBe(read)
    }
  })
})
