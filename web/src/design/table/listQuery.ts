import { computed, ref, watch, type ComputedRef, type WritableComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'

export interface ListQuery<Key extends string> {
  /** The filters as they stand in the address; an absent one is empty. */
  filters: ComputedRef<Record<Key, string>>
  /** Cursor of the page in view; empty for the first. */
  after: ComputedRef<string>
  /** Whether any filter is set, apart from the ones in `free`. */
  narrowed: ComputedRef<boolean>
  /** Changes filters; the list then begins anew. */
  set: (patch: Partial<Record<Key | 'after', string>>) => void
  /** A filter as a value that `v-model` takes. */
  field: (key: Key, otherwise?: string) => WritableComputedRef<string>
  reset: () => void
  next: (cursor: string | null | undefined) => void
  previous: () => void
}

/** The filters of a list live in the address, so that a view can be kept and passed on; paging goes by cursor, and back again. */
export function useListQuery<Key extends string>(keys: readonly Key[], free: readonly Key[] = []): ListQuery<Key> {
  const route = useRoute()
  const router = useRouter()
  const value = (key: string): string => (typeof route.query[key] === 'string' ? (route.query[key] as string) : '')
  const filters = computed(() => Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<Key, string>)
  const after = computed(() => value('after'))
  const narrowed = computed(() => keys.some((key) => !free.includes(key) && filters.value[key] !== ''))
  /** The cursors of the pages before this one, for the way back. */
  const trail = ref<string[]>([])
  watch(() => JSON.stringify(filters.value), () => (trail.value = []))

  function set(patch: Partial<Record<Key | 'after', string>>): void {
    const changed: LocationQueryRaw = { ...route.query, ...('after' in patch ? {} : { after: undefined }), ...patch }
    for (const key of Object.keys(changed)) if (!changed[key]) delete changed[key]
    void router.replace({ query: changed })
  }
  function field(key: Key, otherwise = '') {
    return computed({ get: () => filters.value[key] || otherwise, set: (v: string) => set({ [key]: v } as Partial<Record<Key | 'after', string>>) })
  }
  function reset(): void {
    void router.replace({ query: Object.fromEntries(free.filter((key) => filters.value[key]).map((key) => [key, filters.value[key]])) })
  }
  function next(cursor: string | null | undefined): void {
    if (!cursor) return
    trail.value.push(after.value)
    set({ after: cursor } as Partial<Record<Key | 'after', string>>)
  }
  function previous(): void {
    set({ after: trail.value.pop() ?? '' } as Partial<Record<Key | 'after', string>>)
  }
  return { filters, after, narrowed, set, field, reset, next, previous }
}
