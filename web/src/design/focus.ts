/** Moves the cursor to the next field within `root`, as Tab would. */
export function focusNext(from: Element | null, root: ParentNode = document): void {
  const fields = [...root.querySelectorAll<HTMLElement>('input:not([disabled]):not([type=hidden]):not([type=file]), textarea, select, button[data-stop]')].filter(
    (field) => field.tabIndex >= 0 && field.offsetParent !== null,
  )
  const at = fields.findIndex((field) => field === from)
  fields[at + 1]?.focus()
}
