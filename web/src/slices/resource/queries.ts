import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { API_BASE, call } from '@/api/client'

export type Readiness = 'standby' | 'on_task' | 'resting' | 'out' | 'planned'
export interface Choice {
  id: string
  zh: string
  en: string
}
export interface Column extends Omit<Choice, 'id'> {
  key: string
  type: 'text' | 'integer' | 'number' | 'date' | 'choice' | 'choices' | 'yes_no' | 'telephone'
  unit: string | null
  choices: Choice[]
}
export interface Register extends Omit<Choice, 'id'> {
  kind: string
  classes: (Choice & { help: 'order' | 'negotiate' | 'contract' | null })[]
  columns: Column[]
}
export interface Paper {
  kind: string
  name: string
  number: string
  holder: string
  valid_to: string | null
}
export interface Stay extends Choice {
  days: number
  m2_a_head: number
  passes: boolean
  room_for: number
}
export interface Row {
  id: string
  kind: string
  class: string
  code: string
  name: string
  unit: string
  area: string
  address: string
  place: { lon: number; lat: number; given_in: string } | null
  readiness: Readiness
  source: string
  as_of: string
  note: string
  values: Record<string, unknown>
  paperwork: Paper[]
  people: number
  capacity: number
  area_m2: number
  readiness_reason: string
  readiness_since: string
  retired: boolean
  version: number
}
export interface Shown extends Row {
  stays?: Stay[]
  m2_a_head: number | null
  allowed: string[]
}
export interface Sum {
  kind: string
  class: string
  readiness: Readiness
  records: number
  people: number
  capacity: number
  area_m2: number
  oldest: string
}
export interface Overview {
  sums: Sum[]
  stays: Stay[]
  shelter_area_m2: number
  shelter_capacity: number
}
export interface Member {
  place: number
  name: string
  role: 'leader' | 'deputy' | 'member'
  phone_masked: string
  skills: string[]
}
export interface Deed {
  kind: string
  at: string
  text: string
  people: number | null
  hours: number | null
}
export interface Expiring {
  record: string
  register: string
  record_name: string
  name: string
  holder: string
  valid_to: string
  expired: boolean
}

type Maybe<T> = MaybeRefOrGetter<T>

/** One request of this slice; throws `ApiError` with the reason of a refusal. */
export async function ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const headers: Record<string, string> = { 'X-Anlan': '1', ...(body && { 'Content-Type': 'application/json' }) }
  const request = fetch(`${API_BASE}${path}`, { method, headers, credentials: 'same-origin', ...(body && { body: JSON.stringify(body) }) })
  const answer = request.then(async (response) => {
    const data: unknown = await response.json().catch(() => null)
    return response.ok ? { data: data as T, response } : { error: data, response }
  })
  return call(answer)
}
const query = <T>(name: string, path: Maybe<string>) =>
  useQuery({ queryKey: ['resource', name, computed(() => toValue(path))], queryFn: async () => ask<T>('GET', toValue(path)), placeholderData: keepPreviousData })

export const useRegisters = () => useQuery({ queryKey: ['resource', 'registers'], queryFn: async () => ask<{ registers: Register[] }>('GET', '/resource-registers'), staleTime: Infinity })
export const useOverview = (area: Maybe<string>) => query<Overview>('overview', () => `/resource-overview?${new URLSearchParams({ area: toValue(area) })}`)
export const useExpiring = () => query<Expiring[]>('expiring', '/resource-expiring?days=60')
export const useRecords = (wanted: Maybe<Record<string, string>>) =>
  query<{ items: Row[]; next: string | null; total: number }>('list', () => `/resources?${new URLSearchParams(Object.entries(toValue(wanted)).filter(([, value]) => value))}`)
export const useRecord = (id: Maybe<string>) => query<Shown>('record', () => `/resources/${toValue(id)}`)
export const useMembers = (id: Maybe<string>) => query<Member[]>('members', () => `/resources/${toValue(id)}/members`)
export const useDeeds = (id: Maybe<string>) => query<Deed[]>('deeds', () => `/resources/${toValue(id)}/deeds`)

/** An act on a record; everything of the registers is asked for again afterwards. */
export function useAct(id: Maybe<string>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ act, body }: { act: string; body: object }) => ask<unknown>('POST', `/resources/${toValue(id)}/${act}`, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['resource'] }),
  })
}
export const reveal = async (id: string, place: number, reason: string): Promise<string> => (await ask<{ phone: string }>('POST', `/resources/${id}/members/${place}/reveal`, { reason })).phone

/** Days since a statement; older than ninety it is stale, and shown so. */
export const STALE_DAYS = 90
export const ageDays = (at: string, now: number): number => Math.max(0, Math.floor((now - Date.parse(at)) / 86_400_000))
