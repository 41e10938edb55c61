import { afterEach, describe, expect, it, vi } from 'vitest'
import { verify } from '../../src/index.js'
import { manyWays, type Way } from '../support/many-ways.js'

const read = vi.hoisted(() => ({ texts: [] as string[] }))

vi.mock('../../src/encoding/json.js', async (original) => {
  const json = await original<typeof import('../../src/encoding/json.js')>()
  return {
    ...json,
    parseJson: (...given: Parameters<typeof json.parseJson>) => {
      const [input] = given
      read.texts.push(typeof input === 'string' ? input : new TextDecoder().decode(input))
      return json.parseJson(...given)
    }
  }
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** A did:jwk is an id; it is read as one wherever ids are looked at. */
const isId = (text: string) => text.startsWith('{"crv":')

async function readingsOf({ input, options }: Way) {
  read.texts.length = 0
  const other = vi.spyOn(JSON, 'parse')
  await verify(input, options)
  const elsewhere = other.mock.calls.map(([text]) => text)
  other.mockRestore()
  const texts = read.texts.filter((text) => !isId(text))
  return { texts, elsewhere: elsewhere.filter((text) => texts.includes(text)) }
}

describe('a text', () => {
  it('16: is parsed once in a verification, by one parser, and later steps use what came out', async () => {
    const counts: Record<string, number> = {}
    for (const way of await manyWays()) {
      const { texts, elsewhere } = await readingsOf(way)
      expect({ name: way.name, texts }).toEqual({ name: way.name, texts: [...new Set(texts)] })
      expect({ name: way.name, elsewhere }).toEqual({ name: way.name, elsewhere: [] })
      counts[way.name] = texts.length
    }
    expect(counts).toMatchObject({
      'an object': 0,
      'a text': 1,
      bytes: 1,
      'a PNG': 1,
      'an SVG': 1,
      'a JWT': 2,
      'a JWT in a PNG': 2,
      'a status that is looked up': 2,
      'no JSON': 1
    })
  })
})
