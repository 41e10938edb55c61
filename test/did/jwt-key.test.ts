import { describe, expect, it } from 'vitest'
import { jwkOf } from '../../src/crypto/jwk.js'
import { buildControllerDocument } from '../../src/did/build-controller-document.js'
import { didJwkFromMaterial } from '../../src/did/did-jwk.js'
import { didKeyFromMaterial } from '../../src/did/did-key.js'
import { buildJwks } from '../../src/did/jwk-set.js'
import { type KeyHeader, resolveJwtKey } from '../../src/did/jwt-key.js'
import type { KeySearch } from '../../src/did/key-search.js'
import { createLegacyFragmentResolver } from '../../src/did/legacy-fragment-resolver.js'
import { verificationMethodUrl } from '../../src/did/method-url.js'
import { combineResolvers, createMapResolver, type ResolveRequest, type Resolver } from '../../src/did/resolver.js'
import { ResolutionError } from '../../src/encoding/errors.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { materialOfKey } from '../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { testSeed } from '../support/issuer.js'

const at = new Date('2026-06-01T00:00:00Z')
const [own, mallory] = await Promise.all([keyOf('issuer'), keyOf('mallory')])
const jwk = jwkOf(materialOfKey(own))
const malloryJwk = jwkOf(materialOfKey(mallory))

const didKey = didKeyFromMaterial(materialOfKey(own))
const didJwk = didJwkFromMaterial(materialOfKey(own))
const didWeb = 'did:web:academy.example'
const https = 'https://academy.example/issuers/7'
const SET = 'https://academy.example/.well-known/jwks.json'
const documents = Object.fromEntries(
  [didWeb, https].map((id) => [id, buildControllerDocument({ id, keys: [own] })] as const)
)
const set = buildJwks({ id: https, keys: [own], at })
const everything = createMapResolver({ ...documents, [SET]: set })

async function keyOf(label: string) {
  const store = await createMemoryKeyStore({
    seed: testSeed(label),
    now: new Date('2026-01-31T09:00:00Z'),
    id: 'key-1'
  })
  const [key] = await store.keys()
  if (key === undefined) throw new Error('a key was made')
  return key
}

/** A resolver that notes what it is asked for. */
function spy(entries: Readonly<Record<string, JsonObject | string>>) {
  const asked: string[] = []
  const inner = createMapResolver(entries)
  const resolve = async (request: ResolveRequest) => {
    asked.push(`${request.kind} ${request.url}`)
    return inner.resolve(request)
  }
  return { asked, resolver: { resolve } }
}

const failing = (kind: ResolveRequest['kind'], rest: Resolver): Resolver => ({
  resolve: async (request) => {
    if (request.kind !== kind) return rest.resolve(request)
    throw new ResolutionError({ code: 'RESOLUTION_FAILED', message: 'for the test' })
  }
})

const resolve = (header: KeyHeader, issuer: string, more: Partial<KeySearch> = {}) =>
  resolveJwtKey({ header, issuer, at, resolver: everything, ...more })

const IDS = [
  [didKey, 'did:key'],
  [didJwk, 'did:jwk'],
  [didWeb, 'did:web'],
  [https, 'jwks']
] as const

describe('resolveJwtKey', () => {
  it.each(IDS)('finds the key of %s by its URL, by itself, and by both', async (issuer, via) => {
    const kid = verificationMethodUrl(issuer, own)
    for (const header of [{ kid }, { jwk }, { kid, jwk }]) {
      const found = await resolve(header, issuer)
      expect(found.via).toBe(via)
      expect(found.publicKey.material).toEqual(materialOfKey(own))
    }
  })

  it('asks nobody for the key of a did:key or did:jwk', async () => {
    const { asked, resolver } = spy({})
    await resolve({ jwk }, didKey, { resolver })
    await resolve({ kid: `${didJwk}#0` }, didJwk, { resolver })
    expect(asked).toEqual([])
  })

  it.each(IDS)('111: refuses a jwk that %s does not have, with and without the kid of its own', async (issuer) => {
    const kid = verificationMethodUrl(issuer, own)
    const code = expect.stringMatching(/^(ISSUER_KEY_MISMATCH|KEY_NOT_FOUND)$/)
    await expect(resolve({ jwk: malloryJwk }, issuer)).rejects.toMatchObject({ code })
    await expect(resolve({ kid, jwk: malloryJwk }, issuer)).rejects.toMatchObject({ code: 'ISSUER_KEY_MISMATCH' })
  })

  it('107: refuses a private key in the header before anybody is asked', async () => {
    const { asked, resolver } = spy({})
    for (const issuer of [didKey, didJwk, didWeb, https]) {
      await expect(resolve({ jwk: { ...jwk, d: 'AAAA' } }, issuer, { resolver })).rejects.toMatchObject({
        code: 'KEY_INVALID',
        path: '/jwk/d'
      })
    }
    expect(asked).toEqual([])
  })

  it.each([
    ['the did:jwk of another', `${didJwkFromMaterial(materialOfKey(mallory))}#0`],
    ['the did:key of another', verificationMethodUrl(didKeyFromMaterial(materialOfKey(mallory)), mallory)],
    ['a did:web of another', 'did:web:evil.example#key-1'],
    ['another origin', 'https://evil.example/key'],
    ['another port', 'https://academy.example:8443/issuers/7#key-1'],
    ['a host that only looks the same', 'https://academy.example.evil.example/issuers/7#key-1'],
    ['a user before the host', 'https://academy.example@evil.example/#key-1'],
    ['a backslash before the host', 'https://academy.example\\@evil.example/#key-1'],
    ['http', 'http://academy.example/issuers/7#key-1'],
    ['a relative URL', '#key-1'],
    ['a path', '/issuers/7#key-1'],
    ['nothing', ''],
    ['white space', ' ']
  ])('112: refuses a kid of %s, and asks nobody', async (_name, kid) => {
    const { asked, resolver } = spy({})
    for (const issuer of [didKey, didJwk, didWeb, https]) {
      await expect(resolve({ kid }, issuer, { resolver })).rejects.toMatchObject({
        name: 'ResolutionError',
        code: expect.stringMatching(/^(ISSUER_KEY_MISMATCH|DID_INVALID)$/)
      })
    }
    expect(asked).toEqual([])
  })

  it.each([
    ['a bare DID', didWeb],
    ['a bare fragment', 'key-1'],
    ['a relative URL', '#key-1'],
    ['the https address of the document', 'https://academy.example/.well-known/did.json#key-1']
  ])('112: for a did:web, %s is not the URL of a key', async (_name, kid) => {
    await expect(resolve({ kid }, didWeb)).rejects.toMatchObject({
      code: expect.stringMatching(/DID_INVALID|MISMATCH/)
    })
  })

  it('112: for a did:jwk and a did:key, nothing but the URL of the one method is', async () => {
    for (const kid of [didJwk, `${didJwk}#1`, '0', '#0']) {
      await expect(resolve({ kid }, didJwk)).rejects.toMatchObject({ code: 'DID_INVALID' })
    }
    for (const kid of [didKey, `${didKey}#0`, `${didKey}#key-1`]) {
      await expect(resolve({ kid }, didKey)).rejects.toMatchObject({ code: 'DID_INVALID' })
    }
  })

  it('53, 140: a did:web is read as for a proof', async () => {
    const kid = `${didWeb}#key-1`
    const listed = documents[didWeb] as JsonObject
    const answer = (document: JsonObject, header: KeyHeader) =>
      resolve(header, didWeb, { resolver: createMapResolver({ [didWeb]: document }) })
    for (const header of [{ kid }, { jwk }]) {
      await expect(answer({ ...listed, assertionMethod: [] }, header)).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
      await expect(answer({ ...listed, id: https }, header)).rejects.toMatchObject({ code: 'RESOLUTION_INVALID' })
    }
    await expect(resolve({ jwk: malloryJwk }, didWeb)).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
  })

  it('refuses a header without a key, an issuer without keys, and times that are none', async () => {
    await expect(resolve({}, https)).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
    for (const issuer of ['urn:uuid:1', 'did:example:1', 'http://academy.example', '']) {
      await expect(resolve({ jwk }, issuer)).rejects.toMatchObject({ code: 'DID_INVALID' })
    }
    await expect(resolve({ jwk }, didKey, { at: new Date(Number.NaN) })).rejects.toMatchObject({
      code: 'OPTION_INVALID'
    })
  })
})

describe('an https issuer', () => {
  const kid = `${https}#key-1`

  it('112: has its keys in the set of its authority, and then nobody else is asked', async () => {
    const { asked, resolver } = spy({ [SET]: set, ...documents })
    await resolve({ kid }, https, { resolver })
    expect(asked).toEqual([`jwks ${SET}`])
  })

  it('may name a key of the set by any address of its origin, or by a mere name', async () => {
    for (const name of ['https://academy.example/keys/1', 'https://academy.example/keys?id=1', 'key-1', 'Zx_3-~.']) {
      const resolver = createMapResolver({ [SET]: { keys: [{ ...jwk, kid: name }] } })
      expect((await resolve({ kid: name }, https, { resolver })).via).toBe('jwks')
    }
  })

  it('112: is not helped by a set of another authority, nor by what lies at the address of the kid', async () => {
    const elsewhere = 'https://academy.example/keys/1'
    const { asked, resolver } = spy({
      'https://evil.example/.well-known/jwks.json': { keys: [{ ...jwk, kid: elsewhere }] },
      [elsewhere]: jwk,
      [SET]: { keys: [] }
    })
    await expect(resolve({ kid: elsewhere }, https, { resolver })).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
    expect(asked).toEqual([`jwks ${SET}`])
  })

  it('112: has no key that the set gives to another issuer', async () => {
    const resolver = createMapResolver({ ...documents, [SET]: buildJwks({ id: `${https}7`, keys: [own], at }) })
    for (const header of [{ kid: `${https}7#key-1` }, { jwk }]) {
      await expect(resolve(header, https, { resolver })).rejects.toMatchObject({ code: 'ISSUER_KEY_MISMATCH' })
    }
  })

  it('may have its keys in its controller document instead', async () => {
    for (const entries of [documents, { ...documents, [SET]: { keys: [] } }]) {
      for (const header of [{ kid }, { jwk }]) {
        expect((await resolve(header, https, { resolver: createMapResolver(entries) })).via).toBe('https')
      }
    }
    const resolver = failing('jwks', createMapResolver(documents))
    expect((await resolve({ kid }, https, { resolver })).via).toBe('https')
  })

  it('leaves the answer open where a place that could have the key was not read', async () => {
    const unread = { code: 'RESOLUTION_FAILED' }
    const emptySet = createMapResolver({ [SET]: { keys: [] } })
    const emptyDocument = createMapResolver({ [https]: { id: https } })
    await expect(resolve({ kid }, https, { resolver: createMapResolver({}) })).rejects.toMatchObject(unread)
    await expect(resolveJwtKey({ header: { kid }, issuer: https, at })).rejects.toMatchObject(unread)
    await expect(resolve({ kid }, https, { resolver: failing('jwks', emptyDocument) })).rejects.toMatchObject(unread)
    const half = failing('controllerDocument', emptySet)
    await expect(resolve({ kid }, https, { resolver: half })).rejects.toMatchObject(unread)
    for (const resolver of [emptySet, emptyDocument, combineResolvers(emptySet, emptyDocument)]) {
      await expect(resolve({ kid }, https, { resolver })).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
    }
  })

  it.each([
    ['not JSON', '<html>'],
    ['a member twice', '{"keys":[],"keys":[]}'],
    ['a bare JWK', JSON.stringify(jwk)],
    ['more than 64 KiB', `${JSON.stringify(set)}${' '.repeat(65_536)}`]
  ])('140: refuses a set that is %s, whatever its controller document says', async (_name, text) => {
    const resolver = createMapResolver({ ...documents, [SET]: text })
    await expect(resolve({ kid }, https, { resolver })).rejects.toMatchObject({ code: 'RESOLUTION_INVALID' })
  })

  it('56: a key that was revoked in the controller document is refused where the set leaves it out', async () => {
    const keys = [{ ...own, revoked: '2026-05-01T00:00:00Z' }]
    const resolver = createMapResolver({
      [SET]: buildJwks({ id: https, keys, at }),
      [https]: buildControllerDocument({ id: https, keys })
    })
    for (const header of [{ kid }, { jwk }]) {
      await expect(
        resolve(header, https, { resolver, signedAt: new Date('2026-02-01T00:00:00Z') })
      ).rejects.toMatchObject({ code: 'KEY_INVALID' })
    }
  })

  it('56: a key that expired since it signed will do where that was asked for', async () => {
    const expires = '2026-05-01T00:00:00Z'
    const resolver = createMapResolver({ [https]: buildControllerDocument({ id: https, keys: [{ ...own, expires }] }) })
    await expect(resolve({ kid }, https, { resolver })).rejects.toMatchObject({ code: 'KEY_INVALID' })
    const signedAt = new Date('2026-02-01T00:00:00Z')
    expect(await resolve({ kid }, https, { resolver, signedAt })).toMatchObject({ via: 'https', expires })
  })

  it('is believed in its fragment by the legacy resolver alone, which says so', async () => {
    const legacy = `${https}#${didKey.slice('did:key:'.length)}`
    const resolver = createLegacyFragmentResolver()
    expect((await resolve({ kid: legacy }, https, { resolver })).via).toBe('legacyFragment')
    await expect(resolve({ jwk }, https, { resolver })).rejects.toMatchObject({ code: 'RESOLUTION_FAILED' })
    await expect(resolve({ kid: legacy }, https)).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
  })
})
