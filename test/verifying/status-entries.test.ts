import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { contextDigest, createMapResolver, type Resolver, verify } from '../../src/index.js'
import { settle } from '../../src/verifying/options.js'
import { checkStatus } from '../../src/verifying/status.js'
import { NOW } from '../support/issuer.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { badgeWith, credentialWith, entry, LIST, serve, signedList, statusOf } from '../support/status.js'

const SUSPENSIONS = 'https://academy.example/status/suspension-1.json'
const MESSAGES = 'https://academy.example/status/message-1.json'

let issuer: TestSigner

beforeAll(async () => {
  issuer = await testSigner('issuer')
})

const suspension = (more: JsonObject = {}) =>
  entry({ id: `${SUSPENSIONS}#5`, statusPurpose: 'suspension', statusListCredential: SUSPENSIONS, ...more })
const listAt = (url: string, statusPurpose: string, bits: readonly number[], bytes = 16_384) =>
  signedList(issuer, { bits, bytes, document: { id: url }, subject: { id: `${url}#list`, statusPurpose } })

const EXPECT = { expect: 'VerifiableCredential' } as const
const OTHER = { '@context': { '@protected': true, SomeStatus: 'https://academy.example/terms#SomeStatus' } }
const contexts = [{ url: 'https://academy.example/terms/status', document: OTHER, sha256: contextDigest(OTHER) }]

describe('a credential without a status entry', () => {
  it('cannot be revoked, and says so', async () => {
    const result = await resultOf({})
    expect(result).toEqual({ check: expect.objectContaining({ code: 'STATUS_NONE' }), facts: [], warnings: [] })
    expect(result.check.outcome).toBe('notApplicable')
  })
})

describe('a status entry', () => {
  it.each([
    ['a type that nobody knows', { type: 'SomeOtherStatus2030' }],
    ['an older type than those that are read', { type: 'RevocationList2020Status' }],
    ['a member of every object for a type', { type: 'constructor' }]
  ])('155: of %s is unknown, not ignored', async (_what, more) => {
    const edited = { ...plainBadge(issuer.did), credentialStatus: { ...entry(), ...more } }
    const result = await checkStatus(edited, { issuer: issuer.did, legacy: false }, settle({ now: NOW }))
    expect(result.check).toMatchObject({ outcome: 'unknown', code: 'STATUS_TYPE_UNKNOWN' })
    expect(result.check.message).toContain(more.type)
    expect([result.facts, result.warnings]).toEqual([[], []])
  })

  it('155: of an endless type is told in a line', async () => {
    const answer = await direct({ credentialStatus: { type: 'x'.repeat(5_000) } })
    expect(answer).toMatchObject({ code: 'STATUS_TYPE_UNKNOWN', facts: { type: 'x'.repeat(100) } })
  })

  it('155: of several types is read as the one that is known', async () => {
    const known = entry({ type: ['SomeStatus', 'BitstringStatusListEntry'] })
    const resolver = serve(await signedList(issuer, { bits: [5] }))
    expect(await direct({ credentialStatus: known }, resolver)).toMatchObject({ code: 'REVOKED' })
    const unknown = await direct({ credentialStatus: entry({ type: ['SomeStatus', 'Other'] }) }, resolver)
    expect(unknown).toMatchObject({ code: 'STATUS_TYPE_UNKNOWN', facts: { type: 'SomeStatus, Other' } })
  })

  it('whose reading fails in a way that nobody foresaw is unknown, never good', async () => {
    const lists = {
      get: () => {
        throw new TypeError('boom')
      },
      set: () => undefined
    }
    const document = { ...plainBadge(issuer.did), credentialStatus: entry() }
    const settings = { ...settle({ now: NOW }), lists }
    const result = await checkStatus(document, { issuer: issuer.did, legacy: false }, settings)
    expect(result.check).toMatchObject({ id: 'status', outcome: 'unknown', code: 'INTERNAL_ERROR' })
  })

  it('155: that a holder turns into one of an unknown type is not accepted', async () => {
    const signed = await badgeWith(issuer)
    const edited = { ...signed, credentialStatus: { id: 'https://academy.example/status/1', type: 'Other' } }
    expect((await verify(edited as never, { now: NOW })).accepted).toBe(false)
  })

  it.each([
    '-1',
    '+5',
    '05',
    '5.0',
    '5e0',
    '0x5',
    ' 5',
    '5 ',
    '5abc',
    '',
    'NaN',
    'Infinity',
    '9007199254740993',
    '٥',
    5.5,
    -1,
    [5],
    ['5'],
    { index: 5 },
    null
  ])('157: with the index %j is refused', async (statusListIndex) => {
    const resolver = serve(await signedList(issuer, { bits: [5] }))
    const asked = await direct({ credentialStatus: entry({ statusListIndex: statusListIndex as never }) }, resolver)
    expect(asked).toMatchObject({ outcome: 'unknown', code: 'STATUS_ENTRY_MALFORMED' })
  })

  it('157: takes an index that is a text or a number', async () => {
    const resolver = serve(await signedList(issuer, { bits: [5] }))
    for (const statusListIndex of ['5', 5]) {
      const signed = await badgeWith(issuer, entry({ statusListIndex }))
      expect(await statusOf(signed, { resolver })).toMatchObject({ code: 'REVOKED', facts: [{ index: 5, value: 1 }] })
    }
  })

  it('168: whose id is the address of the list is malformed', async () => {
    const signed = await badgeWith(issuer, entry({ id: LIST }))
    const answer = await statusOf(signed, { resolver: serve(await signedList(issuer)) })
    expect(answer).toMatchObject({ accepted: false, code: 'STATUS_ENTRY_MALFORMED' })
    expect(answer.message).toContain('its id is the address of the list')
  })

  it('needs no id', async () => {
    const { id: _, ...without } = entry()
    const answer = await statusOf(await badgeWith(issuer, without), { resolver: serve(await signedList(issuer)) })
    expect(answer).toMatchObject({ accepted: true, code: 'STATUS_GOOD' })
  })

  it.each([
    [{ statusPurpose: undefined }, 'is missing'],
    [{ statusListCredential: undefined }, 'is missing'],
    [{ statusListCredential: 5 }, 'is missing'],
    [{ statusPurpose: ['revocation'] }, 'is missing'],
    [{ statusPurpose: 'toString' }, 'the purpose toString is not defined'],
    [{ statusPurpose: 'Revocation' }, 'the purpose Revocation is not defined'],
    [{ statusListCredential: 'http://academy.example/1' }, 'neither https nor urn:uuid'],
    [{ statusListCredential: 'file:///etc/passwd' }, 'neither https nor urn:uuid'],
    [{ statusListCredential: 'did:web:a.example#https://academy.example' }, 'neither https nor urn:uuid'],
    [{ statusListCredential: 'see urn:uuid:0f0f0f0f-0000-4000-8000-00000000000a' }, 'neither https nor urn:uuid'],
    [{ statusPurpose: 'x'.repeat(5_000) }, `the purpose ${'x'.repeat(40)} is not defined`],
    [{ statusSize: 0 }, 'The status size is malformed'],
    [{ statusSize: 2 }, 'The status messages do not fit']
  ])('154, 160: with %j is malformed, and no list is asked for', async (more, reason) => {
    const silent: Resolver = { resolve: () => Promise.reject(new Error('nobody should ask')) }
    const { [Object.keys(more)[0] as string]: _, ...rest } = entry()
    const changed = Object.fromEntries(Object.entries({ ...rest, ...more }).filter(([, value]) => value !== undefined))
    const answer = await direct({ credentialStatus: changed as JsonObject }, silent)
    expect(answer).toMatchObject({ outcome: 'unknown', code: 'STATUS_ENTRY_MALFORMED' })
    expect(answer.message).toContain(reason)
  })

  it('that is no object is malformed', async () => {
    for (const credentialStatus of ['https://academy.example/status/1', 5, [null]] as const) {
      expect(await direct({ credentialStatus: credentialStatus as never })).toMatchObject({
        outcome: 'unknown',
        code: 'STATUS_ENTRY_MALFORMED'
      })
    }
  })

  it('may live under the name of a UUID', async () => {
    const urn = 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000a'
    const listed = await signedList(issuer, { bits: [5], document: { id: urn }, subject: { id: `${urn}#list` } })
    const signed = await badgeWith(
      issuer,
      entry({ id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000b', statusListCredential: urn })
    )
    expect(await statusOf(signed, { resolver: serve(listed, urn) })).toMatchObject({ code: 'REVOKED', warnings: [] })
  })
})

function resultOf(members: JsonObject, resolver: Resolver = createMapResolver({})) {
  const document = { ...plainBadge(issuer.did), ...members }
  return checkStatus(document, { issuer: issuer.did, legacy: false }, settle({ now: NOW, resolver }))
}

async function direct(members: JsonObject, resolver?: Resolver) {
  return (await resultOf(members, resolver)).check
}

describe('several status entries', () => {
  const both = async (revoked: readonly number[], suspended: readonly number[]): Promise<Resolver> =>
    createMapResolver([
      [LIST, await listAt(LIST, 'revocation', revoked)],
      [SUSPENSIONS, await listAt(SUSPENSIONS, 'suspension', suspended)]
    ])
  const codes = (facts: readonly { readonly code: string }[]) => facts.map(({ code }) => code)

  it('169: are each read for their own purpose', async () => {
    const signed = await credentialWith(issuer, [entry(), suspension()])
    const good = await statusOf(signed, { ...EXPECT, resolver: await both([], []) })
    expect(good).toMatchObject({ accepted: true, code: 'STATUS_GOOD' })
    expect(good.facts).toMatchObject([
      { purpose: 'revocation', value: 0, list: LIST },
      { purpose: 'suspension', value: 0, list: SUSPENSIONS }
    ])
    const suspended = await statusOf(signed, { ...EXPECT, resolver: await both([], [5]) })
    expect(suspended).toMatchObject({ accepted: false, outcome: 'fail', code: 'SUSPENDED' })
    expect(codes(suspended.facts)).toEqual(['STATUS_GOOD', 'SUSPENDED'])
    const revoked = await statusOf(signed, { ...EXPECT, resolver: await both([5], []) })
    expect(codes(revoked.facts)).toEqual(['REVOKED', 'STATUS_GOOD'])
  })

  it('169: of which one revokes are a revocation, whatever the others say', async () => {
    const signed = await credentialWith(issuer, [suspension(), entry()])
    const answer = await statusOf(signed, { ...EXPECT, resolver: await both([5], [5]) })
    expect(answer).toMatchObject({ accepted: false, code: 'REVOKED' })
    expect(codes(answer.facts)).toEqual(['SUSPENDED', 'REVOKED'])
  })

  it('156: of which one cannot be read are unknown, unless another one revokes', async () => {
    const unsupported = { id: 'https://academy.example/status/9', type: ['SomeStatus'] }
    const signed = await credentialWith(issuer, [unsupported, entry()], contexts)
    const turned = await credentialWith(issuer, [entry(), unsupported], contexts)
    const withContext = { ...EXPECT, contexts }
    expect(await statusOf(turned, { ...withContext, resolver: await both([], []) })).toMatchObject({
      accepted: false,
      outcome: 'unknown',
      code: 'STATUS_TYPE_UNKNOWN',
      facts: [{ code: 'STATUS_GOOD' }]
    })
    expect(await statusOf(signed, { ...withContext, resolver: await both([], []) })).toMatchObject({
      accepted: false,
      outcome: 'unknown',
      code: 'STATUS_TYPE_UNKNOWN',
      facts: [{ code: 'STATUS_GOOD' }]
    })
    expect(await statusOf(signed, { ...withContext, resolver: await both([5], []) })).toMatchObject({
      accepted: false,
      code: 'REVOKED'
    })
  })

  it('156: are all read where there are eight, and none where there are more', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, n) => entry({ id: `${LIST}#${n}`, statusListIndex: `${n}` }))
    let asked = 0
    const resolver: Resolver = {
      resolve: async (request) => {
        asked += 1
        return serve(await signedList(issuer)).resolve(request)
      }
    }
    const eight = await statusOf(await credentialWith(issuer, many(8)), { ...EXPECT, resolver })
    expect(eight).toMatchObject({ accepted: true, code: 'STATUS_GOOD' })
    expect([eight.facts.length, asked]).toEqual([8, 1])
    const nine = await statusOf(await credentialWith(issuer, many(9)), { ...EXPECT, resolver })
    expect(nine).toMatchObject({ accepted: false, outcome: 'unknown', code: 'STATUS_ENTRY_MALFORMED', facts: [] })
    expect(nine.message).toContain('there are more than 8')
    expect(await direct({ credentialStatus: many(1_000) }, resolver)).toMatchObject({ code: 'STATUS_ENTRY_MALFORMED' })
    expect(asked).toBe(1)
  })

  it('of one list tell its warnings once', async () => {
    const signed = await credentialWith(issuer, [entry(), entry({ id: `${LIST}#6`, statusListIndex: '6' })])
    const own = await signedList(issuer, { document: { credentialStatus: entry({ id: `${LIST}#7` }) } })
    expect((await statusOf(signed, { ...EXPECT, resolver: serve(own) })).warnings).toEqual(['STATUS_LIST_STATUS'])
  })
})

describe('a purpose', () => {
  it('169: of suspension suspends and does not revoke, and only where the list is current', async () => {
    const suspended = serve(await listAt(SUSPENSIONS, 'suspension', [5]), SUSPENSIONS)
    const signed = await badgeWith(issuer, suspension())
    expect(await statusOf(signed, { resolver: suspended })).toMatchObject({
      accepted: false,
      outcome: 'fail',
      code: 'SUSPENDED',
      facts: [{ purpose: 'suspension', value: 1 }]
    })
    const later = new Date('2026-06-03T11:00:00Z')
    expect(await statusOf(signed, { resolver: suspended, now: later })).toMatchObject({
      accepted: false,
      outcome: 'unknown',
      code: 'STATUS_LIST_STALE',
      facts: [{ value: 1, code: 'STATUS_LIST_STALE' }]
    })
  })

  it('169: of refresh takes nothing away, and tells that there is something newer', async () => {
    const signed = await badgeWith(issuer, entry({ statusPurpose: 'refresh' }))
    expect(await statusOf(signed, { resolver: serve(await listAt(LIST, 'refresh', [5])) })).toMatchObject({
      accepted: true,
      code: 'STATUS_GOOD',
      facts: [{ purpose: 'refresh', value: 1 }],
      warnings: ['STATUS_REFRESH']
    })
    expect(await statusOf(signed, { resolver: serve(await listAt(LIST, 'refresh', [])) })).toMatchObject({
      accepted: true,
      facts: [{ value: 0 }],
      warnings: []
    })
  })

  it('160, 169: of message gives value and message as data', async () => {
    const statusMessage = [
      { status: '0x2', message: 'rejected' },
      { status: '0x0', message: 'pending review' },
      { status: '0x3', message: 'undefined' },
      { status: '0x1', message: 'accepted' }
    ]
    const signed = await badgeWith(
      issuer,
      entry({ statusPurpose: 'message', statusListCredential: MESSAGES, statusSize: 2, statusMessage })
    )
    const answer = await statusOf(signed, {
      resolver: serve(await listAt(MESSAGES, 'message', [10], 32_768), MESSAGES)
    })
    expect(answer).toMatchObject({
      accepted: true,
      code: 'STATUS_GOOD',
      facts: [{ purpose: 'message', value: 2, message: 'rejected', index: 5 }],
      warnings: []
    })
  })

  it('160: of revocation with several bits revokes for every value but 0', async () => {
    const statusMessage = [0, 1, 2, 3].map((value) => ({ status: `0x${value}`, message: `reason ${value}` }))
    const signed = await badgeWith(issuer, entry({ statusSize: 2, statusMessage }))
    for (const [bits, value] of [
      [[10], 2],
      [[11], 1],
      [[10, 11], 3]
    ] as const) {
      const answer = await statusOf(signed, { resolver: serve(await listAt(LIST, 'revocation', bits, 32_768)) })
      expect(answer).toMatchObject({ code: 'REVOKED', facts: [{ value, message: `reason ${value}` }] })
    }
    const good = await statusOf(signed, { resolver: serve(await listAt(LIST, 'revocation', [5, 9, 12], 32_768)) })
    expect(good).toMatchObject({ code: 'STATUS_GOOD', facts: [{ value: 0, message: 'reason 0' }] })
    const short = await statusOf(signed, { resolver: serve(await listAt(LIST, 'revocation', [])) })
    expect(short).toMatchObject({ code: 'STATUS_LIST_LENGTH' })
  })
})
