import { t, te } from '@/app/i18n'

/** Who wrote an entry: a name, else words for the rule, job or kind of machine, else what the entry itself says. */
export function actorWord(actor: { name?: string | null; rule?: string | null; kind?: string | null }): string {
  if (actor.name) return actor.name
  const own = actor.rule ?? actor.kind ?? ''
  const key = `ledger.rules.${own.replaceAll('.', '_')}`
  return te(key) ? t(key) : own
}
