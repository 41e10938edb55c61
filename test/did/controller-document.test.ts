import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/crypto/digest.js'
import {
  buildControllerDocument,
  selectVerificationMethod,
  verificationMethodUrl
} from '../../src/did/controller-document.js'
import { didKeyFromPublicKey } from '../../src/did/did-key.js'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'
import { encodeEd25519Multikey } from '../../src/encoding/multibase.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'

const now = new Date('2026-01-31T09:00:00Z')
const at = new Date('2026-06-01T00:00:00Z')
const store = await createMemoryKeyStore({
  seed: sha256(new TextEncoder().encode('komma-test-issuer')),
  now,
  id: 'key-1'
})
await store.create({ seed: sha256(new TextEncoder().encode('komma-test-issuer-2')), now, id: 'key-2' })
const keys = await store.keys()
const [first, second] = keys
if (first === undefined || second === undefined) throw new Error('two keys were made')

const id = 'did:web:academy.example'
const url = `${id}#key-1`
const document = buildControllerDocument({ id, keys })
const method = (document.verificationMethod as readonly JsonObject[])[0] as JsonObject

const select = (value: JsonValue, options: Partial<Parameters<typeof selectVerificationMethod>[1]> = {}) =>
  selectVerificationMethod(value, { url, purpose: 'assertionMethod', controller: id, at, ...options })
const withMethod = (changes: Record<string, JsonValue>): JsonObject => ({
  ...document,
  verificationMethod: [{ ...method, ...changes }]
})
const code = (name: string) => expect.objectContaining({ name: 'ResolutionError', code: name })

describe('buildControllerDocument', () => {
  test('lists each key as a Multikey, for assertions by reference', () => {
    expect(document).toEqual({
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
      id,
      verificationMethod: [
        { id: url, type: 'Multikey', controller: id, publicKeyMultibase: encodeEd25519Multikey(first.publicKey) },
        {
          id: `${id}#key-2`,
          type: 'Multikey',
          controller: id,
          publicKeyMultibase: encodeEd25519Multikey(second.publicKey)
        }
      ],
      assertionMethod: [url, `${id}#key-2`]
    })
  })

  test('a did:key names its key by its value, and no key of another', () => {
    const did = didKeyFromPublicKey(first.publicKey)
    expect(verificationMethodUrl(did, first)).toBe(`${did}#${did.slice('did:key:'.length)}`)
    expect(() => verificationMethodUrl(did, second)).toThrow(code('ISSUER_KEY_MISMATCH'))
    expect(() => verificationMethodUrl('did:key:x', first)).toThrow(code('DID_INVALID'))
  })
})

describe('selectVerificationMethod', () => {
  test('finds each key that the library itself lists', () => {
    expect(select(document)).toEqual({
      id: url,
      controller: id,
      publicKeyMultibase: encodeEd25519Multikey(first.publicKey),
      publicKey: first.publicKey
    })
    expect(select(document, { url: `${id}#key-2` }).publicKey).toEqual(second.publicKey)
  })

  test('reads embedded methods, relative ids, and the other names of the kind of key', () => {
    const embedded = { id, assertionMethod: [method] }
    const single = { id, verificationMethod: method, assertionMethod: url }
    const relative = { id, verificationMethod: [{ ...method, id: '#key-1' }], assertionMethod: ['#key-1'] }
    for (const each of [
      embedded,
      single,
      relative,
      withMethod({ type: 'MultiKey' }),
      withMethod({ type: 'Ed25519VerificationKey2020' })
    ]) {
      expect(select(each).publicKey).toEqual(first.publicKey)
    }
  })

  test.each<[string, JsonValue, string]>([
    ['a list of documents', [document], 'RESOLUTION_INVALID'],
    ['a document of another id', { ...document, id: 'did:web:other.example' }, 'RESOLUTION_INVALID'],
    ['a document of an id in other case', { ...document, id: id.toUpperCase() }, 'RESOLUTION_INVALID'],
    ['a document without id', { ...document, id: null }, 'RESOLUTION_INVALID'],
    ['an extra controller', { ...document, controller: [id, 'did:web:other.example'] }, 'RESOLUTION_INVALID'],
    ['no methods', { id }, 'KEY_NOT_FOUND'],
    ['a method that is listed for nothing', { ...document, assertionMethod: [] }, 'KEY_NOT_FOUND'],
    [
      'a method that is listed for authentication alone',
      { ...document, assertionMethod: [], authentication: [url] },
      'KEY_NOT_FOUND'
    ],
    ['a method embedded for authentication alone', { id, authentication: [method] }, 'KEY_NOT_FOUND'],
    ['a reference to a method that is not there', { ...document, verificationMethod: [] }, 'KEY_NOT_FOUND'],
    [
      'two methods with the same id',
      {
        ...document,
        verificationMethod: [method, { ...method, publicKeyMultibase: encodeEd25519Multikey(second.publicKey) }]
      },
      'RESOLUTION_INVALID'
    ],
    [
      'two methods with the same id, one relative',
      { ...document, verificationMethod: [method, { ...method, id: '#key-1' }] },
      'RESOLUTION_INVALID'
    ],
    [
      'two methods with the same id, one embedded elsewhere',
      { ...document, authentication: [method] },
      'RESOLUTION_INVALID'
    ],
    ['another controller', withMethod({ controller: 'did:web:other.example' }), 'ISSUER_KEY_MISMATCH'],
    ['no controller', withMethod({ controller: null }), 'ISSUER_KEY_MISMATCH'],
    ['a list of controllers', withMethod({ controller: [id] }), 'ISSUER_KEY_MISMATCH'],
    ['two key materials', withMethod({ publicKeyJwk: { kty: 'OKP', crv: 'Ed25519', x: 'AAAA' } }), 'KEY_INVALID'],
    ['a secret', withMethod({ secretKeyMultibase: 'z3u2' }), 'KEY_INVALID'],
    ['a private JWK', withMethod({ publicKeyMultibase: 'z', publicKeyJwk: { d: 'AAAA' } }), 'KEY_INVALID'],
    ['another kind of method', withMethod({ type: 'JsonWebKey' }), 'KEY_INVALID'],
    ['no kind of method', withMethod({ type: null }), 'KEY_INVALID'],
    ['no key', withMethod({ publicKeyMultibase: null }), 'KEY_INVALID'],
    [
      'another kind of key',
      withMethod({ publicKeyMultibase: 'zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv' }),
      'KEY_INVALID'
    ],
    ['a method that was revoked', withMethod({ revoked: '2026-05-31T23:59:59Z' }), 'KEY_INVALID'],
    [
      'a method that was revoked at that very time',
      withMethod({ revoked: '2026-06-01T02:00:00+02:00' }),
      'KEY_INVALID'
    ],
    ['a method that had expired', withMethod({ expires: '2026-01-01T00:00:00Z' }), 'KEY_INVALID'],
    ['an expiry without time zone', withMethod({ expires: '2027-01-01T00:00:00' }), 'RESOLUTION_INVALID'],
    ['a revocation that is not text', withMethod({ revoked: false }), 'RESOLUTION_INVALID'],
    ['methods that are not methods', { ...document, verificationMethod: ['text'] }, 'RESOLUTION_INVALID'],
    ['a method that is null', { ...document, assertionMethod: [null] }, 'RESOLUTION_INVALID'],
    [
      '101 methods',
      { ...document, verificationMethod: Array.from({ length: 101 }, (_, index) => ({ ...method, id: `#k${index}` })) },
      'RESOLUTION_INVALID'
    ]
  ])('%s is refused', (_name, value, expected) => {
    expect(() => select(value)).toThrow(code(expected))
  })

  test('100 methods are read, and a method that ends later is usable', () => {
    const others = Array.from({ length: 99 }, (_, index) => ({ ...method, id: `#k${index}` }))
    expect(select({ ...document, verificationMethod: [method, ...others] }).publicKey).toEqual(first.publicKey)
    const later = withMethod({ expires: '2026-06-01T00:00:00.001Z', revoked: '2027-01-01T00:00:00Z' })
    expect(select(later).publicKey).toEqual(first.publicKey)
  })

  test('the URL has to be that of the method, letter by letter', () => {
    for (const other of [`${id}#key-3`, `${id}#KEY-1`, id, `${id}#`]) {
      expect(() => select(document, { url: other })).toThrow(code('KEY_NOT_FOUND'))
    }
    expect(() => select(document, { url: 'did:web:other.example#key-1' })).toThrow(code('RESOLUTION_INVALID'))
  })

  test('somebody else cannot be the controller', () => {
    expect(() => select(document, { controller: 'did:web:other.example' })).toThrow(code('ISSUER_KEY_MISMATCH'))
  })
})
