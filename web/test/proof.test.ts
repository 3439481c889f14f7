import { expect, test } from 'vitest'
import { digest } from '@/design/proof/digest'
import { recompute } from '@/design/proof/merkle'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

test('both digests give the values of their standards', () => {
  expect(digest('gm', bytes('abc'))).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
  expect(digest('gm', bytes('abcd'.repeat(16)))).toBe('debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732')
  expect(digest('intl', bytes('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(digest('intl', bytes(''))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

test('the way from the third of three entries leads over one neighbour', () => {
  const suite = 'intl'
  const hex = (text: string): string => digest(suite, bytes(text))
  const unhex = (text: string): number[] => (text.match(/../g) ?? []).map((pair) => parseInt(pair, 16))
  const leaf = (text: string): string => digest(suite, Uint8Array.from([0, ...unhex(hex(text))]))
  const node = (a: string, b: string): string => digest(suite, Uint8Array.from([1, ...unhex(a), ...unhex(b)]))
  const first = node(leaf('a'), leaf('b'))
  const root = node(first, leaf('c'))
  expect(recompute(suite, 'c', 2, 3, [first]).root).toBe(root)
  expect(recompute(suite, 'a', 0, 3, [leaf('b'), leaf('c')]).root).toBe(root)
  expect(recompute(suite, 'x', 0, 3, [leaf('b'), leaf('c')]).root).not.toBe(root)
  expect(recompute(suite, 'a', 0, 3, [leaf('b')]).root).toBe('')
  expect(recompute(suite, 'a', 0, 1, []).root).toBe(leaf('a'))
})
