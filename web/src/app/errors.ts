import { ApiError } from '@/api/client'
import { locale, t, te } from './i18n'

const KIND_OF_STATUS: Record<number, string> = {
  0: 'offline', 400: 'invalid', 401: 'unauthenticated', 403: 'forbidden', 404: 'not_found', 409: 'conflict', 413: 'too_large',
  422: 'invalid', 423: 'locked', 429: 'too_many', 503: 'unavailable', 507: 'storage_full',
}

/** The sentence for an error: by its code, else by its kind, with the server's own words behind it. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return t('errors.client.unexpected')
  const key = `errors.${error.code}`
  if (te(key)) return t(key)
  const kind = KIND_OF_STATUS[error.status] ?? (error.status >= 500 ? 'internal' : 'refused')
  const general = t(`errors.kind.${kind}`)
  return error.detail ? `${general} ${error.detail}` : general
}

/** The sentence for one field of a refusal, or an empty string. */
export function fieldText(error: unknown, field: string): string {
  if (!(error instanceof ApiError)) return ''
  const problem = error.fields.find((f) => f.field === field)
  if (!problem) return ''
  const key = `errors.field.${problem.code}`
  const words = te(key) ? t(key) : (problem.detail ?? problem.code)
  const expected = expectedText(problem.expected ?? '')
  return expected ? t('errors.field.with_expected', { words, expected }) : words
}

/** What was expected, in the reader's language: lengths and bounds are put into words, the server's English is for English readers. */
function expectedText(expected: string): string {
  const length = /^(\d+) to (\d+) characters$/.exec(expected)
  if (length) return t('errors.field.length', { min: length[1]!, max: length[2]! })
  const most = /^at most (\d+)$/.exec(expected)
  if (most) return t('errors.field.most', { max: most[1]! })
  const line = /^line (\d+): expected `code,name`, found `(.*)`$/.exec(expected)
  if (line) return t('errors.field.line', { line: line[1]!, found: line[2]! })
  return locale.value === 'en' || !/[a-z]{3}/.test(expected) ? expected : ''
}
