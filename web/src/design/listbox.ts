import { ref, watch, type Ref } from 'vue'

/** Moving and choosing in a list under a field: arrow keys, Enter, Escape. */
export function useListbox<T>(options: Ref<T[]>, choose: (option: T) => void) {
  const open = ref(false)
  const active = ref(0)
  watch(options, () => (active.value = 0))

  function onKeydown(event: KeyboardEvent): void {
    if (event.isComposing) return
    const count = options.value.length
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      open.value = true
      if (count) active.value = (active.value + (event.key === 'ArrowDown' ? 1 : count - 1)) % count
    } else if (event.key === 'Enter' && open.value && count && !event.ctrlKey) {
      event.preventDefault()
      pick(options.value[active.value]!)
    } else if (event.key === 'Escape' && open.value) {
      event.stopPropagation()
      open.value = false
    } else if (event.key === 'Tab') {
      open.value = false
    }
  }
  function pick(option: T): void {
    open.value = false
    choose(option)
  }
  return { open, active, onKeydown, pick }
}
