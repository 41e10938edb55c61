import { createHash } from 'node:crypto'
import rdfCanonize from 'rdf-canonize'
import { describe, expect, it } from 'vitest'
import { canonicalizeQuads, type Quad } from '../../src/canonical/rdfc.js'
import { describeShared, readSharedJson, readSharedText } from '../support/shared.js'

/** The parser of the library under the seam; only the tests read N-Quads. */
const { NQuads } = rdfCanonize as unknown as { NQuads: { parse(text: string): Quad[] } }
const CONFORMANCE = 3

describeShared('the W3C suite for RDFC-1.0', () => {
  interface Entry {
    readonly id: string
    readonly type: string
    readonly name: string
    readonly action: string
    readonly result?: string
    readonly hashAlgorithm?: string
  }
  const entries = (): readonly Entry[] => readSharedJson('vectors/rdfc10/manifest.jsonld').entries
  const evaluations = () => entries().filter(({ type }) => type === 'rdfc:RDFC10EvalTest')

  it('gives the canonical form of every evaluation test with SHA-256', async () => {
    const withSha256 = evaluations().filter(({ hashAlgorithm }) => hashAlgorithm === undefined)
    expect(evaluations().length - withSha256.length).toBe(1)
    const different: string[] = []
    for (const { id, action, result } of withSha256) {
      const quads = NQuads.parse(readSharedText(`vectors/rdfc10/${action}`))
      const { text } = await canonicalizeQuads(quads, { maxWorkFactor: CONFORMANCE })
      if (text !== readSharedText(`vectors/rdfc10/${result}`)) different.push(id)
    }
    expect(different).toEqual([])
    expect(withSha256.length).toBe(63)
  })

  it('refuses the poison graphs at the production limit', async () => {
    const poison = [...evaluations(), ...entries().filter(({ type }) => type === 'rdfc:RDFC10NegativeEvalTest')].filter(
      ({ action }) => /test0(44|45|46|74)-/.test(action)
    )
    expect(poison.map(({ action }) => action)).toHaveLength(4)
    for (const { action } of poison) {
      const quads = NQuads.parse(readSharedText(`vectors/rdfc10/${action}`))
      await expect(canonicalizeQuads(quads)).rejects.toMatchObject({ code: 'CANONICALIZATION_LIMIT' })
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
