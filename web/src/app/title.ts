import { onBeforeUnmount, ref, watchEffect } from 'vue'

/** Title of the page in view, when it is more than the route's own word. */
export const pageTitle = ref('')

/** Sets the title while the component is on the page. */
export function useTitle(title: () => string): void {
  watchEffect(() => (pageTitle.value = title()))
  onBeforeUnmount(() => (pageTitle.value = ''))
}
