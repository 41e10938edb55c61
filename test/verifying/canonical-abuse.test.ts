import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { canonicalizeQuads } from '../../src/canonical/rdfc.js'
import type { DigestAlgorithm } from '../../src/crypto/digest.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { type VerifyOptions, verify } from '../../src/index.js'
import { ecdsaRdfc2019 } from '../../src/securing/ecdsa-rdfc-2019.js'
import { eddsaRdfc2022 } from '../../src/securing/eddsa-rdfc-2022.js'
import type { HashAndSignSuite } from '../../src/securing/hash-and-sign.js'
import { hashPair } from '../../src/securing/hash-pair.js'
import { canonicalProofOptions } from '../../src/securing/proof-options.js'
import type { UnsecuredDocument } from '../../src/securing/unsecured-document.js'
import { NOW } from '../support/issuer.js'
import { publicLevel } from '../support/levels.js'
import { appendProof } from '../support/proofs.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'

const OPTIONS: VerifyOptions = { now: NOW }

let issuer: TestSigner
let badge: JsonObject
let signed: JsonObject

beforeAll(async () => {
  issuer = await testSigner('issuer')
  badge = plainBadge(issuer.did)
  signed = await appendProof(badge, issuer, { suite: eddsaRdfc2022 })
})
afterEach(() => {
  vi.useRealTimers()
})

const copies = (count: number) => Array.from({ length: count }, () => ({ type: ['Evidence'] }))

describe('C. Canonicalisation and resources', () => {
  it('44: refuses blank nodes that are all related to each other, in the form that JSON-LD gives them', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `_:n${index}`)
    const evidence = names.map((id) => ({ id, type: ['Evidence'], related: names.filter((name) => name !== id) }))
    expect(await publicLevel({ ...signed, evidence }, OPTIONS)).toBe('ID_NOT_ABSOLUTE')
  })

  it('45: refuses 16,000 things that look alike before it expands anything', async () => {
    expect(await publicLevel({ ...signed, evidence: copies(16_000) }, OPTIONS)).toBe('JSON_TOO_MANY_ITEMS')
    const limits = { maxItems: 100_000 }
    expect(await publicLevel({ ...signed, evidence: copies(16_000) }, { ...OPTIONS, limits })).toBe('TOO_MANY_NODES')
  })

  it('45: takes as many objects and list entries as the limit says, and not one more', async () => {
    // The entries of a list of plain texts are counted like objects, and are the cheapest to sign.
    const withTags = async (count: number) => {
      const copy = editable(badge)
      copy.credentialSubject.achievement.tag = Array.from({ length: count }, (_, index) => `tag ${index}`)
      return appendProof(copy, issuer, { suite: eddsaRdfc2022 })
    }
    const codeOf = async (count: number) => publicLevel(await withTags(count), OPTIONS)
    const others = countNodes(signed)
    expect(await codeOf(2_000 - others)).toBe('accepted')
    expect(await codeOf(2_001 - others)).toBe('TOO_MANY_NODES')
  })

  it('45: refuses an id that the canonical form would hold a thousand times', async () => {
    const subject = (length: number) => {
      const copy = editable(badge)
      copy.credentialSubject.id = `urn:x:${'k'.repeat(length)}`
      copy.credentialSubject.identifier = Array.from({ length: 400 }, (_, index) => ({
        type: 'IdentityObject',
        identityType: 'ext:number',
        hashed: false,
        identityHash: String(index)
      }))
      return copy
    }
    expect(await publicLevel(await appendProof(subject(1_000), issuer, { suite: eddsaRdfc2022 }), OPTIONS)).toBe(
      'accepted'
    )
    expect(await publicLevel({ ...subject(500_000), proof: signed['proof'] ?? null }, OPTIONS)).toBe('IDS_TOO_LONG')
    const picture = { id: `data:image/png;base64,${'A'.repeat(700_000)}`, type: 'Image' }
    const withPicture = editable(badge)
    withPicture.credentialSubject.achievement.image = picture
    expect(await publicLevel(await appendProof(withPicture, issuer, { suite: eddsaRdfc2022 }), OPTIONS)).toBe(
      'accepted'
    )
  })

  it('8: does not write a long name out again for everything that stands below it', async () => {
    const name = 'k'.repeat(500_000)
    const below = { proof: Array.from({ length: 950 }, (_, index) => ({ id: `urn:x:${index}` })) }
    expect(await publicLevel({ ...signed, [name]: below }, OPTIONS)).toBe('UNDEFINED_TERM')
    const members = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`a${index}`, null]))
    const { warnings } = await verify({ ...signed, [name]: members }, { ...OPTIONS, lenient: true })
    expect(warnings.length).toBe(5_000)
    expect(Math.max(...warnings.map(({ message }) => message.length))).toBeLessThan(1_000)
  })

  it('46: needs no timer to stop: none ever fires, and the answer is there', async () => {
    vi.useFakeTimers()
    const fired = vi.fn()
    AbortSignal.timeout(300).addEventListener('abort', fired)
    setInterval(fired, 10)
    expect(await publicLevel({ ...signed, evidence: copies(3_000) }, OPTIONS)).toBe('TOO_MANY_NODES')
    expect(fired).not.toHaveBeenCalled()
  })

  it.each<[string, (copy: ReturnType<typeof editable>) => unknown, string]>([
    ['the id of a proof', (copy) => Object.assign(copy.proof[0], { id: '_:b0' }), 'ID_NOT_ABSOLUTE'],
    ['the id of a subject', (copy) => Object.assign(copy.credentialSubject, { id: '_:c14n0' }), 'ID_NOT_ABSOLUTE'],
    [
      'a verification method',
      (copy) => Object.assign(copy.proof[0], { verificationMethod: '_:b0#key' }),
      'SCHEMA_INVALID'
    ],
    ['a reference', (copy) => Object.assign(copy, { relatedResource: '_:b0' }), 'UNDEFINED_TERM'],
    ['a type', (copy) => copy.credentialSubject.type.push('_:b0'), 'UNDEFINED_TERM']
  ])('47: refuses the label of a blank node as %s', async (_, edit, code) => {
    const copy = editable(signed)
    edit(copy)
    expect(await publicLevel(copy, OPTIONS)).toBe(code)
  })
})

function countNodes(value: unknown): number {
  if (Array.isArray(value)) return value.length + value.reduce((sum, item) => sum + countNodes(item), 0)
  if (typeof value !== 'object' || value === null) return 0
  const { '@context': _, ...members } = value as JsonObject
  return 1 + Object.values(members).reduce((sum: number, item) => sum + countNodes(item), 0)
}

describe('control characters', () => {
  const controls = [...Array(32).keys(), 0x7f].map((code) => String.fromCharCode(code))
  const short: Readonly<Record<string, string>> = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r' }
  const escapeOf = (text: string) =>
    short[text] ?? `\\u${text.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`

  it('48: are escaped as RDFC-1.0 says, each of them', async () => {
    const named = (value: string) => ({ termType: 'NamedNode', value })
    const literal = (value: string) => ({
      termType: 'Literal',
      value,
      datatype: named('http://www.w3.org/2001/XMLSchema#string')
    })
    for (const text of controls) {
      const quad = {
        subject: named('urn:s'),
        predicate: named('urn:p'),
        object: literal(text),
        graph: { termType: 'DefaultGraph', value: '' }
      }
      expect((await canonicalizeQuads([quad])).text).toBe(`<urn:s> <urn:p> "${escapeOf(text)}" .\n`)
    }
  })

  it('48: are not signed as the older algorithm wrote them', async () => {
    const named = { ...badge, name: 'Bad\bge\u007f' }
    const older = withForm(eddsaRdfc2022, async (secured) =>
      (await secured.canonical()).text.replace('\\b', '\b').replace('\\u007F', '\u007f')
    )
    expect(await publicLevel(await appendProof(named, issuer, { suite: eddsaRdfc2022 }), OPTIONS)).toBe('accepted')
    expect(await publicLevel(await appendProof(named, issuer, { suite: older }), OPTIONS)).toBe('SIGNATURE_INVALID')
  })
})

describe('the hash inside RDFC-1.0', () => {
  // Blank nodes whose labels depend on the hash.
  const many = (did: string) =>
    plainBadge(did, { evidence: ['a', 'b', 'c', 'd'].map((name) => ({ type: ['Evidence'], name })) })

  it.each<['P-256' | 'P-384', DigestAlgorithm, DigestAlgorithm]>([
    ['P-256', 'SHA-256', 'SHA-384'],
    ['P-384', 'SHA-384', 'SHA-256']
  ])('49: has to be the one that goes with %s, as the hash around it is', async (algorithm, right, wrong) => {
    const signer = await testSigner('issuer', algorithm)
    const texts: string[] = []
    const lying = withForm(
      ecdsaRdfc2019,
      async (secured) => {
        texts.push((await secured.canonical({ digest: right })).text, (await secured.canonical({ digest: wrong })).text)
        return texts[1] as string
      },
      right
    )
    const document = many(signer.did)
    expect(await publicLevel(await appendProof(document, signer, { suite: ecdsaRdfc2019 }), OPTIONS)).toBe('accepted')
    expect(await publicLevel(await appendProof(document, signer, { suite: lying }), OPTIONS)).toBe('SIGNATURE_INVALID')
    expect(texts[0]).not.toBe(texts[1])
  })
})

/** A suite that says of itself what another one says, and gives the document another canonical form. */
function withForm(
  suite: HashAndSignSuite,
  form: (secured: UnsecuredDocument) => Promise<string>,
  digest: DigestAlgorithm = 'SHA-256'
): HashAndSignSuite {
  return {
    ...suite,
    hash: async (secured, proof) => {
      const { document, contexts } = secured
      const options = await canonicalProofOptions(proof, document['@context'] ?? null, contexts, digest)
      return { bytes: hashPair(digest, options, await form(secured)) }
    }
  }
}
