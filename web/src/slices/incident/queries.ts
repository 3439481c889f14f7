import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { call, client, items } from '@/api/client'
import type { IncidentDetail, IncidentQuery } from '@/api/schema'
import { holds } from '@/app/session'

/** Open incidents by their nearest deadline, and the figures beside them. */
export function useBoard() {
  return useQuery({
    queryKey: ['board'],
    queryFn: async () => call(client.GET('/incidents/board', {})),
    enabled: computed(() => holds(['incident.'])),
    // The stream tells of changes; this is for the minutes in which it is cut.
    refetchInterval: 60_000,
  })
}

export function useEventClasses() {
  return useQuery({
    queryKey: ['event-classes'],
    queryFn: async () => items(await call(client.GET('/event-classes', {}))),
    staleTime: Infinity,
  })
}

export function useIncidents(query: MaybeRefOrGetter<IncidentQuery>) {
  return useQuery({
    queryKey: ['incidents', computed(() => toValue(query))],
    queryFn: async () => call(client.GET('/incidents', { params: { query: toValue(query) } })),
    placeholderData: keepPreviousData,
  })
}

const asOfQuery = (asOf: string | null) => (asOf ? { query: { as_of: asOf } } : {})

/** One incident, now or as of an earlier position or instant. */
export function useIncident(id: MaybeRefOrGetter<string>, asOf: MaybeRefOrGetter<string | null> = null) {
  return useQuery({
    queryKey: ['incident', computed(() => toValue(id)), 'detail', computed(() => toValue(asOf))],
    queryFn: async () => call(client.GET('/incidents/{id}', { params: { path: { id: toValue(id) }, ...asOfQuery(toValue(asOf)) } })),
    placeholderData: keepPreviousData,
  })
}

export function useTimeline(id: MaybeRefOrGetter<string>, asOf: MaybeRefOrGetter<string | null> = null) {
  return useQuery({
    queryKey: ['incident', computed(() => toValue(id)), 'timeline', computed(() => toValue(asOf))],
    queryFn: async () => (await call(client.GET('/incidents/{id}/timeline', { params: { path: { id: toValue(id) }, ...asOfQuery(toValue(asOf)) } }))).items,
    placeholderData: keepPreviousData,
  })
}

/** An action on an incident; its answer is the incident as it now stands. */
export function useIncidentAction(id: MaybeRefOrGetter<string>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (act: () => Promise<IncidentDetail>) => act(),
    onSuccess: (detail) => {
      // A split answers with the new incident, a merge with the one that goes on.
      queries.setQueryData(['incident', detail.id, 'detail', null], detail)
      if (detail.id !== toValue(id)) void queries.invalidateQueries({ queryKey: ['incident', toValue(id)] })
      void queries.invalidateQueries({ queryKey: ['incident', toValue(id), 'timeline'] })
      void queries.invalidateQueries({ queryKey: ['board'] })
      void queries.invalidateQueries({ queryKey: ['incidents'] })
    },
  })
}
