import { computed } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'
import type { IncidentQuery } from '@/api/schema'

const KEYS = ['status', 'q', 'area', 'area_name', 'event_class', 'grade', 'from', 'to', 'overdue', 'sort'] as const
export type FilterKey = (typeof KEYS)[number]
export const PAGE_SIZE = 50

/** The filters of the list live in the address, so that a view can be kept and passed on. */
export function useFilters() {
  const route = useRoute()
  const router = useRouter()
  const value = (key: string): string => (typeof route.query[key] === 'string' ? (route.query[key] as string) : '')

  const filters = computed(() => Object.fromEntries(KEYS.map((key) => [key, value(key)])) as Record<FilterKey, string>)
  const after = computed(() => value('after'))
  const query = computed<IncidentQuery>(() => {
    const f = filters.value
    return {
      status: (f.status || 'open') as NonNullable<IncidentQuery['status']>,
      sort: (f.sort || 'recent') as NonNullable<IncidentQuery['sort']>,
      limit: PAGE_SIZE,
      ...(f.q && { q: f.q }),
      ...(f.area && { area: f.area }),
      ...(f.event_class && { event_class: f.event_class }),
      ...(f.grade && { grade: f.grade }),
      ...(f.from && { from: `${f.from}T00:00:00+08:00` }),
      ...(f.to && { to: `${f.to}T23:59:59+08:00` }),
      ...(f.overdue === 'true' && { overdue: true }),
      ...(after.value && { after: after.value }),
    }
  })
  const narrowed = computed(() => KEYS.some((key) => key !== 'status' && key !== 'sort' && filters.value[key] !== ''))

  /** Changes filters; the list then begins anew. */
  function set(patch: Partial<Record<FilterKey | 'after', string>>): void {
    const next: LocationQueryRaw = { ...route.query, ...('after' in patch ? {} : { after: undefined }), ...patch }
    for (const key of Object.keys(next)) if (!next[key]) delete next[key]
    void router.replace({ query: next })
  }
  function reset(): void {
    void router.replace({ query: filters.value.status ? { status: filters.value.status } : {} })
  }
  return { filters, query, narrowed, after, set, reset }
}
