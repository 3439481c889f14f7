import { digest, type Suite } from './digest'

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))
function join(prefix: number, ...parts: string[]): Uint8Array {
  const all = parts.map(bytesOf)
  const out = new Uint8Array(1 + all.reduce((n, part) => n + part.length, 0))
  out[0] = prefix
  let at = 1
  for (const part of all) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** One step on the way up: the neighbour, the side it stands on, and what the two give. */
export interface Step {
  side: 'left' | 'right'
  neighbour: string
  result: string
}
export interface Recomputed {
  /** Hash that the text gives. */
  hash: string
  leaf: string
  steps: Step[]
  /** Where the way ends; empty when the path does not fit the tree. */
  root: string
}

/** Computes, with nothing of the node's but the text and the path, the root that an entry leads to (RFC 9162 §2.1.3). */
export function recompute(suite: Suite, preimage: string, index: number, size: number, path: readonly string[]): Recomputed {
  const hash = digest(suite, new TextEncoder().encode(preimage))
  const leaf = digest(suite, join(0, hash))
  const steps: Step[] = []
  let node = leaf
  let place = index
  let last = size - 1
  for (const neighbour of path) {
    if (last === 0) return { hash, leaf, steps, root: '' }
    const left = place % 2 === 1 || place === last
    node = digest(suite, left ? join(1, neighbour, node) : join(1, node, neighbour))
    if (left) {
      // A node without a right neighbour is carried up unhashed to where it is a right child.
      while (place % 2 === 0 && place !== 0) {
        place = Math.floor(place / 2)
        last = Math.floor(last / 2)
      }
    }
    steps.push({ side: left ? 'left' : 'right', neighbour, result: node })
    place = Math.floor(place / 2)
    last = Math.floor(last / 2)
  }
  return { hash, leaf, steps, root: last === 0 && index < size ? node : '' }
}
