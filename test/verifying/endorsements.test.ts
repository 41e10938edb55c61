import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { verify } from '../../src/index.js'
import { NOW } from '../support/issuer.js'
import { badgeClaims, testJwtSigner } from '../support/jwt.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'

let issuer: TestSigner
let mentor: TestSigner
beforeAll(async () => {
  issuer = await testSigner('issuer')
  mentor = await testSigner('mentor')
})

const BADGE = 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000001'
const endorsement = (about: string, more: JsonObject = {}): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
  id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000e',
  type: ['VerifiableCredential', 'EndorsementCredential'],
  issuer: { id: mentor.did, type: ['Profile'], name: 'Mentor' },
  validFrom: '2024-01-01T00:00:00Z',
  name: 'Observed audit',
  credentialSubject: { id: about, type: ['EndorsementSubject'], endorsementComment: 'Observed two audits.' },
  ...more
})

async function checkOf(...endorsements: readonly JsonObject[]) {
  const signed = await issuer.sign(plainBadge(issuer.did, { endorsement: [...endorsements] }))
  const report = await verify(signed as never, { now: NOW })
  return {
    accepted: report.accepted,
    warnings: report.warnings,
    ...report.checks.find(({ id }) => id === 'endorsements')
  }
}

describe('embedded endorsements', () => {
  it('verify by themselves, with their own key and context', async () => {
    expect(await checkOf(await mentor.sign(endorsement(BADGE)))).toMatchObject({
      accepted: true,
      code: 'ENDORSEMENTS_VERIFIED'
    })
  })

  it('76: are refused when they are forged', async () => {
    const forged = editable(await mentor.sign(endorsement(BADGE)))
    forged.credentialSubject.endorsementComment = 'Excellent in every way.'
    expect(await checkOf(forged)).toMatchObject({ accepted: false, code: 'ENDORSEMENT_INVALID' })
    const unsigned = endorsement(BADGE)
    expect(await checkOf(unsigned)).toMatchObject({ accepted: false, code: 'ENDORSEMENT_INVALID' })
  })

  it('76: are refused when they are about something else', async () => {
    expect(await checkOf(await mentor.sign(endorsement('urn:uuid:other')))).toMatchObject({
      accepted: false,
      code: 'ENDORSEMENT_TARGET_MISMATCH'
    })
  })

  it('count when the last of several is bad', async () => {
    const good = await mentor.sign(endorsement(BADGE))
    const bad = endorsement(BADGE, { id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000f' })
    expect(await checkOf(good, bad)).toMatchObject({ accepted: false, code: 'ENDORSEMENT_INVALID' })
  })

  it('that have run out are a warning, not a refusal', async () => {
    const old = await mentor.sign(endorsement(BADGE, { validUntil: '2025-01-01T00:00:00Z' }))
    const result = await checkOf(old)
    expect(result.accepted).toBe(true)
    expect(result.warnings).toContainEqual(expect.objectContaining({ code: 'ENDORSEMENT_NOT_VALID_NOW' }))
  })

  it('with a status that cannot be read leave the badge undecided', async () => {
    const credentialStatus = {
      id: 'https://mentor.example/status/1#5',
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '5',
      statusListCredential: 'https://mentor.example/status/1'
    }
    expect(await checkOf(await mentor.sign(endorsement(BADGE, { credentialStatus })))).toMatchObject({
      accepted: false,
      code: 'ENDORSEMENT_UNDECIDED'
    })
  })

  it('that are JWTs verify like others, and a forged one does not', async () => {
    const signer = await testJwtSigner('mentor')
    const about = (id: string) => {
      const credential = endorsement(id)
      return signer.sign({ ...credential, iss: mentor.did, sub: id, jti: String(credential['id']), nbf: 1_704_067_200 })
    }
    const withJwt = async (token: string) => {
      const signed = await issuer.sign(plainBadge(issuer.did, { endorsementJwt: [token] }))
      const report = await verify(signed as never, { now: NOW })
      return { accepted: report.accepted, ...report.checks.find(({ id }) => id === 'endorsements') }
    }
    const good = await about(BADGE)
    expect(await withJwt(good)).toMatchObject({ accepted: true, code: 'ENDORSEMENTS_VERIFIED' })
    expect(await withJwt(await about('urn:uuid:other'))).toMatchObject({ code: 'ENDORSEMENT_TARGET_MISMATCH' })
    const [header, payload] = good.split('.')
    expect(await withJwt(`${header}.${payload}.${'A'.repeat(86)}`)).toMatchObject({
      accepted: false,
      code: 'ENDORSEMENT_INVALID'
    })
    expect(await withJwt('eyJhbGciOiJFUzI1NiJ9.e30.AAAA')).toMatchObject({ code: 'ENDORSEMENT_INVALID' })
  })

  it('stand at the achievement and at profiles too, each about what carries it', async () => {
    const badge = editable(plainBadge(issuer.did))
    const { achievement } = badge.credentialSubject
    const name = (end: string) => ({ id: `urn:uuid:0f0f0f0f-0000-4000-8000-0000000000${end}` })
    achievement.endorsement = [await mentor.sign(endorsement(achievement.id, name('a1')))]
    badge.issuer.endorsement = [await mentor.sign(endorsement(issuer.did, name('a2')))]
    const report = await verify((await issuer.sign(badge)) as never, { now: NOW })
    expect(report.accepted).toBe(true)
    expect(report.endorsements).toMatchObject([
      { path: '/issuer/endorsement/0', about: issuer.did, issuer: mentor.did, outcome: 'pass', validNow: true },
      { path: '/credentialSubject/achievement/endorsement/0', about: achievement.id, outcome: 'pass' }
    ])
  })

  it('77: are told of in few words, however long the name is that they stand under', async () => {
    const signer = await testJwtSigner('issuer')
    const many = Array.from({ length: 1_900 }, (_, index) => `a${index}`)
    const token = await signer.sign(badgeClaims(signer.did, { ['k'.repeat(500_000)]: { endorsement: many } }))
    const { accepted, endorsements } = await verify(token, { now: NOW })
    expect(accepted).toBe(false)
    expect(endorsements.length).toBe(1_900)
    expect(Math.max(...endorsements.map(({ path }) => path.length))).toBeLessThan(1_000)
  })

  it('77: inside endorsements are followed two levels deep', async () => {
    const nest = async (levels: number, about: string): Promise<JsonObject> => {
      const inner = levels > 1 ? { endorsement: [await nest(levels - 1, mentor.did)] } : {}
      const more = { id: `urn:uuid:0f0f0f0f-0000-4000-8000-00000000010${levels}` }
      return mentor.sign(endorsement(about, { ...more, issuer: { id: mentor.did, type: ['Profile'], ...inner } }))
    }
    expect(await checkOf(await nest(2, BADGE))).toMatchObject({ accepted: true, facts: { count: '2' } })
    expect(await checkOf(await nest(3, BADGE))).toMatchObject({
      accepted: false,
      code: 'ENDORSEMENT_UNDECIDED',
      facts: { reason: 'endorsements are nested deeper than 2' }
    })
  })

  it('77: are at most 32, and none beyond is passed over', async () => {
    const named = (index: number) => ({ id: `urn:uuid:0f0f0f0f-0000-4000-8000-0000000002${10 + index}` })
    const one = await mentor.sign(endorsement(BADGE, named(0)))
    const many = Array.from({ length: 33 }, (_, index) => ({ ...one, ...named(index) }))
    expect(await checkOf(...many)).toMatchObject({ accepted: false })
    const { endorsements } = await verify((await issuer.sign(plainBadge(issuer.did, { endorsement: many }))) as never, {
      now: NOW
    })
    expect(endorsements.map(({ code }) => code)).toEqual(new Array(33).fill('ENDORSEMENT_UNDECIDED'))
  })
})
