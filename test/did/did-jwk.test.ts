import { describe, expect, test } from 'vitest'
import { materialFromJwk } from '../../src/crypto/jwk.js'
import { didJwkFromMaterial, parseDidJwk } from '../../src/did/did-jwk.js'
import { encodeBase64url } from '../../src/encoding/multibase.js'
import { EC_KINDS, exampleJwk, exampleKey, RSA_JWK } from '../support/public-keys.js'

// The example of the did:jwk specification, which its authors wrote with the members in another order.
const EXAMPLE =
  'did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9'
const invalid = expect.objectContaining({ name: 'ResolutionError', code: 'DID_INVALID' })
const jwk = exampleJwk('P-256')
const didOf = (text: string) => `did:jwk:${encodeBase64url(new TextEncoder().encode(text))}`
const DID = didOf(JSON.stringify(jwk))

describe('did:jwk', () => {
  test('the example of its specification is read', () => {
    expect(parseDidJwk(`${EXAMPLE}#0`)).toMatchObject({
      method: 'did:jwk',
      did: EXAMPLE,
      verificationMethod: `${EXAMPLE}#0`,
      jwk: { kty: 'EC', crv: 'P-256', x: 'acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0' },
      material: { algorithm: 'P-256' }
    })
    expect(didJwkFromMaterial(parseDidJwk(EXAMPLE).material)).toBe(EXAMPLE)
  })

  test.each(EC_KINDS)('a %s key goes there and back', (kind) => {
    const did = didJwkFromMaterial(exampleKey(kind))
    expect(parseDidJwk(did)).toMatchObject({ did, material: exampleKey(kind), jwk: exampleJwk(kind) })
  })

  test('an RSA key goes there and back', () => {
    const did = didJwkFromMaterial(materialFromJwk(RSA_JWK))
    expect(parseDidJwk(did).material).toEqual(materialFromJwk(RSA_JWK))
  })

  test('144: the DID is its text: another spelling of the key is another DID', () => {
    const spellings = [
      JSON.stringify(jwk),
      JSON.stringify(jwk, null, 1),
      JSON.stringify({ ...jwk, kid: 'key-1' }),
      JSON.stringify(Object.fromEntries(Object.entries(jwk).reverse()))
    ].map(didOf)
    expect(new Set(spellings.map((did) => parseDidJwk(did).did)).size).toBe(4)
    for (const did of spellings) expect(parseDidJwk(did).material).toEqual(exampleKey('P-256'))
  })

  test('144: what the key is for follows from its use', () => {
    const purposes = (more: object) => parseDidJwk(didOf(JSON.stringify({ ...jwk, ...more }))).purposes
    const signing = ['assertionMethod', 'authentication', 'capabilityInvocation', 'capabilityDelegation']
    expect(purposes({})).toEqual([...signing, 'keyAgreement'])
    expect(purposes({ use: 'sig' })).toEqual(signing)
    expect(purposes({ use: 'enc' })).toEqual(['keyAgreement'])
  })

  test.each([
    ['padding', `${DID}=`],
    ['white space', `${DID} `],
    ['white space inside', `${DID.slice(0, 20)}\n${DID.slice(20)}`],
    ['loose trailing bits', loosen(didOf(`${JSON.stringify(jwk)} `))],
    ['base64 that is not base64url', `did:jwk:${btoa('{"?":"?>?>"}')}`],
    ['no value', 'did:jwk:'],
    ['no JSON', didOf('key')],
    ['a list', didOf(JSON.stringify([jwk]))],
    ['text after the JSON', didOf(`${JSON.stringify(jwk)}x`)],
    ['a member twice', didOf(JSON.stringify(jwk).replace('{', '{"kty":"EC",'))],
    ['a forbidden member', didOf(JSON.stringify(jwk).replace('{', '{"__proto__":{},'))],
    ['a byte order mark', didOf(`\ufeff${JSON.stringify(jwk)}`)],
    ['bytes that are not UTF-8', `did:jwk:${encodeBase64url(Uint8Array.of(0x7b, 0xff, 0x7d))}`],
    ['a kind of key that is not supported', didOf(JSON.stringify({ kty: 'OKP', crv: 'X25519', x: 'AAAA' }))],
    ['a secret key', didOf(JSON.stringify({ kty: 'oct', k: 'AAAA' }))],
    ['an unknown use', didOf(JSON.stringify({ ...jwk, use: 'x' }))],
    ['more than 2048 characters', didOf(JSON.stringify({ ...jwk, kid: 'x'.repeat(1600) }))],
    ['a fragment other than 0', `${DID}#1`],
    ['a fragment of two characters', `${DID}#00`],
    ['an empty fragment', `${DID}#`],
    ['two fragments', `${DID}#0#0`],
    ['a path', `${DID}/x`],
    ['a query', `${DID}?x=1#0`],
    ['another method', DID.replace('did:jwk:', 'did:key:')],
    ['an upper-case scheme', DID.replace('did:', 'DID:')],
    ['a number', 7 as never]
  ])('144: %s is refused', (_name, did) => {
    expect(() => parseDidJwk(did)).toThrow(invalid)
  })

  test('107, 144: a private key is refused, and said to be exposed', () => {
    for (const more of [{ d: 'AAAA' }, { d: '' }, { use: 'enc', d: 'AAAA' }]) {
      expect(() => parseDidJwk(didOf(JSON.stringify({ ...jwk, ...more })))).toThrow(
        expect.objectContaining({ code: 'DID_INVALID', got: expect.stringContaining('exposed') })
      )
    }
  })
})

/** Sets a bit of the last character that no byte uses. */
function loosen(did: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  if ((did.length - 'did:jwk:'.length) % 4 === 0) throw new Error('the text has no loose bits')
  return `${did.slice(0, -1)}${alphabet[alphabet.indexOf(did.slice(-1)) + 1]}`
}
