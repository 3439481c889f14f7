import { describe, expect, it } from 'vitest'
import { cellsOf, daysOf, doublesOf, fillGaps, gapsOf, handoverOf, HANDOVER, poolsOf } from '@/slices/organisation/roster'

const NOW = Date.parse('2026-11-10T12:00:00+08:00')
const days = daysOf(2026, 11, HANDOVER, NOW)
const shift = (person: string, role: string, day: number) => ({ person_id: person, person_name: person, role, since: `2026-11-${String(day).padStart(2, '0')}T08:30:00+08:00`, until: `2026-11-${String(day + 1).padStart(2, '0')}T08:30:00+08:00` })
const people = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((id, n) => ({ id, name: id, title: ['带班领导', '主班', '副班'][n % 3]! }))
const titles = { leader: '带班', main: '主班', deputy: '副班' }

describe('the roster of a month', () => {
  it('has the days of the calendar, and knows which are over', () => {
    expect(days).toHaveLength(30)
    expect(days[0]).toMatchObject({ date: '2026-11-01', weekday: 0, over: true })
    expect(days[8]!.over).toBe(true)
    expect(days[9]!.over).toBe(false)
  })
  it('shows a shift of many days on each of them', () => {
    const long = { ...shift('a', 'leader', 1), until: '2026-11-30T08:30:00+08:00' }
    const cells = cellsOf(days, [long])
    expect(cells.get('2026-11-15')!.leader).toEqual([{ id: 'a', name: 'a' }])
    expect(cells.get('2026-11-30')!.leader).toEqual([])
  })
  it('keeps the handover of the unit', () => {
    expect(handoverOf([])).toBe(HANDOVER)
    expect(handoverOf([{ ...shift('a', 'main', 1), since: '2026-11-01T18:00:00+08:00' }])).toBe(18 * 60)
  })
  it('fills every gap to come, nobody twice a day nor two days running', () => {
    const past = [shift('b', 'main', 9), shift('a', 'leader', 9), shift('c', 'deputy', 9)]
    const pools = poolsOf(people, [], titles)
    const filled = fillGaps(days, cellsOf(days, past), pools, past)
    expect(gapsOf(days, filled, ['leader', 'main', 'deputy'])).toEqual([])
    expect(doublesOf(days, filled)).toEqual([])
    expect(filled.get('2026-11-08')!.main).toEqual([])
    const ahead = days.filter((day) => day.date >= '2026-11-09')
    for (const [n, day] of ahead.entries()) {
      const before = n ? Object.values(filled.get(ahead[n - 1]!.date)!).flat() : []
      for (const seat of Object.values(filled.get(day.date)!).flat()) expect(before.map((one) => one.id)).not.toContain(seat.id)
    }
  })
  it('names a day on which somebody stands twice', () => {
    const cells = cellsOf(days, [shift('a', 'main', 20), shift('a', 'leader', 20)])
    expect(doublesOf(days, cells)).toEqual([{ date: '2026-11-20', name: 'a' }])
  })
})
