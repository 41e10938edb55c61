import { describe, expect, test } from 'vitest'
import { materialFromJwk } from '../../src/crypto/jwk.js'
import { buildJwks, jwksUrlOf, jwksUrlOfSet, selectJwk } from '../../src/did/jwk-set.js'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'
import { materialOfKey } from '../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { testSeed } from '../support/issuer.js'
import { exampleJwk, exampleKey, RSA_JWK } from '../support/public-keys.js'

const now = new Date('2026-01-31T09:00:00Z')
const id = 'https://academy.example/issuers/7'
const store = await createMemoryKeyStore({ seed: testSeed('issuer'), now, id: 'key-1' })
await store.create({ seed: testSeed('issuer-2'), now, id: 'key-2' })
const keys = await store.keys()
const [first, second] = keys
if (first === undefined || second === undefined) throw new Error('two keys were made')

const P256 = { ...exampleJwk('P-256'), kid: `${id}#p256` }
const code = (name: string) => expect.objectContaining({ code: name })
const byKid = (set: JsonValue, kid: string, issuer = id) => selectJwk(set, { kid, key: undefined }, issuer)
const byKey = (set: JsonValue, issuer = id) => selectJwk(set, { kid: undefined, key: exampleKey('P-256') }, issuer)

describe('jwksUrlOf', () => {
  test.each([
    ['https://academy.example', 'https://academy.example/.well-known/jwks.json'],
    ['https://academy.example:8443/issuers/7', 'https://academy.example:8443/.well-known/jwks.json'],
    ['did:web:academy.example', 'https://academy.example/.well-known/jwks.json'],
    ['did:web:academy.example%3A8443:issuers:7', 'https://academy.example:8443/.well-known/jwks.json'],
    ['did:key:z6Mk', undefined]
  ])('the set of %s lies at %s', (issuer, url) => {
    expect(jwksUrlOf(issuer)).toBe(url)
  })
})

describe('jwksUrlOfSet', () => {
  test('says where the issuers that the keys name have their set', () => {
    expect(jwksUrlOfSet(buildJwks({ id, keys, at: now }))).toBe('https://academy.example/.well-known/jwks.json')
    const places = (...issuers: readonly JsonValue[]) => jwksUrlOfSet({ keys: issuers.map((iss) => ({ iss })) })
    expect(places('did:web:academy.example', id)).toBe('https://academy.example/.well-known/jwks.json')
    expect(places('did:web:academy.example', 'did:web:other.example')).toBeUndefined()
    expect(places()).toBeUndefined()
    for (const none of [undefined, 'academy.example', 7]) {
      expect(() => places(id, none as string)).toThrow(code('DID_INVALID'))
    }
  })
})

describe('buildJwks', () => {
  test('states each key with its kid and whose it is', () => {
    const set = buildJwks({ id, keys, at: now })
    expect(set).toMatchObject({
      keys: [
        { kty: 'OKP', crv: 'Ed25519', kid: `${id}#key-1`, use: 'sig', alg: 'EdDSA', iss: id },
        { kid: `${id}#key-2` }
      ]
    })
    expect(byKid(set, `${id}#key-2`)).toEqual(materialOfKey(second))
  })

  test('107: states nothing that is private', () => {
    for (const jwk of buildJwks({ id, keys, at: now })['keys'] as JsonObject[]) {
      expect(Object.keys(jwk).sort()).toEqual(['alg', 'crv', 'iss', 'kid', 'kty', 'use', 'x'])
    }
  })

  test('leaves out what has expired or was revoked, and nothing before that', () => {
    const end = '2026-04-01T00:00:00Z'
    const ended = [{ ...first, revoked: end }, { ...first, expires: end }, second]
    const kids = (at: string) => (buildJwks({ id, keys: ended, at: new Date(at) })['keys'] as JsonObject[]).length
    expect(kids('2026-03-31T23:59:59Z')).toBe(3)
    expect(kids(end)).toBe(1)
  })
})

describe('selectJwk', () => {
  const others = [
    { kty: 'oct', k: 'AAAA', kid: 'a' },
    { kty: 'OKP', crv: 'X25519', x: 'AAAA' },
    { kty: 'future' },
    { ...RSA_JWK, kid: 'rsa' }
  ]

  test('finds a key by its kid or by itself, beside keys of other kinds', () => {
    const set = { keys: [...others, P256] }
    expect(byKid(set, `${id}#p256`)).toEqual(exampleKey('P-256'))
    expect(byKid(set, 'rsa')).toEqual(materialFromJwk(RSA_JWK))
    expect(byKey(set)).toEqual(exampleKey('P-256'))
    expect(byKey({ keys: [{ ...exampleJwk('P-256'), alg: 'ES256' }] })).toEqual(exampleKey('P-256'))
  })

  test('112: a key with another iss belongs to another issuer of the same authority', () => {
    const foreign = { ...P256, iss: 'https://academy.example/issuers/8' }
    for (const iss of [foreign.iss, `${id}/`, null, [id]]) {
      expect(() => byKid({ keys: [{ ...P256, iss }] }, P256.kid)).toThrow(code('ISSUER_KEY_MISMATCH'))
      expect(() => byKey({ keys: [{ ...P256, iss }] })).toThrow(code('ISSUER_KEY_MISMATCH'))
    }
    const shared = { keys: [foreign, { ...exampleJwk('P-256'), kid: 'x', iss: id }] }
    expect(byKey(shared)).toEqual(exampleKey('P-256'))
    expect(() => byKid(shared, P256.kid)).toThrow(code('ISSUER_KEY_MISMATCH'))
  })

  test('111, 112: what is not in the set is not found', () => {
    const set = { keys: [{ ...exampleJwk('P-384'), kid: 'x' }, ...others] }
    for (const kid of [P256.kid, '', 'X', 'undefined']) expect(() => byKid(set, kid)).toThrow(code('KEY_NOT_FOUND'))
    expect(() => byKey(set)).toThrow(code('KEY_NOT_FOUND'))
    expect(() => byKey({ keys: [] })).toThrow(code('KEY_NOT_FOUND'))
  })

  test('107: a private key in the set is not used, and said to be exposed', () => {
    const set = { keys: [{ ...P256, d: 'AAAA' }] }
    expect(() => byKid(set, P256.kid)).toThrow(
      expect.objectContaining({ code: 'KEY_INVALID', message: expect.stringContaining('exposed') })
    )
    expect(() => byKey(set)).toThrow(code('KEY_NOT_FOUND'))
  })

  test.each<[string, JsonObject]>([
    ['a secret', { kty: 'oct', k: 'AAAA' }],
    ['a key for encryption', { ...exampleJwk('P-256'), use: 'enc' }],
    ['a key that is cut short', { ...exampleJwk('P-256'), y: 'AAAA' }],
    ['a key of a kind that is not supported', { kty: 'EC', crv: 'secp256k1', x: 'AAAA', y: 'AAAA' }]
  ])('%s is not used, although its kid fits', (_name, jwk) => {
    expect(() => byKid({ keys: [{ ...jwk, kid: 'x' }] }, 'x')).toThrow(code('KEY_INVALID'))
  })

  test.each<[string, JsonValue]>([
    ['a list', [P256]],
    ['a bare JWK', P256],
    ['keys that are no list', { keys: P256 }],
    ['an entry that is no object', { keys: [P256, 'x'] }],
    ['a kid that is no text', { keys: [P256, { kid: 1 }] }],
    ['two keys with one kid', { keys: [P256, { kty: 'future', kid: 'x' }, { kty: 'future', kid: 'x' }] }],
    ['101 keys', { keys: [P256, ...new Array<JsonObject>(100).fill({ kty: 'future' })] }]
  ])('%s is no key set', (_name, set) => {
    expect(() => byKid(set, P256.kid)).toThrow(code('RESOLUTION_INVALID'))
    expect(() => byKey(set)).toThrow(code('RESOLUTION_INVALID'))
  })

  test('100 keys are', () => {
    const set = { keys: [...new Array<JsonObject>(99).fill({ kty: 'future' }), P256] }
    expect(byKid(set, P256.kid)).toEqual(exampleKey('P-256'))
  })
})
