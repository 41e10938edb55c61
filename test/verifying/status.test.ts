import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import {
  combineResolvers,
  createLegacyFragmentResolver,
  createMapResolver,
  OptionError,
  type Resolver,
  verify
} from '../../src/index.js'
import { NOW } from '../support/issuer.js'
import { testJwtSigner } from '../support/jwt.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import {
  badgeWith,
  entry,
  LIST,
  type ListOptions,
  serve,
  signedList,
  statusOf,
  unsignedList
} from '../support/status.js'

let issuer: TestSigner
let mallory: TestSigner

beforeAll(async () => {
  issuer = await testSigner('issuer')
  mallory = await testSigner('mallory')
})

const badge = (credentialStatus?: JsonObject) => badgeWith(issuer, credentialStatus)
const list = (options: ListOptions & { readonly signer?: TestSigner } = {}) =>
  signedList(options.signer ?? issuer, options)

describe('a status list', () => {
  it('that shows no bit lets the badge pass, and says what it read', async () => {
    const { accepted, code, report } = await statusOf(await badge(), { resolver: serve(await list()) })
    expect([accepted, code]).toEqual([true, 'STATUS_GOOD'])
    expect(report.status).toEqual([
      {
        type: 'BitstringStatusListEntry',
        purpose: 'revocation',
        value: 0,
        message: undefined,
        list: LIST,
        issuer: issuer.did,
        index: 5,
        signed: true,
        asOf: '2026-06-01T11:00:00Z',
        age: 3600,
        freshUntil: '2026-06-02T11:00:00Z',
        ttl: 300_000,
        outcome: 'pass',
        code: 'STATUS_GOOD'
      }
    ])
    expect(report.warnings).toEqual([])
  })

  it('161: is read from the left-most bit', async () => {
    expect(await statusOf(await badge(), { resolver: serve(await list({ bits: [5] })) })).toMatchObject({
      accepted: false,
      code: 'REVOKED'
    })
    expect(
      await statusOf(await badge(entry({ id: `${LIST}#2`, statusListIndex: '2' })), {
        resolver: serve(await list({ bits: [5] }))
      })
    ).toMatchObject({ accepted: true })
    expect(
      await statusOf(await badge(entry({ statusListIndex: 131071 })), {
        resolver: serve(await list({ bits: [131071] }))
      })
    ).toMatchObject({ code: 'REVOKED' })
  })

  it('166: that cannot be had makes the status unknown, never good', async () => {
    const signed = await badge()
    const alone = await statusOf(signed, {})
    expect(alone).toMatchObject({ accepted: false, outcome: 'unknown', code: 'STATUS_UNAVAILABLE' })
    expect(alone.message).toContain('no resolver was given')
    expect(await statusOf(signed, { resolver: createMapResolver({}) })).toMatchObject({
      accepted: false,
      code: 'STATUS_UNAVAILABLE'
    })
    const broken: Resolver = { resolve: () => Promise.reject(new Error('down')) }
    expect(await statusOf(signed, { resolver: broken })).toMatchObject({ accepted: false, code: 'STATUS_UNAVAILABLE' })
    const hostile = { resolve: async () => 5 } as unknown as Resolver
    expect(await statusOf(signed, { resolver: hostile })).toMatchObject({ accepted: false, outcome: 'unknown' })
  })

  it('138: that never comes is given up, and asked for once', async () => {
    let asked = 0
    const silent: Resolver = {
      resolve: () => {
        asked += 1
        return new Promise(() => {})
      }
    }
    const answer = await statusOf(await badge(), { resolver: silent, resolveTimeout: 0.02 })
    expect(answer).toMatchObject({ accepted: false, code: 'STATUS_UNAVAILABLE' })
    expect(asked).toBe(1)
  })

  it('longer than any document may be is not copied, let alone read', async () => {
    const endless: Resolver = { resolve: async () => ({ body: ' '.repeat(17 * 1_048_576) }) }
    const answer = await statusOf(await badge(), { resolver: endless })
    expect(answer).toMatchObject({ accepted: false, code: 'STATUS_UNAVAILABLE' })
    expect(answer.report.checks.find(({ id }) => id === 'status')?.message).toContain('more than any document may have')
  })

  it('whose key nobody vouches for is believed only for a badge whose key nobody does either', async () => {
    const id = 'https://academy.example/issuer'
    const multibase = (signer: TestSigner) => signer.did.slice('did:key:'.length)
    const method = (signer: TestSigner) => `${id}#${multibase(signer)}`
    const document = {
      id,
      verificationMethod: [
        { id: method(issuer), type: 'Multikey', controller: id, publicKeyMultibase: multibase(issuer) }
      ],
      assertionMethod: [method(issuer)]
    }
    const signBadge = (signer: TestSigner) =>
      signer.sign(plainBadge(id, { credentialStatus: entry() }), { verificationMethod: method(signer) })
    const signList = async (signer: TestSigner) =>
      signer.sign(await unsignedList(id), { verificationMethod: method(signer), created: '2026-06-01T11:00:00Z' })
    const resolving = (served: JsonObject) =>
      combineResolvers(
        {
          resolve: async ({ verificationMethod, url }) =>
            url === id && verificationMethod === method(issuer) ? { body: JSON.stringify(document) } : undefined
        },
        createMapResolver([[LIST, served]]),
        createLegacyFragmentResolver()
      )
    const [real, forged] = [await signList(issuer), await signList(mallory)]
    const both = { ...real, proof: [real['proof'], forged['proof']].flat() as JsonObject[] }
    const codeOf = async (badge: JsonObject, served: JsonObject) =>
      (await statusOf(badge, { resolver: resolving(served) })).code
    expect(await codeOf(await signBadge(issuer), real)).toBe('STATUS_GOOD')
    expect(await codeOf(await signBadge(issuer), forged)).toBe('STATUS_LIST_UNVERIFIED')
    expect(await codeOf(await signBadge(issuer), both)).toBe('STATUS_LIST_UNVERIFIED')
    expect(await codeOf(await signBadge(mallory), forged)).toBe('STATUS_GOOD')
  })

  it('151: by somebody else is not believed', async () => {
    const answer = await statusOf(await badge(), { resolver: serve(await list({ signer: mallory })) })
    expect(answer).toMatchObject({ accepted: false, code: 'STATUS_LIST_FOREIGN' })
    expect(answer.message).toContain(mallory.did)
  })

  it('152: without a proof, or changed, is not believed', async () => {
    const { proof: _, ...unsigned } = await list()
    expect(await statusOf(await badge(), { resolver: serve(unsigned) })).toMatchObject({
      accepted: false,
      code: 'STATUS_LIST_UNVERIFIED'
    })
    const changed = editable(await list({ bits: [5] }))
    changed.credentialSubject.encodedList = ((await list())['credentialSubject'] as JsonObject)['encodedList']
    expect(await statusOf(await badge(), { resolver: serve(changed) })).toMatchObject({
      accepted: false,
      code: 'STATUS_LIST_UNVERIFIED'
    })
  })

  it('153: of another address is not taken for this one', async () => {
    const other = await list({ document: { id: 'https://academy.example/status/revocation-2.json' } })
    expect(await statusOf(await badge(), { resolver: serve(other) })).toMatchObject({
      accepted: false,
      code: 'STATUS_LIST_UNVERIFIED'
    })
  })

  it('154: of another purpose does not answer', async () => {
    const other = await list({ subject: { statusPurpose: 'suspension' } })
    expect(await statusOf(await badge(), { resolver: serve(other) })).toMatchObject({
      accepted: false,
      code: 'STATUS_PURPOSE_MISMATCH'
    })
    const several = await list({ subject: { statusPurpose: ['suspension', 'revocation'] } })
    expect(await statusOf(await badge(), { resolver: serve(several) })).toMatchObject({ accepted: true })
  })

  it('158: without an entry at the index does not answer', async () => {
    const answer = await statusOf(await badge(entry({ statusListIndex: '131072' })), { resolver: serve(await list()) })
    expect(answer).toMatchObject({ accepted: false, outcome: 'unknown', code: 'STATUS_RANGE', facts: [] })
    expect(answer.message).toBe('The status list has no entry 131072.')
  })

  it('159: that is too short does not answer', async () => {
    const short = serve(await list({ bytes: 16_383 }))
    const answer = await statusOf(await badge(), { resolver: short })
    expect(answer).toMatchObject({ accepted: false, outcome: 'unknown', code: 'STATUS_LIST_LENGTH', facts: [] })
    expect(answer.message).toContain('131064')
    expect(await statusOf(await badge(), { resolver: serve(await list({ bytes: 1 })) })).toMatchObject({
      code: 'STATUS_LIST_LENGTH'
    })
  })

  it('162, 163: that cannot be unpacked is malformed', async () => {
    const texts = ['', 'u', 'zH4sI', 'uH4sI', `u${'A'.repeat(100)}`]
    for (const encodedList of texts) {
      const answer = await statusOf(await badge(), { resolver: serve(await list({ subject: { encodedList } })) })
      expect(answer).toMatchObject({ accepted: false, outcome: 'unknown', code: 'STATUS_LIST_MALFORMED', facts: [] })
    }
    const bomb = `u${gzipSync(Buffer.alloc(64 * 1_048_576), { level: 9 }).toString('base64url')}`
    const answer = await statusOf(await badge(), { resolver: serve(await list({ subject: { encodedList: bomb } })) })
    expect(answer).toMatchObject({ accepted: false, code: 'STATUS_LIST_MALFORMED' })
    expect(answer.message).toContain('too long')
  })

  it('that is no JSON, no object or too long a text is malformed', async () => {
    for (const text of ['<html>', '[]', '"u"', '{"a":1,"a":2}', `{"a":"${' '.repeat(4 * 1_048_576)}"}`]) {
      const answer = await statusOf(await badge(), { resolver: serve(text) })
      expect(answer).toMatchObject({ accepted: false, outcome: 'unknown', code: 'STATUS_LIST_MALFORMED' })
    }
  })

  it('longer than a badge may be is read all the same', async () => {
    const noise = randomBytes(900_000)
    const encodedList = `u${gzipSync(noise).toString('base64url')}`
    const set = ((noise[0] as number) & 0b100) !== 0
    const answer = await statusOf(await badge(), { resolver: serve(await list({ subject: { encodedList } })) })
    expect(encodedList.length).toBeGreaterThan(1_048_576)
    expect(answer.code).toBe(set ? 'REVOKED' : 'STATUS_GOOD')
  })

  it('164: that has lapsed or is too old does not answer, unless the caller accepts it; a set bit counts all the same', async () => {
    const aDayLater = new Date('2026-06-02T11:00:01Z')
    const good = await list()
    expect(await statusOf(await badge(), { now: aDayLater, resolver: serve(good) })).toMatchObject({
      accepted: false,
      code: 'STATUS_LIST_STALE'
    })
    expect(
      await statusOf(await badge(), { now: aDayLater, maxStatusAge: 172_800, resolver: serve(good) })
    ).toMatchObject({ accepted: true })
    const snapshot = { acceptedAsOf: new Date('2026-06-01T12:00:00Z'), maxAge: 86_400 }
    const accepted = await statusOf(await badge(), { now: aDayLater, statusSnapshot: snapshot, resolver: serve(good) })
    expect(accepted.accepted).toBe(true)
    expect(accepted.report.warnings).toContainEqual(
      expect.objectContaining({ code: 'STATUS_SNAPSHOT_ACCEPTED', facts: { asOf: '2026-06-01T11:00:00Z' } })
    )
    const afterItsEnd = new Date('2026-06-08T11:00:01Z')
    expect(await statusOf(await badge(), { now: afterItsEnd, maxStatusAge: 1e9, resolver: serve(good) })).toMatchObject(
      { accepted: false, code: 'STATUS_LIST_STALE' }
    )
    expect(
      await statusOf(await badge(), { now: afterItsEnd, resolver: serve(await list({ bits: [5] })) })
    ).toMatchObject({ code: 'REVOKED' })
  })

  it('of a later time answers for an earlier one, where the caller accepts that', async () => {
    const before = new Date('2026-05-01T12:00:00Z')
    const good = await list()
    expect(await statusOf(await badge(), { now: before, resolver: serve(good) })).toMatchObject({
      accepted: false,
      outcome: 'unknown'
    })
    const statusSnapshot = { acceptedAsOf: NOW, maxAge: 86_400 }
    expect(await statusOf(await badge(), { now: before, statusSnapshot, resolver: serve(good) })).toMatchObject({
      accepted: true
    })
    const revoked = await list({ bits: [5] })
    expect(await statusOf(await badge(), { now: before, statusSnapshot, resolver: serve(revoked) })).toMatchObject({
      code: 'REVOKED'
    })
  })

  it('from a later time than the check does not answer', async () => {
    const later = await list({ document: { validFrom: '2026-06-01T12:30:00Z' } })
    expect(await statusOf(await badge(), { resolver: serve(later) })).toMatchObject({
      accepted: false,
      code: 'STATUS_LIST_NOT_YET_VALID'
    })
  })

  it('164: answers up to the last moment of its own time and of the accepted age, and not after', async () => {
    const resolver = serve(await list({ created: '2026-06-01T10:00:00Z' }))
    const signed = await badge()
    const codeAt = async (time: string, maxStatusAge?: number) =>
      (
        await statusOf(signed, {
          now: new Date(time),
          resolver,
          ...(maxStatusAge === undefined ? {} : { maxStatusAge })
        })
      ).code
    expect(await codeAt('2026-06-02T11:00:00Z')).toBe('STATUS_GOOD')
    expect(await codeAt('2026-06-02T11:00:00.001Z')).toBe('STATUS_LIST_STALE')
    expect(await codeAt('2026-06-08T11:00:00Z', 1e9)).toBe('STATUS_GOOD')
    expect(await codeAt('2026-06-08T11:00:00.001Z', 1e9)).toBe('STATUS_LIST_STALE')
    expect(await codeAt('2026-06-01T10:59:00Z')).toBe('STATUS_GOOD')
    expect(await codeAt('2026-06-01T10:58:59.999Z')).toBe('STATUS_LIST_NOT_YET_VALID')
  })

  it('164: says until when it answers: until its own end or that of the accepted age, whichever is first', async () => {
    const until = async (maxStatusAge: number, document: ListOptions['document'] = {}) => {
      const { facts } = await statusOf(await badge(), { maxStatusAge, resolver: serve(await list({ document })) })
      return facts.map(({ freshUntil }) => freshUntil)
    }
    expect(await until(3_600)).toEqual(['2026-06-01T12:00:00Z'])
    expect(await until(3_600.5)).toEqual(['2026-06-01T12:00:00.500Z'])
    expect(await until(7 * 86_400 - 1)).toEqual(['2026-06-08T10:59:59Z'])
    expect(await until(7 * 86_400)).toEqual(['2026-06-08T11:00:00Z'])
    expect(await until(1e9)).toEqual(['2026-06-08T11:00:00Z'])
    expect(await until(Number.MAX_SAFE_INTEGER)).toEqual(['2026-06-08T11:00:00Z'])
    expect(await until(86_400, { validUntil: undefined })).toEqual(['2026-06-02T11:00:00Z'])
    expect(await until(1e12, { validUntil: undefined })).toEqual([undefined])
    expect(await until(Number.MAX_SAFE_INTEGER, { validUntil: undefined })).toEqual([undefined])
    const offset = { validUntil: '2026-06-01T23:00:00+02:00' }
    expect(await until(86_400, offset)).toEqual(['2026-06-01T23:00:00+02:00'])
  })

  it('164: that does not answer says nothing of until when, but how old it is', async () => {
    const later = new Date('2026-06-03T11:00:00Z')
    const { facts, code } = await statusOf(await badge(), { now: later, resolver: serve(await list()) })
    expect(code).toBe('STATUS_LIST_STALE')
    expect(facts).toMatchObject([
      { value: 0, asOf: '2026-06-01T11:00:00Z', age: 172_800, outcome: 'unknown', code: 'STATUS_LIST_STALE' }
    ])
    expect(facts[0]?.freshUntil).toBeUndefined()
    const earlier = new Date('2026-06-01T10:00:00Z')
    const early = await statusOf(await badge(), {
      now: earlier,
      resolver: serve(await list({ created: '2026-06-01T09:00:00Z' }))
    })
    expect(early.facts).toMatchObject([{ age: -3_600, code: 'STATUS_LIST_NOT_YET_VALID' }])
    expect(early.message).toContain('2026-06-01T11:00:00Z')
    expect([code === early.code, early.warnings]).toEqual([false, []])
    expect(early.facts[0]?.freshUntil).toBeUndefined()
  })

  it('164: without validFrom is as old as its proof', async () => {
    const document = { validFrom: undefined, validUntil: undefined }
    const old = await list({ document, created: '2026-05-30T00:00:00Z' })
    expect(await statusOf(await badge(), { resolver: serve(old) })).toMatchObject({
      code: 'STATUS_LIST_STALE',
      facts: [{ asOf: '2026-05-30T00:00:00Z' }]
    })
    const fresh = await list({ document, created: '2026-06-01T11:00:00Z' })
    const good = await statusOf(await badge(), { resolver: serve(fresh) })
    expect(good).toMatchObject({
      accepted: true,
      facts: [{ asOf: '2026-06-01T11:00:00Z', freshUntil: '2026-06-02T11:00:00Z' }]
    })
    expect(good.message).toContain('2026-06-01T11:00:00Z')
    for (const proof of [
      [fresh['proof'], old['proof']],
      [old['proof'], fresh['proof']]
    ]) {
      const several = { ...fresh, proof: proof.flat() as JsonObject[] }
      const answer = await statusOf(await badge(), { resolver: serve(several) })
      expect(answer).toMatchObject({ code: 'STATUS_LIST_STALE', facts: [{ asOf: '2026-05-30T00:00:00Z' }] })
      expect(answer.message).toContain('2026-05-30T00:00:00Z')
    }
  })

  it('164: that says nothing at all of its time does not answer, but a revocation counts', async () => {
    const jwt = await testJwtSigner('issuer')
    const document = { validFrom: undefined, validUntil: undefined }
    const sign = async (bits: readonly number[]) =>
      jwt.sign(await unsignedList(jwt.did, { bits, document }), { ...jwt.header, typ: 'vc+jwt' })
    const answer = await statusOf(await badge(), { resolver: serve(await sign([])) })
    expect(answer).toMatchObject({ accepted: false, code: 'STATUS_LIST_STALE' })
    expect(answer.message).toContain('an unknown time')
    expect(answer.facts).toMatchObject([{ value: 0, outcome: 'unknown' }])
    expect([answer.facts[0]?.asOf, answer.facts[0]?.age]).toEqual([undefined, undefined])
    expect(await statusOf(await badge(), { resolver: serve(await sign([5])) })).toMatchObject({ code: 'REVOKED' })
  })

  it('164: says for how long a copy may be kept, and five minutes where it does not', async () => {
    const ttl = async (subject: ListOptions['subject']) =>
      (await statusOf(await badge(), { resolver: serve(await list({ subject: subject ?? {} })) })).facts[0]?.ttl
    expect(await ttl({ ttl: 60_000 })).toBe(60_000)
    expect(await ttl({ ttl: 0 })).toBe(0)
    expect(await ttl({})).toBe(300_000)
  })

  it('whose dates are a day that does not exist is not believed', async () => {
    const document = { validFrom: '2026-06-31T00:00:00Z' }
    const answer = await statusOf(await badge(), { resolver: serve(await list({ document })) })
    expect(answer).toMatchObject({ accepted: false, code: 'STATUS_LIST_UNVERIFIED' })
  })

  it('whose date is longer than any clock tells is malformed', async () => {
    const document = { validFrom: `2026-06-01T11:00:00.${'0'.repeat(60)}Z` }
    const answer = await statusOf(await badge(), { resolver: serve(await list({ document })) })
    expect(answer).toMatchObject({ accepted: false, outcome: 'unknown', code: 'STATUS_LIST_MALFORMED' })
  })

  it('167: that has a status of its own is read, and the status is told, not followed', async () => {
    let asked = 0
    const own = await list({ document: { credentialStatus: entry({ id: `${LIST}#7`, statusListIndex: '7' }) } })
    const counting: Resolver = {
      resolve: (request) => {
        asked += 1
        return serve(own).resolve(request)
      }
    }
    const answer = await statusOf(await badge(), { resolver: counting })
    expect(answer).toMatchObject({ accepted: true, code: 'STATUS_GOOD', warnings: ['STATUS_LIST_STATUS'] })
    expect(asked).toBe(1)
  })
})

describe('statusIssuers', () => {
  it('151: lets somebody else keep the list of an issuer, and of no other', async () => {
    const resolver = serve(await list({ signer: mallory }))
    const allow = (statusIssuers: Record<string, string[]>) => ({ resolver, statusIssuers })
    expect(await statusOf(await badge(), allow({ [issuer.did]: ['did:web:a.example', mallory.did] }))).toMatchObject({
      accepted: true,
      code: 'STATUS_GOOD',
      facts: [{ issuer: mallory.did }]
    })
    for (const others of [
      {},
      { [issuer.did]: [] },
      { [issuer.did]: ['did:web:a.example'] },
      { [mallory.did]: [mallory.did] }
    ]) {
      expect(await statusOf(await badge(), allow(others))).toMatchObject({
        accepted: false,
        outcome: 'unknown',
        code: 'STATUS_LIST_FOREIGN',
        facts: []
      })
    }
  })

  it('151: leaves the list of the issuer itself as good as before', async () => {
    const options = { resolver: serve(await list()), statusIssuers: { [issuer.did]: [mallory.did] } }
    expect(await statusOf(await badge(), options)).toMatchObject({ accepted: true })
  })

  it.each([
    ['a text', 'did:web:a.example', 'statusIssuers'],
    ['null', null, 'statusIssuers'],
    ['an array', [], 'statusIssuers'],
    ['an issuer with a text', { 'did:web:a.example': 'did:web:b.example' }, 'statusIssuers.did:web:a.example'],
    ['an issuer with numbers', { 'did:web:a.example': [1] }, 'statusIssuers.did:web:a.example'],
    ['an issuer with an empty text', { 'did:web:a.example': [''] }, 'statusIssuers.did:web:a.example']
  ])('refuses %s', async (_what, statusIssuers, path) => {
    const error = await verify('{}', { statusIssuers: statusIssuers as never }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(OptionError)
    expect(error).toMatchObject({ code: 'OPTION_INVALID', path })
  })
})
