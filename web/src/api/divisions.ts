import { ApiError, call, client, items } from './client'
import type { Division } from './schema'

const CACHE_KEY = 'anlan.divisions.v1'

function cached(): Division[] {
  try {
    return JSON.parse(localStorage.getItem(CACHE_KEY) ?? '[]') as Division[]
  } catch {
    return []
  }
}

/** Keeps counties and townships at hand, so that a place can be named while the line is down. */
export async function keepDivisions(): Promise<void> {
  const levels = ['city', 'county', 'township'] as const
  const lists = await Promise.all(levels.map((level) => call(client.GET('/divisions', { params: { query: { level, limit: 200 } } }))))
  names = undefined
  localStorage.setItem(CACHE_KEY, JSON.stringify(lists.flatMap((list) => items(list))))
}

/** Finds divisions by name or pinyin initials; without a line, among those kept at hand. */
export async function findDivisions(q: string, limit = 8): Promise<Division[]> {
  try {
    return items(await call(client.GET('/divisions', { params: { query: { q, limit } } })))
  } catch (error) {
    if (!(error instanceof ApiError) || !error.offline) throw error
    const needle = q.toLowerCase()
    return cached()
      .filter((d) => d.initials.startsWith(needle) || d.name.includes(q) || d.code.startsWith(q))
      .slice(0, limit)
  }
}

let names: Map<string, string> | undefined
/** The name of a division among those kept at hand; the name of its county with the rest of the code, or the code itself. */
export function divisionName(code: string): string {
  names ??= new Map(cached().map((d) => [d.code, d.full_name]))
  for (let length = code.length; length >= 4; length--) {
    const name = names.get(code.slice(0, length))
    if (name) return length === code.length ? name : `${name} ${code.slice(length)}`
  }
  return code
}
