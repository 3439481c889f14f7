import { clockText } from './clock'

export type DeadlineTone = 'calm' | 'pressing' | 'overdue' | 'done'

export interface Deadline {
  tone: DeadlineTone
  /** Part of the time that is used up, 0 to 1. */
  used: number
  /** Left, or over when negative, in milliseconds. */
  left: number
  clock: string
  days: number
}

/** Under this part of the time left, a deadline presses. */
const PRESSING = 1 / 3
const DAY_MS = 86_400_000

/** How a deadline stands at `at`. */
export function deadline(startedAt: number, dueAt: number, at: number, metAt?: number): Deadline {
  const reference = metAt ?? at
  const left = dueAt - reference
  const span = Math.max(1, dueAt - startedAt)
  const used = Math.min(1, Math.max(0, (reference - startedAt) / span))
  const tone = metAt !== undefined ? 'done' : left < 0 ? 'overdue' : left / span < PRESSING ? 'pressing' : 'calm'
  const days = Math.floor(Math.abs(left) / DAY_MS)
  return { tone, used, left, clock: clockText(Math.abs(left) % DAY_MS), days }
}
