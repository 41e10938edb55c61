import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'
import type { Resolver } from '../../src/index.js'
import { createMapResolver, createOfflineBundle, openOfflineBundle, verify } from '../../src/index.js'
import { settle } from '../../src/verifying/options.js'
import { checkStatus } from '../../src/verifying/status.js'
import { NOW } from '../support/issuer.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { serve, statusOf } from '../support/status.js'

const REVOCATIONS = 'https://academy.example/revocations'
const EXTENSIONS = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'
const ID = 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000001'
const OTHER_ID = 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000002'

let issuer: TestSigner
let badge: JsonObject

beforeAll(async () => {
  issuer = await testSigner('issuer')
  badge = await badgeOf({ id: REVOCATIONS, type: '1EdTechRevocationList' })
})

function badgeOf(credentialStatus: JsonObject, id = ID): Promise<JsonObject> {
  const plain = plainBadge(issuer.did, { id, credentialStatus })
  return issuer.sign({ ...plain, '@context': [...(plain['@context'] as string[]), EXTENSIONS] })
}

function list(revokedCredential: JsonValue, more: JsonObject = {}): JsonObject {
  return { id: REVOCATIONS, issuer: issuer.did, revokedCredential, ...more }
}

const served = (document: JsonObject | string) => ({ resolver: serve(document, REVOCATIONS) })

describe('a revocation list of 1EdTech', () => {
  it('that does not name the badge lets it pass, and says that it is not signed', async () => {
    const answer = await statusOf(badge, served(list([{ id: OTHER_ID }])))
    expect(answer).toMatchObject({
      accepted: true,
      outcome: 'pass',
      code: 'STATUS_NOT_LISTED',
      warnings: ['STATUS_LIST_UNSIGNED']
    })
    expect(answer.facts).toStrictEqual([
      {
        type: '1EdTechRevocationList',
        purpose: 'revocation',
        value: 0,
        message: undefined,
        list: REVOCATIONS,
        issuer: issuer.did,
        index: undefined,
        signed: false,
        asOf: undefined,
        age: undefined,
        freshUntil: undefined,
        ttl: undefined,
        outcome: 'pass',
        code: 'STATUS_NOT_LISTED'
      }
    ])
  })

  it('may be empty', async () => {
    expect(await statusOf(badge, served(list([])))).toMatchObject({ accepted: true, code: 'STATUS_NOT_LISTED' })
  })

  it.each([
    ['nothing besides', { id: ID }, undefined],
    ['revoked: true', { id: ID, revoked: true }, undefined],
    ['a reason', { id: ID, revocationReason: 'Issued by mistake' }, 'Issued by mistake'],
    ['its id percent-encoded', { id: ID.replaceAll(':', '%3A') }, undefined],
    ['white space around its id', { id: `\n ${ID}\t` }, undefined]
  ])('that names the badge with %s revokes it', async (_what, named, message) => {
    const answer = await statusOf(badge, served(list([{ id: OTHER_ID }, named])))
    expect(answer).toMatchObject({
      accepted: false,
      outcome: 'fail',
      code: 'REVOKED',
      warnings: ['STATUS_LIST_UNSIGNED'],
      facts: [{ value: 1, signed: false, code: 'REVOKED' }]
    })
    expect(answer.facts[0]?.message).toBe(message)
  })

  it('that names it with revoked: false does not revoke it, unless it also names it otherwise', async () => {
    expect(await statusOf(badge, served(list([{ id: ID, revoked: false }])))).toMatchObject({ accepted: true })
    for (const both of [
      [{ id: ID, revoked: false }, { id: ID }],
      [{ id: ID }, { id: ID, revoked: false }]
    ]) {
      expect(await statusOf(badge, served(list(both)))).toMatchObject({ code: 'REVOKED' })
    }
  })

  it('may call its entries revokedCredentials, and have one without brackets', async () => {
    const older = { id: REVOCATIONS, issuer: issuer.did, revokedCredentials: [{ id: ID }] }
    expect(await statusOf(badge, served(older))).toMatchObject({ code: 'REVOKED' })
    expect(await statusOf(badge, served({ ...older, revokedCredentials: [] }))).toMatchObject({ accepted: true })
    expect(await statusOf(badge, served(list({ id: ID })))).toMatchObject({ code: 'REVOKED' })
    const both = { ...older, revokedCredential: [{ id: OTHER_ID }] }
    expect(await statusOf(badge, served(both))).toMatchObject({ code: 'REVOKED' })
    const turned = { ...older, revokedCredentials: [], revokedCredential: [{ id: ID }] }
    expect(await statusOf(badge, served(turned))).toMatchObject({ code: 'REVOKED' })
  })

  it('may name its issuer as an object', async () => {
    expect(await statusOf(badge, served(list([], { issuer: { id: issuer.did, type: 'Profile' } })))).toMatchObject({
      accepted: true
    })
  })

  it('151: of somebody else is not believed, unless the caller knows better', async () => {
    const other = list([], { issuer: 'did:web:other.example' })
    const answer = await statusOf(badge, served(other))
    expect(answer).toMatchObject({ accepted: false, outcome: 'unknown', code: 'STATUS_LIST_FOREIGN', facts: [] })
    expect(answer.message).toContain('did:web:other.example')
    const statusIssuers = { [issuer.did]: ['did:web:other.example'] }
    expect(await statusOf(badge, { ...served(other), statusIssuers })).toMatchObject({
      accepted: true,
      facts: [{ issuer: 'did:web:other.example' }]
    })
  })

  it.each([
    ['another id', { id: `${REVOCATIONS}/2` }, 'STATUS_LIST_UNVERIFIED'],
    ['an id that is no text', { id: 5 }, 'STATUS_LIST_UNVERIFIED'],
    ['an issuer that is none', { issuer: 5 }, 'STATUS_LIST_MALFORMED'],
    ['an issuer without id', { issuer: { name: 'Academy' } }, 'STATUS_LIST_MALFORMED'],
    ['an entry that is a text', { revokedCredential: [ID] }, 'STATUS_LIST_MALFORMED'],
    ['an entry without id', { revokedCredential: [{ revoked: true }] }, 'STATUS_LIST_MALFORMED'],
    ['an entry whose id is a number', { revokedCredential: [{ id: 5 }] }, 'STATUS_LIST_MALFORMED'],
    ['a revoked that is a text', { revokedCredential: [{ id: OTHER_ID, revoked: 'false' }] }, 'STATUS_LIST_MALFORMED'],
    ['a revoked that is null', { revokedCredential: [{ id: ID, revoked: null }] }, 'STATUS_LIST_MALFORMED'],
    ['null for entries', { revokedCredential: null }, 'STATUS_LIST_MALFORMED'],
    ['a text for entries', { revokedCredential: 'none' }, 'STATUS_LIST_MALFORMED']
  ])('153, 163: with %s does not answer', async (_what, more, code) => {
    expect(await statusOf(badge, served(list([], more)))).toMatchObject({ accepted: false, outcome: 'unknown', code })
  })

  it('without an id, an issuer or entries does not answer', async () => {
    for (const member of ['id', 'issuer', 'revokedCredential']) {
      const { [member]: _, ...rest } = list([])
      expect(await statusOf(badge, served(rest))).toMatchObject({ accepted: false, outcome: 'unknown', facts: [] })
    }
  })

  it('says what of it cannot be read', async () => {
    const { revokedCredential: _, ...without } = list([])
    expect((await statusOf(badge, served(without))).message).toContain('it has no revokedCredential')
    expect((await statusOf(badge, served(list([5])))).message).toContain('an entry of it cannot be read')
    expect((await statusOf(badge, served(list([], { issuer: 5 })))).message).toContain('it names no issuer')
    expect((await statusOf(badge, served('[]'))).message).toContain('it is not an object')
  })

  it('revokes what it names clearly, whatever else it holds', async () => {
    expect(await statusOf(badge, served(list([5, { id: ID }])))).toMatchObject({ code: 'REVOKED' })
    expect(await statusOf(badge, served(list([{ id: OTHER_ID }, 5])))).toMatchObject({ code: 'STATUS_LIST_MALFORMED' })
  })

  it('is read as strictly as any JSON', async () => {
    for (const text of [
      '<html>',
      '[]',
      'null',
      `{"id":"${REVOCATIONS}","id":"${REVOCATIONS}"}`,
      `[${' '.repeat(4 * 1_048_576)}]`
    ]) {
      expect(await statusOf(badge, served(text))).toMatchObject({ accepted: false, code: 'STATUS_LIST_MALFORMED' })
    }
  })

  it('may name very many badges', async () => {
    const many = Array.from({ length: 40_000 }, (_, n) => ({ id: `urn:uuid:${n}`, revoked: true }))
    expect(await statusOf(badge, served(list(many)))).toMatchObject({ accepted: true })
    expect(await statusOf(badge, served(list([...many, { id: ID }])))).toMatchObject({ code: 'REVOKED' })
    const tooMany = Array.from({ length: 110_000 }, (_, n) => ({ id: `${n}` }))
    expect(await statusOf(badge, served(list(tooMany)))).toMatchObject({ code: 'STATUS_LIST_MALFORMED' })
  })

  it('164: that a resolver handed out as a copy is as old as the copy', async () => {
    const copied = (readAt: string, document = list([])): Resolver => ({
      resolve: async () => ({ body: JSON.stringify(document), readAt })
    })
    expect(await statusOf(badge, { resolver: copied('2026-05-31T12:00:00Z') })).toMatchObject({
      accepted: true,
      code: 'STATUS_NOT_LISTED',
      facts: [{ asOf: '2026-05-31T12:00:00Z', age: 86_400, freshUntil: '2026-06-01T12:00:00Z' }],
      warnings: ['STATUS_LIST_UNSIGNED']
    })
    const old = copied('2026-05-31T11:59:59Z')
    expect(await statusOf(badge, { resolver: old })).toMatchObject({
      accepted: false,
      outcome: 'unknown',
      code: 'STATUS_LIST_STALE',
      facts: [{ value: 0, age: 86_401, code: 'STATUS_LIST_STALE' }]
    })
    const revoked = copied('2026-05-31T11:59:59Z', list([{ id: ID }]))
    expect(await statusOf(badge, { resolver: revoked })).toMatchObject({ code: 'REVOKED' })
    expect(await statusOf(badge, { resolver: copied('2026-06-01T12:02:00Z') })).toMatchObject({
      code: 'STATUS_LIST_NOT_YET_VALID'
    })
    const statusSnapshot = { acceptedAsOf: new Date('2026-06-01T00:00:00Z'), maxAge: 86_400 }
    expect(await statusOf(badge, { resolver: old, statusSnapshot })).toMatchObject({
      accepted: true,
      warnings: ['STATUS_LIST_UNSIGNED', 'STATUS_SNAPSHOT_ACCEPTED']
    })
    expect(await statusOf(badge, { resolver: copied('yesterday') })).toMatchObject({
      accepted: false,
      code: 'STATUS_LIST_MALFORMED'
    })
  })

  it('164: in an offline bundle is as old as the bundle', async () => {
    const { text } = await createOfflineBundle(badge, { now: NOW, ...served(list([])) })
    const { credential, resolver } = openOfflineBundle(text)
    const at = async (now: Date) =>
      (await verify(credential, { now, resolver })).checks.find(({ id }) => id === 'status')?.code
    expect(await at(new Date('2026-06-02T12:00:00Z'))).toBe('STATUS_NOT_LISTED')
    expect(await at(new Date('2026-06-02T12:00:01Z'))).toBe('STATUS_LIST_STALE')
  })

  it('166: that cannot be had makes the status unknown, never good', async () => {
    expect(await statusOf(badge, {})).toMatchObject({ accepted: false, outcome: 'unknown', code: 'STATUS_UNAVAILABLE' })
    expect(await statusOf(badge, { resolver: createMapResolver({}) })).toMatchObject({
      accepted: false,
      code: 'STATUS_UNAVAILABLE',
      warnings: []
    })
    const broken: Resolver = { resolve: () => Promise.reject(new Error('down')) }
    expect(await statusOf(badge, { resolver: broken })).toMatchObject({ accepted: false, code: 'STATUS_UNAVAILABLE' })
  })

  it('is asked for as a status list, once', async () => {
    const asked: unknown[] = []
    const resolver: Resolver = {
      resolve: (request) => {
        asked.push([request.kind, request.url])
        return serve(list([]), REVOCATIONS).resolve(request)
      }
    }
    await statusOf(badge, { resolver })
    expect(asked).toEqual([['statusList', REVOCATIONS]])
  })
})

describe('an entry that names a revocation list', () => {
  it.each([
    [{ type: '1EdTechRevocationList' }, 'not https'],
    [{ type: '1EdTechRevocationList', id: 'http://academy.example/revocations' }, 'not https'],
    [{ type: '1EdTechRevocationList', id: 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000009' }, 'not https'],
    [{ type: '1EdTechRevocationList', id: 5 }, 'not https']
  ])('%j is malformed', async (credentialStatus, reason) => {
    const answer = await direct({ ...plainBadge(issuer.did), credentialStatus: credentialStatus as JsonObject })
    expect(answer).toMatchObject({ outcome: 'unknown', code: 'STATUS_ENTRY_MALFORMED' })
    expect(answer.message).toContain(reason)
  })

  it('in a credential without id is malformed, because no list could name it', async () => {
    const { id: _, ...nameless } = plainBadge(issuer.did)
    const answer = await direct({ ...nameless, credentialStatus: { id: REVOCATIONS, type: '1EdTechRevocationList' } })
    expect(answer).toMatchObject({ outcome: 'unknown', code: 'STATUS_ENTRY_MALFORMED' })
    expect(answer.message).toContain('no id')
  })
})

async function direct(document: JsonObject) {
  const settings = settle({ now: NOW, ...served(list([])) })
  return (await checkStatus(document, { issuer: issuer.did, legacy: false }, settings)).check
}
