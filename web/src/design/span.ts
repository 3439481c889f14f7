import { t } from '@/app/i18n'

// literal-check: vocabulary (the law's spans of time, as the node writes them)
const UNITS: Record<string, string> = { 日: 'day', 天: 'day', 小时: 'hour', 分钟: 'minute' }

/** A span of the law in the reader's language: `30日内`, `每2日`; what is not of this form stays as it is. */
export function spanText(span: string): string {
  const within = /^(\d+)(日|天|小时|分钟)内$/.exec(span)
  if (within) return t(`common.span.within.${UNITS[within[2]!]}`, { n: within[1]! })
  const every = /^每(\d+)(日|天|小时|分钟)$/.exec(span)
  return every ? t(`common.span.every.${UNITS[every[2]!]}`, { n: every[1]! }) : span
}
