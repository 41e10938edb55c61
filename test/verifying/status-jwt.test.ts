import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { createBitstring, encodeList, setStatus } from '../support/bits.js'
import { type TestJwtSigner, testJwtSigner } from '../support/jwt.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { badgeWith, entry, LIST, type ListOptions, serve, statusOf, unsignedList, V1, V2 } from '../support/status.js'

const STATUS_2021 = 'https://w3id.org/vc/status-list/2021/v1'

let issuer: TestSigner
let jwt: TestJwtSigner
let mallory: TestJwtSigner
let badge: JsonObject

beforeAll(async () => {
  issuer = await testSigner('issuer')
  jwt = await testJwtSigner('issuer')
  mallory = await testJwtSigner('mallory')
  badge = await badgeWith(issuer)
})

async function list(typ: string | undefined, options: ListOptions = {}, claims: JsonObject = {}): Promise<string> {
  const header = { alg: 'EdDSA', kid: jwt.kid, ...(typ === undefined ? {} : { typ }) }
  const nbf = typ === 'vc+jwt' ? {} : { nbf: 1_780_311_600, iss: jwt.did }
  return jwt.sign({ ...(await unsignedList(jwt.did, options)), ...nbf, ...claims }, header)
}

describe('a status list that is a JWT', () => {
  it.each(['vc+jwt', 'application/vc+jwt', 'JWT', undefined])(
    'of the type %s is read like one in JSON',
    async (typ) => {
      const good = await statusOf(badge, { resolver: serve(await list(typ)) })
      expect(good).toMatchObject({
        accepted: true,
        code: 'STATUS_GOOD',
        facts: [{ value: 0, signed: true, issuer: jwt.did, asOf: '2026-06-01T11:00:00Z' }]
      })
      expect(await statusOf(badge, { resolver: serve(await list(typ, { bits: [5] })) })).toMatchObject({
        accepted: false,
        code: 'REVOKED'
      })
    }
  )

  it('may stand in an envelope', async () => {
    const enveloped = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: `data:application/vc+jwt,${await list('vc+jwt', { bits: [5] })}`,
      type: 'EnvelopedVerifiableCredential'
    }
    expect(await statusOf(badge, { resolver: serve(enveloped) })).toMatchObject({ code: 'REVOKED' })
  })

  it('may be one of Status List 2021, in data model 1.1 as a claim or in 2.0 as the claims', async () => {
    const bits = createBitstring(16_384)
    setStatus(bits, 5)
    const subject = { type: 'StatusList2021', encodedList: (await encodeList(bits)).slice(1) }
    const type = ['VerifiableCredential', 'StatusList2021Credential']
    const older = await unsignedList(jwt.did, {
      subject,
      document: {
        '@context': [V1, STATUS_2021],
        type,
        validFrom: undefined,
        validUntil: undefined,
        issuanceDate: '2026-06-01T11:00:00Z'
      }
    })
    const newer = await unsignedList(jwt.did, { subject, document: { '@context': [V2, STATUS_2021], type } })
    const plain = plainBadge(issuer.did, { credentialStatus: entry({ type: 'StatusList2021Entry' }) })
    const signed = await issuer.sign({ ...plain, '@context': [...(plain['@context'] as string[]), STATUS_2021] })
    for (const claims of [{ vc: older, iss: jwt.did, jti: LIST, nbf: 1_780_311_600 }, newer]) {
      const header = 'vc' in claims ? jwt.header : { ...jwt.header, typ: 'vc+jwt' }
      expect(await statusOf(signed, { resolver: serve(await jwt.sign(claims, header)) })).toMatchObject({
        code: 'REVOKED',
        facts: [{ type: 'StatusList2021Entry', asOf: '2026-06-01T11:00:00Z' }]
      })
    }
  })

  it.each(['statuslist+jwt', 'at+jwt', 'vp+jwt'])('122: of the type %s is refused', async (typ) => {
    const answer = await statusOf(badge, { resolver: serve(await list(typ)) })
    expect(answer).toMatchObject({ accepted: false, outcome: 'unknown', code: 'STATUS_LIST_UNVERIFIED', facts: [] })
    expect(answer.message).toContain(typ)
  })

  it('is read strictly also where the badge is not', async () => {
    const header = { ...jwt.header, made: 'by hand' }
    const nbf = { nbf: 1_780_311_600, iss: jwt.did }
    const served = serve(await jwt.sign({ ...(await unsignedList(jwt.did)), ...nbf }, header))
    for (const lenient of [false, true])
      expect(await statusOf(badge, { resolver: served, lenient })).toMatchObject({ code: 'STATUS_LIST_UNVERIFIED' })
  })

  it('152: whose key comes from its own header, or that another signed, is not believed', async () => {
    const document = await unsignedList(jwt.did)
    const signedByMallory = await mallory.sign(document, { alg: 'EdDSA', typ: 'vc+jwt', kid: mallory.kid })
    const x = mallory.did
    const brought = await mallory.sign(document, {
      alg: 'EdDSA',
      typ: 'vc+jwt',
      jwk: { kty: 'OKP', crv: 'Ed25519', x: x.slice(-43) }
    })
    const unsigned = `${(await list('vc+jwt')).split('.').slice(0, 2).join('.')}.`
    for (const served of [signedByMallory, brought]) {
      expect(await statusOf(badge, { resolver: serve(served) })).toMatchObject({
        accepted: false,
        outcome: 'unknown',
        code: 'STATUS_LIST_UNVERIFIED'
      })
    }
    expect(await statusOf(badge, { resolver: serve(unsigned) })).toMatchObject({
      accepted: false,
      outcome: 'unknown',
      facts: []
    })
  })

  it('151, 153: has to be the issuer’s own, for this address', async () => {
    const foreign = await mallory.sign(await unsignedList(mallory.did), { ...mallory.header, typ: 'vc+jwt' })
    expect(await statusOf(badge, { resolver: serve(foreign) })).toMatchObject({ code: 'STATUS_LIST_FOREIGN' })
    const other = await list('vc+jwt', { document: { id: 'https://academy.example/status/2' } })
    expect(await statusOf(badge, { resolver: serve(other) })).toMatchObject({ code: 'STATUS_LIST_UNVERIFIED' })
  })

  it('164: whose own exp is over does not answer', async () => {
    const over = await list('vc+jwt', {}, { exp: 1_780_315_199 })
    expect(await statusOf(badge, { resolver: serve(over) })).toMatchObject({
      accepted: false,
      outcome: 'unknown',
      code: 'STATUS_LIST_UNVERIFIED'
    })
  })
})
