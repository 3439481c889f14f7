import type { Headline } from '@/api/schema'
import { t, te } from '@/app/i18n'

export interface Segment {
  text: string
  strong: boolean
}

/** Parameters whose value is a code, and the messages that translate it. */
const CODED: Record<string, string> = {
  verdict: 'incident.verdict',
  outcome: 'incident.outcome',
  grade: 'common.grade',
  status: 'common.status',
  casualty: 'incident.casualty',
  time_kind: 'incident.time',
  obligation: 'incident.obligation',
  serial: 'incident.serial',
  role: 'roles',
  manner: 'incident.manner',
  channel: 'incident.channel',
  stage: 'incident.stage',
  suspicion: 'finding.kind',
  finding_verdict: 'finding.state',
}

const PARTS = ['title', 'unit_name', 'from_unit', 'to_unit', 'verdict', 'outcome', 'kind', 'source', 'serial', 'manner', 'channel', 'grade', 'stage', 'told', 'reason', 'count', 'name', 'division_name', 'suspicion', 'finding_verdict']

/** What `kind` means differs by entry. */
const KINDS: Record<string, string> = { 'incident.casualty_stated': 'incident.casualty', 'incident.time_stated': 'incident.time', 'incident.figure_decided': 'incident.casualty' }

/** The sentence of a ledger entry, cut at its stressed words (between asterisks in the messages). */
export function headlineSegments(headline: Headline, kind: string): Segment[] {
  const key = `timeline.${headline.code}`
  const params: Record<string, string> = {}
  for (const [name, value] of Object.entries(headline.params)) {
    const table = name === 'kind' ? KINDS[headline.code] : CODED[name]
    const coded = table ? `${table}.${value}` : ''
    params[name] = coded && te(coded) ? t(coded) : String(value ?? '').replaceAll('*', '')
  }
  // A part that the entry does not carry leaves no trace.
  for (const name of PARTS) params[name] ??= ''
  const text = te(key) ? t(key, params) : t('timeline.other', { kind, title: params['title'] ?? '' })
  return text
    .split('*')
    .map((part, n) => ({ text: part, strong: n % 2 === 1 }))
    .filter((segment) => segment.text !== '')
}
