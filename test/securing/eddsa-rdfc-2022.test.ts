import { describe, expect, it } from 'vitest'
import { expand } from '../../src/canonical/json-ld.js'
import { canonicalize } from '../../src/canonical/rdfc.js'
import { sha256 } from '../../src/crypto/digest.js'
import { importEd25519Seed } from '../../src/crypto/ed25519.js'
import { decodeHex, encodeHex, encodeMultibase } from '../../src/encoding/multibase.js'
import { createContextSet } from '../../src/model/contexts.js'
import { eddsaRdfc2022 } from '../../src/securing/eddsa-rdfc-2022.js'
import { canonicalProofOptions } from '../../src/securing/proof-options.js'
import { unsecured } from '../../src/securing/unsecured-document.js'
import { describeShared, readSharedJson, readSharedText } from '../support/shared.js'

const utf8 = (text: string) => new TextEncoder().encode(text)

describeShared('the test vector of the Open Badges implementation guide', () => {
  const seed = decodeHex('6241a409e6707bb640a0140a8a32bc3d193c33a661747284d6adfa4ed4180be4')
  const signed = () => readSharedJson('fixtures/spec/linked-data-proof-ob--signed-credential.json')

  it('is reproduced byte for byte: canonical forms, hashes, signature and proofValue', async () => {
    const contexts = createContextSet()
    const { proof, ...document } = signed()
    const expanded = await expand(document, contexts)
    const canonical = (await canonicalize(expanded)).text
    const options = await canonicalProofOptions(proof, document['@context'], contexts)

    expect(canonical).toBe(readSharedText('fixtures/spec/test-vectors/obv3p0/document-canon.txt'))
    expect(options).toBe(readSharedText('fixtures/spec/test-vectors/obv3p0/proof-canon.txt'))
    expect(encodeHex(sha256(utf8(options)))).toBe('d34009cea0dbc1ca941e09dc01c8c9d3e3ce3c5b853f67ee44698dcea10f5d19')
    expect(encodeHex(sha256(utf8(canonical)))).toBe('87f65a76d40146205e3b3e06cb0fbd153f97f9ce70372390f52566bb7f9e0773')

    const { bytes } = await eddsaRdfc2022.hash(unsecured(document, expanded, contexts), proof, 'Ed25519')
    const signature = await (await importEd25519Seed(seed)).sign(bytes)
    expect(encodeHex(signature)).toBe(
      'f7a017acf7d27983267ec362657c0fb08e955549f49dac5bf36a03c4f2c3a4f1e3738a6c5ecd7ffba7135cb9cd754e6196f4b73082ea8df8e703c8ecd4333503'
    )
    expect(encodeMultibase('base58btc', signature)).toBe(proof.proofValue)
  })
})

describe('prepared proof options', () => {
  const context = ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json']
  const proof = {
    type: 'DataIntegrityProof',
    created: '2026-06-01T12:00:00Z',
    verificationMethod: 'did:web:academy.example:a%20b#key-1',
    cryptosuite: 'eddsa-rdfc-2022',
    proofPurpose: 'assertionMethod'
  }

  it.each([
    ['the usual five members', proof],
    ['another order of members', Object.fromEntries(Object.entries(proof).reverse())],
    ['a further member', { ...proof, expires: '2027-06-01T12:00:00Z' }],
    ['an address that needs escapes', { ...proof, verificationMethod: 'https://academy.example/{a}#key' }],
    ['a missing created', { ...proof, created: undefined as never }]
  ])('are the same text as the general way gives, with %s', async (_, given) => {
    const contexts = createContextSet()
    const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
    const general = await canonicalize(await expand({ ...options, '@context': context }, contexts))
    expect(await canonicalProofOptions({ ...options, proofValue: 'z1' }, context, contexts)).toBe(general.text)
  })
})

describe('a proofValue', () => {
  it.each([
    ['base64url', 'u', 'uAAAA'],
    ['63 bytes', 'z', encodeMultibase('base58btc', new Uint8Array(63).fill(7))],
    ['65 bytes', 'z', encodeMultibase('base58btc', new Uint8Array(65).fill(7))],
    ['an extra leading 1', 'z', `z1${encodeMultibase('base58btc', new Uint8Array(64).fill(7)).slice(1)}`],
    ['white space', 'z', ` ${encodeMultibase('base58btc', new Uint8Array(64).fill(7))}`],
    ['nothing', 'z', 'z'],
    ['no prefix', '', '']
  ])('is refused where it has %s', (_, __, value) => {
    expect(() => eddsaRdfc2022.checkProofValue(value)).toThrow(expect.objectContaining({ code: 'ENCODING_INVALID' }))
  })
})
