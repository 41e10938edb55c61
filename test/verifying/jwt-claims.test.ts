import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { type Report, verify } from '../../src/index.js'
import { NOW } from '../support/issuer.js'
import { badgeClaims, ecdsaSigner } from '../support/jwt.js'
import { codesOf, noNetwork, refusalOf } from '../support/jwt-refusal.js'
import { plainBadge } from '../support/sign.js'

const issuer = ecdsaSigner('issuer')
const mallory = ecdsaSigner('mallory')
const claims = badgeClaims(issuer.did)
const withClaims = (more: JsonObject): Promise<string> => issuer.sign({ ...claims, ...more })
const without = (name: string): JsonObject => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name))

describe('the claims', () => {
  it.each([
    ['iss', 'did:example:mallory'],
    ['sub', 'did:example:other'],
    ['jti', 'urn:uuid:9'],
    ['nbf', 1],
    ['nbf', 1_704_067_201],
    ['sub', null],
    ['iss', { id: 'x' }]
  ])('118: refuses %s = %o, and names it', async (claim, value) => {
    const report = await verify(await withClaims({ [claim]: value }), noNetwork)
    expect(codesOf(report)).toContain('JWT_CLAIM_MISMATCH')
    expect(report.checks.find(({ code }) => code === 'JWT_CLAIM_MISMATCH')?.facts['claim']).toBe(claim)
  })

  it.each(['iss', 'jti', 'nbf'])('118: refuses a badge without %s', async (claim) => {
    expect(await refusalOf(await issuer.sign(without(claim)))).toBe('JWT_CLAIM_MISSING')
  })

  it.each([{ toString: 'x' }, ['2020-01-01T00:00:00Z'], 1])(
    'refuses an end in the name of the data model 1.1 that is no time, %j, and reads it as nothing else',
    async (expirationDate) => {
      const token = await withClaims({ expirationDate })
      expect(await refusalOf(token)).toBe('SCHEMA_INVALID')
      const report = await verify(token, { ...noNetwork, expect: 'VerifiableCredential' })
      expect(codesOf(report as Report)).toEqual(['DATE_INVALID'])
      expect(report.accepted).toBe(false)
    }
  )

  it('118: compares nbf with the whole second of validFrom', async () => {
    const token = await withClaims({ validFrom: '2024-01-01T01:00:00.999+01:00' })
    expect((await verify(token, noNetwork)).accepted).toBe(true)
  })

  it('118: refuses a badge without sub with a code of its own, and takes it where the caller allows that', async () => {
    const token = await issuer.sign(without('sub'))
    expect(await refusalOf(token)).toBe('JWT_SUBJECT_MISSING')
    expect(await refusalOf(token, { ...noNetwork, lenient: true, allowMissingSub: false })).toBe('JWT_SUBJECT_MISSING')
    for (const option of [{ allowMissingSub: true }, { lenient: true }]) {
      const report = await verify(token, { ...noNetwork, ...option })
      expect(report.accepted).toBe(true)
      expect(report.warnings.map(({ code }) => code)).toEqual(['JWT_SUB_MISSING'])
    }
  })

  it.each([
    ['jobs.example', 'jobs.example'],
    [['jobs.example', { toString: 'x' }], 'jobs.example, {"toString":"x"}']
  ])('tells that a badge is meant for somebody, %j, who may be another', async (aud, audience) => {
    const report = await verify(await withClaims({ aud: aud as JsonObject[string] }), noNetwork)
    expect(report.accepted).toBe(true)
    expect(report.warnings).toEqual([expect.objectContaining({ code: 'JWT_AUDIENCE', facts: { audience } })])
  })

  it('is not warned about things that two places describe, because it signs which place says what', async () => {
    const creator = { id: issuer.did, type: ['Profile'], name: 'Another name' }
    const subject = claims['credentialSubject'] as JsonObject
    const achievement = { ...(subject['achievement'] as JsonObject), creator }
    const report = await verify(await withClaims({ credentialSubject: { ...subject, achievement } }), noNetwork)
    expect(report.accepted).toBe(true)
    expect(report.warnings).toEqual([])
  })

  it('118: refuses sub where the subject has no id', async () => {
    const { id: _, ...rest } = claims['credentialSubject'] as JsonObject
    const identifier = [{ type: 'IdentityObject', hashed: false, identityHash: 'x', identityType: 'name' }]
    expect(await refusalOf(await withClaims({ credentialSubject: { ...rest, identifier } }))).toBe('JWT_CLAIM_MISMATCH')
  })

  const end = { validUntil: '2025-01-01T00:00:00Z' }
  it.each([4_102_444_800, 1_000])('119: refuses exp %d beside another validUntil', async (exp) => {
    expect(await refusalOf(await withClaims({ ...end, exp }))).toBe('JWT_CLAIM_MISMATCH')
  })

  it.each(['4102444800', -1, 99999999999.5, 253_402_300_800, null, [1]])('119: refuses exp %o', async (exp) => {
    expect(await refusalOf(await withClaims({ exp: exp as number }))).toBe('JWT_CLAIM_INVALID')
    expect(await refusalOf(await withClaims({ ...end, exp: exp as number }))).toBe('JWT_CLAIM_INVALID')
  })

  it('119: refuses exp as a number that readers take differently', async () => {
    const infinite = JSON.stringify(claims).replace(/}$/, ',"exp":1e400}')
    expect(await refusalOf(await issuer.sign(infinite))).toBe('JSON_NUMBER_RANGE')
  })

  it('119: exp sets validUntil where there is none, and it counts', async () => {
    const late = await verify(await withClaims({ exp: 1_800_000_000 }), noNetwork)
    expect(late.accepted).toBe(true)
    expect(late.credential?.['validUntil']).toBe('2027-01-15T08:00:00Z')
    const early = await verify(await withClaims({ exp: 1_735_689_600 }), noNetwork)
    expect(codesOf(early)).toEqual(['EXPIRED'])
  })

  it('119: validUntil counts where exp is left out or says the same', async () => {
    for (const more of [end, { ...end, exp: 1_735_689_600 }]) {
      expect(codesOf(await verify(await withClaims(more), noNetwork))).toEqual(['EXPIRED'])
    }
  })

  it('176: refuses a token from the future', async () => {
    const iat = NOW.getTime() / 1000 + 61
    expect(await refusalOf(await withClaims({ iat }))).toBe('PROOF_CREATED_IN_FUTURE')
    expect((await verify(await withClaims({ iat: iat - 1 }), noNetwork)).accepted).toBe(true)
  })

  it('120: refuses a claim vc or vp beside the credential', async () => {
    const vc = plainBadge(mallory.did)
    expect(await refusalOf(await withClaims({ vc }))).toBe('JWT_FORM_MISMATCH')
    expect(await refusalOf(await withClaims({ vp: vc }))).toBe('JWT_FORM_MISMATCH')
    expect(await refusalOf(await issuer.sign({ ...claims, vc }, { ...issuer.header, typ: 'vc+jwt' }))).toBe(
      'JWT_FORM_MISMATCH'
    )
  })
})

describe('the data model 1.1', () => {
  const tokenClaims = (): JsonObject =>
    Object.fromEntries(['iss', 'sub', 'jti', 'nbf'].map((name) => [name, claims[name] ?? null]))
  const old = (): JsonObject => {
    const { validFrom, ...badge } = plainBadge(issuer.did)
    return {
      ...badge,
      '@context': [
        'https://www.w3.org/2018/credentials/v1',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json'
      ],
      issuanceDate: validFrom ?? null
    }
  }

  it('120: reads the credential from the claim vc alone', async () => {
    const report = await verify(await issuer.sign({ ...tokenClaims(), vc: old() }), noNetwork)
    expect(codesOf(report)).toEqual([])
    expect(report.credential).toEqual(old())
  })

  it('120: exp sets expirationDate', async () => {
    const token = await issuer.sign({ ...tokenClaims(), exp: 1_735_689_600, vc: old() })
    expect(codesOf(await verify(token, noNetwork))).toEqual(['EXPIRED'])
  })

  it('120: refuses where the claims and vc, or vc and the context, disagree', async () => {
    const vc = old()
    expect(await refusalOf(await issuer.sign({ ...tokenClaims(), vc: { ...vc, id: 'urn:uuid:other' } }))).toBe(
      'JWT_CLAIM_MISMATCH'
    )
    expect(await refusalOf(await issuer.sign({ ...tokenClaims(), vc: plainBadge(issuer.did) }))).toBe(
      'JWT_FORM_MISMATCH'
    )
    expect(await refusalOf(await issuer.sign({ ...tokenClaims(), ...vc }))).toBe('JWT_FORM_MISMATCH')
    expect(await refusalOf(await issuer.sign({ ...tokenClaims(), vc: [vc] }))).toBe('JWT_FORM_MISMATCH')
  })

  it('120: refuses a member of the credential beside vc, which nobody would read', async () => {
    const token = await issuer.sign({ ...tokenClaims(), vc: old(), credentialStatus: { id: 'urn:x', type: 'x' } })
    expect(await refusalOf(token)).toBe('JWT_FORM_MISMATCH')
  })
})
