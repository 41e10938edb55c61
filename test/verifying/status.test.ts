import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import {
  combineResolvers,
  createLegacyFragmentResolver,
  createMapResolver,
  type Resolver,
  type VerifyOptions,
  verify
} from '../../src/index.js'
import { createBitstring, encodeList, setStatus } from '../support/bits.js'
import { NOW } from '../support/issuer.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'

const LIST = 'https://academy.example/status/revocation-1.json'
let issuer: TestSigner
let mallory: TestSigner

beforeAll(async () => {
  issuer = await testSigner('issuer')
  mallory = await testSigner('mallory')
})

const entry = (more: JsonObject = {}): JsonObject => ({
  id: `${LIST}#5`,
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: '5',
  statusListCredential: LIST,
  ...more
})
const badge = (credentialStatus: JsonObject = entry()) => issuer.sign(plainBadge(issuer.did, { credentialStatus }))

async function list(
  options: {
    bits?: readonly number[]
    subject?: JsonObject
    document?: JsonObject
    signer?: TestSigner
    bytes?: number
  } = {}
): Promise<JsonObject> {
  const { bits = [], signer = issuer, bytes = 16_384 } = options
  const bitstring = createBitstring(bytes)
  for (const index of bits) setStatus(bitstring, index)
  return signer.sign(
    {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: LIST,
      type: ['VerifiableCredential', 'BitstringStatusListCredential'],
      issuer: signer.did,
      validFrom: '2026-06-01T11:00:00Z',
      validUntil: '2026-06-08T11:00:00Z',
      credentialSubject: {
        id: `${LIST}#list`,
        type: 'BitstringStatusList',
        statusPurpose: 'revocation',
        encodedList: await encodeList(bitstring),
        ...options.subject
      },
      ...options.document
    },
    { created: '2026-06-01T11:00:00Z' }
  )
}

function withoutProof({ proof: _, ...rest }: JsonObject): JsonObject {
  return rest
}

const serve = (document: JsonObject): Resolver => createMapResolver([[LIST, document]])

async function statusOf(document: JsonObject, options: VerifyOptions) {
  const report = await verify(document as never, { now: NOW, ...options })
  const found = report.checks.find(({ id }) => id === 'status')
  return { accepted: report.accepted, code: found?.code, outcome: found?.outcome, report }
}

describe('a status list', () => {
  it('that shows no bit lets the badge pass, and says what it read', async () => {
    const { accepted, code, report } = await statusOf(await badge(), { resolver: serve(await list()) })
    expect([accepted, code]).toEqual([true, 'STATUS_GOOD'])
    expect(report.status).toEqual([
      { purpose: 'revocation', list: LIST, index: 5, value: 0, asOf: '2026-06-01T11:00:00Z' }
    ])
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
    expect(await statusOf(signed, {})).toMatchObject({
      accepted: false,
      outcome: 'unknown',
      code: 'STATUS_UNAVAILABLE'
    })
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

  it('whose key nobody vouches for is not believed for a badge whose key somebody does', async () => {
    const id = 'https://academy.example/issuer'
    const real = await testSigner('issuer')
    const fake = await testSigner('mallory')
    const method = (signer: TestSigner) => `${id}#${signer.did.slice('did:key:'.length)}`
    const document = {
      id,
      verificationMethod: [
        { id: method(real), type: 'Multikey', controller: id, publicKeyMultibase: real.did.slice('did:key:'.length) }
      ],
      assertionMethod: [method(real)]
    }
    const signed = await real.sign(plainBadge(id, { credentialStatus: entry() }), { verificationMethod: method(real) })
    const forged = await fake.sign(
      { ...withoutProof(await list()), issuer: id },
      { verificationMethod: method(fake), created: '2026-06-01T11:00:00Z' }
    )
    const resolver = combineResolvers(
      {
        resolve: async ({ verificationMethod, url }) =>
          url === id && verificationMethod === method(real) ? { body: JSON.stringify(document) } : undefined
      },
      createMapResolver([[LIST, forged]]),
      createLegacyFragmentResolver()
    )
    expect(await statusOf(signed, { resolver })).toMatchObject({ accepted: false, code: 'STATUS_LIST_UNVERIFIED' })
  })

  it('151: by somebody else is not believed', async () => {
    expect(await statusOf(await badge(), { resolver: serve(await list({ signer: mallory })) })).toMatchObject({
      accepted: false,
      code: 'STATUS_LIST_FOREIGN'
    })
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

  it('158, 159: that is too short for the index, or at all, does not answer', async () => {
    expect(
      await statusOf(await badge(entry({ statusListIndex: '131072' })), { resolver: serve(await list()) })
    ).toMatchObject({ accepted: false, outcome: 'unknown' })
    expect(await statusOf(await badge(), { resolver: serve(await list({ bytes: 16_383 })) })).toMatchObject({
      accepted: false,
      outcome: 'unknown'
    })
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
    expect(accepted.report.warnings).toContainEqual(expect.objectContaining({ code: 'STATUS_SNAPSHOT_ACCEPTED' }))
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

  it('169: of suspensions suspends and does not revoke', async () => {
    const suspended = await list({ bits: [5], subject: { statusPurpose: 'suspension' } })
    expect(
      await statusOf(await badge(entry({ statusPurpose: 'suspension' })), { resolver: serve(suspended) })
    ).toMatchObject({ accepted: false, code: 'SUSPENDED' })
  })
})

describe('a status entry', () => {
  it('155: of an unknown type is unknown, not ignored', async () => {
    const old = { id: 'https://academy.example/status/1', type: 'StatusList2021Entry' }
    const signed = await issuer.sign(plainBadge(issuer.did, { credentialStatus: entry() }))
    const edited = { ...signed, credentialStatus: old }
    expect((await verify(edited as never, { now: NOW })).accepted).toBe(false)
    const extensions = plainBadge(issuer.did, {
      credentialStatus: { id: 'https://academy.example/revocations', type: '1EdTechRevocationList' }
    })
    const revocationList = await issuer.sign({
      ...extensions,
      '@context': [...(extensions['@context'] as string[]), 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json']
    })
    expect(await statusOf(revocationList, {})).toMatchObject({
      accepted: false,
      outcome: 'unknown',
      code: 'STATUS_TYPE_UNKNOWN'
    })
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
    'NaN',
    'Infinity',
    '9007199254740993',
    '٥',
    5.5,
    -1
  ])('157: with the index %j is refused', async (statusListIndex) => {
    const { accepted } = await statusOf(await badge(entry({ statusListIndex })), { resolver: serve(await list()) })
    expect(accepted).toBe(false)
  })

  it('168: whose id is the address of the list is malformed', async () => {
    expect(await statusOf(await badge(entry({ id: LIST })), { resolver: serve(await list()) })).toMatchObject({
      accepted: false,
      code: 'STATUS_ENTRY_MALFORMED'
    })
  })
})
