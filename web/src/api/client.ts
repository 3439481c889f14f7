import createClient, { type Middleware } from 'openapi-fetch'
import type { FieldProblem, paths, Problem } from './schema'
import type { paths as AllPaths } from './schema.gen'

const INSTANT = /\d{4}-\d\d-\d\dT\S+/
export const API_BASE = '/api/v1'

/** A refusal of the server, or the failure to reach it (`client.offline`). */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail: string = '',
    readonly fields: FieldProblem[] = [],
    readonly requestId: string = '',
    readonly lockedUntil: string = '',
  ) {
    super(code)
  }
  get offline(): boolean {
    return this.status === 0
  }
}

type Listener = () => void
const signedOutListeners = new Set<Listener>()

/** Calls `listener` whenever the server says that the session is over. */
export function onSignedOut(listener: Listener): void {
  signedOutListeners.add(listener)
}

const headers: Middleware = {
  onRequest({ request }) {
    // The server demands this of cookie sessions; a foreign form cannot send it.
    request.headers.set('X-Anlan', '1')
    return request
  },
}

export const client = createClient<paths>({ baseUrl: API_BASE, credentials: 'same-origin' })
client.use(headers)

/** The whole interface by its generated types; paths are written in full, as in `docs/openapi.json`. */
export const api = createClient<AllPaths>({ baseUrl: '', credentials: 'same-origin' })
api.use(headers)

/** Turns a problem document into an `ApiError`; anything else becomes one of its kind's general codes. */
export function toApiError(status: number, body: unknown, requestId = ''): ApiError {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>
  const code = problem.code ?? `client.status_${status}`
  const locked = problem.locked_until ?? problem.fields?.find((f) => f.field === 'locked_until')?.expected ?? (code === 'session.locked' ? INSTANT.exec(problem.detail ?? '')?.[0] : '') ?? ''
  return new ApiError(code, status, problem.detail ?? '', problem.fields ?? [], problem.request_id ?? requestId, locked)
}

/** Resolves to the body of a successful answer; throws `ApiError` otherwise. */
export async function call<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const result = await answer.catch(() => {
    throw new ApiError('client.offline', 0)
  })
  if (result.response.ok) return result.data as T
  const error = toApiError(result.response.status, result.error, result.response.headers.get('x-request-id') ?? '')
  // A proxy in front of a node that is down answers for it.
  if ([502, 503, 504].includes(error.status) && error.code.startsWith('client.')) throw new ApiError('client.offline', 0)
  const signingIn = result.response.url.endsWith('/sessions')
  if (error.status === 401 && !signingIn) signedOutListeners.forEach((listener) => listener())
  throw error
}

/** Uploads one file and returns its digest and measures. */
export async function upload(file: Blob, name: string): Promise<import('./schema').Attachment> {
  const form = new FormData()
  form.append('file', file, name)
  const request = fetch(`${API_BASE}/attachments`, { method: 'POST', body: form, credentials: 'same-origin', headers: { 'X-Anlan': '1' } })
  const answer = request.then(async (response) => {
    const body: unknown = await response.json().catch(() => null)
    return response.ok ? { data: body, response } : { error: body, response }
  })
  return (await call(answer)) as import('./schema').Attachment
}

/** Address of an attachment, or of its thumbnail. */
export function attachmentUrl(digest: string, thumb = false): string {
  return `${API_BASE}/attachments/${encodeURIComponent(digest)}${thumb ? '?size=thumb' : ''}`
}

/** Any list answer as a plain array: some lists are paged, small ones are not. */
export function items<T>(answer: { items: T[] } | T[]): T[] {
  return Array.isArray(answer) ? answer : answer.items
}
