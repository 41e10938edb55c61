import { describe, expect, test } from 'vitest'
import { materialFromJwk } from '../../src/crypto/jwk.js'
import { multikeyOf } from '../../src/crypto/multikey.js'
import { buildControllerDocument } from '../../src/did/build-controller-document.js'
import { type SelectOptions, selectMethodOfKey, selectVerificationMethod } from '../../src/did/controller-document.js'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'
import { materialOfKey } from '../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { testSeed } from '../support/issuer.js'
import { EC_KINDS, exampleJwk, exampleKey, MULTIKEYS, RSA_JWK } from '../support/public-keys.js'

const now = new Date('2026-01-31T09:00:00Z')
const at = new Date('2026-06-01T00:00:00Z')
const store = await createMemoryKeyStore({ seed: testSeed('issuer'), now, id: 'key-1' })
await store.create({ seed: testSeed('issuer-2'), now, id: 'key-2' })
const keys = await store.keys()
const [first, second] = keys
if (first === undefined || second === undefined) throw new Error('two keys were made')

const id = 'did:web:academy.example'
const url = `${id}#key-1`
const document = buildControllerDocument({ id, keys })
const method = (document['verificationMethod'] as readonly JsonObject[])[0] as JsonObject
const { publicKeyMultibase: _, ...bare } = method

const settle = (options: Partial<SelectOptions>): SelectOptions => ({
  id,
  purpose: 'assertionMethod',
  controller: id,
  at,
  ...options
})
const select = (value: JsonValue, options: Partial<SelectOptions> = {}, wanted = url) =>
  selectVerificationMethod(value, wanted, settle(options))
const withMethod = (changes: Record<string, JsonValue>): JsonObject => ({
  ...document,
  verificationMethod: [{ ...method, ...changes }]
})
const withKey = (key: Record<string, JsonValue>): JsonObject => ({
  ...document,
  verificationMethod: [{ ...bare, ...key }]
})
const code = (name: string) => expect.objectContaining({ name: 'ResolutionError', code: name })

describe('buildControllerDocument', () => {
  test('lists each key as a Multikey, for assertions by reference', () => {
    const other = { ...first, id: 'key-3', algorithm: 'P-256' as const, publicKey: bytesOf('P-256') }
    expect(buildControllerDocument({ id, keys: [first, other] })).toEqual({
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
      id,
      verificationMethod: [
        { id: url, type: 'Multikey', controller: id, publicKeyMultibase: multikeyOf(materialOfKey(first)) },
        { id: `${id}#key-3`, type: 'Multikey', controller: id, publicKeyMultibase: MULTIKEYS['P-256'] }
      ],
      assertionMethod: [url, `${id}#key-3`]
    })
  })

  test('writes the end of a key where it has one', () => {
    const ended = { ...second, expires: '2026-05-01T00:00:00Z', revoked: '2026-04-01T00:00:00Z' }
    const { verificationMethod } = buildControllerDocument({ id, keys: [first, ended] })
    expect(verificationMethod).toMatchObject([{ id: url }, { expires: ended.expires, revoked: ended.revoked }])
    expect(Object.keys((verificationMethod as JsonObject[])[0] as JsonObject)).not.toContain('expires')
  })
})

describe('selectVerificationMethod', () => {
  test('finds each key that the library itself lists', () => {
    expect(select(document)).toEqual({ id: url, controller: id, material: materialOfKey(first) })
    expect(select(document, {}, `${id}#key-2`).material).toEqual(materialOfKey(second))
  })

  test('reads embedded methods, relative ids, and the other names of the kind of key', () => {
    for (const each of [
      { id, assertionMethod: [method] },
      { id, verificationMethod: method, assertionMethod: url },
      { id, verificationMethod: [{ ...method, id: '#key-1' }], assertionMethod: ['#key-1'] },
      { id, authentication: [method], assertionMethod: [url] },
      withMethod({ type: 'MultiKey' }),
      withMethod({ type: 'Ed25519VerificationKey2020' })
    ]) {
      expect(select(each).material).toEqual(materialOfKey(first))
    }
  })

  test.each(EC_KINDS)('reads a %s key as Multikey and as JSON Web Key', (kind) => {
    const multikey = withKey({ publicKeyMultibase: MULTIKEYS[kind] })
    expect(select(multikey).material).toEqual(exampleKey(kind))
    for (const type of ['JsonWebKey', 'JsonWebKey2020']) {
      expect(select(withKey({ type, publicKeyJwk: exampleJwk(kind) })).material).toEqual(exampleKey(kind))
    }
  })

  test('reads an RSA key as JSON Web Key', () => {
    const value = withKey({ type: 'JsonWebKey', publicKeyJwk: { ...RSA_JWK, kid: 'x', use: 'sig' } })
    expect(select(value).material).toEqual(materialFromJwk(RSA_JWK))
  })

  test.each<[string, JsonValue, string]>([
    ['140: a list of documents', [document], 'RESOLUTION_INVALID'],
    ['140: a document of another id', { ...document, id: 'did:web:other.example' }, 'RESOLUTION_INVALID'],
    ['140: a document of an id in other case', { ...document, id: id.toUpperCase() }, 'RESOLUTION_INVALID'],
    ['140: a document without id', { ...document, id: null }, 'RESOLUTION_INVALID'],
    ['140: an extra controller', { ...document, controller: [id, 'did:web:other.example'] }, 'RESOLUTION_INVALID'],
    ['52: no methods', { id }, 'KEY_NOT_FOUND'],
    ['53: a method that is listed for nothing', { ...document, assertionMethod: [] }, 'KEY_NOT_FOUND'],
    [
      '53: a method that is listed for authentication alone',
      { ...document, assertionMethod: [], authentication: [url] },
      'KEY_NOT_FOUND'
    ],
    ['53: a method embedded for authentication alone', { id, authentication: [method] }, 'KEY_NOT_FOUND'],
    ['52: a reference to a method that is not there', { ...document, verificationMethod: [] }, 'KEY_NOT_FOUND'],
    [
      '55: two methods with the same id',
      {
        ...document,
        verificationMethod: [method, { ...method, publicKeyMultibase: multikeyOf(materialOfKey(second)) }]
      },
      'RESOLUTION_INVALID'
    ],
    [
      '55: two methods with the same id, one relative',
      { ...document, verificationMethod: [method, { ...method, id: '#key-1' }] },
      'RESOLUTION_INVALID'
    ],
    [
      '55: two methods with the same id, one embedded elsewhere',
      { ...document, authentication: [method] },
      'RESOLUTION_INVALID'
    ],
    [
      '55: two other methods with the same id',
      { ...document, authentication: [{ ...method, id: '#x' }], keyAgreement: [{ ...method, id: '#x' }] },
      'RESOLUTION_INVALID'
    ],
    ['51: another controller', withMethod({ controller: 'did:web:other.example' }), 'ISSUER_KEY_MISMATCH'],
    ['51: no controller', withMethod({ controller: null }), 'ISSUER_KEY_MISMATCH'],
    ['51: a list of controllers', withMethod({ controller: [id] }), 'ISSUER_KEY_MISMATCH'],
    ['57: two key materials', withMethod({ publicKeyJwk: exampleJwk('Ed25519') }), 'KEY_INVALID'],
    [
      '57: two key materials, in the kind of the other',
      withMethod({ type: 'JsonWebKey', publicKeyJwk: exampleJwk('Ed25519') }),
      'KEY_INVALID'
    ],
    [
      '57: an address of a blockchain beside the key',
      withMethod({ blockchainAccountId: 'eip155:1:0x' }),
      'KEY_INVALID'
    ],
    ['57: a key in the form of another kind', withMethod({ type: 'JsonWebKey' }), 'KEY_INVALID'],
    ['57: a JWK in a Multikey', withKey({ publicKeyJwk: exampleJwk('P-256') }), 'KEY_INVALID'],
    ['107: a secret', withMethod({ secretKeyMultibase: 'z3u2' }), 'KEY_INVALID'],
    ['107: a private key beside the public one', withMethod({ privateKeyJwk: {} }), 'KEY_INVALID'],
    [
      '107: a private JWK',
      withKey({ type: 'JsonWebKey', publicKeyJwk: { ...exampleJwk('P-256'), d: 'AAAA' } }),
      'KEY_INVALID'
    ],
    ['a method of a kind of old', withMethod({ type: 'Ed25519VerificationKey2018' }), 'KEY_INVALID'],
    ['a kind that only objects have', withMethod({ type: 'constructor' }), 'KEY_INVALID'],
    ['no kind of method', withMethod({ type: null }), 'KEY_INVALID'],
    ['a list of kinds', withMethod({ type: ['Multikey'] }), 'KEY_INVALID'],
    ['no key', withKey({}), 'KEY_INVALID'],
    ['a key that is null', withMethod({ publicKeyMultibase: null }), 'KEY_INVALID'],
    [
      'a key that is a JWK under the wrong name',
      withMethod({ publicKeyMultibase: exampleJwk('P-256') }),
      'KEY_INVALID'
    ],
    ['a JWK that is text', withKey({ type: 'JsonWebKey', publicKeyJwk: MULTIKEYS['P-256'] }), 'KEY_INVALID'],
    [
      'a P-256 key as an Ed25519 one',
      withMethod({ type: 'Ed25519VerificationKey2020', publicKeyMultibase: MULTIKEYS['P-256'] }),
      'KEY_INVALID'
    ],
    [
      'a key of a kind that signs no badges',
      withMethod({ publicKeyMultibase: 'zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme' }),
      'KEY_INVALID'
    ],
    [
      'a key for encryption',
      withKey({ type: 'JsonWebKey', publicKeyJwk: { ...exampleJwk('P-256'), use: 'enc' } }),
      'KEY_INVALID'
    ],
    ['56: a method that was revoked', withMethod({ revoked: '2026-05-31T23:59:59Z' }), 'KEY_INVALID'],
    [
      '56: a method that was revoked at that very time',
      withMethod({ revoked: '2026-06-01T02:00:00+02:00' }),
      'KEY_INVALID'
    ],
    ['56: a method that had expired', withMethod({ expires: '2026-01-01T00:00:00Z' }), 'KEY_INVALID'],
    ['56: an expiry without time zone', withMethod({ expires: '2027-01-01T00:00:00' }), 'RESOLUTION_INVALID'],
    ['56: a revocation that is not text', withMethod({ revoked: false }), 'RESOLUTION_INVALID'],
    ['methods that are not methods', { ...document, verificationMethod: ['text'] }, 'RESOLUTION_INVALID'],
    ['a method that is null', { ...document, assertionMethod: [null] }, 'RESOLUTION_INVALID'],
    [
      '101 methods',
      { ...document, verificationMethod: Array.from({ length: 101 }, (_, index) => ({ ...method, id: `#k${index}` })) },
      'RESOLUTION_INVALID'
    ],
    [
      '101 methods in two lists',
      {
        ...document,
        authentication: Array.from({ length: 99 }, (_, index) => ({ ...method, id: `#k${index}` }))
      },
      'RESOLUTION_INVALID'
    ],
    ['101 references', { ...document, authentication: new Array(101).fill(url) }, 'RESOLUTION_INVALID']
  ])('%s is refused', (_name, value, expected) => {
    expect(() => select(value)).toThrow(code(expected))
  })

  test('100 methods are read, and a method that ends later is usable', () => {
    const others = Array.from({ length: 99 }, (_, index) => ({ ...method, id: `#k${index}` }))
    expect(select({ ...document, verificationMethod: [method, ...others] }).material).toEqual(materialOfKey(first))
    const later = withMethod({ expires: '2026-06-01T00:00:00.001Z', revoked: '2027-01-01T00:00:00Z' })
    expect(select(later)).toEqual({ id: url, controller: id, material: materialOfKey(first) })
  })

  test('69, 141: the URL has to be that of the method, letter by letter', () => {
    for (const other of [`${id}#key-3`, `${id}#KEY-1`, id, `${id}#`, '#key-1', `${id}?x#key-1`]) {
      expect(() => select(document, {}, other)).toThrow(code('KEY_NOT_FOUND'))
    }
  })

  test('141: a relative id is one of the document, not of another controller', () => {
    const foreign = { ...method, id: 'did:web:other.example#key-1', controller: 'did:web:other.example' }
    const value = { ...document, verificationMethod: [foreign], assertionMethod: ['#key-1'] }
    expect(() => select(value)).toThrow(code('KEY_NOT_FOUND'))
    const listed = { ...value, assertionMethod: [foreign.id] }
    expect(() => select(listed, {}, foreign.id)).toThrow(code('ISSUER_KEY_MISMATCH'))
  })

  test('51: somebody else cannot be the controller', () => {
    expect(() => select(document, { controller: 'did:web:other.example' })).toThrow(code('ISSUER_KEY_MISMATCH'))
  })

  test('53: each purpose has its own list', () => {
    const value = { ...document, authentication: [`${id}#key-2`] }
    expect(select(value, { purpose: 'authentication' }, `${id}#key-2`).material).toEqual(materialOfKey(second))
    expect(() => select(value, { purpose: 'authentication' })).toThrow(code('KEY_NOT_FOUND'))
  })
})

describe('the history of keys', () => {
  const expired = withMethod({ expires: '2026-05-01T00:00:00Z' })
  const before = { signedAt: new Date('2026-04-30T23:59:59.999Z') }
  const after = { signedAt: new Date('2026-05-01T00:00:00Z') }

  test('56: a key that expired after it signed will do where that was asked for, and says so', () => {
    expect(() => select(expired)).toThrow(code('KEY_INVALID'))
    expect(select(expired, before)).toMatchObject({ expires: '2026-05-01T00:00:00Z' })
    expect(() => select(expired, after)).toThrow(code('KEY_INVALID'))
  })

  test('56: a key that was revoked is no good, whenever it signed', () => {
    for (const more of [{}, { expires: '2026-05-31T00:00:00Z' }, { expires: '2030-01-01T00:00:00Z' }]) {
      const revoked = withMethod({ revoked: '2026-05-31T00:00:00Z', ...more })
      expect(() => select(revoked, before)).toThrow(code('KEY_INVALID'))
    }
  })

  test('a retired key that is still listed without an end is as good as ever', () => {
    for (const options of [{}, before, after]) {
      expect(select(document, options)).toEqual({ id: url, controller: id, material: materialOfKey(first) })
    }
  })
})

describe('selectMethodOfKey', () => {
  const find = (value: JsonValue, options: Partial<SelectOptions> = {}) =>
    selectMethodOfKey(value, exampleKey('P-256'), settle(options))
  const jwk = { id: '#jwk', type: 'JsonWebKey', controller: id, publicKeyJwk: exampleJwk('P-256') }
  const multikey = { ...method, id: '#multikey', publicKeyMultibase: MULTIKEYS['P-256'] }
  const unread = { id: '#unread', type: 'EcdsaSecp256k1VerificationKey2019', controller: id }

  test('finds a key by itself, past others and past those that it cannot read', () => {
    for (const each of [jwk, multikey]) {
      const value = { id, assertionMethod: [unread, method, each] }
      expect(find(value)).toEqual({ id: `${id}${each.id}`, controller: id, material: exampleKey('P-256') })
    }
  })

  test.each<[string, JsonValue, string]>([
    ['a document without the key', document, 'KEY_NOT_FOUND'],
    ['53: a key that is listed for authentication alone', { id, authentication: [jwk] }, 'KEY_NOT_FOUND'],
    [
      '51: a key of another controller',
      { id, assertionMethod: [{ ...jwk, controller: 'did:web:x.example' }] },
      'ISSUER_KEY_MISMATCH'
    ],
    [
      '107: a key with its secret',
      { id, assertionMethod: [{ ...jwk, publicKeyJwk: { ...jwk.publicKeyJwk, d: 'AAAA' } }] },
      'KEY_NOT_FOUND'
    ],
    ['140: a document of another id', { id: 'did:web:x.example', assertionMethod: [jwk] }, 'RESOLUTION_INVALID'],
    [
      '56: a key that was revoked under one of its names',
      { id, assertionMethod: [jwk, { ...multikey, revoked: '2026-05-01T00:00:00Z' }] },
      'KEY_INVALID'
    ]
  ])('%s is refused', (_name, value, expected) => {
    expect(() => find(value)).toThrow(code(expected))
  })

  test('56: tells of a key that expired since it signed', () => {
    const value = { id, assertionMethod: [{ ...jwk, expires: '2026-05-01T00:00:00Z' }] }
    expect(() => find(value)).toThrow(code('KEY_INVALID'))
    expect(find(value, { signedAt: now }).expires).toBe('2026-05-01T00:00:00Z')
  })
})

function bytesOf(kind: 'P-256'): Uint8Array {
  const material = exampleKey(kind)
  if (material.algorithm === 'RSA') throw new Error('not an RSA key')
  return material.bytes
}
