import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import {
  contextDigest,
  createIssuer,
  createMemoryKeyStore,
  createMemoryStatusStore,
  type IssuerOptions,
  type KeyStore,
  type StatusStore,
  verify
} from '../../src/index.js'
import { NOW, type TestHouse, testHouse, testSeed } from '../support/issuer.js'
import { plainBadge } from '../support/sign.js'

const VOCAB = { '@context': { '@vocab': 'https://vocab.example/#' } }
const ALIAS = { '@context': { until: 'https://www.w3.org/2018/credentials#validUntil' } }
const contextOf = (url: string, document: JsonObject) => ({ url, document, sha256: contextDigest(document) })
const contexts = [contextOf('https://vocab.example/v1', VOCAB), contextOf('https://alias.example/v1', ALIAS)]

let house: TestHouse
let library: TestHouse
let badge: JsonObject
let card: JsonObject

beforeAll(async () => {
  house = await testHouse()
  library = await testHouse({ credentials: 'any', contexts })
  badge = plainBadge(house.issuer.id)
  card = {
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://vocab.example/v1'],
    type: ['VerifiableCredential', 'LibraryCard'],
    issuer: house.issuer.id,
    credentialSubject: { id: 'did:example:reader', shelf: 'fiction' }
  }
})

const change = (document: JsonObject, more: Readonly<Record<string, unknown>>): JsonObject =>
  JSON.parse(JSON.stringify({ ...document, ...more }))

/** Writes down the calls of a store, and counts what a key signs. */
async function watchedHouse(options: Partial<IssuerOptions> = {}) {
  const calls: string[] = []
  const keys = await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW })
  const signer = await keys.signer()
  const counting: KeyStore = {
    keys: () => keys.keys(),
    signer: async () => ({
      ...signer,
      sign(data) {
        calls.push('sign')
        return signer.sign(data)
      }
    })
  }
  const store = createMemoryStatusStore()
  const status: StatusStore = new Proxy(store, {
    get: (target, name) => {
      const method = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return (...args: unknown[]) => {
        calls.push(String(name))
        return method.apply(target, args)
      }
    }
  })
  const issuer = await createIssuer({
    profile: { id: house.issuer.id, name: 'Example Academy' },
    keys: counting,
    status,
    clock: () => NOW,
    ...options
  })
  return { issuer, calls, store }
}

describe('a badge that is issued as it is given', () => {
  it('is signed exactly so, but for its status entry, and verifies', async () => {
    const issued = await house.issuer.issueAsGiven(badge)
    const { proof, credentialStatus, ...rest } = issued.credential
    expect(rest).toEqual(badge)
    expect(proof).toHaveLength(1)
    expect(issued).toMatchObject({ id: badge['id'], status: { index: expect.any(Number) }, repeated: false })
    expect(JSON.parse(issued.text)).toEqual(issued.credential)
    const report = await verify(issued.text, { now: NOW, resolver: await house.publish() })
    expect(report.checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown')).toEqual([])
    expect(credentialStatus).toMatchObject({ statusPurpose: 'revocation', type: 'BitstringStatusListEntry' })
  })

  it('is reserved, signed, recorded and released in this order, and once for its id', async () => {
    const { issuer, calls } = await watchedHouse()
    const first = await issuer.issueAsGiven(badge)
    expect(calls).toEqual(['reserve', 'sign', 'record', 'release'])
    const again = await issuer.issueAsGiven(JSON.stringify(badge))
    expect(again).toMatchObject({ text: first.text, repeated: true })
    await expect(issuer.issueAsGiven(change(badge, { name: 'Another' }))).rejects.toMatchObject({
      code: 'STATUS_IDEMPOTENCY_CONFLICT'
    })
  })

  it('gets an id where it has none, and its slot is burnt where it cannot be recorded', async () => {
    const { id: _, ...nameless } = badge
    expect((await house.issuer.issueAsGiven(nameless)).id).toMatch(/^urn:uuid:/)
    const broken = await watchedHouse()
    broken.store.record = () => Promise.reject(new Error('disk full'))
    await expect(broken.issuer.issueAsGiven(nameless)).rejects.toMatchObject({ code: 'STATUS_STORE_IO' })
    expect(broken.calls).toEqual(['reserve', 'sign', 'record', 'abandon'])
  })

  it('can be an endorsement, which is held to its own class', async () => {
    const endorsement = change(badge, {
      id: 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000003',
      type: ['VerifiableCredential', 'EndorsementCredential'],
      credentialSubject: { id: 'https://school.example/badge', type: ['EndorsementSubject'] }
    })
    const issued = await house.issuer.issueAsGiven(endorsement)
    const options = { now: NOW, resolver: await house.publish(), expect: 'EndorsementCredential' } as const
    expect((await verify(issued.text, options)).accepted).toBe(true)
  })

  it('can be revoked, but not by the entry of another', async () => {
    const own = await testHouse()
    const { id, status } = await own.issuer.issueAsGiven(badge)
    const wrong = { reason: 'mistake', entry: { index: (status?.index ?? 0) + 1 } }
    await expect(own.issuer.revoke(String(id), wrong)).rejects.toMatchObject({ code: 'STATUS_UNKNOWN_CREDENTIAL' })
    expect(await own.status.history(String(id))).toEqual([])
    const event = await own.issuer.revoke(String(id), { reason: 'mistake', entry: status ?? {} })
    expect(event).toMatchObject({ to: 1, index: status?.index })
  })
})

describe('what is no badge of this issuer', () => {
  it.each<[string, Readonly<Record<string, unknown>>, string, string]>([
    [
      'another issuer',
      { issuer: 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK' },
      'CREDENTIAL_INVALID',
      '/issuer'
    ],
    ['no issuer', { issuer: undefined }, 'CREDENTIAL_INVALID', '/issuer'],
    ['a proof', { proof: [] }, 'CREDENTIAL_INVALID', '/proof'],
    ['a status entry', { credentialStatus: { type: 'X' } }, 'CREDENTIAL_INVALID', '/credentialStatus'],
    ['an id that no store takes', { id: `urn:x:${'a'.repeat(2_000)}` }, 'CREDENTIAL_INVALID', '/id'],
    ['no type', { type: undefined }, 'CREDENTIAL_INVALID', '/@context'],
    ['another type', { type: ['VerifiableCredential'] }, 'CREDENTIAL_INVALID', '/@context'],
    ['no date', { validFrom: undefined }, 'SCHEMA_INVALID', '/validFrom'],
    ['no achievement', { credentialSubject: { type: ['AchievementSubject'] } }, 'SCHEMA_INVALID', '/credentialSubject'],
    ['an end before its start', { validUntil: '2023-01-01T00:00:00Z' }, 'VALIDITY_ORDER', '/validUntil'],
    ['a member that nobody defines', { favouriteColour: 'red' }, 'UNDEFINED_TERM', ''],
    [
      'an unknown context',
      { '@context': ['https://www.w3.org/ns/credentials/v2', 'https://x.example/'] },
      'CREDENTIAL_INVALID',
      '/@context'
    ]
  ])('241: is not signed with %s', async (_, more, code, path) => {
    const { issuer, calls } = await watchedHouse()
    const error = await issuer.issueAsGiven(change(badge, more)).catch((caught) => caught)
    expect(error.code).toBe(code)
    if (path !== '') expect(error.path).toBe(path)
    expect(calls).toEqual([])
  })

  it.each<[string, unknown]>([
    ['bytes that are no JSON', Uint8Array.of(1, 2, 3)],
    ['a text', 'sign this'],
    ['a list', []],
    ['a number', 7],
    ['a JWT payload', { iss: 'did:example:x', sub: 'y', exp: 1 }],
    ['two members of one name', '{"issuer":"a","issuer":"b"}']
  ])('241: is not signed where it is %s', async (_, given) => {
    const { issuer, calls } = await watchedHouse({ credentials: 'any' })
    await expect(issuer.issueAsGiven(given as JsonObject)).rejects.toMatchObject({ name: 'InputError' })
    expect(calls).toEqual([])
  })

  it.each<[string, object, string]>([
    ['9: minus zero', { creditsEarned: -0 }, 'CREDENTIAL_INVALID'],
    ['9: a number beyond the safe ones', { creditsEarned: 2 ** 53 }, 'JSON_NUMBER_RANGE'],
    ['9: no number', { creditsEarned: Number.NaN }, 'JSON_NUMBER_RANGE'],
    [
      '9: a number with more digits than are signed',
      { creditsEarned: Number('2.1234567890123454') },
      'CREDENTIAL_INVALID'
    ],
    ['3: half a surrogate pair', { role: 'Bad\ud800' }, 'JSON_STRING_MALFORMED'],
    ['3: half a surrogate pair for a name', { 'Bad\udc00': 'x' }, 'JSON_STRING_MALFORMED'],
    ['10: undefined', { role: undefined }, 'JSON_VALUE_TYPE'],
    ['10: a BigInt', { creditsEarned: 1n }, 'JSON_VALUE_TYPE'],
    ['170: a time without offset', { activityStartDate: '2024-01-01T00:00:00' }, 'SCHEMA_INVALID']
  ])('is not signed with a subject that has %s', async (_, more, code) => {
    const { issuer, calls } = await watchedHouse()
    const credentialSubject = { ...(badge['credentialSubject'] as JsonObject), ...more }
    await expect(issuer.issueAsGiven({ ...badge, credentialSubject })).rejects.toMatchObject({ code })
    expect(calls).toEqual([])
  })

  it('tells all that is wrong around the credential at once', async () => {
    const error = await house.issuer
      .issueAsGiven(change(badge, { issuer: 'urn:x:1', proof: {}, credentialStatus: {} }))
      .catch((caught) => caught)
    expect(error.faults.map(({ path }: { path: string }) => path)).toEqual(['/proof', '/issuer', '/credentialStatus'])
  })
})

describe('any credential', () => {
  it('is signed only by an issuer that is told so, and then without an id and a date', async () => {
    await expect(house.issuer.issueAsGiven(card)).rejects.toMatchObject({ code: 'CREDENTIAL_INVALID' })
    const issued = await library.issuer.issueAsGiven(card, { status: 'asGiven' })
    const { proof: _, ...rest } = issued.credential
    expect(rest).toEqual(card)
    expect(issued).toMatchObject({ id: undefined, status: undefined })
    const report = await verify(issued.text, { now: NOW, expect: 'VerifiableCredential', contexts })
    expect(report.accepted).toBe(true)
  })

  it('can have a slot of the store, and be revoked', async () => {
    const issued = await library.issuer.issueAsGiven(card)
    const options = { now: NOW, expect: 'VerifiableCredential', contexts } as const
    const before = await verify(issued.text, { ...options, resolver: await library.publish() })
    expect(before.accepted).toBe(true)
    await library.issuer.revoke(String(issued.id), { reason: 'lost' })
    const after = await verify(issued.text, { ...options, resolver: await library.publish() })
    expect(after.checks.find(({ id }) => id === 'status')?.code).toBe('REVOKED')
  })

  it('can be one of the data model 1.1', async () => {
    const old = change(card, {
      '@context': [
        'https://www.w3.org/2018/credentials/v1',
        'https://w3id.org/security/data-integrity/v2',
        'https://vocab.example/v1'
      ],
      issuanceDate: '2024-01-01T00:00:00Z'
    })
    const issued = await library.issuer.issueAsGiven(old, { status: 'asGiven' })
    expect((await verify(issued.text, { now: NOW, expect: 'VerifiableCredential', contexts })).accepted).toBe(true)
  })

  it('keeps a status entry of its own, but none of the lists of its issuer', async () => {
    const entry = { id: 'https://other.example/1#7', type: 'SomeStatus' }
    const issued = await library.issuer.issueAsGiven(change(card, { credentialStatus: entry }), { status: 'asGiven' })
    expect(issued.credential['credentialStatus']).toEqual(entry)
    const { status } = await library.issuer.issueAsGiven(card)
    const stolen = { type: 'BitstringStatusListEntry', statusListCredential: status?.list, statusListIndex: '7' }
    await expect(
      library.issuer.issueAsGiven(change(card, { credentialStatus: stolen }), { status: 'asGiven' })
    ).rejects.toMatchObject({ code: 'CREDENTIAL_INVALID', path: '/credentialStatus' })
  })

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['without a subject', { credentialSubject: undefined }, 'SCHEMA_INVALID'],
    ['with a subject that says nothing', { credentialSubject: {} }, 'SCHEMA_INVALID'],
    ['with a relative id', { id: 'card' }, 'CREDENTIAL_INVALID'],
    [
      'with a context that is written inline',
      { '@context': ['https://www.w3.org/ns/credentials/v2', VOCAB['@context']] },
      'CREDENTIAL_INVALID'
    ],
    [
      'whose context hides a date',
      {
        '@context': ['https://www.w3.org/ns/credentials/v2', 'https://vocab.example/v1', 'https://alias.example/v1'],
        until: { '@value': '2020-01-01T00:00:00Z' }
      },
      'CREDENTIAL_INVALID'
    ]
  ])('is not signed %s', async (_, more, code) => {
    const { issuer, calls } = await watchedHouse({ credentials: 'any', contexts })
    await expect(issuer.issueAsGiven(change(card, more), { status: 'asGiven' })).rejects.toMatchObject({ code })
    expect(calls.filter((call) => call !== 'lists')).toEqual([])
  })

  it('may write contexts inline where its issuer admits it', async () => {
    const { issuer } = await watchedHouse({ credentials: 'any', inlineContexts: true })
    const inline = { '@context': ['https://www.w3.org/ns/credentials/v2', VOCAB['@context']] }
    const issued = await issuer.issueAsGiven(change(card, inline), { status: 'asGiven' })
    const options = { now: NOW, expect: 'VerifiableCredential', inlineContexts: true } as const
    expect((await verify(issued.text, options)).accepted).toBe(true)
  })
})

it.each<[string, Readonly<Record<string, unknown>>]>([
  ['credentials', { credentials: 'all' }],
  ['inlineContexts', { inlineContexts: 'yes', credentials: 'any' }],
  ['inlineContexts', { inlineContexts: true }]
])('an issuer refuses the option %s where it is used wrongly', async (path, options) => {
  await expect(testHouse(options)).rejects.toMatchObject({ code: 'OPTION_INVALID', path })
  await expect(house.issuer.issueAsGiven(badge, { status: 'none' } as never)).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    path: 'status'
  })
})

it.each<[string, Partial<IssuerOptions>, string]>([
  ['status store', { status: { reserve: () => Promise.reject(new TypeError('x')) } as never }, 'StatusError'],
  ['key store', {}, 'KeyError']
])('whatever a %s throws is an error of its kind', async (what, options, name) => {
  const keys = await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW })
  let calls = 0
  const failing: KeyStore = {
    keys: () => keys.keys(),
    // The first call is that of createIssuer.
    signer: () => (calls++ > 0 && what === 'key store' ? Promise.reject(new TypeError('x')) : keys.signer())
  }
  const { issuer } = await watchedHouse({ keys: failing, ...options })
  await expect(issuer.issueAsGiven(badge)).rejects.toMatchObject({ name, cause: expect.any(TypeError) })
})
