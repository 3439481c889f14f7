import { beforeAll, describe, expect, it } from 'vitest'
import { setLocale } from '@/app/i18n'
import { headlineSegments } from '@/design/headline'

const text = (code: string, params: Record<string, string>) => headlineSegments({ code, params }, `${code}.v1`).map((s) => s.text).join('')

describe('the sentence of an entry', () => {
  beforeAll(() => setLocale('zh-CN'))
  it('stresses what happened', () => {
    expect(headlineSegments({ code: 'incident.received', params: { unit_name: '县应急局', title: '渗水' } }, 'x')).toContainEqual({ text: '接报', strong: true })
  })
  it('translates codes within it', () => expect(text('incident.verified', { unit_name: '市局', verdict: 'true', title: '泄漏' })).toContain('属实'))
  it('leaves no trace of a part that is missing', () => expect(text('incident.reported_up', { from_unit: '甲', to_unit: '乙' })).not.toContain('{'))
  it('shows the kind of an entry that it does not know', () => expect(text('other.thing', {})).toContain('other.thing.v1'))
})
