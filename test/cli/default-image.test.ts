import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { bakePng, unbakePng } from '../../src/baking/png.js'
import { readPngChunks } from '../../src/baking/png-chunks.js'
import { drawDefaultBadge } from '../../src/cli/default-image.js'

describe('drawDefaultBadge', () => {
  const image = drawDefaultBadge()

  it('draws a round badge with a warm comma in the middle and nothing outside', () => {
    const data = readPngChunks(image, { maxBytes: 100_000, maxChunks: 3 }).find(({ type }) => type === 'IDAT')?.data
    const rows = inflateSync(data ?? new Uint8Array())
    const pixel = (x: number, y: number) => [...rows.subarray(y * 1601 + 1 + x * 4, y * 1601 + 5 + x * 4)]
    expect(rows).toHaveLength(400 * 1601)
    expect(pixel(0, 0)[3]).toBe(0)
    const [red = 0, , blue = 0, alpha] = pixel(200, 162)
    expect(red).toBeGreaterThan(blue + 60)
    expect(alpha).toBe(255)
    const [discRed = 0, , discBlue = 0] = pixel(320, 200)
    expect(discBlue).toBeGreaterThan(discRed)
  })

  it('draws the same picture every time', () => {
    expect(drawDefaultBadge()).toEqual(image)
  })

  it('can be baked', () => {
    expect(unbakePng(bakePng(image, '{}'))).toBe('{}')
  })
})
