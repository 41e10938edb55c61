import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { createBitstring, encodeList, setStatus } from '../support/bits.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { entry, LIST, type ListOptions, serve, signedList, statusOf, V1 } from '../support/status.js'

const STATUS_2021 = 'https://w3id.org/vc/status-list/2021/v1'
const DATA_INTEGRITY = 'https://w3id.org/security/data-integrity/v2'
const OB_1_1 = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json'

let issuer: TestSigner
let badge: JsonObject

beforeAll(async () => {
  issuer = await testSigner('issuer')
  const plain = plainBadge(issuer.did, { credentialStatus: entry({ type: 'StatusList2021Entry' }) })
  badge = await issuer.sign({ ...plain, '@context': [...(plain['@context'] as string[]), STATUS_2021] })
})

async function encoded(bits: readonly number[], bytes = 16_384): Promise<string> {
  const bitstring = createBitstring(bytes)
  for (const index of bits) setStatus(bitstring, index)
  return (await encodeList(bitstring)).slice(1)
}

/** A list as issuers published it before Bitstring Status List, in the data model of then. */
async function list2021(bits: readonly number[], options: ListOptions = {}): Promise<JsonObject> {
  return signedList(issuer, {
    ...options,
    subject: { type: 'StatusList2021', encodedList: await encoded(bits), ...options.subject },
    document: {
      '@context': [V1, STATUS_2021, DATA_INTEGRITY],
      type: ['VerifiableCredential', 'StatusList2021Credential'],
      validFrom: undefined,
      validUntil: undefined,
      issuanceDate: '2026-06-01T11:00:00Z',
      expirationDate: '2026-06-08T11:00:00Z',
      ...options.document
    }
  })
}

describe('a list of Status List 2021', () => {
  it('that shows no bit lets the badge pass, and says what it read', async () => {
    const answer = await statusOf(badge, { resolver: serve(await list2021([])) })
    expect(answer).toMatchObject({ accepted: true, code: 'STATUS_GOOD', warnings: [] })
    expect(answer.facts).toMatchObject([
      {
        type: 'StatusList2021Entry',
        purpose: 'revocation',
        value: 0,
        index: 5,
        signed: true,
        asOf: '2026-06-01T11:00:00Z',
        freshUntil: '2026-06-02T11:00:00Z'
      }
    ])
    expect(answer.facts[0]?.ttl).toBeUndefined()
  })

  it('161: is read from the left-most bit', async () => {
    expect(await statusOf(badge, { resolver: serve(await list2021([5])) })).toMatchObject({
      accepted: false,
      outcome: 'fail',
      code: 'REVOKED'
    })
    expect(await statusOf(badge, { resolver: serve(await list2021([2, 4, 6])) })).toMatchObject({ accepted: true })
  })

  it('may write its dates as its drafts did', async () => {
    const document = {
      issuanceDate: undefined,
      expirationDate: undefined,
      validFrom: '2026-06-01T11:00:00Z',
      validUntil: '2026-06-01T12:30:00Z'
    }
    const answer = await statusOf(badge, { resolver: serve(await list2021([], { document })) })
    expect(answer).toMatchObject({ accepted: true, facts: [{ freshUntil: '2026-06-01T12:30:00Z' }] })
  })

  it('164: that has expired does not answer', async () => {
    const document = { expirationDate: '2026-06-01T11:59:59Z' }
    expect(await statusOf(badge, { resolver: serve(await list2021([], { document })) })).toMatchObject({
      accepted: false,
      code: 'STATUS_LIST_STALE'
    })
  })

  it('163: with the multibase letter of its successor is malformed', async () => {
    const subject = { encodedList: `u${await encoded([])}` }
    expect(await statusOf(badge, { resolver: serve(await list2021([], { subject })) })).toMatchObject({
      accepted: false,
      outcome: 'unknown',
      code: 'STATUS_LIST_MALFORMED'
    })
  })

  it('159: that is too short does not answer', async () => {
    const subject = { encodedList: await encoded([], 16_383) }
    expect(await statusOf(badge, { resolver: serve(await list2021([], { subject })) })).toMatchObject({
      code: 'STATUS_LIST_LENGTH'
    })
  })

  it('is not read as a list of its successor, nor that as one of these', async () => {
    expect(await statusOf(badge, { resolver: serve(await signedList(issuer)) })).toMatchObject({
      accepted: false,
      code: 'STATUS_LIST_UNVERIFIED'
    })
    const bitstring = await issuer.sign(plainBadge(issuer.did, { credentialStatus: entry() }))
    expect(await statusOf(bitstring, { resolver: serve(await list2021([])) })).toMatchObject({
      accepted: false,
      code: 'STATUS_LIST_UNVERIFIED'
    })
  })

  it('151, 152, 153, 154: has to be signed by the issuer, for this address and purpose', async () => {
    const mallory = await testSigner('mallory')
    const { proof: _, ...unsigned } = await list2021([])
    const foreign = await mallory.sign({ ...unsigned, issuer: mallory.did }, { created: '2026-06-01T11:00:00Z' })
    const cases = [
      [unsigned, 'STATUS_LIST_UNVERIFIED'],
      [foreign, 'STATUS_LIST_FOREIGN'],
      [await list2021([], { document: { id: `${LIST}?2` } }), 'STATUS_LIST_UNVERIFIED'],
      [await list2021([], { subject: { statusPurpose: 'suspension' } }), 'STATUS_PURPOSE_MISMATCH']
    ] as const
    for (const [served, code] of cases)
      expect(await statusOf(badge, { resolver: serve(served) })).toMatchObject({ accepted: false, code })
  })
})

describe('a list of Bitstring Status List in data model 1.1', () => {
  it('is read like one in 2.0', async () => {
    const document = {
      '@context': [V1, 'https://www.w3.org/ns/credentials/status/v1', DATA_INTEGRITY],
      validFrom: undefined,
      validUntil: undefined,
      issuanceDate: '2026-06-01T11:00:00Z'
    }
    const signed = await issuer.sign(plainBadge(issuer.did, { credentialStatus: entry() }))
    expect(await statusOf(signed, { resolver: serve(await signedList(issuer, { document })) })).toMatchObject({
      accepted: true,
      facts: [{ asOf: '2026-06-01T11:00:00Z' }]
    })
    expect(
      await statusOf(signed, { resolver: serve(await signedList(issuer, { document, bits: [5] })) })
    ).toMatchObject({
      code: 'REVOKED'
    })
  })
})

describe('a badge in data model 1.1', () => {
  it('is read with its Status List 2021', async () => {
    const { validFrom: _, ...plain } = plainBadge(issuer.did)
    const signed = await issuer.sign({
      ...plain,
      '@context': [V1, OB_1_1, STATUS_2021, DATA_INTEGRITY],
      issuanceDate: '2024-01-01T00:00:00Z',
      credentialStatus: entry({ type: 'StatusList2021Entry' })
    })
    expect(await statusOf(signed, { resolver: serve(await list2021([])) })).toMatchObject({ code: 'STATUS_GOOD' })
    expect(await statusOf(signed, { resolver: serve(await list2021([5])) })).toMatchObject({ code: 'REVOKED' })
  })
})
