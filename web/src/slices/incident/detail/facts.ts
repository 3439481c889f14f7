import type { Assertion, CasualtyKind, IncidentDetail, TimeKind, TimeStatement } from '@/api/schema'
import { CASUALTY_KINDS } from '../view'

export const TIME_KINDS: TimeKind[] = ['occurred', 'learned', 'received', 'recorded']

export interface TimeFact {
  kind: TimeKind
  statements: TimeStatement[]
  differ: boolean
}

/** The times of an incident by kind, each with all that was ever said of it. */
export function timeFacts(detail: IncidentDetail): TimeFact[] {
  return TIME_KINDS.map((kind) => {
    const statements = detail.times.filter((time) => time.kind === kind)
    // Each call has its own time of receipt: that two differ is no disagreement.
    const differ = kind !== 'received' && kind !== 'recorded' && new Set(statements.map((s) => Date.parse(s.at))).size > 1
    return { kind, statements, differ }
  }).filter((fact) => fact.statements.length > 0)
}

export interface CasualtyFact {
  kind: CasualtyKind
  current: Assertion[]
  replaced: Assertion[]
  differ: boolean
}

/** Casualties by kind: what stands, and what was replaced, which stays readable. */
export function casualtyFacts(detail: IncidentDetail): CasualtyFact[] {
  return CASUALTY_KINDS.map((kind) => {
    const all = detail.assertions.filter((assertion) => assertion.kind === kind && !assertion.moved_to)
    const current = all.filter((assertion) => !assertion.superseded_by)
    return { kind, current, replaced: all.filter((a) => a.superseded_by), differ: new Set(current.map((a) => a.value)).size > 1 }
  }).filter((fact) => fact.current.length + fact.replaced.length > 0)
}
