/**
 * What browsers from Chromium 90 on lack and the app or its libraries use. Imported before everything else.
 * `crypto.randomUUID` is also missing wherever the page came over plain HTTP from another machine.
 */
type Indexed<T> = { at?: (index: number) => T | undefined }

function at<T>(this: ArrayLike<T>, index: number): T | undefined {
  const n = Math.trunc(index) || 0
  return this[n < 0 ? this.length + n : n]
}
function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false })
}

/** A random UUID (version 4) out of random bytes. */
export function randomUuid(bytes: Uint8Array = crypto.getRandomValues(new Uint8Array(16))): `${string}-${string}-${string}-${string}-${string}` {
  const marked = Array.from(bytes, (byte, n) => (n === 6 ? (byte & 0x0f) | 0x40 : n === 8 ? (byte & 0x3f) | 0x80 : byte))
  const hex = marked.map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Whether the browser brings by itself what the map library's worker needs; asked before the gaps are filled. */
export const isModern = 'hasOwn' in Object && 'at' in Array.prototype

for (const target of [Array.prototype, String.prototype, Uint8Array.prototype] as Indexed<unknown>[]) {
  if (!target.at) define(target, 'at', at)
}
if (!('hasOwn' in Object)) define(Object, 'hasOwn', (object: object, key: PropertyKey) => Object.prototype.hasOwnProperty.call(object, key))
if (!('randomUUID' in crypto)) define(crypto, 'randomUUID', () => randomUuid())
