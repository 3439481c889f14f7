/** One event of a server-sent stream. */
export interface SseEvent {
  event: string
  id: string
  data: string
}

/**
 * Splits a `text/event-stream` into events, however the bytes are cut.
 * Comments come out as events named `:`, so that the caller sees that the line is alive.
 */
export class SseParser {
  private buffer = ''
  private event = ''
  private id = ''
  private data: string[] = []

  push(chunk: string): SseEvent[] {
    this.buffer += chunk
    const out: SseEvent[] = []
    for (;;) {
      const match = /\r\n|\n|\r(?!$)/.exec(this.buffer)
      if (!match) return out
      const line = this.buffer.slice(0, match.index)
      this.buffer = this.buffer.slice(match.index + match[0].length)
      const ready = this.line(line)
      if (ready) out.push(ready)
    }
  }

  private line(line: string): SseEvent | null {
    if (line === '') return this.dispatch()
    if (line.startsWith(':')) return { event: ':', id: this.id, data: line.slice(1).trim() }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') this.event = value
    else if (field === 'data') this.data.push(value)
    else if (field === 'id') this.id = value
    return null
  }

  private dispatch(): SseEvent | null {
    const event = { event: this.event || 'message', id: this.id, data: this.data.join('\n') }
    const empty = this.data.length === 0
    this.event = ''
    this.data = []
    return empty ? null : event
  }
}
