import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api, call } from '@/api/client'
import type { components } from '@/api/schema.gen'
import type { Actor, Headline } from '@/api/schema'

type Schemas = components['schemas']
/** The document leaves free objects open; here is what they hold. */
export type EntryRow = Omit<Schemas['EntryRow'], 'actor' | 'headline' | 'body'> & { actor: Actor & { kind?: string; account?: string | null; unit?: string | null; post?: string | null }; headline: Headline; body: unknown }
export type EntryDetail = Omit<Schemas['EntryDetail'], 'entry'> & { entry: EntryRow }
export type ProofShown = Schemas['ProofShown']
export interface Finding {
  origin: string
  seq: number
  to_seq?: number
  kind: 'changed' | 'dropped' | 'inserted' | 'reordered' | 'back_dated' | 'checkpoint' | 'truncated' | 'malformed'
  detail: string
}
export type Verified = Omit<Schemas['Verified'], 'findings'> & { findings: Finding[] }
export interface EntryQuery {
  before?: number
  stream?: string
  kind?: string
  actor?: string
  from?: string
  to?: string
  area?: string
  limit?: number
}

/** What one types on another machine to check an exported file. */
export const VERIFY = 'anlan ledger verify'

export function useEntries(query: MaybeRefOrGetter<EntryQuery>) {
  return useQuery({
    queryKey: ['ledger', 'entries', computed(() => toValue(query))],
    queryFn: async () => (await call(api.GET('/api/v1/ledger/entries', { params: { query: toValue(query) } }))) as unknown as { items: EntryRow[]; next: string | null },
    placeholderData: keepPreviousData,
  })
}
export function useHead() {
  return useQuery({ queryKey: ['ledger', 'head'], queryFn: async () => call(api.GET('/api/v1/ledger/head', {})) })
}
export function useEntry(origin: MaybeRefOrGetter<string>, seq: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['ledger', 'entry', computed(() => toValue(origin)), computed(() => toValue(seq))],
    queryFn: async () => (await call(api.GET('/api/v1/ledger/entries/{origin}/{seq}', { params: { path: { origin: toValue(origin), seq: Number(toValue(seq)) } } }))) as unknown as EntryDetail,
    // A proof under the first checkpoint never changes.
    staleTime: 300_000,
  })
}
export const verify = async (): Promise<Verified> => (await call(api.POST('/api/v1/ledger/verify', {}))) as unknown as Verified
export const reveal = async (origin: string, seq: number, reason: string) => call(api.POST('/api/v1/ledger/entries/{origin}/{seq}/reveal', { params: { path: { origin, seq } }, body: { reason } }))
