/**
 * SM3 (GB/T 32905-2016) and SHA-256 (FIPS 180-4) in plain arithmetic. The browser's own `crypto.subtle` has no SM3 and is
 * missing on pages that came over plain HTTP; a proof must be checkable there too.
 */
export type Suite = 'gm' | 'intl'

const rotl = (x: number, n: number): number => ((x << (n % 32)) | (x >>> ((32 - (n % 32)) % 32))) >>> 0
const rotr = (x: number, n: number): number => ((x >>> n) | (x << (32 - n))) >>> 0

/** The message with its padding, as big-endian words. */
function padded(message: Uint8Array): DataView {
  const length = ((message.length + 8) >> 6 << 6) + 64
  const bytes = new Uint8Array(length)
  bytes.set(message)
  bytes[message.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(length - 8, Math.floor(message.length / 0x20000000))
  view.setUint32(length - 4, (message.length << 3) >>> 0)
  return view
}
const hexOf = (words: number[]): string => words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')

function sm3(message: Uint8Array): string {
  const view = padded(message)
  let v = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e]
  const w = new Array<number>(68)
  const p0 = (x: number): number => x ^ rotl(x, 9) ^ rotl(x, 17)
  const p1 = (x: number): number => x ^ rotl(x, 15) ^ rotl(x, 23)
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let j = 0; j < 16; j++) w[j] = view.getUint32(block + 4 * j)
    for (let j = 16; j < 68; j++) w[j] = (p1(w[j - 16]! ^ w[j - 9]! ^ rotl(w[j - 3]!, 15)) ^ rotl(w[j - 13]!, 7) ^ w[j - 6]!) >>> 0
    let [a, b, c, d, e, f, g, h] = v as [number, number, number, number, number, number, number, number]
    for (let j = 0; j < 64; j++) {
      const ss1 = rotl((rotl(a, 12) + e + rotl(j < 16 ? 0x79cc4519 : 0x7a879d8a, j)) >>> 0, 7)
      const ss2 = ss1 ^ rotl(a, 12)
      const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c)
      const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g)
      const tt1 = (ff + d + ss2 + (w[j]! ^ w[j + 4]!)) >>> 0
      const tt2 = (gg + h + ss1 + w[j]!) >>> 0
      ;[a, b, c, d, e, f, g, h] = [tt1, a, rotl(b, 9), c, p0(tt2) >>> 0, e, rotl(f, 19), g]
    }
    v = [a, b, c, d, e, f, g, h].map((x, n) => (x ^ v[n]!) >>> 0)
  }
  return hexOf(v)
}

/** The first 32 bits of the fractions of the cube or square roots of the first primes. */
function fractions(count: number, root: (prime: number) => number): number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n++) {
    let prime = true
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false
    if (prime) found.push(Math.floor((root(n) % 1) * 2 ** 32))
  }
  return found
}
const K256 = fractions(64, Math.cbrt)
const H256 = fractions(8, Math.sqrt)

function sha256(message: Uint8Array): string {
  const view = padded(message)
  let v = [...H256]
  const w = new Array<number>(64)
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let j = 0; j < 16; j++) w[j] = view.getUint32(block + 4 * j)
    for (let j = 16; j < 64; j++) {
      const s0 = rotr(w[j - 15]!, 7) ^ rotr(w[j - 15]!, 18) ^ (w[j - 15]! >>> 3)
      const s1 = rotr(w[j - 2]!, 17) ^ rotr(w[j - 2]!, 19) ^ (w[j - 2]! >>> 10)
      w[j] = (w[j - 16]! + s0 + w[j - 7]! + s1) >>> 0
    }
    let [a, b, c, d, e, f, g, h] = v as [number, number, number, number, number, number, number, number]
    for (let j = 0; j < 64; j++) {
      const t1 = (h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + K256[j]! + w[j]!) >>> 0
      const t2 = ((rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) >>> 0
      ;[a, b, c, d, e, f, g, h] = [(t1 + t2) >>> 0, a, b, c, (d + t1) >>> 0, e, f, g]
    }
    v = [a, b, c, d, e, f, g, h].map((x, n) => (x + v[n]!) >>> 0)
  }
  return hexOf(v)
}

/** Digest in hexadecimal. */
export const digest = (suite: Suite, message: Uint8Array): string => (suite === 'gm' ? sm3(message) : sha256(message))
