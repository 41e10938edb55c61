import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { PRESENTATION_CHECK_IDS } from '../../src/model/check-ids.js'
import {
  createMemoryChallengeStore,
  defaultPolicy,
  type VerifyPresentationOptions,
  verifyPresentation
} from '../../src/verify.js'
import { NOW } from '../support/issuer.js'
import { badgeClaims, testJwtSigner } from '../support/jwt.js'
import { presentationOf, type TestHolder, testHolder } from '../support/present.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'

let issuer: TestSigner
let holder: TestHolder
let badge: JsonObject
let presentation: JsonObject
const expected = { now: NOW, challenge: 'c-1', domain: 'jobs.example' }

beforeAll(async () => {
  issuer = await testSigner('issuer')
  holder = await testHolder('holder')
  badge = await issuer.sign(about(holder.did))
  presentation = await holder.present(presentationOf(holder.did, badge))
})

function about(subject: string): JsonObject {
  const plain = plainBadge(issuer.did)
  return { ...plain, credentialSubject: { ...(plain['credentialSubject'] as JsonObject), id: subject } }
}

async function findings(input: unknown, options: VerifyPresentationOptions = expected) {
  const report = await verifyPresentation(input as never, options)
  const open = report.checks.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'notApplicable')
  return { accepted: report.accepted, codes: open.map(({ code }) => code), report }
}

describe('a presentation', () => {
  it('is accepted with its credentials, and says who holds them', async () => {
    for (const form of [
      presentation,
      JSON.stringify(presentation),
      new TextEncoder().encode(JSON.stringify(presentation))
    ]) {
      const { accepted, codes, report } = await findings(form)
      expect(codes).toEqual([])
      expect(accepted).toBe(true)
      expect(report.holder).toBe(holder.did)
      expect(report.credentials.map(({ accepted }) => accepted)).toEqual([true])
      expect(report.checks.map(({ id }) => id)).toEqual([...PRESENTATION_CHECK_IDS])
    }
  })

  it('74: of somebody else’s credentials says so, and a policy can refuse it', async () => {
    const stolen = await holder.present(presentationOf(holder.did, await issuer.sign(about('did:example:learner'))))
    const { accepted, codes, report } = await findings(stolen)
    expect(accepted).toBe(true)
    expect(codes).toEqual(['HOLDER_IS_NOT_SUBJECT'])
    expect(report.warnings.map(({ code }) => code)).toContain('HOLDER_IS_NOT_SUBJECT')
    const policy = { name: 'own only', advisory: defaultPolicy.advisory.filter((id) => id !== 'holderBinding') }
    expect((await findings(stolen, { ...expected, policy })).accepted).toBe(false)
  })

  it('75: with one bad credential is not accepted', async () => {
    const forged = { ...editable(badge), name: 'Doctorate' }
    const { accepted, codes, report } = await findings(await holder.present(presentationOf(holder.did, badge, forged)))
    expect(accepted).toBe(false)
    expect(codes).toContain('CREDENTIAL_NOT_ACCEPTED')
    expect(report.credentials.map(({ accepted }) => accepted)).toEqual([true, false])
  })

  it('54: signed for another purpose is refused', async () => {
    const asserted = await holder.present(presentationOf(holder.did, badge), { proofPurpose: 'assertionMethod' })
    expect((await findings(asserted)).codes).toContain('PROOF_PURPOSE_MISMATCH')
  })

  it('signed by somebody else than its holder is refused', async () => {
    const mallory = await testHolder('mallory')
    expect((await findings(await mallory.present(presentationOf(holder.did, badge)))).codes).toContain(
      'HOLDER_KEY_MISMATCH'
    )
  })

  it('signed by somebody else is said to be not the holder’s, and nothing is said of an issuer', async () => {
    const mallory = await testHolder('mallory')
    const { report } = await findings(await mallory.present(presentationOf(holder.did, badge)))
    const { message } = report.checks.find(({ id }) => id === 'holder') ?? {}
    expect(message).toMatch(/belongs to somebody else than the holder/)
    expect(message).not.toMatch(/issuer/)
  })

  it('may be handed in as a buffer', async () => {
    const { buffer } = new TextEncoder().encode(JSON.stringify(presentation))
    expect((await findings(buffer)).accepted).toBe(true)
  })

  it('without a holder is that of whoever signed it', async () => {
    const { report } = await findings(await holder.present(presentationOf(undefined, badge)))
    expect(report.holder).toBe(holder.did)
  })

  it('72: counts once, also where it is shown twice at the same moment', async () => {
    const challenges = createMemoryChallengeStore({ clock: () => NOW })
    const challenge = challenges.give()
    const fresh = await holder.present(presentationOf(holder.did, badge), { challenge })
    const options = { now: NOW, challenges, domain: 'jobs.example' }
    const both = await Promise.all([
      verifyPresentation(fresh as never, options),
      verifyPresentation(fresh as never, options)
    ])
    expect(both.map(({ accepted }) => accepted).sort()).toEqual([false, true])
    expect((await findings(fresh, options)).codes).toContain('CHALLENGE_USED')
  })

  it('72: with a challenge that has run out is refused', async () => {
    let time = NOW
    const challenges = createMemoryChallengeStore({ clock: () => time, lifetime: 60 })
    const challenge = challenges.give()
    const fresh = await holder.present(presentationOf(holder.did, badge), { challenge })
    time = new Date(NOW.getTime() + 61_000)
    expect((await findings(fresh, { ...expected, challenge, challenges })).codes).toEqual(['CHALLENGE_USED'])
  })

  it('72: leaves a store that cannot tell undecided', async () => {
    for (const take of [() => Promise.reject(new Error('offline')), () => 'yes' as never]) {
      const { accepted, codes } = await findings(presentation, { ...expected, challenges: { take } })
      expect(codes).toEqual(['CHALLENGE_UNDECIDED'])
      expect(accepted).toBe(false)
    }
  })

  it('72: does not wait for ever for a store that never answers', async () => {
    const challenges = { take: () => new Promise<never>(() => {}) }
    const { accepted, codes } = await findings(presentation, { ...expected, challenges, resolveTimeout: 0.01 })
    expect(codes).toEqual(['CHALLENGE_UNDECIDED'])
    expect(accepted).toBe(false)
  })

  it('75: without credentials is not accepted, unless the caller says that it may be', async () => {
    const empty = await holder.present(presentationOf(holder.did))
    for (const options of [expected, { ...expected, allowEmpty: false }]) {
      const { accepted, codes } = await findings(empty, options)
      expect(codes).toEqual(['CREDENTIALS_NONE'])
      expect(accepted).toBe(false)
    }
    const { accepted, codes, report } = await findings(empty, { ...expected, allowEmpty: true })
    expect([accepted, codes]).toEqual([true, []])
    expect(report.checks.find(({ id }) => id === 'credentials')?.code).toBe('CREDENTIALS_NOT_NEEDED')
  })

  it.each([
    ['another', 'other.example'],
    ['a longer one', 'jobs.example.evil.example'],
    ['a shorter one', 'jobs'],
    ['one more', ['jobs.example', 'evil.example']]
  ])('73: for %s is refused', async (_, domain) => {
    const elsewhere = await holder.present(presentationOf(holder.did, badge), { domain })
    expect((await findings(elsewhere)).codes).toEqual(['DOMAIN_MISMATCH'])
  })

  it('73: for several domains counts for exactly those, in any order', async () => {
    const several = await holder.present(presentationOf(holder.did, badge), { domain: ['a.example', 'b.example'] })
    expect((await findings(several, { ...expected, domain: ['b.example', 'a.example'] })).codes).toEqual([])
    expect((await findings(several, { ...expected, domain: 'a.example' })).codes).toEqual(['DOMAIN_MISMATCH'])
  })

  it('without a challenge or domain that was asked for is not accepted in silence', async () => {
    const { accepted, codes } = await findings(presentation, { now: NOW })
    expect(accepted).toBe(false)
    expect(codes).toEqual(['DOMAIN_NOT_ASKED', 'CHALLENGE_NOT_ASKED'])
  })

  it.each<[string, (presentation: ReturnType<typeof editable>) => void, string]>([
    ['another challenge', (one) => (one.proof.challenge = 'c-2'), 'SIGNATURE_INVALID'],
    ['a credential taken out', (one) => delete one.verifiableCredential, 'SIGNATURE_INVALID'],
    ['no proof', (one) => delete one.proof, 'PROOF_MISSING'],
    ['a text for a credential', (one) => (one.verifiableCredential = ['urn:uuid:1']), 'SCHEMA_INVALID'],
    ['another type', (one) => (one.type = ['VerifiableCredential']), 'TYPE_NOT_EXPECTED'],
    ['a context inside', (one) => (one.extra = { '@context': {} }), 'CONTEXT_NESTED']
  ])('after it was signed may not be changed: %s', async (_, edit, code) => {
    const changed = editable(presentation)
    edit(changed)
    const { accepted, codes } = await findings(changed)
    expect(accepted).toBe(false)
    expect(codes).toContain(code)
  })

  it('73: as a JWT for one of two domains, named twice, is not for both', async () => {
    const signer = await testJwtSigner('holder')
    const header = { ...signer.header, typ: 'vp+jwt' }
    const codesFor = async (aud: string[]) => {
      const token = await signer.sign({ ...presentationOf(signer.did, badge), nonce: 'c-1', aud }, header)
      return (await findings(token as never, { ...expected, domain: ['a.example', 'b.example'] })).codes
    }
    expect(await codesFor(['b.example', 'a.example'])).toEqual([])
    expect(await codesFor(['a.example', 'a.example'])).toEqual(['DOMAIN_MISMATCH'])
  })

  it('as a JWT answers with nonce and aud, and its credentials may be JWTs too', async () => {
    const signer = await testJwtSigner('holder')
    const credentialSigner = await testJwtSigner('issuer')
    const token = await credentialSigner.sign(
      badgeClaims(credentialSigner.did, {
        credentialSubject: { ...(plainBadge('')['credentialSubject'] as JsonObject), id: signer.did },
        sub: signer.did
      })
    )
    const enveloped = {
      '@context': 'https://www.w3.org/ns/credentials/v2',
      type: 'EnvelopedVerifiableCredential',
      id: `data:application/vc+jwt,${token}`
    }
    const claims = { ...presentationOf(signer.did, enveloped), nonce: 'c-1', aud: 'jobs.example' }
    const header = { ...signer.header, typ: 'vp+jwt' }
    const { codes, accepted, report } = await findings(await signer.sign(claims, header))
    expect(codes).toEqual([])
    expect(accepted).toBe(true)
    expect(report.holder).toBe(signer.did)
    expect((await findings(await signer.sign({ ...claims, nonce: 'c-2' }, header))).codes).toEqual([
      'CHALLENGE_MISMATCH'
    ])
    expect((await findings(await signer.sign(claims, { ...header, typ: 'vc+jwt' }))).codes).toContain(
      'JWT_TYPE_REFUSED'
    )
  })

  it('holds at most 32 credentials', async () => {
    const many = Array.from({ length: 33 }, (_, index) => ({
      ...badge,
      id: `urn:uuid:0f0f0f0f-0000-4000-8000-00000000${1000 + index}`
    }))
    const { accepted, report } = await findings(await holder.present(presentationOf(holder.did, ...many)))
    expect(accepted).toBe(false)
    expect(report.credentials.length).toBeLessThanOrEqual(32)
  })

  it.each([
    [{ challenge: '' }, 'challenge'],
    [{ challenges: {} }, 'challenges'],
    [{ domain: [] }, 'domain'],
    [{ domain: 7 }, 'domain'],
    [{ chalenge: 'c-1' }, 'chalenge']
  ])('is asked for with options that make sense: %j', async (options, path) => {
    await expect(verifyPresentation('{}', options as never)).rejects.toMatchObject({ code: 'OPTION_INVALID', path })
  })
})
