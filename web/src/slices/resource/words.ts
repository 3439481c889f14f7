import { useI18n } from 'vue-i18n'
import { now } from '@/app/clock'
import { ageDays, STALE_DAYS, useRegisters, type Choice, type Column, type Register } from './queries'

/** The words of the registers in the language of the page. */
export function useWords() {
  const { locale, t, n } = useI18n()
  const registers = useRegisters()
  const say = (words: { zh: string; en: string } | undefined, otherwise = ''): string => (words ? (locale.value.startsWith('zh') ? words.zh : words.en) : otherwise)
  const register = (kind: string): Register | undefined => registers.data.value?.registers.find((one) => one.kind === kind)
  const kindWord = (kind: string): string => say(register(kind), kind)
  const classOf = (kind: string, id: string) => register(kind)?.classes.find((one) => one.id === id)
  const classWord = (kind: string, id: string): string => say(classOf(kind, id), id)
  const choice = (column: Column, id: unknown): string => say(column.choices.find((one: Choice) => one.id === id), String(id))
  function value(column: Column, held: unknown): string {
    if (held === undefined || held === null || held === '') return ''
    if (column.type === 'choice') return choice(column, held)
    if (column.type === 'choices' && Array.isArray(held)) return held.map((one) => choice(column, one)).join('、')
    if (column.type === 'yes_no') return t(held === true ? 'resource.yes' : 'resource.no')
    if (typeof held === 'number') return `${n(held)}${column.unit ? ` ${column.unit}` : ''}`
    return String(held as string)
  }
  const age = (at: string): string => {
    const days = ageDays(at, now.value)
    return days === 0 ? t('resource.today') : t('resource.days', { n: days })
  }
  const stale = (at: string): boolean => ageDays(at, now.value) > STALE_DAYS
  return { registers, say, register, kindWord, classOf, classWord, value, age, stale }
}
