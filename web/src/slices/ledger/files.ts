import { ApiError, toApiError } from '@/api/client'

/** Fetches a file and offers it under the name the node gives it; throws `ApiError` with the reason of a refusal. */
export async function saveFile(path: string, method: 'GET' | 'POST' = 'GET'): Promise<string> {
  const response = await fetch(`/api/v1${path}`, { method, headers: { 'X-Anlan': '1' }, credentials: 'same-origin' }).catch(() => {
    throw new ApiError('client.offline', 0)
  })
  if (!response.ok) throw toApiError(response.status, await response.json().catch(() => null))
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'anlan'
  const url = URL.createObjectURL(await response.blob())
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = name
  anchor.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
  return name
}
