import { onBeforeUnmount, onMounted, shallowReactive } from 'vue'

/** One shortcut: `combo` as in `F2`, `Ctrl+K`, `Alt+N`, `J`, `?`; `label` is a message key. */
export interface Shortcut {
  combo: string
  label: string
  run: (event: KeyboardEvent) => void
  /** Works also while the cursor stands in a field. */
  inFields?: boolean
  when?: () => boolean
}
export interface KeyGroup {
  label: string
  shortcuts: Shortcut[]
}

/** Groups now in force; the newest comes first and wins. */
export const keyGroups = shallowReactive<KeyGroup[]>([])

/** The combination of an event, in the spelling of `Shortcut.combo`. */
export function comboOf(event: KeyboardEvent): string {
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]
  const digit = /^Digit(\d)$/.exec(event.code)?.[1]
  // With Alt or Ctrl some systems report another character: the key itself counts.
  const modified = event.altKey || event.ctrlKey || event.metaKey
  const base = modified ? (letter ?? digit ?? event.key) : event.key.length === 1 ? event.key.toUpperCase() : event.key
  const prefix = (event.ctrlKey || event.metaKey ? 'Ctrl+' : '') + (event.altKey ? 'Alt+' : '')
  return prefix + base
}

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

function onKey(event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented) return
  const combo = comboOf(event)
  const typing = inField(event.target)
  for (const group of [...keyGroups]) {
    for (const shortcut of group.shortcuts) {
      if (shortcut.combo !== combo || (typing && !shortcut.inFields)) continue
      if (shortcut.when && !shortcut.when()) continue
      event.preventDefault()
      shortcut.run(event)
      return
    }
  }
}
window.addEventListener('keydown', onKey)

/** Puts a group of shortcuts in force while the component is on the page. */
export function useKeys(label: string, shortcuts: Shortcut[]): void {
  const group: KeyGroup = { label, shortcuts }
  onMounted(() => keyGroups.unshift(group))
  onBeforeUnmount(() => {
    const at = keyGroups.indexOf(group)
    if (at >= 0) keyGroups.splice(at, 1)
  })
}
