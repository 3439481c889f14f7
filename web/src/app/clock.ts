import { computed, ref } from 'vue'
import { link } from '@/api/stream'

const tick = ref(Date.now())
setInterval(() => (tick.value = Date.now()), 1_000)

/** The node's time in milliseconds, renewed each second. Deadlines are counted by it, not by the desk's own clock. */
export const now = computed(() => tick.value + link.skew)

const ZONE = 'Asia/Shanghai'
const partsFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false,
})

export interface ZonedParts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

/** Calendar parts of an instant as a clock in China shows them, wherever the browser stands. */
export function zoned(at: number): ZonedParts {
  const out: Record<string, number> = {}
  for (const part of partsFormat.formatToParts(at)) if (part.type !== 'literal') out[part.type] = Number(part.value)
  return { year: out['year']!, month: out['month']!, day: out['day']!, hour: out['hour']! % 24, minute: out['minute']!, second: out['second']! }
}

const two = (n: number): string => String(n).padStart(2, '0')

/** RFC 3339 with the offset of China. */
export function toRfc3339(at: number): string {
  const p = zoned(at)
  return `${p.year}-${two(p.month)}-${two(p.day)}T${two(p.hour)}:${two(p.minute)}:${two(p.second)}+08:00`
}

/** The instant of a wall-clock time in China. */
export function fromZoned(year: number, month: number, day: number, hour: number, minute: number): number {
  return Date.UTC(year, month - 1, day, hour - 8, minute)
}

/** Whole days between two instants by the calendar of China: 0 today, 1 yesterday. */
export function daysAgo(at: number, reference: number): number {
  const a = zoned(at)
  const b = zoned(reference)
  return Math.round((Date.UTC(b.year, b.month - 1, b.day) - Date.UTC(a.year, a.month - 1, a.day)) / 86_400_000)
}

export type ShortTime = { day: 'today' | 'yesterday' | 'tomorrow' | 'other'; date: string; time: string; seconds: string }

/** The pieces of a short time; the words for the day come from the messages. */
export function shortTime(at: number, reference: number): ShortTime {
  const p = zoned(at)
  const ago = daysAgo(at, reference)
  const day = ago === 0 ? 'today' : ago === 1 ? 'yesterday' : ago === -1 ? 'tomorrow' : 'other'
  const year = p.year === zoned(reference).year ? '' : `${p.year}-`
  return { day, date: `${year}${two(p.month)}-${two(p.day)}`, time: `${two(p.hour)}:${two(p.minute)}`, seconds: two(p.second) }
}

/** `17:42`, `1:24:10`; days are left to the caller. */
export function clockText(ms: number): string {
  const total = Math.max(0, Math.floor(Math.abs(ms) / 1_000))
  const h = Math.floor(total / 3_600)
  const m = Math.floor((total % 3_600) / 60)
  const s = total % 60
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`
}
