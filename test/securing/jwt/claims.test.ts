import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import { type ClaimRules, endOfClaims, findClaimFault } from '../../../src/securing/jwt/claim-fault.js'
import { claimedDocument } from '../../../src/securing/jwt/claimed-document.js'
import type { JwtFormat } from '../../../src/securing/jwt/jose-header.js'
import { isNumericDate, timeOfNumericDate } from '../../../src/securing/jwt/numeric-date.js'

const V1 = 'https://www.w3.org/2018/credentials/v1'
const V2 = 'https://www.w3.org/ns/credentials/v2'
const NOON = 1_780_315_200
const RULES: ClaimRules = {
  complete: false,
  allowMissingSub: false,
  now: new Date(NOON * 1000),
  clockTolerance: 60
}

const document = {
  '@context': [V2],
  id: 'urn:uuid:1',
  issuer: { id: 'did:example:issuer' },
  validFrom: '2024-01-01T00:00:00Z',
  credentialSubject: { id: 'did:example:learner' }
}
const faultOf = (
  claims: JsonObject,
  { format = 'JWT' as JwtFormat, given = document as JsonObject, rules = {} as Partial<ClaimRules> } = {}
) => findClaimFault(claims, { document: given, version: '2.0' }, format, { ...RULES, ...rules })
const fault = (code: string, facts: Readonly<Record<string, string>>) => ({ code, facts })
const mismatch = (claim: string, member: string) => fault('JWT_CLAIM_MISMATCH', { claim, member })

describe('a claim', () => {
  it.each(['nbf', 'exp', 'iat'])('119: %s has to be a number of seconds, and is named where it is not', (claim) => {
    for (const value of [-1, 1.5, '1', null, 253_402_300_800])
      expect(faultOf({ [claim]: value })).toEqual(fault('JWT_CLAIM_INVALID', { claim }))
  })

  it('119: may be the first and the last second there is', () => {
    expect([0, 253_402_300_799].map(isNumericDate)).toEqual([true, true])
    expect([-1, 253_402_300_800, '0', undefined].map(isNumericDate)).toEqual([false, false, false, false])
    expect(timeOfNumericDate(253_402_300_799)).toBe('9999-12-31T23:59:59Z')
    expect(timeOfNumericDate(-1)).toBeUndefined()
  })

  it.each(['iss', 'jti', 'nbf'])('118: %s has to be there in a badge, and is named where it is not', (claim) => {
    const claims = { iss: 'did:example:issuer', jti: 'urn:uuid:1', nbf: 1_704_067_200, sub: 'did:example:learner' }
    const { [claim as 'iss']: _, ...less } = claims
    expect(faultOf(less, { rules: { complete: true } })).toEqual(fault('JWT_CLAIM_MISSING', { claim }))
    expect(faultOf(claims, { rules: { complete: true } })).toBeUndefined()
    expect(faultOf(less)).toBeUndefined()
  })

  it.each([
    ['iss', 'issuer'],
    ['jti', 'id'],
    ['sub', 'credentialSubject.id'],
    ['nbf', 'validFrom']
  ])('118: %s has to say the same as %s', (claim, member) => {
    expect(faultOf({ [claim]: claim === 'nbf' ? 5 : 'did:example:other' })).toEqual(mismatch(claim, member))
  })

  it('118: sub says nothing of a subject that is an address alone', () => {
    const given = { ...document, credentialSubject: 'did:example:learner' }
    expect(faultOf({ sub: 'did:example:learner' }, { given })).toEqual(mismatch('sub', 'credentialSubject.id'))
  })

  it('118: nbf cannot say the same as a time that is none', () => {
    expect(faultOf({ nbf: 5 }, { given: { ...document, validFrom: 'yesterday' } })).toEqual(
      mismatch('nbf', 'validFrom')
    )
  })

  it('119: exp is compared where there is an end, and is the end where there is none', () => {
    const given = { ...document, validUntil: '2030-01-01T00:00:00Z' }
    expect(faultOf({ exp: 5 }, { given })).toEqual(mismatch('exp', 'validUntil'))
    expect(faultOf({ exp: 5 })).toBeUndefined()
    expect(endOfClaims({ exp: 5 }, { document, version: '2.0' }, 'JWT')).toEqual({ validUntil: '1970-01-01T00:00:05Z' })
    expect(endOfClaims({ exp: 5 }, { document: given, version: '2.0' }, 'JWT')).toEqual({})
    expect(endOfClaims({ exp: 5 }, { document, version: '2.0' }, 'vc+jwt')).toEqual({})
  })

  it('of a presentation is compared with its holder and id, where it has them', () => {
    const given = { id: 'urn:uuid:2', holder: { id: 'did:example:holder' } }
    const of = (claims: JsonObject, more: JsonObject = given) => faultOf(claims, { format: 'vp+jwt', given: more })
    expect(of({ iss: 'did:example:holder', jti: 'urn:uuid:2' })).toBeUndefined()
    expect(of({ iss: 'did:example:other' })).toEqual(mismatch('iss', 'holder'))
    expect(of({ jti: 'urn:uuid:1' })).toEqual(mismatch('jti', 'id'))
    expect(of({ iss: 'did:example:other', sub: 'x' }, { id: 'urn:uuid:2' })).toBeUndefined()
  })
})

describe('the time of a signature', () => {
  const of = (claims: JsonObject) => faultOf(claims, { format: 'vc+jwt' })

  it('begins with nbf, give or take the tolerance', () => {
    expect(of({ nbf: NOON + 60 })).toBeUndefined()
    expect(of({ nbf: NOON + 61 })).toEqual(fault('PROOF_NOT_YET_VALID', { from: '2026-06-01T12:01:01Z' }))
  })

  it('ends at exp', () => {
    expect(of({ exp: NOON + 1 })).toBeUndefined()
    expect(of({ exp: NOON })).toEqual(fault('PROOF_EXPIRED', { expires: '2026-06-01T12:00:00Z' }))
  })

  it('176: is not in the future, by iat', () => {
    for (const format of ['JWT', 'vc+jwt'] as const) {
      expect(faultOf({ iat: NOON + 60 }, { format })).toBeUndefined()
      expect(faultOf({ iat: NOON + 61 }, { format })).toEqual(
        fault('PROOF_CREATED_IN_FUTURE', { created: '2026-06-01T12:01:01Z' })
      )
    }
  })
})

describe('the document in a payload', () => {
  const old = { '@context': [V1], id: 'urn:uuid:1' }
  const refused = (reason: string) => ({ refused: fault('JWT_FORM_MISMATCH', { reason }) })

  it('is what is left without the claims of the token, or the claim vc', () => {
    const claims = { iss: 'a', sub: 'b', aud: 'c', exp: 1, nbf: 2, iat: 3, jti: 'd' }
    expect(claimedDocument({ ...claims, ...document }, 'JWT')).toEqual({ document, version: '2.0' })
    expect(claimedDocument({ ...claims, vc: old, nonce: 'n' }, 'JWT')).toEqual({ document: old, version: '1.1' })
  })

  it.each<[string, JsonObject, JwtFormat, string]>([
    ['with the claim vp', { ...document, vp: {} }, 'JWT', 'it has the claim vp'],
    ['of 1.1 without vc', old, 'JWT', 'its context is that of the data model 1.1, but it has no claim vc'],
    ['of VC-JOSE-COSE with vc', { vc: old }, 'vc+jwt', 'a vc+jwt has the claim vc'],
    ['with a vc that is a text', { vc: 'x' }, 'JWT', 'the claim vc is not an object'],
    ['with a vc that is a list', { vc: [old] }, 'JWT', 'the claim vc is not an object'],
    ['of 2.0 in vc', { vc: document }, 'JWT', 'it has the claim vc, but its context is not that of the data model 1.1'],
    [
      'with a member of 1.1 beside vc',
      { vc: old, issuanceDate: 'x' },
      'JWT',
      'issuanceDate stands beside the claim vc'
    ],
    ['with a member of 2.0 beside vc', { vc: old, validFrom: 'x' }, 'JWT', 'validFrom stands beside the claim vc']
  ])('120: %s is refused', (_what, claims, format, reason) => {
    expect(claimedDocument(claims, format)).toEqual(refused(reason))
  })
})
