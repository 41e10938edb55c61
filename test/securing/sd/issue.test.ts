import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import { encodeHex } from '../../../src/encoding/multibase.js'
import {
  type AchievementCredential,
  compileCompetency,
  createIssuer,
  createMapResolver,
  createMemoryKeyStore,
  createMemoryStatusStore,
  type IssuerOptions,
  verify
} from '../../../src/index.js'
import { mandatoryFloor } from '../../../src/securing/sd/floor.js'
import { readBaseProofValue } from '../../../src/securing/sd/proof-value.js'
import { createEcdsaSd2023, deriveCredential, ecdsaSd2023 } from '../../../src/selective-disclosure.js'
import { WELDER, WELDING } from '../../interop/badges.js'
import { countingRandom, disclosureSigner, p256Keys, suites } from '../../support/disclosure.js'
import { NOW } from '../../support/issuer.js'
import { plainBadge } from '../../support/sign.js'

const welding = compileCompetency({
  ...WELDING,
  resultDescription: [
    ...WELDING.resultDescription,
    { id: 'mark', name: 'Mark', resultType: 'LetterGrade', allowedValue: ['C', 'B', 'A'] }
  ]
})
const award = { ...WELDER, results: [...WELDER.results, { resultDescription: 'mark', value: 'B' }] }

async function house(options: Partial<IssuerOptions> = {}) {
  const status = createMemoryStatusStore()
  const issuer = await createIssuer({
    profile: { id: 'https://academy.example/issuer', name: 'Academy' },
    keys: await p256Keys('academy'),
    clock: () => NOW,
    suite: ecdsaSd2023,
    ...options,
    status
  })
  const resolver = async () =>
    createMapResolver((await issuer.publish()).map(({ id, text }): [string, string] => [id, text]))
  return { issuer, status, resolver }
}

function baseProofOf(credential: AchievementCredential) {
  const [proof] = (credential as unknown as JsonObject)['proof'] as readonly [JsonObject]
  return readBaseProofValue(String(proof['proofValue']))
}

describe('an issuer whose holders choose what to show', () => {
  it('issues badges that are shown in part, and lists that everybody reads', async () => {
    const { issuer, resolver } = await house()
    const { text, credential, id } = await issuer.issue(welding, award)
    const shown = await deriveCredential(text, { reveal: ['/credentialSubject/result/0'] })
    const report = await verify(shown, { now: NOW, resolver: await resolver(), suites })
    expect(report.checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown')).toEqual([])
    expect(report.accepted).toBe(true)
    expect(report.credential?.credentialSubject.result).toHaveLength(1)
    expect(baseProofOf(credential).mandatoryPointers).toEqual(mandatoryFloor(credential as unknown as JsonObject))

    await issuer.revoke(id, { reason: 'A sample was exchanged.' })
    const later = await verify(shown, { now: NOW, resolver: await resolver(), suites })
    expect(later.checks.find(({ id }) => id === 'status')).toMatchObject({ outcome: 'fail', code: 'REVOKED' })
  })

  it('signs its status lists with ecdsa-rdfc-2019, because a base proof is for a holder', async () => {
    const { issuer } = await house()
    await issuer.issue(welding, award)
    const [list] = (await issuer.publish()).filter(({ kind }) => kind === 'statusList')
    expect(JSON.parse(list?.text ?? '').proof).toMatchObject([{ cryptosuite: 'ecdsa-rdfc-2019' }])
  })

  it('makes more mandatory where it wants to, or nothing at all optional', async () => {
    const { issuer } = await house({ suite: createEcdsaSd2023({ mandatoryPointers: ['/credentialSubject/result'] }) })
    const { credential } = await issuer.issue(welding, award)
    const shown = await deriveCredential(credential, { reveal: [] })
    expect((shown['credentialSubject'] as JsonObject)['result']).toEqual(credential.credentialSubject.result)

    const whole = await house({ suite: createEcdsaSd2023({ mandatoryPointers: [''] }) })
    const { credential: all } = await whole.issuer.issue(welding, award)
    expect(baseProofOf(all).signatures).toEqual([])
    const { proof: _, ...document } = await deriveCredential(all, { reveal: [] })
    expect(all).toMatchObject(document)
  })

  it('86: refuses a mandatory pointer that leads nowhere, before a slot is taken', async () => {
    const suite = createEcdsaSd2023({ mandatoryPointers: ['/evidence', '/termsOfUse', '/evidence/00'] })
    const { issuer, status } = await house({ suite })
    await expect(issuer.issue(welding, award)).rejects.toMatchObject({
      name: 'InputError',
      code: 'POINTER_INVALID',
      faults: [{ path: 'mandatoryPointers/1' }, { path: 'mandatoryPointers/2' }]
    })
    expect(await status.lists()).toEqual([])
  })

  it('86: refuses a mandatory pointer that is none', () => {
    expect(() => createEcdsaSd2023({ mandatoryPointers: ['/name', 'issuer', '/~2'] })).toThrow(
      expect.objectContaining({
        name: 'OptionError',
        code: 'OPTION_INVALID',
        faults: [
          expect.objectContaining({ path: 'mandatoryPointers/1' }),
          expect.objectContaining({ path: 'mandatoryPointers/2' })
        ]
      })
    )
  })

  it.each([
    ['mandatoryPointers', { mandatoryPointers: '/name' }],
    ['mandatoryPointers/0', { mandatoryPointers: [7] }],
    ['random', { random: 'dice' }]
  ])('refuses an option that cannot be used: %s', (path, options) => {
    const refused = expect.objectContaining({ name: 'OptionError', code: 'OPTION_INVALID', path })
    expect(() => createEcdsaSd2023(options as never)).toThrow(refused)
  })

  it('88: uses keys once: two issues of one badge share no key, name or signature', async () => {
    const signer = await disclosureSigner()
    const badge = plainBadge(signer.id, { evidence: [{ type: ['Evidence'], narrative: 'Seen.' }] })
    const seen = new Set<string>()
    let count = 0
    for (let round = 0; round < 20; round += 1) {
      const { proof } = await signer.sign(badge, ecdsaSd2023)
      const [{ proofValue }] = proof as unknown as readonly [{ proofValue: string }]
      const { baseSignature, publicKey, hmacKey, signatures } = readBaseProofValue(proofValue)
      const parts = [baseSignature, publicKey, hmacKey, ...signatures].map(encodeHex)
      for (const part of parts) seen.add(part)
      count += parts.length
    }
    expect(count).toBeGreaterThan(100)
    expect(seen.size).toBe(count)
  })

  it('88: takes keys whose bits are as often set as not', async () => {
    const signer = await disclosureSigner()
    let set = 0
    let bits = 0
    for (let round = 0; round < 40; round += 1) {
      const { proof } = await signer.sign(plainBadge(signer.id), ecdsaSd2023)
      const [{ proofValue }] = proof as unknown as readonly [{ proofValue: string }]
      for (const byte of readBaseProofValue(proofValue).hmacKey) {
        bits += 8
        for (let mask = 1; mask < 256; mask *= 2) if (byte & mask) set += 1
      }
    }
    // 10,240 bits: six standard deviations are 304 either way.
    expect(Math.abs(set - bits / 2)).toBeLessThan(304)
  })

  it.each([
    ['the same bytes each time', (length: number) => new Uint8Array(length).fill(7)],
    ['too few bytes', (length: number) => new Uint8Array(length - 1)],
    ['no bytes', () => 'random' as never]
  ])('88: refuses a random source that gives %s', async (_name, random) => {
    const signer = await disclosureSigner()
    await expect(signer.sign(plainBadge(signer.id), createEcdsaSd2023({ random }))).rejects.toMatchObject({
      name: 'OptionError',
      code: 'OPTION_INVALID',
      path: 'random'
    })
  })

  it('refuses a badge with more statements than a verifier would check', async () => {
    const signer = await disclosureSigner()
    const evidence = Array.from({ length: 334 }, (_, index) => ({ type: ['Evidence'], name: `Drill ${index}` }))
    await expect(signer.sign(plainBadge(signer.id, { evidence }))).rejects.toMatchObject({
      name: 'InputError',
      code: 'CREDENTIAL_INVALID',
      expected: 'at most 1000',
      got: '1002'
    })
    const whole = createEcdsaSd2023({ mandatoryPointers: ['/evidence'] })
    expect(await signer.sign(plainBadge(signer.id, { evidence }), whole)).toHaveProperty('proof')
  })

  it('makes the same proof again from the same random bytes', async () => {
    const signer = await disclosureSigner()
    const sign = () => signer.sign(plainBadge(signer.id), createEcdsaSd2023({ random: countingRandom('again') }))
    expect(await sign()).toEqual(await sign())
  })

  it('refuses a key of another kind', async () => {
    await expect(house({ keys: await createMemoryKeyStore() })).rejects.toMatchObject({
      name: 'OptionError',
      code: 'OPTION_INVALID',
      path: 'suite'
    })
  })
})
