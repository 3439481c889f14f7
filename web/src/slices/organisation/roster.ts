// What a month's roster is on the page: days, three roles, people in them. Pure, so that it can be tested.
import { fromZoned, zoned } from '@/app/clock'
import type { Shift } from './queries'

export const ROLES = ['leader', 'main', 'deputy'] as const
export type Role = (typeof ROLES)[number]
export interface Seat {
  id: string
  name: string
}
export type Cell = Record<Role, Seat[]>
export interface Day {
  /** First instant of the day's shift. */
  since: number
  until: number
  /** `2026-11-25` in China. */
  date: string
  weekday: number
  /** Its shift is over, and stays as it was. */
  over: boolean
}

const DAY_MS = 86_400_000
/** Minutes after midnight at which shifts change where nothing tells otherwise. */
export const HANDOVER = 8 * 60 + 30

/** The handover that most shifts of a unit keep, in minutes after midnight. */
export function handoverOf(shifts: readonly Shift[]): number {
  const counts = new Map<number, number>()
  for (const shift of shifts) {
    const p = zoned(Date.parse(shift.since))
    const minutes = p.hour * 60 + p.minute
    counts.set(minutes, (counts.get(minutes) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? HANDOVER
}

/** The days of a month, each from handover to handover. */
export function daysOf(year: number, month: number, handover: number, now: number): Day[] {
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return Array.from({ length: count }, (_, n) => {
    const since = fromZoned(year, month, n + 1, 0, 0) + handover * 60_000
    const date = `${year}-${String(month).padStart(2, '0')}-${String(n + 1).padStart(2, '0')}`
    return { since, until: since + DAY_MS, date, weekday: new Date(Date.UTC(year, month - 1, n + 1)).getUTCDay(), over: since + DAY_MS <= now }
  })
}

export const emptyCell = (): Cell => ({ leader: [], main: [], deputy: [] })

/** Who is in which role on each day: everybody whose shift covers the middle of the day's shift. */
export function cellsOf(days: readonly Day[], shifts: readonly Shift[]): Map<string, Cell> {
  return new Map(
    days.map((day) => {
      const cell = emptyCell()
      const middle = (day.since + day.until) / 2
      for (const shift of shifts) {
        const covers = Date.parse(shift.since) <= middle && Date.parse(shift.until) > middle
        const role = shift.role as Role
        if (covers && ROLES.includes(role) && !cell[role].some((seat) => seat.id === shift.person_id)) cell[role].push({ id: shift.person_id, name: shift.person_name })
      }
      return [day.date, cell]
    }),
  )
}

/** The days that want somebody, by role. */
export function gapsOf(days: readonly Day[], cells: ReadonlyMap<string, Cell>, roles: readonly Role[]): { date: string; role: Role }[] {
  return days.filter((day) => !day.over).flatMap((day) => roles.filter((role) => !cells.get(day.date)?.[role].length).map((role) => ({ date: day.date, role })))
}

/** Days on which somebody stands twice. */
export function doublesOf(days: readonly Day[], cells: ReadonlyMap<string, Cell>): { date: string; name: string }[] {
  return days.filter((day) => !day.over).flatMap((day) => {
    const seats = ROLES.flatMap((role) => cells.get(day.date)?.[role] ?? [])
    return seats.filter((seat, n) => seats.findIndex((other) => other.id === seat.id) !== n).map((seat) => ({ date: day.date, name: seat.name }))
  })
}

/** Fills what is empty: in each role whoever has rested longest, never somebody on duty that day or the day before. */
export function fillGaps(days: readonly Day[], cells: ReadonlyMap<string, Cell>, pools: Record<Role, Seat[]>, past: readonly Shift[]): Map<string, Cell> {
  const last = new Map<string, number>()
  for (const shift of past) last.set(shift.person_id, Math.max(last.get(shift.person_id) ?? 0, Date.parse(shift.since)))
  const filled = new Map<string, Cell>()
  let before: Seat[] = []
  for (const day of days) {
    const old = cells.get(day.date) ?? emptyCell()
    const cell: Cell = { leader: [...old.leader], main: [...old.main], deputy: [...old.deputy] }
    for (const role of ROLES) {
      if (day.over || cell[role].length) continue
      const today = ROLES.flatMap((other) => cell[other])
      const free = pools[role].filter((seat) => !today.some((other) => other.id === seat.id))
      // Where a pool is too small to rest a day between, somebody is better than nobody.
      const rested = free.filter((seat) => !before.some((other) => other.id === seat.id))
      const next = (rested.length ? rested : free).sort((a, b) => (last.get(a.id) ?? 0) - (last.get(b.id) ?? 0) || a.id.localeCompare(b.id))[0]
      if (next) cell[role].push(next)
    }
    before = ROLES.flatMap((role) => cell[role])
    for (const seat of before) last.set(seat.id, Math.max(last.get(seat.id) ?? 0, day.since))
    filled.set(day.date, cell)
  }
  return filled
}

/** The people who take turns in each role: who did so lately, else those whose title says so, else everybody. */
export function poolsOf(people: readonly { id: string; name: string; title: string }[], shifts: readonly Shift[], titles: Record<Role, string>): Record<Role, Seat[]> {
  const pool = (role: Role): Seat[] => {
    const served = people.filter((person) => shifts.some((shift) => shift.role === role && shift.person_id === person.id))
    const titled = people.filter((person) => person.title.includes(titles[role]))
    const chosen = served.length ? served : titled.length ? titled : people
    return chosen.map(({ id, name }) => ({ id, name }))
  }
  return { leader: pool('leader'), main: pool('main'), deputy: pool('deputy') }
}
