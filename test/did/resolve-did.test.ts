import { describe, expect, it } from 'vitest'
import { selectVerificationMethod } from '../../src/did/controller-document.js'
import { didJwkFromMaterial } from '../../src/did/did-jwk.js'
import { parseOwnKey } from '../../src/did/method-url.js'
import { resolveDid } from '../../src/did/resolve-did.js'
import { createMapResolver, type Resolver } from '../../src/did/resolver.js'
import { encodeBase64url, encodeMultibase } from '../../src/encoding/multibase.js'
import { EC_KINDS, exampleJwk, exampleKey, MULTIKEYS } from '../support/public-keys.js'
import { describeShared, readSharedJson } from '../support/shared.js'

const didWeb = 'did:web:academy.example'
const forbidden: Resolver = {
  resolve: async ({ url }) => {
    throw new Error(`asked for ${url}`)
  }
}
const didJwkOfText = (jwk: object) => `did:jwk:${encodeBase64url(new TextEncoder().encode(JSON.stringify(jwk)))}`

describe('resolveDid', () => {
  it.each(EC_KINDS)('writes out the document of a did:key of kind %s', async (kind) => {
    const did = `did:key:${MULTIKEYS[kind]}`
    const id = `${did}#${MULTIKEYS[kind]}`
    expect(await resolveDid(did, forbidden)).toEqual({
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
      id: did,
      verificationMethod: [{ id, type: 'Multikey', controller: did, publicKeyMultibase: MULTIKEYS[kind] }],
      assertionMethod: [id],
      authentication: [id],
      capabilityInvocation: [id],
      capabilityDelegation: [id]
    })
  })

  it.each(EC_KINDS)('writes out the document of a did:jwk of kind %s', async (kind) => {
    const did = didJwkFromMaterial(exampleKey(kind))
    const id = `${did}#0`
    expect(await resolveDid(did)).toEqual({
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
      id: did,
      verificationMethod: [{ id, type: 'JsonWebKey2020', controller: did, publicKeyJwk: exampleJwk(kind) }],
      assertionMethod: [id],
      authentication: [id],
      capabilityInvocation: [id],
      capabilityDelegation: [id],
      keyAgreement: [id]
    })
  })

  it('144: leaves out what a did:jwk is not for', async () => {
    const enc = await resolveDid(didJwkOfText({ ...exampleJwk('P-256'), use: 'enc' }))
    expect(Object.keys(enc ?? {})).toEqual(['@context', 'id', 'verificationMethod', 'keyAgreement'])
    const sig = await resolveDid(didJwkOfText({ ...exampleJwk('P-256'), use: 'sig' }))
    expect(sig?.['keyAgreement']).toBeUndefined()
    expect(sig?.['assertionMethod']).toHaveLength(1)
  })

  it('writes documents in which its own reader finds the key', async () => {
    for (const did of [`did:key:${MULTIKEYS['P-384']}`, didJwkFromMaterial(exampleKey('P-384'))]) {
      const document = await resolveDid(did)
      const url = parseOwnKey(did)?.verificationMethod ?? ''
      const options = { id: did, controller: did, purpose: 'authentication', at: new Date(0) } as const
      expect(selectVerificationMethod(document ?? {}, url, options).material).toEqual(exampleKey('P-384'))
    }
  })

  it('asks for the document of a did:web, and leaves it as it is', async () => {
    const document = { id: didWeb, service: [{ id: '#x', type: 'X', serviceEndpoint: 'https://academy.example/' }] }
    expect(await resolveDid(didWeb, createMapResolver({ [didWeb]: document }))).toEqual(document)
    expect(await resolveDid(didWeb, createMapResolver({}))).toBeUndefined()
    await expect(resolveDid(didWeb)).rejects.toMatchObject({ code: 'RESOLUTION_FAILED', hint: 'Pass a resolver.' })
    await expect(resolveDid(didWeb, forbidden)).rejects.toMatchObject({ code: 'RESOLUTION_FAILED' })
  })

  it.each([
    ['another id', '{"id":"did:web:other.example"}'],
    ['no id', '{}'],
    ['a list', `[{"id":"${didWeb}"}]`],
    ['no JSON', '<html>'],
    ['a member twice', `{"id":"${didWeb}","id":"${didWeb}"}`],
    ['more than 64 KiB', `{"id":"${didWeb}"}${' '.repeat(65_536)}`]
  ])('140: hands out no document with %s', async (_name, text) => {
    await expect(resolveDid(didWeb, createMapResolver({ [didWeb]: text }))).rejects.toMatchObject({
      code: 'RESOLUTION_INVALID'
    })
  })

  it.each([
    ['a DID URL', `did:key:${MULTIKEYS.Ed25519}#${MULTIKEYS.Ed25519}`],
    ['the URL of a did:jwk', `${didJwkFromMaterial(exampleKey('P-256'))}#0`],
    ['a did:web with a path of a URL', `${didWeb}/x`],
    ['131: a did:web that leads elsewhere', 'did:web:good.example%40evil.example'],
    ['143: a did:key of another kind', 'did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme'],
    ['144: a private did:jwk', didJwkOfText({ ...exampleJwk('P-256'), d: 'AAAA' })],
    ['another method', 'did:example:123'],
    ['a URL', 'https://academy.example/'],
    ['nothing', ''],
    ['a number', 7 as never]
  ])('refuses %s, and asks nobody', async (_name, did) => {
    await expect(resolveDid(did, forbidden)).rejects.toMatchObject({ name: 'ResolutionError', code: 'DID_INVALID' })
  })

  it('refuses a key that breaks the rules of its curve', async () => {
    const weak = encodeMultibase('base58btc', Uint8Array.of(0xed, 1, 1, ...new Uint8Array(31)))
    await expect(resolveDid(`did:key:${weak}`)).rejects.toMatchObject({ code: 'KEY_INVALID' })
  })
})

describeShared('the DIDs of the W3C', () => {
  it('are all resolved, where their kind of key is one that signs badges', async () => {
    const dids: string[] = readSharedJson('vectors/w3c/did-key/dids.json')
    const known = dids.filter((did) => /^did:key:(?:z6Mk|zDn|z82)/.test(did))
    for (const did of known) expect((await resolveDid(did))?.['id']).toBe(did)
    expect(known.length).toBeGreaterThan(3)
  })
})
