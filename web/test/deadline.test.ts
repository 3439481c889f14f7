import { describe, expect, it } from 'vitest'
import { shortTime, fromZoned, toRfc3339 } from '@/app/clock'
import { deadline } from '@/app/deadline'

const MINUTE = 60_000

describe('a deadline of thirty minutes', () => {
  const at = (minutes: number, met?: number) => deadline(0, 30 * MINUTE, minutes * MINUTE, met)
  it('is calm while more than a third is left', () => expect(at(10).tone).toBe('calm'))
  it('presses in its last third', () => expect(at(21).tone).toBe('pressing'))
  it('is overdue once it has passed, and says by how much', () => {
    expect(at(36).tone).toBe('overdue')
    expect(at(36).clock).toBe('06:00')
  })
  it('stands still once it is met', () => expect(at(500, 12 * MINUTE)).toMatchObject({ tone: 'done', left: 18 * MINUTE }))
  it('leaves days to the words beside it', () => expect(deadline(0, 30 * MINUTE, 49 * 60 * MINUTE + 30 * MINUTE)).toMatchObject({ days: 2, clock: '1:00:00' }))
})

describe('a clock in China', () => {
  it('shows China wherever the browser stands', () => expect(toRfc3339(Date.UTC(2026, 10, 23, 19, 12, 5))).toBe('2026-11-24T03:12:05+08:00'))
  it('calls 23:40 of the day before yesterday', () => expect(shortTime(fromZoned(2026, 11, 23, 23, 40), fromZoned(2026, 11, 24, 3, 0))).toMatchObject({ day: 'yesterday', time: '23:40' }))
})
