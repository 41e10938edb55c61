import { SaxesParser } from 'saxes'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { bakeSvg, unbakeSvg } from '../../src/baking/svg.js'
import { base, element, start, svg } from './svg-builder.js'

/** How often the parser fetched a character; the one loop in which all its work happens. */
function countCharacters(action: () => unknown): { characters: number; error: unknown } {
  const parser = SaxesParser.prototype as unknown as { getCode10: () => number }
  const fetch = vi.spyOn(parser, 'getCode10')
  try {
    action()
  } catch (error) {
    return { characters: fetch.mock.calls.length, error }
  }
  return { characters: fetch.mock.calls.length, error: undefined }
}

describe('the work that an SVG image causes', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  const floods: [string, string, number][] = [
    ['nesting', svg('<g>'.repeat(100_000), element, '</g>'.repeat(100_000)), start.length + 64 * 5],
    ['attributes', start.replace('>', `${' a=""'.repeat(50_000)}>`), start.length + 256 * 8],
    ['starts of a comment', svg('<!--'.repeat(50_000), element), start.length + 16],
    ['ampersands', svg('&'.repeat(50_000)), start.length + 50_016],
    ['a DOCTYPE', `<!DOCTYPE svg [${'<!ENTITY a "b">'.repeat(5_000)}]>${base.repeat(100)}`, 2 * 75_100]
  ]
  it.each(floods)('189: stops at the limit or fault in a flood of %s', (_, image, bound) => {
    const { characters, error } = countCharacters(() => unbakeSvg(image))
    expect(error).toBeDefined()
    expect(characters).toBeGreaterThan(0)
    expect(characters).toBeLessThanOrEqual(bound)
  })

  const large: [string, string][] = [
    ['elements', '<g/>'.repeat(10_000)],
    ['comments', '<!---->'.repeat(10_000)],
    ['instructions', '<?a b?>'.repeat(10_000)],
    ['question marks', `<?a ${'?'.repeat(40_000)}>`],
    ['closing brackets', `<g><![CDATA[${']'.repeat(40_000)}]]></g>`],
    ['references', '&#65;'.repeat(10_000)],
    ['carriage returns', '\r'.repeat(40_000)]
  ]
  it.each(large)('189: grows with the length of an image full of %s, and no faster', (_, content) => {
    const image = svg(element, content)
    const { characters, error } = countCharacters(() => unbakeSvg(image))
    expect(error).toBeUndefined()
    expect(characters).toBeGreaterThan(content.length / 2)
    expect(characters).toBeLessThanOrEqual(image.length * 1.5)
  })

  it('is twice as much for baking, which reads its own work', () => {
    const image = svg('<g/>'.repeat(10_000))
    const { characters } = countCharacters(() => bakeSvg(image, 'aaa.bbb.ccc'))
    expect(characters).toBeLessThanOrEqual(image.length * 3)
  })
})
