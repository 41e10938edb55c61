import { KommaError, OptionError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { deepFreeze } from '../encoding/snapshot.js'
import { PRESENTATION_CHECK_IDS } from '../model/check-ids.js'
import type { ChallengeStore } from './challenge-store.js'
import { guard } from './guard.js'
import type { VerifyInput } from './intake.js'
import { type Settings, settle, type VerifyOptions } from './options.js'
import { advisoryFindings, decide } from './policy.js'
import {
  checkChallenge,
  checkCredentials,
  checkDomain,
  checkHolderBinding,
  presentedCredentials,
  readAnswered
} from './presentation-checks.js'
import { readSecured } from './read-secured.js'
import { type Check, check, completeChecks, inputFailed, type ProofFact, type Report, type Warning } from './report.js'
import type { Secured, SecuredResult } from './secured.js'
import { verifySecured } from './secured-document.js'
import { reportOn } from './steps.js'

const MAX_CREDENTIALS = 32

/** Options of `verifyPresentation`, besides those of `verify`, which count for each credential too. */
export interface VerifyPresentationOptions extends VerifyOptions {
  /** The challenge that was sent to the holder, who has to have signed it. */
  readonly challenge?: string
  /** Where challenges were given out: the one that was signed is taken there, so that it counts once. */
  readonly challenges?: ChallengeStore
  /** The domains that the holder has to have signed; exactly these. */
  readonly domain?: string | readonly string[]
  /** Accept a presentation without credentials, with which a holder shows her key and nothing else. Default false. */
  readonly allowEmpty?: boolean
}

/** The answer of `verifyPresentation`. */
export interface PresentationReport {
  /** The decision of the policy, over the presentation and every credential in it; never true without `presentation`. */
  readonly accepted: boolean
  /** The name of the policy that decided. */
  readonly policy: string
  /** Every check of a presentation, always all of them, in order. */
  readonly checks: readonly Check[]
  readonly warnings: readonly Warning[]
  /** Who signed the presentation; only where the signature holds. */
  readonly holder: string | undefined
  /** The verified presentation without its proof, frozen. Read the credentials from their reports. */
  readonly presentation: JsonObject | undefined
  /** The report of each credential, in the order in which they were presented. */
  readonly credentials: readonly Report[]
  readonly proofs: readonly ProofFact[]
  readonly verifiedAt: string
}

/**
 * Verifies a presentation: that its holder signed it, for this challenge and domain, and every credential in it as
 * `verify` does. Takes an object, JSON text, a JWT (`vp+jwt`), or their bytes.
 *
 * Pass `challenge` or `challenges`, and `domain`: without them a presentation that was made for somebody else, or shown
 * before, looks as good as a fresh one, and is not accepted by the default policy. Nor is one without credentials, which
 * shows nothing but a key, unless `allowEmpty` says that it may be.
 *
 * Does not decide that the holder is whom the credentials are about; the check `holderBinding` says whether it is so.
 *
 * @throws {OptionError} OPTION_INVALID
 * @see VC Data Model 2.0 sections 4.13 and 7.1; VC Data Integrity 1.0 section 4.4
 *
 * @example
 * ```ts
 * import { createMemoryChallengeStore, verifyPresentation } from 'komma/verify'
 *
 * const challenges = createMemoryChallengeStore()
 * const presentation = JSON.stringify({ type: 'VerifiablePresentation' }) // what the holder answered
 * const report = await verifyPresentation(presentation, { challenges, domain: 'jobs.example' })
 * console.log(report.accepted) // => false
 * ```
 */
export async function verifyPresentation(
  input: VerifyInput,
  options: VerifyPresentationOptions = {}
): Promise<PresentationReport> {
  const { challenge, challenges, domain, allowEmpty = false, ...rest } = options
  const expected = readExpected(challenge, challenges, domain, allowEmpty)
  const settings = settle(rest)

  // VC Data Model 2.0 §7.1 step 1: one secured document.
  const secured = attemptRead(input, settings)
  if ('failed' in secured) return conclude({ checks: [secured.failed] }, settings)
  const facts = await guard(
    () => gatherFacts(secured, expected, settings),
    (): PresentationFacts => ({ checks: [check('INTERNAL_ERROR', {}, 'proof')] })
  )
  const read = check('INPUT_READ', { form: secured.form === 'jwt' ? 'a JWT' : 'JSON' })
  return conclude({ ...facts, checks: [read, ...facts.checks] }, settings)
}

/** The way of a presentation from what was read to facts. */
async function gatherFacts(secured: Secured, expected: Expected, settings: Settings): Promise<PresentationFacts> {
  // VC Data Integrity 1.0 §4.4, VC-JOSE-COSE §3.2: the holder signed it, to show that it is he.
  const held = await verifySecured(secured, 'VerifiablePresentation', settings)
  const { document, issuer: holder } = held
  const before = held.checks.map(asHolderCheck)
  if (document === undefined || holder === undefined) return { ...held, checks: before }

  // From here on only the verified presentation is read.
  const presented = presentedCredentials(document)
  const reports: Report[] = []
  for (const one of presented.slice(0, MAX_CREDENTIALS)) reports.push(await reportOn(one, settings))
  const answered = readAnswered(secured)
  return {
    ...held,
    checks: [
      ...before,
      // VC Data Integrity 1.0 §4.4 steps 6 and 7.
      checkDomain(answered, expected.domain),
      await checkChallenge(answered, expected, settings.resolverBounds.timeout),
      checkCredentials(reports, presented.length, { most: MAX_CREDENTIALS, allowEmpty: expected.allowEmpty }),
      checkHolderBinding(holder, reports)
    ],
    credentials: reports,
    holder
  }
}

interface PresentationFacts extends Partial<Pick<SecuredResult, 'document' | 'proofs' | 'warnings'>> {
  readonly checks: readonly Check[]
  readonly credentials?: readonly Report[]
  readonly holder?: string
}

function conclude(facts: PresentationFacts, settings: Settings): PresentationReport {
  const checks = completeChecks(facts.checks, PRESENTATION_CHECK_IDS)
  const advice = advisoryFindings(checks, settings.policy).map(({ code, message, facts }) => ({ code, message, facts }))
  return deepFreeze({
    accepted: facts.document !== undefined && decide(checks, settings.policy),
    policy: settings.policy.name,
    checks,
    warnings: [...(facts.warnings ?? []), ...advice],
    holder: facts.holder,
    presentation: facts.document,
    credentials: facts.credentials ?? [],
    proofs: facts.proofs ?? [],
    verifiedAt: settings.now.toISOString()
  })
}

/** A presentation is signed like a credential; only the words about the key are others. */
function asHolderCheck(made: Check): Check {
  const { issuer: holder = '' } = made.facts
  // Whose key it should be is called the issuer wherever keys are looked for.
  const reason = (made.facts['reason'] ?? '').replace(/\b(the|another) issuer\b/g, '$1 holder')
  switch (made.code) {
    case 'ISSUER_BOUND':
      return check('HOLDER_BOUND', { holder })
    case 'ISSUER_KEY_UNRESOLVED':
      return check('HOLDER_KEY_UNRESOLVED', { reason })
    case 'ISSUER_KEY_MISMATCH':
      return check('HOLDER_KEY_MISMATCH', { reason })
    case 'ISSUER_KEY_INVALID':
      return check('HOLDER_KEY_INVALID', { reason })
    default:
      return made.id === 'issuer' ? check('INTERNAL_ERROR', {}, 'holder') : made
  }
}

function attemptRead(input: unknown, settings: Settings): Secured | { readonly failed: Check } {
  try {
    return readSecured(input, settings)
  } catch (error) {
    if (error instanceof KommaError) return { failed: inputFailed(error) }
    return { failed: check('INTERNAL_ERROR', {}, 'input') }
  }
}

interface Expected {
  readonly challenge: string | undefined
  readonly store: ChallengeStore | undefined
  readonly domain: readonly string[] | undefined
  readonly allowEmpty: boolean
}

function readExpected(challenge: unknown, store: unknown, domain: unknown, allowEmpty: unknown): Expected {
  const domains = domain === undefined ? undefined : [domain].flat()
  if (challenge !== undefined && (typeof challenge !== 'string' || challenge === ''))
    throw invalid('challenge', 'a text')
  if (store !== undefined && typeof (store as Partial<ChallengeStore> | null)?.take !== 'function')
    throw invalid('challenges', 'an object with the method take')
  if (domains?.length === 0 || domains?.some((one) => typeof one !== 'string' || one === ''))
    throw invalid('domain', 'a text, or several')
  if (typeof allowEmpty !== 'boolean') throw invalid('allowEmpty', 'true or false')
  return {
    challenge: challenge as string | undefined,
    store: store as ChallengeStore | undefined,
    domain: domains as readonly string[] | undefined,
    allowEmpty
  }
}

function invalid(path: string, expected: string): OptionError {
  return new OptionError({ code: 'OPTION_INVALID', message: 'an option cannot be used', path, expected })
}
