import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { verify } from '../../src/index.js'
import { NOW } from '../support/issuer.js'
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

  it('that are JWTs are not passed over in silence', async () => {
    const signed = await issuer.sign(plainBadge(issuer.did, { endorsementJwt: ['eyJhbGciOiJFUzI1NiJ9.e30.AAAA'] }))
    const report = await verify(signed as never, { now: NOW })
    expect(report.accepted).toBe(false)
    expect(report.checks.find(({ id }) => id === 'endorsements')).toMatchObject({
      outcome: 'unknown',
      code: 'ENDORSEMENT_UNDECIDED'
    })
  })
})
