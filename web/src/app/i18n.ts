import { createI18n } from 'vue-i18n'
import { ref } from 'vue'

export type Locale = 'zh-CN' | 'en'
export const LOCALES: Locale[] = ['zh-CN', 'en']
const STORAGE_KEY = 'anlan.locale'

const loaders: Record<Locale, () => Promise<{ default: Record<string, unknown> }>> = {
  'zh-CN': () => import('@/locales/zh-CN'),
  en: () => import('@/locales/en'),
}

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  // Codes such as `incident.not_found` stay whole in the files, so that they can be searched for.
  flatJson: true,
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
  messages: {} as Record<string, Record<string, never>>,
})

export const locale = ref<Locale>('zh-CN')

/** Loads and sets the language of the whole program. */
export async function setLocale(next: Locale): Promise<void> {
  const messages = (await loaders[next]()).default
  i18n.global.setLocaleMessage(next, messages as never)
  ;(i18n.global.locale as unknown as { value: string }).value = next
  locale.value = next
  document.documentElement.lang = next
  localStorage.setItem(STORAGE_KEY, next)
}

/** The language chosen before, or Chinese. */
export function storedLocale(): Locale {
  return localStorage.getItem(STORAGE_KEY) === 'en' ? 'en' : 'zh-CN'
}

/** Translates outside a component. */
const composer = i18n.global as unknown as { t: (key: string, params: object) => string; te: (key: string, locale?: string) => boolean }
export const t = (key: string, params: Record<string, unknown> = {}): string => composer.t(key, params)
export const te = (key: string): boolean => composer.te(key) || composer.te(key, 'zh-CN')
