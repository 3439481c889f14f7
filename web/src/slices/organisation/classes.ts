import { computed } from 'vue'
import { t } from '@/app/i18n'
import { useEventClasses } from '@/slices/incident/queries'

const FAMILIES: Record<string, string> = { '1': 'natural', '2': 'accident', '3': 'health', '4': 'social' }
const classes = new Map<string, string>()

/** Keeps the names of event classes at hand for `classNames`. */
export function useClassNames() {
  const known = useEventClasses()
  return computed(() => {
    for (const item of known.data.value ?? []) classes.set(item.code, item.name)
    return classNames
  })
}
/** Names of event classes by prefixes of their codes: of a family, of a class, or the code itself. */
export function classNames(prefixes: readonly string[]): string {
  const name = (prefix: string): string => {
    const family = FAMILIES[prefix]
    if (family) return t(`incident.family.${family}`)
    const found = classes.get(prefix.padEnd(5, '0'))
    if (!found) return prefix
    // A short prefix stands for a whole group, named by its first.
    return prefix.replace(/0+$/, '').length < 3 ? t('organisation.bodies.alike', { name: found }) : found
  }
  return prefixes.map(name).join(t('common.comma'))
}
