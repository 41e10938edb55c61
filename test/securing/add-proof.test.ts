import { describe, expect, it } from 'vitest'
import { createKeyCache } from '../../src/crypto/key-cache.js'
import { importPublicKey } from '../../src/crypto/public-key.js'
import { KeyError } from '../../src/encoding/errors.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { encodeMultibase } from '../../src/encoding/multibase.js'
import { materialOfKey } from '../../src/keys/key-store.js'
import { createContextSet } from '../../src/model/contexts.js'
import { addProof } from '../../src/securing/add-proof.js'
import { ecdsaJcs2019 } from '../../src/securing/ecdsa-jcs-2019.js'
import { ecdsaRdfc2019 } from '../../src/securing/ecdsa-rdfc-2019.js'
import { ed25519Signature2020 } from '../../src/securing/ed25519-signature-2020.js'
import { eddsa2022 } from '../../src/securing/eddsa-2022.js'
import { eddsaJcs2022 } from '../../src/securing/eddsa-jcs-2022.js'
import { eddsaRdfc2022 } from '../../src/securing/eddsa-rdfc-2022.js'
import { signJwt } from '../../src/securing/jwt/sign-jwt.js'
import { expandUnsecured, type UnsecuredDocument } from '../../src/securing/unsecured-document.js'
import { plainBadge, testSigner } from '../support/sign.js'

const contexts = createContextSet()
const CREATED = '2024-06-01T00:00:00Z'

async function prepared(more: JsonObject = {}) {
  const { did, signer, verificationMethod } = await testSigner()
  const document = plainBadge(did, more)
  const secured = await expandUnsecured(document, contexts)
  const key = await importPublicKey(materialOfKey(signer))
  const proofOptions = { verificationMethod, created: CREATED }
  return { document, secured, key, signer, proofOptions, options: { ...proofOptions, signer } }
}

/** A key cache that counts what it is asked for. */
function counting() {
  const keys = createKeyCache()
  const asked: string[] = []
  const keyCache = {
    importKey(...given: Parameters<typeof keys.importKey>) {
      asked.push(given[0].algorithm)
      return keys.importKey(...given)
    }
  }
  return { asked, keyCache }
}

describe('a new proof', () => {
  it.each([
    [ed25519Signature2020, 'a suite other than Ed25519Signature2020'],
    [eddsa2022, 'a suite other than eddsa-2022'],
    [ecdsaRdfc2019, 'P-256 or P-384']
  ])('is not made in $name with an Ed25519 key, and the error says what would fit', async (suite, expected) => {
    const { secured, options } = await prepared()
    const error = await addProof(secured, { ...options, suite }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(KeyError)
    expect(error).toMatchObject({ code: 'KEY_INVALID', expected, got: 'Ed25519' })
  })

  it('is never made in a suite that is only read', () => {
    expect([ed25519Signature2020.createProof, eddsa2022.createProof]).toEqual([undefined, undefined])
  })

  it('is checked with the key from the cache, in a document and in a token', async () => {
    const { secured, options, document } = await prepared()
    const { asked, keyCache } = counting()
    await addProof(secured, { ...options, suite: undefined, keyCache })
    await signJwt(document, { signer: options.signer, kid: 'k', format: 'vc+jwt', created: CREATED, keyCache })
    expect(asked).toEqual(['Ed25519', 'Ed25519'])
  })

  it('in JCS names no contexts of a document without any', async () => {
    const { signer } = await prepared()
    const secured = { document: { id: 'urn:a' } } as unknown as UnsecuredDocument
    const proof = await eddsaJcs2022.createProof?.(secured, { created: CREATED, verificationMethod: 'urn:k' }, signer)
    expect(proof).not.toHaveProperty('@context')
  })
})

describe('a proof that is checked', () => {
  it('holds in the order of UTF-16 too, where that is another, and says so', async () => {
    const achievement = { ...(plainBadge('x')['credentialSubject'] as { achievement: JsonObject }).achievement }
    const subject = { ...(plainBadge('x')['credentialSubject'] as JsonObject) }
    const { secured, proofOptions, key, signer } = await prepared({
      credentialSubject: { ...subject, achievement: { ...achievement, tag: ['\u{1f600}', '\uff5e'] } }
    })
    const proof = (await eddsaRdfc2022.createProof?.(secured, proofOptions, signer)) as JsonObject
    expect(await eddsaRdfc2022.verifyProof(secured, proof, key)).toStrictEqual({ holds: true })
    const { utf16 } = await eddsaRdfc2022.hash(secured, proof, 'Ed25519')
    const other = { ...proof, proofValue: encodeMultibase('base58btc', await signer.sign(utf16 as Uint8Array)) }
    expect(await eddsaRdfc2022.verifyProof(secured, other, key)).toStrictEqual({ holds: true, order: 'utf16' })
    const neither = { ...proof, proofValue: encodeMultibase('base58btc', await signer.sign(Uint8Array.of(1))) }
    expect(await eddsaRdfc2022.verifyProof(secured, neither, key)).toStrictEqual({ holds: false })
  })

  it('has one order where texts have one, and covers the whole document', async () => {
    const { secured, proofOptions, key, signer } = await prepared()
    const proof = (await eddsaRdfc2022.createProof?.(secured, proofOptions, signer)) as JsonObject
    expect(await eddsaRdfc2022.hash(secured, proof, 'Ed25519')).not.toHaveProperty('utf16')
    const wrong = { ...proof, proofValue: encodeMultibase('base58btc', await signer.sign(Uint8Array.of(1))) }
    expect(await eddsaRdfc2022.verifyProof(secured, wrong, key)).toStrictEqual({ holds: false })
    const jcs = (await eddsaJcs2022.createProof?.(secured, proofOptions, signer)) as JsonObject
    const { '@context': _, ...bare } = jcs
    expect(await eddsaJcs2022.hash(secured, bare, 'Ed25519')).not.toHaveProperty('document')
    expect(await eddsaRdfc2022.verifyProof(secured, { ...proof, '@context': [] }, key)).toStrictEqual({ holds: false })
  })

  it('may bring contexts of its own in JCS alone', () => {
    const all = [eddsaRdfc2022, eddsa2022, ed25519Signature2020, ecdsaRdfc2019, eddsaJcs2022, ecdsaJcs2019]
    expect(all.filter(({ proofContext }) => proofContext)).toEqual([eddsaJcs2022, ecdsaJcs2019])
  })

  it('58: does not hold with another kind of key, though that key signed it', async () => {
    const { secured, proofOptions } = await prepared()
    const { signer } = await testSigner('issuer', 'P-256')
    const key = await importPublicKey(materialOfKey(signer))
    const proof = (await eddsaJcs2022.createProof?.(secured, proofOptions, signer)) as JsonObject
    expect(await eddsaJcs2022.verifyProof(secured, proof, key)).toStrictEqual({ holds: false })
    expect(await ecdsaJcs2019.verifyProof(secured, { ...proof, cryptosuite: 'ecdsa-jcs-2019' }, key)).toStrictEqual({
      holds: false
    })
  })

  it.each([
    [eddsaRdfc2022, '64 bytes'],
    [ecdsaRdfc2019, '64 or 96 bytes']
  ])('$name has a signature of no other length than its own', (suite, expected) => {
    const short = encodeMultibase('base58btc', new Uint8Array(63).fill(7))
    const at = { code: 'ENCODING_INVALID', path: '/proof/proofValue' }
    expect(() => suite.checkProofValue(short)).toThrow(expect.objectContaining({ ...at, expected, got: '63 bytes' }))
    expect(() => suite.checkProofValue('uAAAA')).toThrow(expect.objectContaining(at))
  })
})

describe('a document that is to be signed', () => {
  it('is canonicalised once for each order and digest', async () => {
    const { secured } = await prepared()
    const form = secured.canonical()
    expect(secured.canonical({ order: 'codePoint', digest: 'SHA-256' })).toBe(form)
    for (const options of [{ order: 'utf16' }, { digest: 'SHA-384' }] as const)
      expect(secured.canonical(options)).not.toBe(form)
    await form
  })
})

describe('a new token', () => {
  const sign = async (more: JsonObject, format: 'JWT' | 'vc+jwt' = 'JWT') => {
    const { document, signer } = await prepared(more)
    let asked = 0
    const counted = {
      ...signer,
      sign(bytes: Uint8Array) {
        asked += 1
        return signer.sign(bytes)
      }
    }
    const token = signJwt(document, { signer: counted, kid: 'k', format, created: CREATED })
    return { token: await token.catch((error: unknown) => error), asked: () => asked }
  }
  const claimsOf = (token: unknown) =>
    JSON.parse(Buffer.from(String(token).split('.')[1] as string, 'base64url').toString())

  it('has exp where the badge has an end, and only there', async () => {
    expect(claimsOf((await sign({})).token)).not.toHaveProperty('exp')
    expect(claimsOf((await sign({ validUntil: '2030-01-01T00:00:00Z' })).token).exp).toBe(1_893_456_000)
    expect(claimsOf((await sign({}, 'vc+jwt')).token)).not.toHaveProperty('iss')
  })

  it('130: is refused before it is signed where it is longer than a verifier reads', async () => {
    const { token } = await sign({})
    const room = 1_048_576 - String(token).length
    // Three bytes become four characters.
    const fits = Math.floor((room * 3) / 4) - 140
    const good = await sign({ description: 'x'.repeat(fits) })
    expect([typeof good.token, good.asked()]).toEqual(['string', 1])
    const long = await sign({ description: 'x'.repeat(fits + 100) })
    expect(long.token).toMatchObject({ code: 'INPUT_TOO_LARGE' })
    expect(long.asked()).toBe(0)
  })
})
