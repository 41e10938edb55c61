import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { verify } from '../../src/index.js'
import { badgeClaims, testJwtSigner } from '../support/jwt.js'
import { codesOf, noNetwork } from '../support/jwt-refusal.js'
import { plainBadge, testSigner } from '../support/sign.js'

const issuer = await testJwtSigner('issuer')
const mallory = await testJwtSigner('mallory')
const claims = badgeClaims(issuer.did)
const withClaims = (more: JsonObject): Promise<string> => issuer.sign({ ...claims, ...more })

describe('a JWT around embedded proofs', () => {
  it('124: both verify, and both are reported', async () => {
    const signer = await testSigner('issuer')
    const { proof } = await signer.sign(plainBadge(issuer.did))
    const report = await verify(await withClaims({ proof: proof ?? null }), noNetwork)
    expect(codesOf(report)).toEqual([])
    expect(report.proofs.map(({ type }) => type)).toEqual(['JWT', 'DataIntegrityProof'])
    expect(report.checks.find(({ id }) => id === 'proof')?.facts).toEqual({ suites: 'EdDSA, eddsa-rdfc-2022' })
    expect(report.credential?.['proof']).toBeUndefined()
  })

  it('124: refuses where either does not verify', async () => {
    const signer = await testSigner('issuer')
    const { proof } = await signer.sign(plainBadge(issuer.did, { name: 'Other badge' }))
    const badInside = await verify(await withClaims({ proof: proof ?? null }), noNetwork)
    expect(codesOf(badInside)).toContain('SIGNATURE_INVALID')
    expect(badInside.proofs.map(({ type, holds }) => [type, holds])).toEqual([
      ['JWT', true],
      ['DataIntegrityProof', undefined]
    ])
    const good = await signer.sign(plainBadge(issuer.did))
    const badOutside = await mallory.sign({ ...claims, proof: good['proof'] ?? null }, issuer.header)
    const report = await verify(badOutside, noNetwork)
    expect(codesOf(report)).toContain('SIGNATURE_INVALID')
    expect(report.proofs[0]).toMatchObject({ type: 'JWT', holds: false })
    expect(report.credential).toBeUndefined()
  })

  it('62, 124: tells of an embedded proof in a suite it does not know, and refuses it where all were asked for', async () => {
    const proof = [{ type: 'RsaSignature2018', created: '2024-01-01T00:00:00Z', proofPurpose: 'assertionMethod' }]
    const token = await withClaims({ proof: proof as unknown as JsonObject })
    const report = await verify(token, noNetwork)
    expect(report.accepted).toBe(true)
    expect(report.warnings.map(({ code }) => code)).toEqual(['PROOF_UNCHECKED'])
    expect(codesOf(await verify(token, { ...noNetwork, requireAllProofs: true }))).toContain('PROOF_SUITE_NOT_ACCEPTED')
  })

  it('119, 124: exp sets the end without breaking the embedded proof', async () => {
    const signer = await testSigner('issuer')
    const { proof } = await signer.sign(plainBadge(issuer.did))
    const report = await verify(await withClaims({ proof: proof ?? null, exp: 1_800_000_000 }), noNetwork)
    expect(report.accepted).toBe(true)
    expect(report.credential?.['validUntil']).toBe('2027-01-15T08:00:00Z')
  })
})
