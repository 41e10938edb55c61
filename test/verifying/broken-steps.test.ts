import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import type { VerifyOptions } from '../../src/index.js'
import { CHECK_IDS } from '../../src/model/check-ids.js'
import { breakableParts, brokenCall, expectRefusal } from '../support/breakable-parts.js'

let endorsed: JsonObject
let presentation: JsonObject
let options: VerifyOptions

beforeAll(async () => {
  const parts = await breakableParts()
  endorsed = parts.endorsed
  presentation = parts.presentation
  options = parts.options
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
