import { QueryClient } from '@tanstack/vue-query'
import { ApiError } from '@/api/client'
import { onEntry } from '@/api/stream'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      // A refusal will not change by asking again; a lost line may.
      retry: (count, error) => error instanceof ApiError && (error.offline || error.status >= 500) && count < 2,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always', retry: false },
  },
})

/** Which questions an entry's kind makes stale: first word of the kind → first words of the query keys. */
const STALE: Record<string, string[]> = {
  incident: ['board', 'incidents', 'incident'],
  finding: ['findings', 'finding'],
  duty: ['duty'],
  unit: ['duty', 'units'],
  post: ['duty', 'units', 'people'],
  person: ['people', 'duty'],
  division: ['divisions'],
  body: ['bodies'],
  account: ['accounts', 'me'],
  resource: ['resource'],
  organisation: ['organisation', 'duty', 'divisions', 'accounts'],
}

let pending = new Set<string>()
let timer: ReturnType<typeof setTimeout> | undefined

/** Asks again for what new entries have changed; a burst of entries makes one question. */
export function followStream(): void {
  onEntry((entry) => {
    for (const key of STALE[entry.kind.split('.')[0] ?? ''] ?? []) pending.add(key)
    clearTimeout(timer)
    timer = setTimeout(() => {
      const keys = pending
      pending = new Set()
      keys.forEach((key) => void queryClient.invalidateQueries({ queryKey: [key] }))
    }, 150)
  })
}
