import { useI18n } from 'vue-i18n'
import { spanParts, type Finding } from './queries'

/** How far what is claimed is from what is known, in words. */
export function useWords(): { span: (seconds: number) => string; gap: (finding: Finding) => string } {
  const { t } = useI18n()
  const span = (seconds: number): string => {
    const { d, h, m } = spanParts(seconds)
    if (d) return t('finding.span.days', { d, h })
    return h ? t('finding.span.hours', { h, m }) : t('finding.span.minutes', { m })
  }
  const gap = (finding: Finding): string => {
    if (finding.figures) return t(`finding.gap.${finding.kind}`, { given: finding.figures[0], held: finding.figures[1] })
    if (finding.kind === 'omitted') return t('finding.gap.omitted', { span: span((Date.now() - Date.parse(finding.known_at ?? finding.raised_at)) / 1000) })
    return t(`finding.gap.${finding.kind}`, { span: span(finding.by) })
  }
  return { span, gap }
}
