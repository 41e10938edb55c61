import { describe, expect, test } from 'vitest'
import { didJwkFromMaterial } from '../../src/did/did-jwk.js'
import { didKeyFromMaterial } from '../../src/did/did-key.js'
import { checkIssuerId, checkVerificationMethod, verificationMethodUrl } from '../../src/did/method-url.js'
import { EC_KINDS, exampleKey, MULTIKEYS } from '../support/public-keys.js'

const code = (name: string) => expect.objectContaining({ name: 'ResolutionError', code: name })
const keyOf = (kind: (typeof EC_KINDS)[number]) => {
  const material = exampleKey(kind)
  if (material.algorithm === 'RSA') throw new Error('not an RSA key')
  return { id: 'key-1', algorithm: material.algorithm, publicKey: material.bytes }
}

describe('verificationMethodUrl', () => {
  test.each(EC_KINDS)('names a %s key as its issuer does', (kind) => {
    const [didKey, didJwk] = [didKeyFromMaterial(exampleKey(kind)), didJwkFromMaterial(exampleKey(kind))]
    expect(verificationMethodUrl(didKey, keyOf(kind))).toBe(`${didKey}#${MULTIKEYS[kind]}`)
    expect(verificationMethodUrl(didJwk, keyOf(kind))).toBe(`${didJwk}#0`)
    expect(verificationMethodUrl('did:web:academy.example', keyOf(kind))).toBe('did:web:academy.example#key-1')
    expect(verificationMethodUrl('https://academy.example/7', keyOf(kind))).toBe('https://academy.example/7#key-1')
  })

  test('another spelling of the JWK is still the did:jwk of the key', () => {
    const did = `did:jwk:${btoa(JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'Lm_M42cB3HkUiODQsXRcweM6TByfzEHGO9ND274JcOY' }))}`
    expect(verificationMethodUrl(did.replace(/=+$/, ''), keyOf('Ed25519'))).toBe(`${did.replace(/=+$/, '')}#0`)
  })

  test.each([didKeyFromMaterial, didJwkFromMaterial])('no key has the DID of another', (didFrom) => {
    const issuer = didFrom(exampleKey('P-256'))
    for (const other of ['Ed25519', 'P-384'] as const) {
      expect(() => verificationMethodUrl(issuer, keyOf(other))).toThrow(code('ISSUER_KEY_MISMATCH'))
    }
    expect(() => verificationMethodUrl(`${issuer}#0`, keyOf('P-256'))).toThrow(expect.anything())
    expect(() => verificationMethodUrl('did:key:x', keyOf('P-256'))).toThrow(code('DID_INVALID'))
    expect(() => verificationMethodUrl('did:jwk:x', keyOf('P-256'))).toThrow(code('DID_INVALID'))
  })
})

describe('the form of an id', () => {
  test.each([
    [didKeyFromMaterial(exampleKey('P-384')), 'did:key'],
    [didJwkFromMaterial(exampleKey('P-384')), 'did:jwk'],
    ['did:web:academy.example:issuers:7', 'did:web'],
    ['https://academy.example', 'https'],
    ['https://academy.example/issuers/7', 'https']
  ])('%s is one of an issuer', (id, kind) => {
    expect(checkIssuerId(id)).toBe(kind)
  })

  test.each([
    'https://academy.example/?x=1',
    'https://academy.example/#x',
    'https://user@academy.example/',
    'https://ACADEMY.example/',
    'https://academy.example:443/',
    'http://academy.example/',
    'did:web:127.0.0.1',
    'did:key:z6Mk',
    'did:jwk:e30',
    'did:example:1',
    'urn:uuid:1',
    `https://academy.example/${'x'.repeat(2048)}`,
    '',
    7
  ])('%j is not', (id) => {
    expect(() => checkIssuerId(id as string)).toThrow(code('DID_INVALID'))
  })

  test('the error says where the text stands', () => {
    expect(() => checkVerificationMethod('did:web:academy.example', '/kid')).toThrow(
      expect.objectContaining({ path: '/kid' })
    )
  })
})
