import { describe, expect, it } from 'vitest'
import { fromZoned } from '@/app/clock'
import { parseCasualty, parseQuickTime } from '@/slices/incident/intake/quickTime'

/** 03:20 of 24 November 2026 in Hohhot. */
const NOW = fromZoned(2026, 11, 24, 3, 20)
const MINUTE = 60_000
const read = (text: string) => parseQuickTime(text, NOW)

describe('a time as the duty officer types it', () => {
  it('reads four figures as a clock time of today', () => expect(read('0305')).toEqual({ at: fromZoned(2026, 11, 24, 3, 5), precision: 'minute' }))
  it('takes a time that is still to come as one of yesterday', () => expect(read('2130')?.at).toBe(fromZoned(2026, 11, 23, 21, 30)))
  it('counts minutes back from now', () => expect(read('-10')).toEqual({ at: NOW - 10 * MINUTE, precision: 'minute' }))
  it('takes a dot for now', () => expect(read('.')?.at).toBe(NOW))
  it('reads 昨晚 as about nine in the evening of yesterday', () => expect(read('昨晚')).toEqual({ at: fromZoned(2026, 11, 23, 21, 0), precision: 'about' }))
  it('keeps the figures that follow 昨晚', () => expect(read('昨晚2130')).toEqual({ at: fromZoned(2026, 11, 23, 21, 30), precision: 'minute' }))
  it('takes three in the afternoon for fifteen', () => expect(read('昨天下午3:10')?.at).toBe(fromZoned(2026, 11, 23, 15, 10)))
  it('says about where the officer says about', () => expect(read('约0305')?.precision).toBe('about'))
  it('reads a date with a time', () => expect(read('11-22 1530')?.at).toBe(fromZoned(2026, 11, 22, 15, 30)))
  it('refuses what it does not understand', () => {
    for (const text of ['', '2560', 'abc', '99']) expect(read(text)).toBeNull()
  })
})

describe('a casualty figure', () => {
  it('keeps not asked, unknown, none and some apart', () => {
    expect(parseCasualty('')).toBeUndefined()
    expect(parseCasualty('?')).toBeNull()
    expect(parseCasualty('不详')).toBeNull()
    expect(parseCasualty('0')).toBe(0)
    expect(parseCasualty('12')).toBe(12)
    expect(parseCasualty('many')).toBeNaN()
  })
})
