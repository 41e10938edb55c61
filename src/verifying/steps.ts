import { KommaError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { deepFreeze } from '../encoding/snapshot.js'
import type { AchievementCredential } from '../model/types.js'
import { checkCredentialSchema } from './credential-schema.js'
import { checkEndorsements, type EndorsementsResult } from './endorsements.js'
import { guard } from './guard.js'
import { type Intake, takeIn } from './intake.js'
import type { Settings } from './options.js'
import { advisoryFindings, decide } from './policy.js'
import { checkRecipient } from './recipient.js'
import { type Refreshed, refresh } from './refresh.js'
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
import type { Secured, SecuredResult } from './secured.js'
import { verifySecured } from './secured-document.js'
import { sharedIdWarnings } from './shared-id-warnings.js'
import { checkStatus } from './status.js'
import { checkTrust } from './trust.js'
import { checkValidity } from './validity.js'

/** From what a caller hands in to a report: the facts, and what the policy makes of them. */
export async function reportOn(input: unknown, settings: Settings): Promise<Report> {
  // Open Badges 3.0 §5: one document, one credential.
  const intake = await attemptIntake(input, settings)
  if ('failed' in intake) return conclude(nothingKnown([intake.failed]), settings)
  const read = check('INPUT_READ', { form: intake.form })
  const facts = await guard(
    () => gatherFacts(intake.secured, settings),
    () => nothingKnown([check('INTERNAL_ERROR', {}, 'proof')])
  )
  const warnings = [...intake.warnings, ...facts.warnings]
  return conclude({ ...facts, checks: [read, ...facts.checks], warnings }, settings)
}

function conclude(facts: CredentialFacts, settings: Settings): Report {
  const checks = completeChecks(facts.checks)
  const advice = advisoryFindings(checks, settings.policy).map(({ code, message, facts }) => ({ code, message, facts }))
  return deepFreeze({
    accepted: facts.document !== undefined && decide(checks, settings.policy),
    policy: settings.policy.name,
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

/** What is known of a credential, before a policy looks at it. */
interface CredentialFacts extends Pick<SecuredResult, 'checks' | 'document' | 'proofs' | 'warnings'> {
  readonly status: readonly StatusFact[]
  readonly endorsements: readonly EndorsementFact[]
}

/** The way of a credential from what was read to facts, in the order of the standard. */
async function gatherFacts(given: Secured, settings: Settings): Promise<CredentialFacts> {
  // Open Badges 3.0 §9.1 steps 1 and 2: conformance and proof.
  const original = await guard(
    () => verifySecured(given, settings.expect, settings),
    () => ({ ...nothingKnown([check('INTERNAL_ERROR', {}, 'proof')]), issuer: undefined })
  )
  if (original.document === undefined) return { ...nothingKnown([]), ...original }

  // §9.1 step 3: a newer copy, once. Where there is one that holds, it is the credential from here on.
  const refreshed = await guard<Refreshed>(
    () => refresh(original, settings),
    () => ({ check: check('INTERNAL_ERROR', {}, 'refresh') })
  )
  const secured = refreshed.newer ?? original
  const { issuer = '', proofs } = secured

  // From here on only the verified document is read.
  const document = secured.document as JsonObject
  const isBadge = settings.expect !== 'VerifiableCredential'
  const named = checkCredentialSchema(document)
  const results = isBadge ? checkResults(document) : check('NOT_A_BADGE', {}, 'results')
  // §9.1 step 4: dates and status.
  const validity = checkValidity(document, settings)
  const status = await guard(
    () => checkStatus(document, { issuer, legacy: isLegacy(proofs) }, settings),
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
  const trust = await checkTrust(issuer, settings.trust, settings.resolverBounds.timeout)
  return {
    checks: [
      ...secured.checks,
      named,
      results,
      refreshed.check,
      validity,
      status.check,
      recipient,
      ...endorsements.checks,
      resources,
      trust
    ],
    document,
    proofs,
    warnings: [
      ...secured.warnings,
      ...sharedIdWarnings(document, proofs, settings),
      ...status.warnings,
      ...endorsements.warnings
    ],
    status: status.facts,
    endorsements: endorsements.facts
  }
}

function nothingKnown(checks: readonly Check[]): CredentialFacts {
  return { checks, document: undefined, proofs: [], warnings: [], status: [], endorsements: [] }
}

function noEndorsements(code: 'NOT_A_BADGE' | 'INTERNAL_ERROR'): EndorsementsResult {
  return { checks: [check(code, {}, 'endorsements'), check(code, {}, 'endorsementDates')], facts: [], warnings: [] }
}

async function attemptIntake(input: unknown, settings: Settings): Promise<Intake | { readonly failed: Check }> {
  try {
    return await takeIn(input, settings)
  } catch (error) {
    if (error instanceof KommaError) return { failed: inputFailed(error) }
    return { failed: check('INTERNAL_ERROR', {}, 'input') }
  }
}

function isLegacy(proofs: readonly ProofFact[]): boolean {
  return proofs.some(({ keyFrom }) => keyFrom === 'legacyFragment')
}
