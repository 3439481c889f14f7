import { computed, ref } from 'vue'

export const COLUMNS = ['code', 'received', 'title', 'class', 'grade', 'status', 'place', 'casualties', 'due', 'holder'] as const
export type Column = (typeof COLUMNS)[number]
/** Without these a row says nothing. */
const FIXED: Column[] = ['title', 'status']
const STANDARD: Column[] = ['received', 'title', 'class', 'grade', 'status', 'casualties', 'due', 'holder']
const KEY = 'anlan.incidents.columns'

function stored(): Column[] {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Column[] | null
    return kept?.filter((c) => COLUMNS.includes(c)) ?? STANDARD
  } catch {
    return STANDARD
  }
}
const chosen = ref<Column[]>(stored())

/** The columns this person wants to see, in the list's own order. */
export function useColumns() {
  const shown = computed(() => COLUMNS.filter((c) => chosen.value.includes(c) || FIXED.includes(c)))
  function toggle(column: Column): void {
    chosen.value = chosen.value.includes(column) ? chosen.value.filter((c) => c !== column) : [...chosen.value, column]
    localStorage.setItem(KEY, JSON.stringify(chosen.value))
  }
  return { shown, toggle, isFixed: (c: Column): boolean => FIXED.includes(c) }
}
