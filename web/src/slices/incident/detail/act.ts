import { ref } from 'vue'
import { api, ApiError } from '@/api/client'
import type { IncidentDetail } from '@/api/schema'
import { useIncidentAction } from '../queries'

interface Init {
  params: { path: { id: string } }
  headers: { 'Idempotency-Key': string }
}

/** A form's one act: a second press after a lost answer is the same act, and the form says when it is done. */
export function useAct(id: () => string, done: () => void) {
  const action = useIncidentAction(id)
  const attempt = ref(crypto.randomUUID())
  async function run(send: (init: Init) => Promise<unknown>): Promise<void> {
    if (action.isPending.value) return
    try {
      await action.mutateAsync(async () => (await send({ params: { path: { id: id() } }, headers: { 'Idempotency-Key': attempt.value } })) as IncidentDetail)
      done()
    } catch (error) {
      if (!(error instanceof ApiError && error.offline)) attempt.value = crypto.randomUUID()
    }
  }
  return { action, run, api }
}
