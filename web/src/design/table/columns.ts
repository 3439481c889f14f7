import { computed, ref, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'

/** One column of a table of `Row`s. Cells are drawn by the slot of the column's key, else by `text`. */
export interface Column<Row> {
  key: string
  /** The words above it, already translated. */
  label: string
  /** The cell as plain text: shown where there is no slot, and written into the exported file. */
  text: (row: Row) => string
  /** Always shown; without it a row says nothing. */
  fixed?: boolean
  /** Left out until a person chooses it. */
  extra?: boolean
  /** Never broken into lines. */
  nowrap?: boolean
  /** Figures stand at the right. */
  figures?: boolean
  /** Takes the whole first line of a card on a phone. */
  lead?: boolean
  /** Name of the order it stands for, when the list can be sorted by it. */
  sort?: string
}

/** The columns a person wants to see, remembered under `storageKey` on this desk. */
export function useColumns<Row>(columns: MaybeRefOrGetter<Column<Row>[]>, storageKey: string): { shown: ComputedRef<Column<Row>[]>; all: ComputedRef<Column<Row>[]>; toggle: (key: string) => void } {
  const KEY = `anlan.columns.${storageKey}`
  const chosen = ref<string[] | null>(stored(KEY))
  const all = computed(() => toValue(columns))
  const keys = computed(() => chosen.value ?? all.value.filter((c) => !c.extra).map((c) => c.key))
  const shown = computed(() => all.value.filter((c) => c.fixed || keys.value.includes(c.key)))
  function toggle(key: string): void {
    chosen.value = keys.value.includes(key) ? keys.value.filter((k) => k !== key) : [...keys.value, key]
    localStorage.setItem(KEY, JSON.stringify(chosen.value))
  }
  return { shown, all, toggle }
}

function stored(key: string): string[] | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as string[] | null
  } catch {
    return null
  }
}
