import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import {
  createMapResolver,
  createStatusMemory,
  createTrustList,
  eddsaRdfc2022,
  problemDetails,
  type Report,
  type VerifyOptions,
  verify
} from '../../src/index.js'
import { CHECK_IDS } from '../../src/model/check-ids.js'
import { NOW } from '../support/issuer.js'
import { badgeClaims, ecdsaSigner } from '../support/jwt.js'
import { presentationOf, testHolder } from '../support/present.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { entry, LIST, signedList } from '../support/status.js'

/** What somebody else's error may say, and what no stranger may read. */
const SECRET = 'password hunter2 of 10.1.2.3 in /srv/keys/issuer.pem'

let issuer: TestSigner
let badge: JsonObject
let endorsed: JsonObject
let presentation: JsonObject
let options: VerifyOptions

beforeAll(async () => {
  issuer = await testSigner('issuer')
  const plain = plainBadge(issuer.did, { credentialStatus: entry() })
  badge = await issuer.sign(plain)
  const { '@context': context = null } = plain
  const mentor = await testSigner('mentor')
  const endorsement = await mentor.sign({
    '@context': context,
    id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000e',
    type: ['VerifiableCredential', 'EndorsementCredential'],
    issuer: { id: mentor.did, type: ['Profile'] },
    validFrom: '2024-01-01T00:00:00Z',
    name: 'Endorsement',
    credentialSubject: { id: plain['id'] ?? null, type: ['EndorsementSubject'] }
  })
  endorsed = await issuer.sign(plainBadge(issuer.did, { credentialStatus: entry(), endorsement: [endorsement] }))
  const holder = await testHolder('holder')
  presentation = await holder.present(presentationOf(holder.did, badge))
  options = {
    now: NOW,
    resolver: createMapResolver([[LIST, await signedList(issuer)]]),
    recipient: { id: 'did:example:learner' },
    trust: [createTrustList('Register', [issuer.did])],
    statusMemory: createStatusMemory()
  }
})

const brokenCall = (): never => {
  throw new Error(SECRET)
}

/** A report that says of each check how it came out, accepts nothing, and tells no stranger what broke. */
function expectRefusal(report: Pick<Report, 'accepted' | 'checks'>): void {
  expect(report.accepted).toBe(false)
  expect(report.checks.some(({ outcome }) => outcome === 'unknown' || outcome === 'fail')).toBe(true)
  expect(report.checks.every(({ code }) => typeof code === 'string')).toBe(true)
  for (const shown of [JSON.stringify(report), JSON.stringify(problemDetails(report))]) expectNoSecret(shown)
}

function expectNoSecret(shown: string): void {
  for (const part of ['hunter2', '10.1.2.3', '/srv/', 'node_modules', 'at async', '.ts:', '.js:']) {
    expect(shown).not.toContain(part)
  }
}

describe('a part of the application that breaks', () => {
  const never = () => new Promise<never>(() => {})

  it('is working here, so that what follows is about the part alone', async () => {
    expect((await verify(endorsed, options)).accepted).toBe(true)
  })

  it.each<[string, VerifyOptions]>([
    ['a resolver that throws', { resolver: { resolve: brokenCall } }],
    ['a resolver that refuses', { resolver: { resolve: async () => brokenCall() } }],
    ['a resolver that never answers', { resolver: { resolve: never }, resolveTimeout: 0.01 }],
    ['a resolver that answers null', { resolver: { resolve: async () => null as never } }],
    ['a resolver that answers something else', { resolver: { resolve: async () => ({ body: 7 }) as never } }],
    ['a resolver whose session throws', { resolver: { resolve: brokenCall, session: brokenCall } }],
    ['a memory of lists that throws', { statusMemory: { remember: brokenCall } }],
    ['a memory of lists that answers something else', { statusMemory: { remember: async () => 7 as never } }],
    ['a key cache that throws', { keyCache: { importKey: brokenCall } }],
    ['a key cache that answers nothing', { keyCache: { importKey: async () => undefined as never } }],
    [
      'a key that throws',
      { keyCache: { importKey: async () => ({ algorithm: 'Ed25519', verify: brokenCall }) as never } }
    ],
    [
      'a key that answers neither yes nor no',
      { keyCache: { importKey: async () => ({ algorithm: 'Ed25519', verify: async () => 'yes' }) as never } }
    ],
    [
      'a suite that answers neither yes nor no',
      { suites: [{ ...eddsaRdfc2022, verifyProof: async () => ({ holds: 'yes' }) as never }] }
    ],
    ['a suite that answers nothing', { suites: [{ ...eddsaRdfc2022, verifyProof: async () => undefined as never }] }],
    ['a suite that throws', { suites: [{ ...eddsaRdfc2022, verifyProof: brokenCall }] }]
  ])('71, 200: leaves its check open, the badge out and the reason untold: %s', async (_, broken) => {
    expectRefusal(await verify(badge, { ...options, ...broken }))
  })

  it('71: is not believed about a JWT either', async () => {
    const jwtIssuer = ecdsaSigner('issuer')
    const token = `${(await jwtIssuer.sign(badgeClaims(jwtIssuer.did))).split('.').slice(0, 2).join('.')}.${'A'.repeat(86)}`
    const key = { algorithm: 'P-256', material: { algorithm: 'P-256' }, verify: async () => 'yes' }
    const report = await verify(token, { now: NOW, keyCache: { importKey: async () => key as never } })
    expect(report.checks.find(({ id }) => id === 'proof')?.code).toBe('SIGNATURE_INVALID')
  })

  it('71, 200: is told of where it does not decide: a trust list', async () => {
    const report = await verify(badge, { ...options, trust: [{ name: 'Register', knows: brokenCall }] })
    expect(report.accepted).toBe(true)
    expect(report.warnings.map(({ code }) => code)).toEqual(['TRUST_UNDECIDED'])
    expectNoSecret(JSON.stringify(report))
  })
})

describe('a step of a verification that breaks', () => {
  const STEPS: readonly [file: string, name: string][] = [
    ['verifying/intake.js', 'takeIn'],
    ['verifying/form-checks.js', 'checkForm'],
    ['verifying/proof-gate.js', 'gateProofs'],
    ['verifying/proof-set.js', 'verifyProofSet'],
    ['verifying/credential-schema.js', 'checkCredentialSchema'],
    ['verifying/results.js', 'checkResults'],
    ['verifying/validity.js', 'checkValidity'],
    ['verifying/status.js', 'checkStatus'],
    ['verifying/recipient.js', 'checkRecipient'],
    ['verifying/endorsements.js', 'checkEndorsements'],
    ['verifying/resources.js', 'checkResources'],
    ['verifying/trust.js', 'checkTrust'],
    ['verifying/shared-id-warnings.js', 'sharedIdWarnings'],
    ['did/issuer-key.js', 'resolveIssuerKey'],
    ['canonical/json-ld.js', 'expand'],
    ['canonical/rdfc.js', 'canonicalize'],
    ['model/schema-check.js', 'checkSchema'],
    ['model/shape-gate.js', 'findShapeFault'],
    ['encoding/snapshot.js', 'snapshotJson']
  ]
  const PRESENTATION_STEPS: readonly [file: string, name: string][] = [
    ['verifying/secured-document.js', 'verifySecured'],
    ['verifying/presentation-checks.js', 'checkDomain'],
    ['verifying/presentation-checks.js', 'checkChallenge'],
    ['verifying/presentation-checks.js', 'checkCredentials'],
    ['verifying/presentation-checks.js', 'checkHolderBinding']
  ]

  beforeEach(() => {
    vi.resetModules()
  })
  afterEach(() => {
    for (const [file] of [...STEPS, ...PRESENTATION_STEPS, ['verifying/refresh.js']]) vi.doUnmock(`../../src/${file}`)
  })

  async function packageWithout(file: string, name: string) {
    vi.doMock(`../../src/${file}`, async (original) => ({ ...(await original<object>()), [name]: brokenCall }))
    return import('../../src/verify.js')
  }

  it.each(STEPS)('71, 200: lets no badge through and throws nothing: %s %s', async (file, name) => {
    const { verify: verifyWithout } = await packageWithout(file, name)
    const report = await verifyWithout(endorsed, { ...options, refresh: true })
    expectRefusal(report)
    expect(report.checks.map(({ id }) => id)).toEqual(CHECK_IDS)
    expect(report.checks.map(({ code }) => code)).toContain('INTERNAL_ERROR')
  })

  it('71: tells of a newer copy that could not be asked for, which does not decide', async () => {
    const { verify: verifyWithout } = await packageWithout('verifying/refresh.js', 'refresh')
    const report = await verifyWithout(endorsed, { ...options, refresh: true })
    expect(report.checks.find(({ id }) => id === 'refresh')).toMatchObject({
      outcome: 'unknown',
      code: 'INTERNAL_ERROR'
    })
    expect(report.warnings.map(({ code }) => code)).toEqual(['INTERNAL_ERROR'])
  })

  it.each(PRESENTATION_STEPS)('71, 200: lets no presentation through and throws nothing: %s %s', async (file, name) => {
    const { verifyPresentation } = await packageWithout(file, name)
    const report = await verifyPresentation(presentation, { ...options, challenge: 'c-1', domain: 'jobs.example' })
    expectRefusal(report)
    expect(report.checks.map(({ code }) => code)).toContain('INTERNAL_ERROR')
  })
})
