import { ApiError, toApiError } from '@/api/client'

/** What a table of divisions holds. */
export interface TableSummary {
  total: number
  top: { code: string; name: string }
  levels: Record<'city' | 'county' | 'township' | 'village', number>
}
export interface Answers {
  unit: string
  division: string
  division_name: string
  suite: 'gm' | 'intl'
  admin: string
  admin_person: string
  password: string
  divisions?: string
}
export interface Restored {
  name: string
  made_at: string
  position: number
  entries: number
}

/** Asks the node that is not one yet; every question carries the console's token. */
async function ask<T>(token: string, path: string, body: BodyInit | null, type?: string): Promise<T> {
  const headers: Record<string, string> = { 'X-Anlan-Setup': token.trim(), ...(type && { 'Content-Type': type }) }
  const response = await fetch(`/api/v1/setup/${path}`, { method: 'POST', headers, body }).catch(() => {
    throw new ApiError('client.offline', 0)
  })
  const text = await response.text()
  const json: unknown = text.startsWith('{') ? JSON.parse(text) : null
  if (!response.ok) throw toApiError(response.status, json)
  return json as T
}
export const checkToken = (token: string): Promise<null> => ask(token, 'token', null)
export const readTable = (token: string, text: string): Promise<TableSummary> => ask(token, 'divisions', text, 'text/plain')
export const makeNode = (token: string, answers: Answers): Promise<null> => ask(token, 'node', JSON.stringify(answers), 'application/json')
export function restoreNode(token: string, file: File, passphrase: string, keys: File | null): Promise<Restored> {
  const form = new FormData()
  form.append('passphrase', passphrase)
  if (keys) form.append('keys', keys)
  form.append('file', file)
  return ask(token, 'restore', form)
}
