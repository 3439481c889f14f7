import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api, call, client, items } from '@/api/client'
import type { components } from '@/api/schema.gen'
import { locale } from '@/app/i18n'

type Schemas = components['schemas']
export type RuleShown = Schemas['RuleShown']
export type RuleWhole = Schemas['RuleWhole']
export type MeasureShown = Schemas['MeasureShown']
export type WhatIf = Schemas['WhatIf']
export type WhatIfAnswer = Schemas['WhatIfAnswer']
export type WhyShown = Schemas['WhyShown']
export type LevelUnderRule = Schemas['LevelUnderRule']

export interface RuleQuery {
  place?: string
  date?: string
  kind?: string
  event_class?: string
  words?: string
  pack?: string
  confidence?: string
}

/** The kinds of rules, in the order in which people ask for them. */
export const RULE_KINDS = ['grade', 'reporting', 'update', 'authority', 'duty', 'content', 'response', 'warning', 'fine'] as const

export function useRules(query: MaybeRefOrGetter<RuleQuery>) {
  return useQuery({
    queryKey: ['rules', 'list', computed(() => toValue(query))],
    queryFn: async () => call(api.GET('/api/v1/rules', { params: { query: toValue(query) } })),
    placeholderData: keepPreviousData,
  })
}
export function useRule(id: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: ['rules', 'one', computed(() => toValue(id))],
    queryFn: async () => call(api.GET('/api/v1/rules/{id}', { params: { path: { id: toValue(id) }, query: { place: '1501' } } })),
  })
}
export function useCatalogue(query: MaybeRefOrGetter<{ place?: string; date?: string; event_class?: string }> = {}) {
  return useQuery({
    queryKey: ['rules', 'catalogue', computed(() => toValue(query))],
    queryFn: async () => call(api.GET('/api/v1/rules/catalogue', { params: { query: toValue(query) } })),
    placeholderData: keepPreviousData,
  })
}
export function useClasses() {
  return useQuery({ queryKey: ['event-classes'], queryFn: async () => items(await call(client.GET('/event-classes', {}))), staleTime: Infinity })
}
export function useWhatIf(input: MaybeRefOrGetter<WhatIf>) {
  return useQuery({
    queryKey: ['rules', 'what-if', computed(() => toValue(input))],
    queryFn: async () => call(api.POST('/api/v1/rules/what-if', { body: toValue(input) })),
    placeholderData: keepPreviousData,
    enabled: computed(() => toValue(input).event_class !== ''),
    retry: false,
  })
}

/** A name in the language of the program: packs give both. */
export const named = (thing: { name: string; name_en: string }): string => (locale.value === 'en' ? thing.name_en : thing.name)
/** Today in China, as a day. */
export const chinaDay = (now: number): string => new Date(now + 8 * 3_600_000).toISOString().slice(0, 10)

/** Names of measures such as deaths or hectares by their ids, as the rules in force at a place know them. */
export function useMeasureNames(place = '1501') {
  const catalogue = useQuery({
    queryKey: ['rules', 'measures', place],
    queryFn: async () => call(api.GET('/api/v1/rules/catalogue', { params: { query: { place } } })),
    staleTime: Infinity,
  })
  return (id: string): string => {
    const found = catalogue.data.value?.measures.find((measure) => measure.id === id)
    return found ? (locale.value.startsWith('zh') ? found.name : found.name_en) : id
  }
}
