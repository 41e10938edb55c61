import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inOrder } from '../../src/encoding/in-order.js'

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('work in order', () => {
  it('hands out every answer once, in the order of the items, however long each takes, and never has more in flight', async () => {
    const delays = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(delays, fc.integer({ min: 1, max: 9 }), async (turns, inFlight) => {
        let running = 0
        let most = 0
        const work = async (turn: number, index: number): Promise<number> => {
          most = Math.max(most, ++running)
          for (let n = 0; n < turn; n += 1) await undefined
          running -= 1
          return index
        }
        expect(await collect(inOrder(turns, work, { inFlight }))).toEqual(turns.map((_, index) => index))
        expect(most).toBeLessThanOrEqual(inFlight)
      })
    )
  })

  it('throws what an item failed with in its turn, takes nothing more and closes the source', async () => {
    let taken = 0
    let isClosed = false
    function* source(): Generator<number> {
      try {
        for (;;) {
          taken += 1
          yield taken
        }
      } finally {
        isClosed = true
      }
    }
    const work = async (item: number): Promise<number> => {
      if (item === 3) throw new Error('the third')
      return item
    }
    const seen: number[] = []
    const all = async (): Promise<void> => {
      for await (const item of inOrder(source(), work, { inFlight: 2 })) seen.push(item)
    }
    await expect(all()).rejects.toThrow('the third')
    expect(seen).toEqual([1, 2])
    expect(taken).toBeLessThanOrEqual(4)
    expect(isClosed).toBe(true)
  })

  it('waits for what is in flight when the reader has seen enough', async () => {
    let finished = 0
    const work = async (item: number): Promise<number> => {
      for (let n = 0; n < 20; n += 1) await undefined
      finished += 1
      return item
    }
    for await (const _ of inOrder([1, 2, 3, 4, 5, 6], work, { inFlight: 3 })) break
    const then = finished
    await new Promise((done) => setTimeout(done, 5))
    expect(finished).toBe(then)
    expect(finished).toBeLessThanOrEqual(4)
  })
})
