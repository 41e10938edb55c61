import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'
import { type ContextSet, createContextSet } from '../../src/model/contexts.js'
import { canonicalProofOptions } from '../../src/securing/proof-options.js'

const V2 = 'https://www.w3.org/ns/credentials/v2'
const proof = {
  type: 'DataIntegrityProof',
  created: '2026-06-01T12:00:00Z',
  verificationMethod: 'did:web:academy.example:a%20b#key-1',
  cryptosuite: 'eddsa-rdfc-2022',
  proofPurpose: 'assertionMethod'
}

/** Contexts that nobody may look into. */
const closed = new Proxy({} as ContextSet, {
  get: () => () => {
    throw new RangeError('a context was read')
  }
})
const prepared = (options: JsonObject, context: JsonValue = [V2]) => canonicalProofOptions(options, context, closed)

describe('proof options with the usual five members', () => {
  it('need no context read, in any order, under the context of 2.0 alone or first', async () => {
    const text = await prepared(proof)
    expect(text.split('\n')).toHaveLength(6)
    const reversed = Object.fromEntries(Object.entries(proof).reverse())
    for (const options of [reversed, { ...proof, proofValue: 'z1' }]) expect(await prepared(options)).toBe(text)
    expect(await prepared(proof, V2)).toBe(text)
    expect(await prepared(proof, [V2, 'https://academy.example/context'])).toBe(text)
  })

  it.each<[string, JsonObject]>([
    ['one more', { ...proof, nonce: 'n' }],
    ['another type', { ...proof, type: 'Other' }],
    ['another purpose', { ...proof, proofPurpose: 'authentication' }],
    ['a cryptosuite that is a list', { ...proof, cryptosuite: ['eddsa-rdfc-2022'] }],
    ['a cryptosuite in capitals', { ...proof, cryptosuite: 'EDDSA' }],
    ['a cryptosuite with a sign before', { ...proof, cryptosuite: '"eddsa' }],
    ['a cryptosuite with a sign behind', { ...proof, cryptosuite: 'eddsa"' }],
    ['a time that is a list', { ...proof, created: ['2026-06-01T12:00:00Z'] }],
    ['a time with a sign before', { ...proof, created: '"2026-06-01T12:00:00Z' }],
    ['a time with a sign behind', { ...proof, created: '2026-06-01T12:00:00Z"' }],
    ['a method that is a list', { ...proof, verificationMethod: ['did:example:a#b'] }],
    ['a method without scheme', { ...proof, verificationMethod: 'key-1' }],
    ['a method with a sign before', { ...proof, verificationMethod: '<did:example:a' }],
    ['a method with a sign behind', { ...proof, verificationMethod: 'did:example:a>' }],
    ['a method of a scheme alone', { ...proof, verificationMethod: 'did:' }]
  ])('take the general way where they have %s', async (_what, options) => {
    await expect(prepared(options)).rejects.toThrow('a context was read')
  })

  it('take the general way under other contexts, and without one of the five', async () => {
    for (const context of ['https://www.w3.org/2018/credentials/v1', ['https://academy.example/context', V2]])
      await expect(prepared(proof, context)).rejects.toThrow('a context was read')
    for (const name of Object.keys(proof)) {
      const { [name as 'type']: _, ...less } = proof
      await expect(prepared(less)).rejects.toThrow('a context was read')
    }
  })

  it('give the same nodes the same names with either digest', async () => {
    const options = { ...proof, domain: 'academy.example' }
    const [one, other] = [
      await canonicalProofOptions(options, [V2], createContextSet(), 'SHA-256'),
      await canonicalProofOptions(options, [V2], createContextSet(), 'SHA-384')
    ]
    expect(one).toContain('"academy.example"')
    expect(one).toBe(other)
  })
})
