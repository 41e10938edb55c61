import { describe, expect, it } from 'vitest'
import { RecentMap } from '../../src/encoding/recent-map.js'

describe('a map of recent entries', () => {
  it('forgets the one unused for longest', () => {
    const map = new RecentMap<string, number>(2)
    map.set('a', 1)
    map.set('b', 2)
    expect(map.get('a')).toBe(1)
    map.set('c', 3)
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3])
  })

  it('145: holds no more than so much weight, whatever the number of its entries', () => {
    const map = new RecentMap<string, number>(100, 10)
    map.set('a', 1, 6)
    map.set('b', 2, 4)
    expect([map.get('a'), map.get('b')]).toEqual([1, 2])
    map.set('c', 3, 5)
    expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 2, 3])
    map.set('c', 4, 6)
    expect([map.get('b'), map.get('c')]).toEqual([2, 4])
    map.delete('c')
    map.set('d', 5, 6)
    expect([map.get('b'), map.get('d')]).toEqual([2, 5])
  })

  it('keeps nothing that is heavier than all may be together', () => {
    const map = new RecentMap<string, number>(100, 10)
    map.set('a', 1, 11)
    expect(map.get('a')).toBeUndefined()
    map.set('b', 2, 10)
    expect(map.get('b')).toBe(2)
  })
})
