import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { createTrustList, defaultPolicy, ob30Policy, type TrustList, verify } from '../../src/verify.js'
import { NOW } from '../support/issuer.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'

let issuer: TestSigner
let badge: JsonObject
beforeAll(async () => {
  issuer = await testSigner('issuer')
  badge = await issuer.sign(plainBadge(issuer.did))
})

async function trusted(...trust: readonly TrustList[]) {
  const report = await verify(badge as never, { now: NOW, trust })
  return { accepted: report.accepted, ...report.checks.find(({ id }) => id === 'trust') }
}

describe('lists of known issuers', () => {
  it('say known, with the names of the lists', async () => {
    const answer = await trusted(
      createTrustList('Register', [issuer.did]),
      createTrustList('Other', []),
      createTrustList('Own', [issuer.did])
    )
    expect(answer).toMatchObject({ outcome: 'pass', code: 'TRUST_KNOWN', facts: { lists: 'Register, Own' } })
  })

  it('say unknown, which alone fails no badge', async () => {
    expect(await trusted(createTrustList('Register', []))).toMatchObject({
      accepted: true,
      outcome: 'unknown',
      code: 'TRUST_UNKNOWN'
    })
  })

  it('that fail or answer something else are undecided, never a yes', async () => {
    const broken = { name: 'Broken', knows: () => Promise.reject(new Error('offline')) }
    const strange = { name: 'Strange', knows: () => 'yes' as never }
    for (const list of [broken, strange]) {
      expect(await trusted(list, createTrustList('Register', [issuer.did]))).toMatchObject({
        outcome: 'unknown',
        code: 'TRUST_UNDECIDED'
      })
    }
  })

  it('that never answer are undecided, and hold up nobody', async () => {
    const hanging = { name: 'Hanging', knows: () => new Promise<never>(() => {}) }
    const report = await verify(badge as never, { now: NOW, trust: [hanging], resolveTimeout: 0.01 })
    expect(report.checks.find(({ id }) => id === 'trust')).toMatchObject({
      code: 'TRUST_UNDECIDED',
      facts: { list: 'Hanging' }
    })
  })

  it('are one at least, or a policy that asks for them would let everybody through', async () => {
    const policy = { name: 'partners only', advisory: defaultPolicy.advisory.filter((id) => id !== 'trust') }
    await expect(verify(badge as never, { now: NOW, policy, trust: [] })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      path: 'trust'
    })
  })

  it('decide where a policy of the caller wants it', async () => {
    const policy = { name: 'partners only', advisory: defaultPolicy.advisory.filter((id) => id !== 'trust') }
    const options = { now: NOW, policy, trust: [createTrustList('Register', [])] }
    expect((await verify(badge as never, options)).accepted).toBe(false)
  })
})

describe('the policy of the standard', () => {
  it('asks for endorsements within their own period', async () => {
    const mentor = await testSigner('mentor')
    const endorsement = await mentor.sign({
      '@context': badge['@context'] as never,
      id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000e',
      type: ['VerifiableCredential', 'EndorsementCredential'],
      issuer: { id: mentor.did, type: ['Profile'] },
      validFrom: '2024-01-01T00:00:00Z',
      validUntil: '2025-01-01T00:00:00Z',
      name: 'Observed',
      credentialSubject: { id: badge['id'] as string, type: ['EndorsementSubject'] }
    })
    const endorsed = await issuer.sign(plainBadge(issuer.did, { endorsement: [endorsement] }))
    expect((await verify(endorsed as never, { now: NOW })).accepted).toBe(true)
    expect((await verify(endorsed as never, { now: NOW, policy: ob30Policy })).accepted).toBe(false)
  })
})
