import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { API_BASE, call } from '@/api/client'
import type { UnitRef } from '@/api/schema'

export type PaperState = 'draft' | 'submitted' | 'signed' | 'issued' | 'discarded'
export type PaperAct = 'edit' | 'submit' | 'sign' | 'return' | 'discard' | 'receive' | 'carry' | 'correct'
export interface Stamp {
  at: string
  by: string
  position: number
}
export interface Run {
  text: string
  fact?: string | null
}
export type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'paragraph'; runs: Run[] }
  | { kind: 'table'; caption: string; columns: { title: string; width: number }[]; rows: Run[][][] }
export interface PaperRow {
  id: string
  state: PaperState
  kind: string
  kind_name: string
  title: string
  number: string | null
  incident: string | null
  incident_code: string | null
  unit: UnitRef
  to: UnitRef[]
  due_at: string | null
  near_due: boolean
  drafted: Stamp | null
  submitted: Stamp | null
  signed: Stamp | null
  issued: Stamp | null
  receipts: ({ unit: UnitRef; route: 'online' | 'carried' } & Stamp)[]
  corrects: string | null
  carried: boolean | null
  version: number
}
export interface FactRef {
  id: string
  kind: string
  value: string | null
  source: string
  at: string
  by: string
  origin: string
  seq: number
  superseded_by: string | null
}
export interface Finding {
  code: string
  severity: 'contradiction' | 'notice'
  subject: string
  here: string
  there: string
  other: string
}
export interface PaperDetail extends PaperRow {
  returned: string | null
  content: { title: string; urgency: string | null; change_note: string; blocks: Block[] }
  facts: FactRef[]
  findings: Finding[]
  content_digest: string
  digest: string | null
  allowed: PaperAct[]
}
export interface PaperKind {
  kind: string
  name: string
  about_incident: boolean
  reports_up: boolean
}
export interface EditedBlock {
  from?: number
  heading?: number
  text: string
}
export interface Carry {
  file: object
  parts: string[]
  fingerprint: string
}

/** One request of this slice; throws `ApiError` with the reason of a refusal. */
export async function ask<T>(method: 'GET' | 'POST', path: string, body?: object, key?: string): Promise<T> {
  const headers: Record<string, string> = { 'X-Anlan': '1', ...(body && { 'Content-Type': 'application/json' }), ...(key && { 'Idempotency-Key': key }) }
  const request = fetch(`${API_BASE}${path}`, { method, headers, credentials: 'same-origin', ...(body && { body: JSON.stringify(body) }) })
  const answer = request.then(async (response) => {
    const data: unknown = await response.json().catch(() => null)
    return response.ok ? { data: data as T, response } : { error: data, response }
  })
  return call(answer)
}

export interface PaperQuery {
  incident?: string
  kind?: string
  state?: string
}
export function usePapers(query: MaybeRefOrGetter<PaperQuery>) {
  return useQuery({
    queryKey: ['papers', computed(() => toValue(query))],
    queryFn: async () => {
      const asked = Object.entries(toValue(query)).filter(([, value]) => value)
      return (await ask<{ items: PaperRow[] }>('GET', `/papers?${new URLSearchParams(Object.fromEntries(asked) as Record<string, string>)}`)).items
    },
    // The stream tells of changes; this is for the minutes in which it is cut.
    refetchInterval: 20_000,
  })
}
export function useKinds() {
  return useQuery({ queryKey: ['paper-kinds'], queryFn: async () => ask<PaperKind[]>('GET', '/paper-kinds'), staleTime: Infinity })
}
export function usePaper(id: MaybeRefOrGetter<string>) {
  return useQuery({ queryKey: ['paper', computed(() => toValue(id))], queryFn: async () => ask<PaperDetail>('GET', `/papers/${toValue(id)}`), refetchInterval: 20_000 })
}
/** An act on a paper; its answer is the paper as it now stands. */
export function usePaperAct(id: MaybeRefOrGetter<string>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ act, body, key }: { act: string; body?: object; key?: string }) => ask<PaperDetail>('POST', `/papers/${toValue(id)}/${act}`, body ?? {}, key),
    onSuccess: (detail) => {
      queries.setQueryData(['paper', toValue(id)], detail)
      void queries.invalidateQueries({ queryKey: ['papers'] })
      if (detail.incident) void queries.invalidateQueries({ queryKey: ['incident', detail.incident] })
    },
  })
}
/** Draws a paper from the facts. */
export function useDraw() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { kind: string; incident?: string; corrects?: string }) => ask<PaperDetail>('POST', '/papers', body),
    onSuccess: (detail) => {
      queries.setQueryData(['paper', detail.id], detail)
      void queries.invalidateQueries({ queryKey: ['papers'] })
    },
  })
}
export const carry = async (id: string): Promise<Carry> => ask<Carry>('GET', `/papers/${id}/carry`)
export const takeIn = async (body: { file?: object; text?: string; fingerprint?: string }): Promise<PaperDetail> => ask<PaperDetail>('POST', '/papers/take-in', body)
/** Address of a page as it prints; the version makes a changed paper a new picture. */
export const pageUrl = (id: string, version: number, page: number): string => `${API_BASE}/papers/${id}/page?page=${page}&v=${version}`
export const fileUrl = (id: string, kind: 'pdf' | 'word'): string => `${API_BASE}/papers/${id}/${kind}`
/** The text of a block without its links. */
export const blockText = (block: Block): string => (block.kind === 'paragraph' ? block.runs.map((run) => run.text).join('') : block.kind === 'heading' ? block.text : '')
