import { computed, type ComputedRef } from 'vue'
import type { StreamEntry } from '@/api/schema'
import { link } from '@/api/stream'
import { useBoard } from '@/slices/incident/queries'

const STREAM = 'incident/'

/** The newest entries of the stream, each with the title of its incident where the entry itself does not carry it. */
export function useTitledEntries(count: number): ComputedRef<StreamEntry[]> {
  const board = useBoard()
  const titles = computed(() => {
    const known = new Map<string, string>()
    for (const entry of link.entries) {
      const title = entry.headline.params['title']
      if (title) known.set(entry.stream, String(title))
    }
    for (const row of board.data.value?.items ?? []) known.set(STREAM + row.id, row.title)
    return known
  })
  const titled = (entry: StreamEntry): StreamEntry => {
    const title = titles.value.get(entry.stream)
    return !title || entry.headline.params['title'] ? entry : { ...entry, headline: { ...entry.headline, params: { ...entry.headline.params, title } } }
  }
  return computed(() => link.entries.slice(0, count).map(titled))
}
