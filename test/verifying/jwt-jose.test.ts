import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { verify } from '../../src/index.js'
import { NOW } from '../support/issuer.js'
import { ecdsaSigner } from '../support/jwt.js'
import { noNetwork, refusalOf } from '../support/jwt-refusal.js'
import { plainBadge } from '../support/sign.js'

const issuer = ecdsaSigner('issuer')
const mallory = ecdsaSigner('mallory')

describe('VC-JOSE-COSE', () => {
  const jose = (): JsonObject => ({ ...issuer.header, typ: 'vc+jwt' })

  it('asks for no claims, and compares those that are there', async () => {
    const bare = await verify(await issuer.sign(plainBadge(issuer.did), jose()), noNetwork)
    expect(bare.accepted).toBe(true)
    expect(bare.proofs[0]?.type).toBe('vc+jwt')
    const foreign = { ...plainBadge(issuer.did), iss: mallory.did }
    expect(await refusalOf(await issuer.sign(foreign, jose()))).toBe('JWT_CLAIM_MISMATCH')
  })

  it('ignores other headers and says so, and refuses a content type other than vc', async () => {
    const badge = plainBadge(issuer.did)
    const report = await verify(await issuer.sign(badge, { ...jose(), cty: 'application/vc', nonce: 'x' }), noNetwork)
    expect(report.accepted).toBe(true)
    expect(report.warnings.map(({ code }) => code)).toEqual(['JWT_HEADER_IGNORED'])
    expect(await refusalOf(await issuer.sign(badge, { ...jose(), cty: 'vp' }))).toBe('JWT_HEADER_REFUSED')
  })

  it('asks for the address of the key where no claim names the issuer', async () => {
    expect(await refusalOf(await issuer.sign(plainBadge(issuer.did), { ...jose(), kid: 'key-1' }))).toBe(
      'JWT_HEADER_REFUSED'
    )
  })

  it('reads exp and nbf as the times of the signature, which say nothing of the credential', async () => {
    const badge = plainBadge(issuer.did)
    const seconds = NOW.getTime() / 1000
    const at = async (more: JsonObject) => issuer.sign({ ...badge, ...more }, jose())
    const good = await verify(await at({ exp: seconds + 1, nbf: seconds, iat: seconds }), noNetwork)
    expect(good.accepted).toBe(true)
    expect(good.credential?.['validUntil']).toBeUndefined()
    expect(await refusalOf(await at({ exp: seconds }))).toBe('PROOF_EXPIRED')
    expect(await refusalOf(await at({ nbf: seconds + 61 }))).toBe('PROOF_NOT_YET_VALID')
  })

  it('reads a credential in its envelope, and nothing else of the envelope', async () => {
    const token = await issuer.sign(plainBadge(issuer.did), jose())
    const envelope = {
      '@context': 'https://www.w3.org/ns/credentials/v2',
      type: 'EnvelopedVerifiableCredential',
      id: `data:application/vc+jwt,${token}`,
      name: 'Doctorate'
    }
    const report = await verify(envelope, noNetwork)
    expect(report.accepted).toBe(true)
    expect(report.credential?.['name']).toBe('Badge')
  })
})
