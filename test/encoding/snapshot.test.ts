import { describe, expect, it } from 'vitest'
import { snapshotJson } from '../../src/encoding/snapshot.js'

describe('a snapshot of an object', () => {
  it('11: reads each property once, so that checks and use see the same value', () => {
    let reads = 0
    const changing = {
      get name() {
        reads += 1
        return reads === 1 ? 'Badge' : 'Doctorate'
      }
    }
    expect(snapshotJson(changing)).toEqual({ name: 'Badge' })
    expect(reads).toBe(1)
  })

  it('12: does not change when the caller changes the original', () => {
    const original = { a: { b: [1] } }
    const copy = snapshotJson(original)
    original.a.b.push(2)
    expect(copy).toEqual({ a: { b: [1] } })
  })

  it.each([
    ['undefined', { a: undefined }],
    ['a function', { a: () => 1 }],
    ['a BigInt', { a: 1n }],
    ['a Date', { a: new Date(0) }],
    ['a Map', { a: new Map() }],
    ['a symbol', { a: Symbol('x') }],
    ['a method called toJSON', { a: { toJSON: () => 1 } }],
    ['an array with a hole', { a: Object.assign([1], { length: 3 }) }]
  ])('10: refuses %s, which JSON cannot say', (_, value) => {
    expect(() => snapshotJson(value)).toThrow(
      expect.objectContaining({ code: 'JSON_VALUE_TYPE', path: expect.stringContaining('/a') })
    )
  })

  it('refuses a value that throws when it is read', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(() => snapshotJson({ a: proxy })).toThrow(expect.objectContaining({ code: 'INPUT_TYPE' }))
  })

  it('refuses a cycle instead of running for ever', () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    expect(() => snapshotJson(cycle)).toThrow(expect.objectContaining({ code: 'JSON_TOO_DEEP' }))
  })

  it('counts all texts and names together, as the length of a text would', () => {
    const text = 'x'.repeat(600_000)
    expect(() => snapshotJson({ a: text, b: text })).toThrow(expect.objectContaining({ code: 'INPUT_TOO_LARGE' }))
    expect(() => snapshotJson({ a: text, [text]: 1 })).toThrow(expect.objectContaining({ code: 'INPUT_TOO_LARGE' }))
    expect(snapshotJson({ a: text })).toEqual({ a: text })
  })

  it('2: refuses an own member __proto__', () => {
    expect(() => snapshotJson(JSON.parse('{"__proto__":1}'))).toThrow(
      expect.objectContaining({ code: 'JSON_FORBIDDEN_MEMBER' })
    )
  })

  it('takes objects of another realm and without prototype', () => {
    expect(snapshotJson(Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 })
  })
})
