import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OptionError } from '../../src/encoding/errors.js'
import { permute } from '../../src/status/permutation.js'

const KEY = new Uint8Array(32).fill(7)

describe('the order of slots', () => {
  it('gives every index exactly once', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 40 }),
        fc.integer({ min: 1, max: 300 }),
        (key, capacity) => {
          const indexes = Array.from({ length: capacity }, (_, slot) => permute(key, capacity, slot))
          expect([...indexes].sort((a, b) => a - b)).toEqual(Array.from({ length: capacity }, (_, n) => n))
        }
      ),
      { numRuns: 40 }
    )
  })

  it('is the same for the same key and another for another', () => {
    const first = Array.from({ length: 20 }, (_, slot) => permute(KEY, 131_072, slot))
    const again = Array.from({ length: 20 }, (_, slot) => permute(KEY.slice(), 131_072, slot))
    const other = Array.from({ length: 20 }, (_, slot) => permute(new Uint8Array(32).fill(8), 131_072, slot))
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  it('never changes, because a store depends on it', () => {
    expect(Array.from({ length: 4 }, (_, slot) => permute(KEY, 131_072, slot))).toMatchInlineSnapshot(`
      [
        38069,
        76856,
        92818,
        110597,
      ]
    `)
  })

  it('205: is spread over the whole list and follows no step', () => {
    const count = 4096
    const indexes = Array.from({ length: count }, (_, slot) => permute(KEY, 131_072, slot))
    expect(new Set(indexes).size).toBe(count)
    const buckets = new Array<number>(16).fill(0)
    for (const index of indexes) buckets[index >> 13] = (buckets[index >> 13] ?? 0) + 1
    const wanted = count / buckets.length
    const chiSquare = buckets.reduce((sum, got) => sum + (got - wanted) ** 2 / wanted, 0)
    expect(chiSquare).toBeLessThan(45)
    const ascending = indexes.filter((index, n) => n > 0 && index > (indexes[n - 1] as number)).length
    expect(Math.abs(ascending / (count - 1) - 0.5)).toBeLessThan(0.05)
    const steps = new Set(indexes.slice(1).map((index, n) => index - (indexes[n] as number)))
    expect(steps.size).toBeGreaterThan(count * 0.9)
  })

  it('works up to the largest capacity', () => {
    const indexes = [0, 1, 2 ** 32 - 1].map((slot) => permute(KEY, 2 ** 32, slot))
    expect(new Set(indexes).size).toBe(3)
    for (const index of indexes) expect(index >= 0 && index < 2 ** 32 && Number.isInteger(index)).toBe(true)
  })

  it.each([
    [new Uint8Array(15), 10, 0],
    [KEY, 0, 0],
    [KEY, 2 ** 32 + 1, 0],
    [KEY, 10, 10],
    [KEY, 10, -1],
    [KEY, 10, 0.5]
  ])('refuses parameters out of bounds (%#)', (key, capacity, slot) => {
    expect(() => permute(key, capacity, slot)).toThrow(OptionError)
  })
})
