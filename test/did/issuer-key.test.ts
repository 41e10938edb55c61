import { describe, expect, test } from 'vitest'
import { sha256 } from '../../src/crypto/digest.js'
import { createKeyCache } from '../../src/crypto/key-cache.js'
import { multikeyOf } from '../../src/crypto/multikey.js'
import { buildControllerDocument } from '../../src/did/build-controller-document.js'
import { didJwkFromMaterial } from '../../src/did/did-jwk.js'
import { didKeyFromMaterial } from '../../src/did/did-key.js'
import { resolveIssuerKey } from '../../src/did/issuer-key.js'
import { createLegacyFragmentResolver } from '../../src/did/legacy-fragment-resolver.js'
import { verificationMethodUrl } from '../../src/did/method-url.js'
import { combineResolvers, createMapResolver, type Resolver } from '../../src/did/resolver.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { encodeBase64url, encodeMultibase } from '../../src/encoding/multibase.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { testSeed } from '../support/issuer.js'
import { EC_KINDS, exampleJwk, exampleKey, MULTIKEYS } from '../support/public-keys.js'

const at = new Date('2026-06-01T00:00:00Z')
const store = await createMemoryKeyStore({
  seed: sha256(new TextEncoder().encode('komma-test-issuer')),
  now: new Date('2026-01-31T09:00:00Z'),
  id: 'key-1'
})
const keys = await store.keys()
const publicKey = (await store.signer()).publicKey
const multikey = multikeyOf({ algorithm: 'Ed25519', bytes: publicKey })
const didKey = didKeyFromMaterial({ algorithm: 'Ed25519', bytes: publicKey })
const didJwk = didJwkFromMaterial({ algorithm: 'Ed25519', bytes: publicKey })
const didWeb = 'did:web:academy.example'
const https = 'https://academy.example/issuers/7'
const resolver = createMapResolver([didWeb, https].map((id) => [id, buildControllerDocument({ id, keys })] as const))
const forbidden: Resolver = {
  resolve: async ({ url }) => {
    throw new Error(`asked for ${url}`)
  }
}

describe('resolveIssuerKey', () => {
  test.each([
    [didKey, multikey, 'did:key'],
    [didJwk, '0', 'did:jwk']
  ])('the issuer %s needs no resolver, and asks none', async (issuer, fragment, via) => {
    const verificationMethod = `${issuer}#${fragment}`
    for (const more of [{}, { resolver: forbidden }, { keyCache: createKeyCache() }]) {
      const found = await resolveIssuerKey({ verificationMethod, issuer, at, ...more })
      expect(found.via).toBe(via)
      expect(found.publicKey.material).toEqual({ algorithm: 'Ed25519', bytes: publicKey })
    }
  })

  test.each(EC_KINDS)('a %s key is found wherever an issuer may have it', async (kind) => {
    const [asKey, asJwk] = [didKeyFromMaterial(exampleKey(kind)), didJwkFromMaterial(exampleKey(kind))]
    const method = { id: '#key-1', type: 'JsonWebKey', controller: didWeb, publicKeyJwk: exampleJwk(kind) }
    const serving = createMapResolver({ [didWeb]: { id: didWeb, assertionMethod: [method] } })
    for (const [issuer, fragment] of [
      [asKey, MULTIKEYS[kind]],
      [asJwk, '0'],
      [didWeb, 'key-1']
    ] as const) {
      const search = { verificationMethod: `${issuer}#${fragment}`, issuer, at, resolver: serving }
      expect((await resolveIssuerKey(search)).publicKey.material).toEqual(exampleKey(kind))
    }
  })

  test.each([
    [didWeb, 'did:web'],
    [https, 'https']
  ])('the key of %s comes from its controller document', async (issuer, via) => {
    const found = await resolveIssuerKey({ verificationMethod: `${issuer}#key-1`, issuer, at, resolver })
    expect(found).toMatchObject({ via })
    expect(found.publicKey.material).toEqual({ algorithm: 'Ed25519', bytes: publicKey })
  })

  test('every URL that the issuing side writes is read', async () => {
    for (const issuer of [didKey, didJwk, didWeb, https]) {
      const key = keys[0]
      if (key === undefined) throw new Error('a key was made')
      const verificationMethod = verificationMethodUrl(issuer, key)
      expect((await resolveIssuerKey({ verificationMethod, issuer, at, resolver })).publicKey.material).toEqual({
        algorithm: 'Ed25519',
        bytes: publicKey
      })
    }
  })

  test.each([
    ['did:key', `${didKey}#${multikey}`, didWeb],
    ['did:key', `${didKey}#${multikey}`, didJwk],
    ['did:jwk', `${didJwk}#0`, didKey],
    ['did:web', `${didWeb}#key-1`, 'did:web:victim.example'],
    ['did:web with another path', `${didWeb}:x#key-1`, didWeb],
    ['https', `${https}#key-1`, 'https://victim.example/issuers/7'],
    ['https with a slash more', `${https}/#key-1`, https],
    ['https in place of did:web', 'https://academy.example/.well-known/did.json#key-1', didWeb]
  ])('51: a key of another party is refused: %s', async (_name, verificationMethod, issuer) => {
    await expect(resolveIssuerKey({ verificationMethod, issuer, at, resolver: forbidden })).rejects.toMatchObject({
      name: 'ResolutionError',
      code: 'ISSUER_KEY_MISMATCH'
    })
  })

  test('52: a document that is controlled by another party is refused', async () => {
    const stolen = buildControllerDocument({ id: didWeb, keys })
    const text = JSON.stringify(stolen).replaceAll(`"controller":"${didWeb}"`, '"controller":"did:web:other.example"')
    await expect(
      resolveIssuerKey({
        verificationMethod: `${didWeb}#key-1`,
        issuer: didWeb,
        at,
        resolver: createMapResolver({ [didWeb]: text })
      })
    ).rejects.toMatchObject({ code: 'ISSUER_KEY_MISMATCH' })
  })

  test.each([
    ['a query', `${didWeb}?x=1#key-1`],
    ['a query in a URL', `${https}?x=1#key-1`],
    ['an empty query', `${https}?#key-1`],
    ['credentials', 'https://user:secret@academy.example/issuers/7#key-1'],
    ['credentials without password', 'https://user@academy.example/issuers/7#key-1'],
    ['a second #', `${didWeb}#key-1#key-1`],
    ['no fragment', didWeb],
    ['an empty fragment', `${didWeb}#`],
    ['a bare did:key', didKey],
    ['a fragment of another did:key', `${didKey}#key-1`],
    ['a bare did:jwk', didJwk],
    ['a fragment of another did:jwk', `${didJwk}#1`],
    ['http', 'http://academy.example/issuers/7#key-1'],
    ['another scheme', 'file:///etc/passwd#key-1'],
    ['another method', 'did:example:123#key-1'],
    ['a relative URL', '#key-1'],
    ['an upper-case host', 'https://ACADEMY.example/issuers/7#key-1'],
    ['the default port', 'https://academy.example:443/issuers/7#key-1'],
    ['dots in the path', 'https://academy.example/x/../issuers/7#key-1'],
    ['a backslash', 'https://academy.example\\@evil.example/#key-1'],
    ['white space', ` ${didWeb}#key-1`],
    ['a space in the fragment', `${didWeb}#key 1`],
    ['an IP address in a did:web', 'did:web:127.0.0.1#key-1'],
    ['a huge URL', `https://academy.example/${'x'.repeat(3000)}#key-1`],
    ['a number', 7 as never]
  ])('69: a verification method with %s is refused, and nobody is asked', async (_name, verificationMethod) => {
    const issuer = String(verificationMethod).split('#')[0] ?? ''
    await expect(resolveIssuerKey({ verificationMethod, issuer, at, resolver: forbidden })).rejects.toMatchObject({
      name: 'ResolutionError',
      code: 'DID_INVALID'
    })
  })

  test('without a resolver, or with one that knows nothing, the key could not be found out', async () => {
    const ask = (more: object) =>
      resolveIssuerKey({ verificationMethod: `${didWeb}#key-1`, issuer: didWeb, at, ...more })
    await expect(ask({})).rejects.toMatchObject({ code: 'RESOLUTION_FAILED', hint: 'Pass a resolver.' })
    await expect(ask({ resolver: createMapResolver({}) })).rejects.toMatchObject({ code: 'RESOLUTION_FAILED' })
    await expect(ask({ resolver: forbidden })).rejects.toMatchObject({ code: 'RESOLUTION_FAILED' })
  })

  test.each([
    ['not JSON', '<html>'],
    ['a member twice', `{"id":"${didWeb}","id":"${didWeb}"}`],
    ['another id', JSON.stringify(buildControllerDocument({ id: 'did:web:other.example', keys }))],
    ['more than 64 KiB', `${JSON.stringify(buildControllerDocument({ id: didWeb, keys }))}${' '.repeat(65_536)}`],
    ['a list', '[]']
  ])('140: a document with %s is refused', async (_name, text) => {
    const serving = createMapResolver({ [didWeb]: text })
    await expect(
      resolveIssuerKey({ verificationMethod: `${didWeb}#key-1`, issuer: didWeb, at, resolver: serving })
    ).rejects.toMatchObject({ code: 'RESOLUTION_INVALID' })
  })

  test('a key of small order is refused, in a did:key as in a document', async () => {
    const weak = encodeMultibase('base58btc', Uint8Array.of(0xed, 1, 1, ...new Uint8Array(31)))
    const issuer = `did:key:${weak}`
    await expect(resolveIssuerKey({ verificationMethod: `${issuer}#${weak}`, issuer, at })).rejects.toMatchObject({
      code: 'KEY_INVALID'
    })
    const text = JSON.stringify(buildControllerDocument({ id: didWeb, keys })).replaceAll(multikey, weak)
    const serving = createMapResolver({ [didWeb]: text })
    await expect(
      resolveIssuerKey({ verificationMethod: `${didWeb}#key-1`, issuer: didWeb, at, resolver: serving })
    ).rejects.toMatchObject({ code: 'KEY_INVALID' })
  })

  test('144: a did:jwk for encryption makes no assertions', async () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(publicKey) }
    const didFor = (use: string) =>
      `did:jwk:${encodeBase64url(new TextEncoder().encode(JSON.stringify({ ...jwk, use })))}`
    const resolve = (issuer: string) => resolveIssuerKey({ verificationMethod: `${issuer}#0`, issuer, at })
    await expect(resolve(didFor('enc'))).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
    expect((await resolve(didFor('sig'))).via).toBe('did:jwk')
  })

  test('53: a key is found for the purpose that is asked for', async () => {
    const document: JsonObject = {
      ...buildControllerDocument({ id: didWeb, keys }),
      authentication: [`${didWeb}#key-1`]
    }
    const { assertionMethod: _, ...authentication } = document
    const ask = (value: JsonObject, purpose: 'authentication' | 'assertionMethod') =>
      resolveIssuerKey({
        verificationMethod: `${didWeb}#key-1`,
        issuer: didWeb,
        purpose,
        at,
        resolver: createMapResolver({ [didWeb]: value })
      })
    expect((await ask(authentication, 'authentication')).via).toBe('did:web')
    await expect(ask(authentication, 'assertionMethod')).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
    expect((await ask(document, 'assertionMethod')).via).toBe('did:web')
  })

  test('56: a retired key will do where the time of signing counts, and a revoked one never', async () => {
    const [key] = keys
    if (key === undefined) throw new Error('a key was made')
    const ask = (end: object, signedAt?: Date) => {
      const document = buildControllerDocument({ id: didWeb, keys: [{ ...key, ...end }] })
      const search = { issuer: didWeb, at, resolver: createMapResolver({ [didWeb]: document }) }
      return resolveIssuerKey({ verificationMethod: `${didWeb}#key-1`, ...search, ...(signedAt ? { signedAt } : {}) })
    }
    const expires = '2026-05-01T00:00:00Z'
    const signedAt = new Date('2026-04-01T00:00:00Z')
    expect(await ask({ expires }, signedAt)).toMatchObject({ via: 'did:web', expires })
    await expect(ask({ expires })).rejects.toMatchObject({ code: 'KEY_INVALID' })
    await expect(ask({ revoked: expires }, signedAt)).rejects.toMatchObject({ code: 'KEY_INVALID' })
  })

  test('146: a key that is no longer listed is refused, unless the keys of the time are at hand', async () => {
    const [old] = keys
    const other = await createMemoryKeyStore({ seed: testSeed('next'), now: at, id: 'key-2' })
    const today = createMapResolver({ [didWeb]: buildControllerDocument({ id: didWeb, keys: await other.keys() }) })
    const verificationMethod = `${didWeb}#${old?.id}`
    const ask = (from: Resolver) => resolveIssuerKey({ verificationMethod, issuer: didWeb, at, resolver: from })
    await expect(ask(today)).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
    expect((await ask(combineResolvers(resolver, today))).via).toBe('did:web')
  })

  test('a time that is none is refused', async () => {
    const good = { verificationMethod: `${didKey}#${multikey}`, issuer: didKey, at }
    const none = new Date(Number.NaN)
    await expect(resolveIssuerKey({ ...good, at: none })).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'at' })
    await expect(resolveIssuerKey({ ...good, signedAt: none })).rejects.toMatchObject({ path: 'signedAt' })
  })
})

describe('createLegacyFragmentResolver', () => {
  const legacy = createLegacyFragmentResolver()
  const issuer = 'https://example.com/issuers/876543'
  const verificationMethod = `${issuer}#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi`

  test('believes the key in the fragment, and says so', async () => {
    const found = await resolveIssuerKey({ verificationMethod, issuer, at, resolver: legacy })
    expect(found.via).toBe('legacyFragment')
    expect(multikeyOf(found.publicKey.material)).toBe('z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi')
    const combined = combineResolvers(resolver, legacy)
    expect((await resolveIssuerKey({ verificationMethod, issuer, at, resolver: combined })).via).toBe('legacyFragment')
  })

  test.each(EC_KINDS)('believes a %s key too', async (kind) => {
    const search = { verificationMethod: `${issuer}#${MULTIKEYS[kind]}`, issuer, at, resolver: legacy }
    const found = await resolveIssuerKey(search)
    expect(found).toMatchObject({ via: 'legacyFragment' })
    expect(found.publicKey.material).toEqual(exampleKey(kind))
  })

  test('is never in play unless it is passed', async () => {
    await expect(resolveIssuerKey({ verificationMethod, issuer, at })).rejects.toMatchObject({
      code: 'RESOLUTION_FAILED'
    })
    await expect(resolveIssuerKey({ verificationMethod, issuer, at, resolver })).rejects.toMatchObject({
      code: 'RESOLUTION_FAILED'
    })
  })

  test('a real document before it wins, and then the key has to be listed there', async () => {
    const combined = combineResolvers(resolver, legacy)
    const forged = `${https}#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi`
    await expect(
      resolveIssuerKey({ verificationMethod: forged, issuer: https, at, resolver: combined })
    ).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
  })

  test('does not answer for a did:web, a status list, or a fragment that is no key', async () => {
    for (const request of [
      { url: didWeb, kind: 'controllerDocument', verificationMethod: `${didWeb}#${multikey}` },
      { url: issuer, kind: 'statusList', verificationMethod },
      { url: issuer, kind: 'controllerDocument', verificationMethod: `${issuer}#key-0` },
      { url: issuer, kind: 'controllerDocument', verificationMethod: `${https}#${multikey}` },
      { url: issuer, kind: 'controllerDocument' }
    ] as const) {
      expect(await legacy.resolve(request)).toBeUndefined()
    }
  })
})
