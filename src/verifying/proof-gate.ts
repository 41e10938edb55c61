import { compareInstants, instantFromDate, parseDateTimeStamp } from '../encoding/dates.js'
import { KommaError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { listOf, textOf } from '../model/read.js'
import type { Cryptosuite } from '../securing/cryptosuite.js'
import type { Settings } from './options.js'
import { type Check, check, type ProofFact, type Warning, warn } from './report.js'

const MAX_PROOFS = 8

/** A proof that may be checked: an accepted suite, every required member, a time that makes sense. */
export interface GatedProof {
  readonly proof: JsonObject
  readonly suite: Cryptosuite
  readonly verificationMethod: string
}

export type ProofGate =
  | {
      readonly passed: true
      readonly proofs: readonly GatedProof[]
      readonly unchecked: readonly ProofFact[]
      readonly warnings: readonly Warning[]
    }
  | { readonly passed: false; readonly check: Check }

/** What can be said about the proofs before any key is looked up (VC Data Integrity 1.0 section 4.4, steps 1 to 5). */
export function gateProofs(document: JsonObject, settings: Settings): ProofGate {
  const { proof } = document
  if (proof === undefined) return stop(check('PROOF_MISSING'))
  const all = listOf(proof)
  if (!all.every(isJsonObject)) return malformed('it is not an object')
  if (all.length === 0 || all.length > MAX_PROOFS)
    return malformed(`there are ${all.length} proofs, not 1 to ${MAX_PROOFS}`)

  const gated: GatedProof[] = []
  const unchecked: ProofFact[] = []
  for (const one of all as readonly JsonObject[]) {
    const suite = settings.suites.find((candidate) => candidate.matches(one))
    if (suite === undefined) {
      unchecked.push(factOf(one, false, undefined))
      continue
    }
    const result = gateProof(one, suite, settings)
    if ('id' in result) return stop(result)
    gated.push(result)
  }
  const found = unchecked.map((fact) => fact.cryptosuite ?? fact.type).join(', ')
  if (gated.length === 0) return stop(check('PROOF_SUITE_NOT_ACCEPTED', { found }))
  if (unchecked.length > 0 && settings.requireAllProofs) return stop(check('PROOF_NOT_CHECKED', { found }))
  const warnings = unchecked.map(({ cryptosuite, type }) => warn('PROOF_UNCHECKED', { suite: cryptosuite ?? type }))
  return { passed: true, proofs: gated, unchecked, warnings }
}

export function factOf(proof: JsonObject, checked: boolean, keyFrom: ProofFact['keyFrom']): ProofFact {
  return {
    type: textOf(proof['type']) ?? '',
    cryptosuite: textOf(proof['cryptosuite']),
    verificationMethod: textOf(proof['verificationMethod']),
    created: textOf(proof['created']),
    checked,
    keyFrom
  }
}

function gateProof(proof: JsonObject, suite: Cryptosuite, settings: Settings): GatedProof | Check {
  const verificationMethod = textOf(proof['verificationMethod'])
  const proofValue = textOf(proof['proofValue'])
  if (verificationMethod === undefined) return badProof('verificationMethod is not one address')
  if (proofValue === undefined) return badProof('proofValue is missing')
  if (textOf(proof['proofPurpose']) === undefined) return badProof('proofPurpose is missing')
  if (proof['proofPurpose'] !== 'assertionMethod') return check('PROOF_PURPOSE_MISMATCH')
  if (proof['previousProof'] !== undefined) return check('PROOF_CHAIN_UNSUPPORTED')
  try {
    suite.checkProofValue(proofValue)
    return checkTimes(proof, settings) ?? { proof, suite, verificationMethod }
  } catch (error) {
    if (error instanceof KommaError) return badProof(error.message)
    throw error
  }
}

function checkTimes(proof: JsonObject, settings: Settings): Check | undefined {
  const { created, expires } = proof
  const tolerated = new Date(settings.now.getTime() + settings.clockTolerance * 1000)
  if (created !== undefined) {
    if (typeof created !== 'string') return badProof('created is not one time')
    if (compareInstants(parseDateTimeStamp(created, '/proof/created'), instantFromDate(tolerated)) > 0) {
      return check('PROOF_CREATED_IN_FUTURE', { created })
    }
  }
  if (expires !== undefined) {
    if (typeof expires !== 'string') return badProof('expires is not one time')
    if (compareInstants(parseDateTimeStamp(expires, '/proof/expires'), instantFromDate(settings.now)) <= 0) {
      return check('PROOF_EXPIRED', { expires })
    }
  }
  return undefined
}

function badProof(reason: string): Check {
  return check('PROOF_MALFORMED', { reason })
}

function malformed(reason: string): ProofGate {
  return stop(badProof(reason))
}

function stop(failed: Check): ProofGate {
  return { passed: false, check: failed }
}
