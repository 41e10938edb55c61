import { createHash } from 'node:crypto'
import rdfCanonize from 'rdf-canonize'
import { describe, expect, it } from 'vitest'
import { canonicalizeQuads, type Quad } from '../../src/canonical/rdfc.js'
import { describeShared, readSharedJson, readSharedText } from '../support/shared.js'

const { NQuads } = rdfCanonize
const CONFORMANCE = 3

describeShared('the W3C suite for RDFC-1.0', () => {
  interface Entry {
    readonly id: string
    readonly type: string
    readonly name: string
    readonly action: string
    readonly result: string
    readonly hashAlgorithm?: 'SHA384'
  }
  const entries = (): readonly Entry[] => readSharedJson('vectors/rdfc10/manifest.jsonld').entries
  const ofType = (type: string) => entries().filter((entry) => entry.type === `rdfc:RDFC10${type}`)
  const read = (path: string) => readSharedText(`vectors/rdfc10/${path}`)
  const canonicalizeEntry = async ({ action, hashAlgorithm }: Entry) => {
    const issuedIdentifiers = new Map<string, string>()
    const { text } = await canonicalizeQuads(NQuads.parse(read(action)), {
      maxWorkFactor: CONFORMANCE,
      digest: hashAlgorithm === 'SHA384' ? 'SHA-384' : 'SHA-256',
      issuedIdentifiers
    })
    return { text, issued: Object.fromEntries(issuedIdentifiers) }
  }

  it('has 86 tests: 64 evaluation tests, 21 map tests and a negative one', () => {
    const counts = ['EvalTest', 'MapTest', 'NegativeEvalTest'].map((type) => ofType(type).length)
    expect(counts).toEqual([64, 21, 1])
    expect(entries()).toHaveLength(86)
  })

  it('gives the canonical form of every evaluation test, the one with SHA-384 included', async () => {
    const different: string[] = []
    for (const entry of ofType('EvalTest')) {
      const { text } = await canonicalizeEntry(entry)
      if (text !== read(entry.result)) different.push(entry.id)
    }
    expect(different).toEqual([])
    expect(ofType('EvalTest').filter(({ hashAlgorithm }) => hashAlgorithm === 'SHA384')).toHaveLength(1)
  })

  it('issues the identifiers of every map test, the one with SHA-384 included', async () => {
    const issued: [string, unknown][] = []
    for (const entry of ofType('MapTest')) issued.push([entry.id, (await canonicalizeEntry(entry)).issued])
    expect(issued).toEqual(ofType('MapTest').map(({ id, result }) => [id, JSON.parse(read(result))]))
    expect(ofType('MapTest').filter(({ hashAlgorithm }) => hashAlgorithm === 'SHA384')).toHaveLength(1)
  })

  it('44: refuses the graph of the negative test at the conformance limit too', async () => {
    const negative = ofType('NegativeEvalTest')
    for (const entry of negative)
      await expect(canonicalizeEntry(entry)).rejects.toMatchObject({ code: 'CANONICALIZATION_LIMIT' })
    expect(negative.map(({ action }) => action)).toEqual(['rdfc10/test074-in.nq'])
  })

  it('44: refuses the poison graphs at the production limit', async () => {
    const poison = [...ofType('EvalTest'), ...ofType('NegativeEvalTest')].filter(({ action }) =>
      /test0(44|45|46|74)-/.test(action)
    )
    expect(poison.map(({ action }) => action)).toHaveLength(4)
    for (const { action } of poison) {
      await expect(canonicalizeQuads(NQuads.parse(read(action)))).rejects.toMatchObject({
        code: 'CANONICALIZATION_LIMIT'
      })
    }
  })
})

describe('the order of canonical N-Quads', () => {
  const named = (value: string) => ({ termType: 'NamedNode', value })
  const blank = (value: string) => ({ termType: 'BlankNode', value })
  const literal = (value: string) => ({
    termType: 'Literal',
    value,
    datatype: named('http://www.w3.org/2001/XMLSchema#string')
  })
  const quad = (subject: Quad['subject'], object: Quad['object']): Quad => ({
    subject,
    predicate: named('urn:p'),
    object,
    graph: { termType: 'DefaultGraph', value: '' }
  })

  it('is by code point, not by UTF-16 unit', async () => {
    const quads = [quad(named('urn:s'), literal('😀')), quad(named('urn:s'), literal('～'))]
    const standard = await canonicalizeQuads(quads)
    expect(standard.text).toBe('<urn:s> <urn:p> "～" .\n<urn:s> <urn:p> "😀" .\n')
    expect(standard.orderMatters).toBe(true)
    const other = await canonicalizeQuads(quads, { order: 'utf16' })
    expect(other.text).toBe('<urn:s> <urn:p> "😀" .\n<urn:s> <urn:p> "～" .\n')
  })

  it('decides the labels of blank nodes by code point too', async () => {
    const quads = ['a', 'b'].flatMap((label) => [
      quad(blank(label), literal('😀')),
      quad(blank(label), literal('～')),
      quad(blank(label), literal(label))
    ])
    // RDFC-1.0 section 4.6: the hash of a blank node is that of its own quads, in code point order, with itself as _:a.
    const hashOf = (label: string) =>
      createHash('sha256')
        .update([`_:a <urn:p> "${label}" .\n`, '_:a <urn:p> "～" .\n', '_:a <urn:p> "😀" .\n'].join(''))
        .digest('hex')
    const expected = hashOf('a') < hashOf('b') ? ['a', 'b'] : ['b', 'a']
    const { text } = await canonicalizeQuads(quads)
    expect(text).toContain(`_:c14n0 <urn:p> "${expected[0]}" .\n`)
    expect(text).toContain(`_:c14n1 <urn:p> "${expected[1]}" .\n`)
  })

  it('takes the shorter way where the two orders agree', async () => {
    const { orderMatters } = await canonicalizeQuads([quad(named('urn:s'), literal('æøå 😀'))])
    expect(orderMatters).toBe(false)
  })
})
