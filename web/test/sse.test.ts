import { describe, expect, it } from 'vitest'
import { SseParser } from '@/api/sse'

describe('the live stream', () => {
  it('reads events however the bytes are cut', () => {
    const text = 'id: 7\nevent: entry\ndata: {"position":7}\n\n'
    for (let cut = 1; cut < text.length; cut++) {
      const parser = new SseParser()
      const events = [...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))]
      expect(events).toEqual([{ event: 'entry', id: '7', data: '{"position":7}' }])
    }
  })
  it('hands comments on as signs of life', () => expect(new SseParser().push(': ping\n\n')[0]?.event).toBe(':'))
  it('joins lines of data', () => expect(new SseParser().push('data: a\ndata: b\n\n')[0]?.data).toBe('a\nb'))
  it('understands both line ends', () => expect(new SseParser().push('data: a\r\n\r\n')[0]?.data).toBe('a'))
})
