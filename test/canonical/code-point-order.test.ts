import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moveSurrogatesBack, moveSurrogatesUp, orderCanDiffer } from '../../src/canonical/code-point-order.js'

const text = fc.string({ unit: 'binary' })
const byCodePoint = (left: string, right: string) => Buffer.compare(Buffer.from(left), Buffer.from(right))
const byUnit = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0)

describe('moving surrogates up', () => {
  it('makes the order by UTF-16 unit the order by code point', () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(Math.sign(byUnit(moveSurrogatesUp(left), moveSurrogatesUp(right)))).toBe(
          Math.sign(byCodePoint(left, right))
        )
      })
    )
  })

  it('is undone without loss', () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(moveSurrogatesBack(moveSurrogatesUp(one))).toBe(one)
      })
    )
  })

  it('is needed only where a text beyond the basic plane meets one above the surrogates', () => {
    expect(orderCanDiffer('æøå 😀')).toBe(false)
    expect(orderCanDiffer('～ ﬁ')).toBe(false)
    expect(orderCanDiffer('😀～')).toBe(true)
    expect(byUnit('😀', '～')).not.toBe(byCodePoint('😀', '～'))
  })
})
