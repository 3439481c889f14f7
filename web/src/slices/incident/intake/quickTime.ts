// literal-check: vocabulary (words that people type, not words that we show)
import { fromZoned, zoned } from '@/app/clock'
import type { Precision } from '@/api/schema'

export interface QuickTime {
  at: number
  precision: Precision
}

const MINUTE = 60_000
const DAY = 86_400_000

/** Words for a part of the day: the hour they stand for when no figure follows, and whether `3` means 15. */
const DAY_PARTS: { words: string[]; hour: number; afternoon: boolean }[] = [
  { words: ['凌晨'], hour: 3, afternoon: false },
  { words: ['早上', '清晨', '早晨', '上午', '早', '晨'], hour: 8, afternoon: false },
  { words: ['中午'], hour: 12, afternoon: false },
  { words: ['下午', '傍晚'], hour: 15, afternoon: true },
  { words: ['晚上', '夜里', '晚', '夜'], hour: 21, afternoon: true },
]
const DAY_WORDS: [string, number][] = [['前天', 2], ['昨天', 1], ['昨日', 1], ['昨', 1], ['今天', 0], ['今日', 0], ['今', 0]]
const NOW_WORDS = ['.', '。', 'now', '刚才', '刚刚', '现在']
const ABOUT_WORDS = /^(约|大约|大概|左右|~)|(左右|许|前后)$/g

function clock(text: string): { hour: number; minute: number } | null {
  const match = /^(\d{1,2})[:：点时](\d{1,2})?分?$/.exec(text) ?? /^(\d{1,2})(\d{2})$/.exec(text) ?? /^(\d{1,2})()$/.exec(text)
  if (!match) return null
  const hour = Number(match[1])
  const minute = Number(match[2] || 0)
  return hour < 24 && minute < 60 ? { hour, minute } : null
}

function dated(text: string, now: number): { rest: string; base: number; fixed: boolean } {
  const date = /^(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?\s+(.+)$/.exec(text)
  const today = zoned(now)
  if (date) {
    const year = Number(date[1] ?? today.year)
    return { rest: date[4]!.trim(), base: fromZoned(year, Number(date[2]), Number(date[3]), 0, 0), fixed: true }
  }
  const midnight = fromZoned(today.year, today.month, today.day, 0, 0)
  for (const [word, days] of DAY_WORDS) {
    if (text.startsWith(word)) return { rest: text.slice(word.length).trim(), base: midnight - days * DAY, fixed: true }
  }
  return { rest: text, base: midnight, fixed: false }
}

/**
 * Reads a time as a duty officer types it while listening: `0305`, `3:05`, `-10` (minutes ago), `昨晚`, `昨晚2130`, `11-23 1530`,
 * `约0305`, `3时` (no minute known), `2026-11-23` (no hour known), `.` (now). A bare time that is still to come today means yesterday. Returns null when it cannot be read.
 */
export function parseQuickTime(input: string, now: number): QuickTime | null {
  const raw = input.trim()
  const text = raw.replace(ABOUT_WORDS, '').trim()
  const about = text !== raw
  if (text === '') return null
  if (NOW_WORDS.includes(text.toLowerCase())) return { at: now, precision: 'minute' }

  const ago = /^[-−](\d{1,4})$/.exec(text)
  if (ago) return { at: now - Number(ago[1]) * MINUTE, precision: about ? 'about' : 'minute' }

  const day = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
  if (day) return { at: fromZoned(Number(day[1]), Number(day[2]), Number(day[3]), 0, 0), precision: 'day' }

  const { rest, base, fixed } = dated(text, now)
  const part = DAY_PARTS.find((p) => p.words.some((word) => rest.startsWith(word)))
  const word = part?.words.find((w) => rest.startsWith(w)) ?? ''
  const figures = rest.slice(word.length).trim()
  if (part && figures === '') return settle(base + part.hour * 60 * MINUTE, fixed, now, 'about')
  const time = clock(figures)
  if (!time) return null
  const hour = part?.afternoon && time.hour < 12 ? time.hour + 12 : time.hour
  const precision = about ? 'about' : /[时点]$/.test(figures) ? 'hour' : 'minute'
  return settle(base + (hour * 60 + time.minute) * MINUTE, fixed, now, precision)
}

function settle(at: number, fixed: boolean, now: number, precision: Precision): QuickTime {
  return { at: !fixed && at > now + MINUTE ? at - DAY : at, precision }
}

/** `null` = asked, unknown; a number = stated; `undefined` = not asked; `NaN` = cannot be read. */
export function parseCasualty(input: string): number | null | undefined {
  const text = input.trim().toLowerCase()
  if (text === '') return undefined
  if (['?', '？', 'x', '不详', '不明'].includes(text)) return null
  return /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
}
