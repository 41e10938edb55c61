import { KommaError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { deepFreeze } from '../encoding/snapshot.js'
import type { AchievementCredential, EndorsementCredential } from '../model/types.js'
import { checkCredentialSchema } from './credential-schema.js'
import { checkEndorsements, type EndorsementsResult } from './endorsements.js'
import { type Intake, takeIn, type VerifyInput } from './intake.js'
import { type Settings, settle, type VerifyOptions } from './options.js'
import { advisoryFindings, decide } from './policy.js'
import { checkRecipient } from './recipient.js'
import {
  type Check,
  check,
  completeChecks,
  type EndorsementFact,
  inputFailed,
  type ProofFact,
  type Report,
  type StatusFact
} from './report.js'
import { checkResources } from './resources.js'
import { checkResults } from './results.js'
import type { SecuredResult } from './secured.js'
import { verifySecured } from './secured-document.js'
import { sharedIdWarnings } from './shared-id-warnings.js'
import { checkStatus } from './status.js'
import { checkTrust } from './trust.js'
import { checkValidity } from './validity.js'

/**
 * Verifies an Open Badges 3.0 credential and says of every check how it came out. Takes an object, JSON text, SVG
 * text, or the bytes of a JSON, PNG or SVG file.
 *
 * Nothing is fetched unless a `resolver` is passed. Bad input is reported, not thrown.
 *
 * Does not check that the claims are true, that the issuer's name is the issuer's, that pixels of an image show the
 * achievement, or that the person who shows the badge is its recipient.
 *
 * @param input the badge; an object is copied before the first check
 * @param options see {@link VerifyOptions}
 * @returns `accepted` is the decision of the policy; read `credential`, never the input
 * @throws {OptionError} OPTION_INVALID where an option is used wrongly
 * @see Open Badges 3.0 section 9.1, VC Data Integrity 1.0 section 4.4
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { verify } from 'komma'
 * import { openFolderResolver } from 'komma/resolve/folder'
 *
 * const report = await verify(await readFile('badge.png'), { resolver: await openFolderResolver('published') })
 * if (report.accepted) console.log(report.credential?.name) // => Forklift operator
 * else for (const check of report.checks) console.log(check.id, check.outcome, check.message)
 * ```
 */
export async function verify(
  input: VerifyInput,
  options: VerifyOptions & { readonly expect: 'EndorsementCredential' }
): Promise<Report<EndorsementCredential>>
export async function verify(
  input: VerifyInput,
  options: VerifyOptions & { readonly expect: 'VerifiableCredential' }
): Promise<Report<JsonObject>>
export async function verify(input: VerifyInput, options?: VerifyOptions): Promise<Report>
export async function verify(
  input: VerifyInput,
  options: VerifyOptions = {}
): Promise<Report<AchievementCredential | EndorsementCredential | JsonObject>> {
  const settings = settle(options)
  const facts = await gatherFacts(input, settings)
  const checks = completeChecks(facts.checks)
  const advice = advisoryFindings(checks, settings.policy).map(({ code, message, facts }) => ({
    code,
    message,
    facts
  }))
  return deepFreeze({
    accepted: decide(checks, settings.policy),
    checks,
    warnings: [...facts.warnings, ...advice],
    // What passed the schema has the type of its class.
    credential: facts.document as unknown as AchievementCredential | undefined,
    proofs: facts.proofs,
    status: facts.status,
    endorsements: facts.endorsements,
    verifiedAt: settings.now.toISOString()
  })
}

interface Facts extends Pick<SecuredResult, 'checks' | 'document' | 'proofs' | 'warnings'> {
  readonly status: readonly StatusFact[]
  readonly endorsements: readonly EndorsementFact[]
}

/** The way of a badge from bytes to facts, in the order of the standard. */
async function gatherFacts(input: unknown, settings: Settings): Promise<Facts> {
  // Open Badges 3.0 §5: one document, one credential.
  const intake = attemptIntake(input, settings)
  if ('failed' in intake)
    return { checks: [intake.failed], document: undefined, proofs: [], warnings: [], status: [], endorsements: [] }
  const read = check('INPUT_READ', { form: intake.form })

  // Open Badges 3.0 §9.1 steps 1 and 2: conformance and proof.
  const secured = await guard(
    () => verifySecured(intake.secured, settings.expect, settings),
    () => ({
      checks: [check('INTERNAL_ERROR', {}, 'proof')],
      document: undefined,
      issuer: undefined,
      proofs: [],
      warnings: []
    })
  )
  const { document, issuer, proofs } = secured
  const before = [read, ...secured.checks]
  if (document === undefined) return { ...secured, checks: before, status: [], endorsements: [] }

  // From here on only the verified document is read.
  const named = checkCredentialSchema(document)
  const isBadge = settings.expect !== 'VerifiableCredential'
  const results = isBadge ? checkResults(document) : check('NOT_A_BADGE', {}, 'results')
  // §9.1 step 3: a refresh is reported, not attempted.
  const refresh = check(document['refreshService'] === undefined ? 'REFRESH_NONE' : 'REFRESH_NOT_ATTEMPTED')
  // §9.1 step 4: dates and status.
  const validity = checkValidity(document, settings)
  const status = await guard(
    () => checkStatus(document, { issuer: issuer ?? '', legacy: isLegacy(proofs) }, settings),
    () => ({ check: check('INTERNAL_ERROR', {}, 'status'), facts: [], warnings: [] })
  )
  // §9.1 step 5: the recipient.
  const recipient = checkRecipient(document, settings.recipient)
  // §9.1 step 6: endorsements.
  const endorsements = await guard(
    () => (isBadge ? checkEndorsements(document, settings) : Promise.resolve(noEndorsements('NOT_A_BADGE'))),
    () => noEndorsements('INTERNAL_ERROR')
  )
  // VC Data Model 2.0 §5.3: files with a stated digest.
  const resources = checkResources(document, settings.resources)
  // VC Data Model 2.0 Appendix A.3: who knows the issuer.
  const trust = await checkTrust(issuer ?? '', settings.trust)
  return {
    checks: [
      ...before,
      named,
      results,
      validity,
      status.check,
      refresh,
      recipient,
      ...endorsements.checks,
      resources,
      trust
    ],
    document,
    proofs,
    warnings: [
      ...secured.warnings,
      ...sharedIdWarnings(document, settings),
      ...status.warnings,
      ...endorsements.warnings
    ],
    status: status.facts,
    endorsements: endorsements.facts
  }
}

function noEndorsements(code: 'NOT_A_BADGE' | 'INTERNAL_ERROR'): EndorsementsResult {
  return { checks: [check(code, {}, 'endorsements'), check(code, {}, 'endorsementDates')], facts: [], warnings: [] }
}

function attemptIntake(input: unknown, settings: Settings): Intake | { readonly failed: Check } {
  try {
    return takeIn(input, settings)
  } catch (error) {
    if (error instanceof KommaError) return { failed: inputFailed(error) }
    return { failed: check('INTERNAL_ERROR', {}, 'input') }
  }
}

function isLegacy(proofs: readonly ProofFact[]): boolean {
  return proofs.some(({ keyFrom }) => keyFrom === 'legacyFragment')
}

/** A dependency that throws leaves its check open; it never lets a badge through (security case 71). */
async function guard<T>(work: () => Promise<T>, open: () => T): Promise<T> {
  try {
    return await work()
  } catch {
    return open()
  }
}
