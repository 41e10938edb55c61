import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import type { VcApiHandler, VcApiOptions } from '../../src/http/vc-api.js'
import {
  contextDigest,
  createMemoryStatusStore,
  defaultSuites,
  type IssuerOptions,
  KeyError,
  StatusError
} from '../../src/index.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { deriveCredential, ecdsaSd2023 } from '../../src/selective-disclosure.js'
import { NOW, type TestHouse, testHouse, testSeed } from '../support/issuer.js'
import { editable, plainBadge } from '../support/sign.js'
import { type Answer, handlerOf, OPEN, post } from './support.js'

interface Office {
  readonly house: TestHouse
  readonly handle: VcApiHandler
  readonly badge: JsonObject
}

async function office(options: Partial<IssuerOptions> = {}, more: Partial<VcApiOptions> = {}): Promise<Office> {
  const house = await testHouse(options)
  const handle = handlerOf({ issuer: house.issuer, authorize: () => ({ actor: 'kari' }), ...more })
  return { house, handle, badge: plainBadge(house.issuer.id) }
}
const issue = (handle: VcApiHandler, credential: unknown, options?: JsonObject): Promise<Answer> =>
  post(handle, '/credentials/issue', JSON.parse(JSON.stringify({ credential, options })))
const update = (handle: VcApiHandler, body: JsonObject): Promise<Answer> => post(handle, '/credentials/status', body)

let shared: Office
beforeAll(async () => {
  shared = await office()
})

describe('POST /credentials/issue', () => {
  it('answers with 201 and the badge, which verifies, and again with the same badge', async () => {
    const { house, handle, badge } = await office()
    const first = await issue(handle, badge)
    expect(first.status).toBe(201)
    const { verifiableCredential } = first.body
    const reader = handlerOf({ open: OPEN, resolver: await house.publish() })
    expect((await post(reader, '/credentials/verify', { verifiableCredential })).status).toBe(200)
    expect((await issue(handle, badge, { credentialId: String(badge['id']) })).body).toEqual(first.body)
    const records = []
    for await (const record of house.status.issuances()) records.push(record.state)
    expect(records).toEqual(['released'])
  })

  it.each<[string, unknown, number, string]>([
    ['no object', 'sign this', 400, 'REQUEST_INVALID'],
    ['a proof already', { proof: {} }, 400, 'CREDENTIAL_INVALID'],
    ['another issuer', { issuer: { id: 'did:example:other' } }, 400, 'CREDENTIAL_INVALID'],
    ['no context', { '@context': undefined }, 400, 'CREDENTIAL_INVALID'],
    ['a context that is no list', { '@context': 4 }, 400, 'CREDENTIAL_INVALID'],
    ['no type', { type: undefined }, 400, 'CREDENTIAL_INVALID'],
    ['no subject', { credentialSubject: undefined }, 400, 'SCHEMA_INVALID'],
    ['a date that is none', { validFrom: 'today' }, 400, 'SCHEMA_INVALID'],
    ['an end before its start', { validUntil: '2023-01-01T00:00:00Z' }, 422, 'VALIDITY_ORDER'],
    ['a member that nobody defines', { favouriteColour: 'red' }, 422, 'UNDEFINED_TERM']
  ])('241: signs nothing with %s', async (_, change, status, title) => {
    const { house, handle, badge } = await office()
    const credential = typeof change === 'object' ? { ...badge, ...change } : change
    const answer = await issue(handle, credential)
    expect(answer).toMatchObject({ status, body: { title, status } })
    for await (const record of house.status.issuances()) expect(record).toBeUndefined()
  })

  it('tells the caller where the credential is wrong, what was expected and what to do', async () => {
    const { body } = await issue(shared.handle, { ...shared.badge, validUntil: '2023-01-01T00:00:00Z' })
    expect(body).toEqual({
      type: 'about:blank',
      title: 'VALIDITY_ORDER',
      status: 422,
      detail: 'validUntil is not after validFrom.',
      faults: [
        {
          code: 'VALIDITY_ORDER',
          message: 'validUntil is not after validFrom',
          path: '/validUntil',
          expected: 'after 2024-01-01T00:00:00Z',
          got: '2023-01-01T00:00:00Z'
        }
      ]
    })
  })

  it('refuses another credential under the same id, and an id that is not the credential’s', async () => {
    const { handle, badge } = await office()
    expect((await issue(handle, badge)).status).toBe(201)
    const other = await issue(handle, { ...badge, name: 'Another' })
    expect(other).toMatchObject({ status: 409, body: { title: 'STATUS_IDEMPOTENCY_CONFLICT' } })
    const named = await issue(handle, badge, { credentialId: 'urn:x:other' })
    expect(named).toMatchObject({ status: 400, body: { faults: [{ path: '/options/credentialId' }] } })
  })

  it('signs any credential, exactly as it is given, only where issuer and service are told so', async () => {
    const document = { '@context': { '@vocab': 'https://vocab.example/#' } }
    const contexts = [{ url: 'https://vocab.example/v1', document, sha256: contextDigest(document) }]
    const card = (issuer: string) => ({
      '@context': ['https://www.w3.org/ns/credentials/v2', 'https://vocab.example/v1'],
      type: ['VerifiableCredential'],
      issuer,
      credentialSubject: { shelf: 'fiction' }
    })
    expect((await issue(shared.handle, card(shared.house.issuer.id))).status).toBe(400)
    const { house, handle } = await office(
      { credentials: 'any', contexts },
      { credentials: 'any', statusEntry: 'asGiven', verify: { contexts } }
    )
    const { status, body } = await issue(handle, card(house.issuer.id))
    expect(status).toBe(201)
    const { proof: _, ...rest } = body.verifiableCredential
    expect(rest).toEqual(card(house.issuer.id))
    const request = { verifiableCredential: body.verifiableCredential }
    const answer = await post(handle, '/credentials/verify', request)
    expect(answer.status).toBe(200)
    const codes = answer.body.checks.map(({ code }: { code: string }) => code)
    expect(codes.filter((code: string) => code === 'NOT_A_BADGE')).toHaveLength(3)
    expect((await post(handlerOf({ open: OPEN }), '/credentials/verify', request)).body.title).toBe(
      'CONTEXT_NOT_ALLOWED'
    )
  })
})

describe('POST /credentials/status', () => {
  const entry = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }

  it('revokes for ever, says by whom, and can be repeated', async () => {
    const { house, handle, badge } = await office()
    const { body } = await issue(handle, badge)
    const credentialId = body.verifiableCredential.id
    const request = { credentialId, credentialStatus: body.verifiableCredential.credentialStatus, status: true }
    const first = await update(handle, request)
    expect(first).toMatchObject({ status: 200, body: { ...request } })
    expect((await update(handle, { credentialId, credentialStatus: entry, status: true })).body).toEqual(first.body)
    expect(await house.status.history(credentialId)).toMatchObject([{ to: 1, actor: 'kari' }])
    const reader = handlerOf({ open: OPEN, resolver: await house.publish() })
    const answer = await post(reader, '/credentials/verify', { verifiableCredential: body.verifiableCredential })
    expect(answer).toMatchObject({ status: 400, body: { title: 'REVOKED' } })
  })

  it('suspends, and lifts the suspension with status: false', async () => {
    const { house, handle, badge } = await office({ statusEntries: [{ purpose: 'suspension' }] })
    const { body } = await issue(handle, badge)
    const { id: credentialId, credentialStatus } = body.verifiableCredential
    const look = async () => {
      const reader = handlerOf({ open: OPEN, resolver: await house.publish() })
      return post(reader, '/credentials/verify', { verifiableCredential: body.verifiableCredential })
    }
    const suspended = await update(handle, { credentialId, credentialStatus, status: true })
    expect(suspended).toMatchObject({ status: 200, body: { credentialId, credentialStatus, status: true } })
    expect(await look()).toMatchObject({ status: 400, body: { title: 'SUSPENDED' } })
    const lifted = await update(handle, { credentialId, credentialStatus, status: false })
    expect(lifted).toMatchObject({ status: 200, body: { credentialId, credentialStatus, status: false } })
    expect((await look()).status).toBe(200)
  })

  it.each<[string, JsonObject, number, string]>([
    ['a credential that nobody issued', { credentialId: 'urn:x:1' }, 404, 'STATUS_UNKNOWN_CREDENTIAL'],
    ['an id that no store takes', { credentialId: 'urn:x:\u0001' }, 400, 'REQUEST_INVALID'],
    ['no id', { credentialId: '' }, 400, 'REQUEST_INVALID'],
    ['taking a revocation back', { status: false }, 400, 'REQUEST_INVALID'],
    ['a text for a status', { status: 'true' }, 400, 'REQUEST_INVALID'],
    [
      'a suspension of a badge that has no entry for it',
      { credentialStatus: { ...entry, statusPurpose: 'suspension' } },
      422,
      'STATUS_NO_ENTRY'
    ],
    ['a message', { credentialStatus: { ...entry, statusPurpose: 'message' } }, 400, 'REQUEST_INVALID'],
    ['another kind of list', { credentialStatus: { ...entry, type: 'StatusList2021Entry' } }, 400, 'REQUEST_INVALID'],
    ['no entry', { credentialStatus: [] }, 400, 'REQUEST_INVALID'],
    ['an index that is none', { credentialStatus: { ...entry, statusListIndex: '-1' } }, 400, 'REQUEST_INVALID'],
    [
      'the entry of another',
      { credentialStatus: { ...entry, statusListIndex: '131071' } },
      404,
      'STATUS_UNKNOWN_CREDENTIAL'
    ],
    [
      'another list',
      { credentialStatus: { ...entry, statusListCredential: 'urn:x:2' } },
      404,
      'STATUS_UNKNOWN_CREDENTIAL'
    ]
  ])('changes nothing for %s', async (_, change, status, title) => {
    const { house, handle, badge } = await office({ status: createMemoryStatusStore({ capacityForTests: 8 }) })
    const { body } = await issue(handle, badge)
    const request = { credentialId: body.verifiableCredential.id, credentialStatus: entry, status: true, ...change }
    expect(await update(handle, request)).toMatchObject({ status, body: { title } })
    expect(await house.status.history(body.verifiableCredential.id)).toEqual([])
  })
})

describe('POST /credentials/derive', () => {
  const sd = (options: Partial<IssuerOptions> = {}) =>
    office(
      { ...options, suite: options.suite ?? ecdsaSd2023 },
      { derive: deriveCredential, verify: { suites: [...defaultSuites, ecdsaSd2023] } }
    )
  const p256 = async () => {
    const keys = await createMemoryKeyStore({ algorithm: 'P-256', seed: testSeed('issuer'), now: NOW })
    return { keys, profile: { id: 'did:web:academy.example', name: 'Academy' } }
  }

  it('answers with 201 and what the holder chose to show', async () => {
    const { handle, badge, house } = await sd(await p256())
    const tagged = editable(badge)
    Object.assign(tagged.credentialSubject.achievement, { tag: ['algebra'], humanCode: 'A-1' })
    const { body } = await issue(handle, tagged)
    const request = {
      verifiableCredential: body.verifiableCredential,
      options: { selectivePointers: ['/credentialSubject/achievement/tag'] }
    }
    const derived = await post(handle, '/credentials/derive', request)
    expect(derived.status).toBe(201)
    const { achievement } = derived.body.verifiableCredential.credentialSubject
    expect([achievement.tag, achievement.humanCode]).toEqual([['algebra'], undefined])
    const reader = handlerOf({
      open: OPEN,
      resolver: await house.publish(),
      verify: { suites: [...defaultSuites, ecdsaSd2023] }
    })
    const answer = await post(reader, '/credentials/verify', derived.body)
    expect(answer.status).toBe(200)
    expect(answer.body.warnings.map(({ code }: { code: string }) => code)).toContain('PART_SHOWN')
    const base = await post(reader, '/credentials/verify', { verifiableCredential: body.verifiableCredential })
    expect(base.body.title).toBe('PROOF_BASE_SHOWN')
  })

  it.each<[string, JsonObject, number, string]>([
    ['pointers that are none', { options: { selectivePointers: [7] } }, 400, 'REQUEST_INVALID'],
    ['a pointer that leads nowhere', { options: { selectivePointers: ['/nothing'] } }, 422, 'POINTER_INVALID'],
    ['a credential without a base proof', { verifiableCredential: {} }, 400, 'CREDENTIAL_INVALID']
  ])('derives nothing from %s', async (_, change, status, title) => {
    const { handle, badge } = await sd(await p256())
    const { body } = await issue(handle, badge)
    const request = { verifiableCredential: body.verifiableCredential, ...change }
    expect(await post(handle, '/credentials/derive', request)).toMatchObject({ status, body: { title } })
  })

  it('derives from any credential where the service takes such', async () => {
    const document = {
      '@context': { '@protected': true, shelf: 'https://vocab.example/#shelf', row: 'https://vocab.example/#row' }
    }
    const contexts = [{ url: 'https://vocab.example/v1', document, sha256: contextDigest(document) }]
    const any = { credentials: 'any', statusEntry: 'asGiven', derive: deriveCredential } as const
    const suites = [...defaultSuites, ecdsaSd2023]
    const { handle, house } = await office(
      { ...(await p256()), credentials: 'any', contexts, suite: ecdsaSd2023 },
      { ...any, verify: { contexts, suites } }
    )
    const { body } = await issue(handle, {
      '@context': ['https://www.w3.org/ns/credentials/v2', 'https://vocab.example/v1'],
      type: ['VerifiableCredential'],
      issuer: house.issuer.id,
      credentialSubject: { shelf: 'fiction', row: '7' }
    })
    const options = { selectivePointers: ['/credentialSubject/row'] }
    const derived = await post(handle, '/credentials/derive', { ...body, options })
    expect(derived.status).toBe(201)
    expect(derived.body.verifiableCredential.credentialSubject).toEqual({ row: '7' })
    const reader = handlerOf({
      open: OPEN,
      credentials: 'any',
      resolver: await house.publish(),
      verify: { contexts, suites }
    })
    expect((await post(reader, '/credentials/verify', derived.body)).status).toBe(200)
    const badges = handlerOf({ open: OPEN, derive: deriveCredential })
    expect((await post(badges, '/credentials/derive', { ...body, options })).status).toBe(400)
  })

  it('issues with the mandatory parts that a request names, where the suite knows such', async () => {
    const { handle, badge } = await sd(await p256())
    const coded = editable(badge)
    coded.credentialSubject.achievement.humanCode = 'A-1'
    const shownOf = async (credential: unknown, options?: JsonObject) => {
      const { body } = await issue(handle, credential, options)
      const derived = await post(handle, '/credentials/derive', body)
      return derived.body.verifiableCredential.credentialSubject.achievement.humanCode
    }
    const mandatoryPointers = ['/credentialSubject/achievement/humanCode']
    expect(await shownOf(coded, { mandatoryPointers })).toBe('A-1')
    expect(await shownOf({ ...coded, id: 'urn:x:1' })).toBeUndefined()
    const noPointer = await issue(handle, { ...badge, id: 'urn:x:4' }, { mandatoryPointers: ['issuer'] })
    expect(noPointer).toMatchObject({ status: 400, body: { faults: [{ path: '/options/mandatoryPointers/0' }] } })
    const nowhere = await issue(handle, { ...badge, id: 'urn:x:2' }, { mandatoryPointers: ['/nothing'] })
    expect(nowhere).toMatchObject({ status: 422, body: { title: 'POINTER_INVALID' } })
    const plain = await issue(shared.handle, { ...shared.badge, id: 'urn:x:3' }, { mandatoryPointers: ['/issuer'] })
    expect(plain).toMatchObject({ status: 400, body: { title: 'REQUEST_INVALID' } })
  })
})

describe('an issuer whose parts fail', () => {
  it.each<[string, unknown, number, string | null]>([
    ['key store that is busy', new KeyError({ code: 'KEY_STORE_IO', message: 'busy' }, { retryable: true }), 503, '10'],
    ['key store that is gone', new KeyError({ code: 'KEY_STORE_IO', message: 'gone' }), 503, null],
    ['key store that has no key', new KeyError({ code: 'KEY_NOT_FOUND', message: 'none' }), 500, null],
    ['key store that breaks', new TypeError('broken'), 503, null]
  ])('answers for a %s', async (_, error, status, retryAfter) => {
    const keys = await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW })
    const signer = await keys.signer()
    const failing = { keys: () => keys.keys(), signer: async () => ({ ...signer, sign: () => Promise.reject(error) }) }
    const errors: unknown[] = []
    const { handle, badge } = await office({ keys: failing }, { onError: (one) => errors.push(one) })
    const answer = await issue(handle, badge)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('retry-after')).toBe(retryAfter)
    expect(errors).toHaveLength(1)
  })

  it.each<[string, unknown, number, string | null]>([
    ['is locked', new StatusError({ code: 'STATUS_STORE_IO', message: 'locked' }, { retryable: true }), 503, '10'],
    ['is lost', new Error('ECONNREFUSED'), 503, null],
    ['is full', new StatusError({ code: 'STATUS_LIST_FULL', message: 'full' }), 503, null],
    ['answers nonsense', undefined, 500, null]
  ])('answers for a status store that %s', async (_, error, status, retryAfter) => {
    const store = createMemoryStatusStore()
    const reserve = () => (error === undefined ? Promise.resolve({} as never) : Promise.reject(error))
    const { handle, badge } = await office({ status: { ...store, reserve } })
    const answer = await issue(handle, badge)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('retry-after')).toBe(retryAfter)
  })
})
