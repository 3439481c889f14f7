import { ref } from 'vue'

export type Theme = 'system' | 'light' | 'dark'
const KEY = 'anlan.theme'
const media = matchMedia('(prefers-color-scheme: dark)')

export const theme = ref<Theme>((localStorage.getItem(KEY) as Theme | null) ?? 'system')
export const isDark = ref(document.documentElement.classList.contains('dark'))

/** Puts the chosen theme on the page; the wall is always dark. */
export function applyTheme(force?: 'dark'): void {
  const dark = force === 'dark' || theme.value === 'dark' || (theme.value === 'system' && media.matches)
  document.documentElement.classList.toggle('dark', dark)
  isDark.value = dark
}

export function setTheme(next: Theme): void {
  theme.value = next
  localStorage.setItem(KEY, next)
  applyTheme()
}
media.addEventListener('change', () => applyTheme())
