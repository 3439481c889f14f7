import type { RouteRecordRaw } from 'vue-router'
import type { IconName } from '@/design/icons'

/** Act now 处置, prepare for it 准备, answer for it afterwards 问责. */
export type MenuGroup = 'act' | 'prepare' | 'answer'
export const GROUPS: MenuGroup[] = ['act', 'prepare', 'answer']

/** One entry of the menu on the left (of the bottom bar on a phone). */
export interface MenuEntry {
  /** Name of the route it opens. */
  route: string
  /** Message key of its word. */
  label: string
  icon: IconName
  /** Ascending: the order of a duty officer's attention. */
  order: number
  /** What people do there; by default told by the order: below 40 `act`, below 70 `prepare`, else `answer`. */
  group?: MenuGroup
  /** Shown when the session holds any operation with one of these prefixes; to all when left out. */
  needs?: string[]
  /** `main` is the menu; `admin` stands behind the name at the top right. */
  place?: 'main' | 'admin'
}

/**
 * What a slice gives to the shell: the default export of `src/slices/<name>/index.ts`.
 * Its messages are `src/locales/<language>/<name>.json`; both are found without registration.
 */
export interface Slice {
  name: string
  routes: RouteRecordRaw[]
  menu?: MenuEntry[]
}

const modules = import.meta.glob<Slice>('../slices/*/index.ts', { eager: true, import: 'default' })

export const slices: Slice[] = Object.values(modules)
export const menu: MenuEntry[] = slices.flatMap((slice) => slice.menu ?? []).sort((a, b) => a.order - b.order)

/** What people do at an entry of the menu. */
export const groupOf = (entry: MenuEntry): MenuGroup => entry.group ?? (entry.order < 40 ? 'act' : entry.order < 70 ? 'prepare' : 'answer')
