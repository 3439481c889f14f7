import { api, call, items } from './client'

/** Something that a picker found: what goes to the node, what a person reads, and what tells it from its namesakes. */
export interface Found {
  id: string
  name: string
  note: string
}

/** Units by name or pinyin initials. */
export async function findUnits(q: string, area = ''): Promise<Found[]> {
  const units = items(await call(api.GET('/api/v1/units', { params: { query: { q, area, limit: 8 } } })))
  return units.map((unit) => ({ id: unit.id, name: unit.name, note: unit.short_name === unit.name ? '' : unit.short_name }))
}
/** People by name, title, unit or pinyin initials, perhaps of one unit or one area. */
export async function findPeople(q: string, within: { unit?: string; area?: string } = {}): Promise<Found[]> {
  const people = items(await call(api.GET('/api/v1/people', { params: { query: { q, limit: 8, ...within } } })))
  return people.map((person) => ({ id: person.id, name: person.name, note: [person.title, person.unit_name].filter(Boolean).join(' · ') }))
}
