import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api, call, items } from '@/api/client'
import type { components } from '@/api/schema.gen'
import { toRfc3339 } from '@/app/clock'
import { holds } from '@/app/session'

type Schemas = components['schemas']
export type Division = Schemas['Division']
export type Unit = Schemas['Unit']
export type Person = Schemas['Person']
export type Body = Schemas['Body']
export type Member = Schemas['Member']
export type AnsweringUnit = Schemas['AnsweringUnit']
export type ImportReport = Schemas['ImportReport']
export type Relation = Schemas['Relation']
export type RelationRow = Schemas['RelationRow']
export type PostRow = Schemas['PostRow']
export type GridRow = Schemas['GridRow']
export type Household = Schemas['Household']
export type Shift = Schemas['PlannedShift']
export type Roster = Schemas['Roster']

type Maybe<T> = MaybeRefOrGetter<T>
const key = (...parts: Maybe<unknown>[]) => ['organisation', ...parts.map((part) => computed(() => toValue(part)))]

export function useDivision(code: Maybe<string>) {
  return useQuery({
    queryKey: key('division', code),
    queryFn: async () => call(api.GET('/api/v1/divisions/{code}', { params: { path: { code: toValue(code) } } })),
    placeholderData: keepPreviousData,
  })
}
export function useDivisionsBelow(parent: Maybe<string>) {
  return useQuery({
    queryKey: key('below', parent),
    queryFn: async () => items(await call(api.GET('/api/v1/divisions', { params: { query: { parent: toValue(parent), limit: 200 } } }))),
  })
}
/** The units of a division itself, not of those below it. */
export function useUnitsAt(division: Maybe<string>) {
  return useQuery({
    queryKey: key('units', division),
    queryFn: async () => {
      const found = items(await call(api.GET('/api/v1/units', { params: { query: { area: toValue(division), limit: 60 } } })))
      return found.filter((unit) => unit.division === toValue(division))
    },
  })
}
export function useGrids(area: Maybe<string>, enabled: Maybe<boolean>) {
  return useQuery({
    queryKey: key('grids', area),
    queryFn: async () => items(await call(api.GET('/api/v1/grids', { params: { query: { area: toValue(area), limit: 200 } } }))),
    enabled: computed(() => toValue(enabled)),
  })
}
export function useHouseholds(area: Maybe<string>, enabled: Maybe<boolean>) {
  return useQuery({
    queryKey: key('households', area),
    queryFn: async () => call(api.GET('/api/v1/households', { params: { query: { area: toValue(area), limit: 100 } } })),
    enabled: computed(() => toValue(enabled) && holds(['household.read'])),
  })
}
export function useUnit(id: Maybe<string>) {
  return useQuery({ queryKey: key('unit', id), queryFn: async () => call(api.GET('/api/v1/units/{id}', { params: { path: { id: toValue(id) } } })) })
}
export function usePeople(query: Maybe<{ q?: string; unit?: string; area?: string; limit?: number }>) {
  return useQuery({
    queryKey: key('people', query),
    queryFn: async () => items(await call(api.GET('/api/v1/people', { params: { query: toValue(query) } }))),
    placeholderData: keepPreviousData,
  })
}
export function useBodies(area: Maybe<string>) {
  return useQuery({ queryKey: key('bodies', area), queryFn: async () => items(await call(api.GET('/api/v1/bodies', { params: { query: { area: toValue(area) } } }))) })
}
export function useDuty(area: Maybe<string>) {
  return useQuery({ queryKey: key('duty', area), queryFn: async () => items(await call(api.GET('/api/v1/duty/now', { params: { query: { area: toValue(area) } } }))), refetchInterval: 60_000 })
}
export function useWhoAnswers(area: Maybe<string>, eventClass: Maybe<string>) {
  return useQuery({
    queryKey: key('answers', area, eventClass),
    queryFn: async () => call(api.GET('/api/v1/who-answers', { params: { query: { area: toValue(area), event_class: toValue(eventClass) } } })),
    enabled: computed(() => Boolean(toValue(area) && toValue(eventClass))),
    placeholderData: keepPreviousData,
  })
}
/** The shifts of a unit that touch a span, in milliseconds. */
export function useRoster(unit: Maybe<string>, span: Maybe<{ from: number; to: number }>) {
  return useQuery({
    queryKey: key('roster', unit, span),
    queryFn: async () => {
      const { from, to } = toValue(span)
      return call(api.GET('/api/v1/units/{id}/shifts', { params: { path: { id: toValue(unit) }, query: { from: toRfc3339(from), to: toRfc3339(to) } } }))
    },
    enabled: computed(() => Boolean(toValue(unit))),
  })
}
/** A change; everything of the organisation is asked for again afterwards. */
export function useChange() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (change: () => Promise<unknown>) => change(),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['duty'] })
      return queries.invalidateQueries({ queryKey: ['organisation'] })
    },
  })
}
/** Reads one contact of a person whole, for a reason. */
export async function revealContact(person: string, contact: string, reason: string): Promise<string> {
  return (await call(api.POST('/api/v1/people/{id}/reveal', { params: { path: { id: person } }, body: { reason, contact } }))).mobile
}
