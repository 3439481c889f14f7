import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { api, call } from '@/api/client'
import type { components } from '@/api/schema.gen'

type Schemas = components['schemas']
/** A role held over an area; the interface document leaves its form open. */
export interface Grant {
  role: string
  area: string
  department?: string | null
  realm?: string | null
}
export type Account = Omit<Schemas['Account'], 'grants'> & { grants: Grant[] }
export type Role = Schemas['RoleRow']

export function useAccounts() {
  return useQuery({ queryKey: ['accounts'], queryFn: async () => (await call(api.GET('/api/v1/accounts', {}))) as unknown as Account[] })
}
export function useRoles() {
  return useQuery({ queryKey: ['roles'], queryFn: async () => call(api.GET('/api/v1/roles', {})), staleTime: Infinity })
}
export function useTokens(id: MaybeRefOrGetter<string>) {
  return useQuery({ queryKey: ['accounts', 'tokens', computed(() => toValue(id))], queryFn: async () => call(api.GET('/api/v1/accounts/{id}/tokens', { params: { path: { id: toValue(id) } } })) })
}
export function useMySessions() {
  return useQuery({ queryKey: ['me', 'sessions'], queryFn: async () => call(api.GET('/api/v1/me/sessions', {})) })
}
/** A change; accounts are asked for again afterwards. */
export function useChange() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (change: () => Promise<unknown>) => change(),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['accounts'] })
      await queries.invalidateQueries({ queryKey: ['me'] })
    },
  })
}
