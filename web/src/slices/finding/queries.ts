import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { call } from '@/api/client'
import type { UnitRef } from '@/api/schema'

export const KINDS = ['late', 'omitted', 'understated', 'back_dated', 'edited_down'] as const
export const STATES = ['open', 'replied', 'no_reply', 'upheld', 'unfounded', 'excused', 'lifted'] as const
export const VERDICTS = ['upheld', 'unfounded', 'excused'] as const
export type Kind = (typeof KINDS)[number]
export type State = (typeof STATES)[number]
export interface Line {
  side: 'claimed' | 'known'
  what: string
  at: string
  precision: string
  recorded_at: string
  unit: UnitRef
  source: string
  text: string
  deaths: number | null
  origin: string
  seq: number
}
export interface Finding {
  id: string
  state: State
  incident: { id: string; code: string }
  title: string
  division: string
  unit: UnitRef
  kind: Kind
  by: number
  claimed_at: string | null
  known_at: string | null
  reported_at: string | null
  figures: [number, number] | null
  limit_minutes: number
  clause: string
  evidence: Line[]
  raised_at: string
  changed_at: string
  reply_due_at: string
  replies: { text: string; unit: UnitRef; late: boolean; at: string; by: string }[]
  verdict: { verdict: string; reason: string; unit: UnitRef; at: string; by: string } | null
  position: number
  version: number
}
export interface FindingDetail extends Finding {
  allowed: ('reply' | 'judge' | 'pack')[]
}
export interface FindingList {
  items: Finding[]
  next: string | null
  counts: Partial<Record<State, number>>
}

/** One request of this slice; throws `ApiError` with the reason of a refusal. */
async function ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const headers: Record<string, string> = { 'X-Anlan': '1', ...(body && { 'Content-Type': 'application/json' }) }
  const request = fetch(`/api/v1${path}`, { method, headers, credentials: 'same-origin', ...(body && { body: JSON.stringify(body) }) })
  const answer = request.then(async (response) => {
    const data: unknown = await response.json().catch(() => null)
    return response.ok ? { data: data as T, response } : { error: data, response }
  })
  return call(answer)
}

export function useFindings(query: MaybeRefOrGetter<Record<string, string>>) {
  return useQuery({
    queryKey: ['findings', computed(() => toValue(query))],
    queryFn: async () => {
      const asked = Object.entries(toValue(query)).filter(([, value]) => value)
      return ask<FindingList>('GET', `/findings?${new URLSearchParams(asked)}`)
    },
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  })
}
export function useFinding(id: MaybeRefOrGetter<string>) {
  return useQuery({ queryKey: ['finding', computed(() => toValue(id))], queryFn: async () => ask<FindingDetail>('GET', `/findings/${toValue(id)}`) })
}
/** 申辩 or 认定; the answer is the finding as it now stands. */
export function useFindingAct(id: MaybeRefOrGetter<string>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ act, body }: { act: 'reply' | 'verdict'; body: object }) => ask<FindingDetail>('POST', `/findings/${toValue(id)}/${act}`, body),
    onSuccess: (detail) => {
      queries.setQueryData(['finding', toValue(id)], detail)
      void queries.invalidateQueries({ queryKey: ['findings'] })
    },
  })
}
/** Seconds as days, hours and minutes, for `finding.span`. */
export function spanParts(seconds: number): { d: number; h: number; m: number } {
  const minutes = Math.floor(Math.max(0, seconds) / 60)
  return { d: Math.floor(minutes / 1440), h: Math.floor((minutes % 1440) / 60), m: minutes % 60 }
}
