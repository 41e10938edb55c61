import { compareInstants, instantFromDate, parseDateTimeStamp } from '../encoding/dates.js'
import { KommaError } from '../encoding/errors.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { listOf, textOf } from '../model/read.js'
import type { Cryptosuite } from '../securing/cryptosuite.js'
import { findSuite } from '../securing/find-suite.js'
import { findChainFault, previousProofs } from '../securing/proof-chain.js'
import type { Settings } from './options.js'
import { type Check, check, type ProofFact, type Warning, warn } from './report.js'
import type { ExpectedSigner } from './signer.js'

const MAX_PROOFS = 8
/** What a proof says (VC Data Integrity 1.0 section 2.1). Contexts of strangers could give any of it a second name. */
const MEMBERS = [
  '@context',
  'id',
  'type',
  'cryptosuite',
  'created',
  'expires',
  'verificationMethod',
  'proofPurpose',
  'proofValue',
  'domain',
  'challenge',
  'nonce',
  'previousProof'
]

/** A proof that may be checked: an accepted suite, every required member, a time that makes sense. */
export interface GatedProof {
  readonly proof: JsonObject
  readonly suite: Cryptosuite
  readonly verificationMethod: string
  /** The proofs it builds on, which it covers along with the document. */
  readonly previous: readonly JsonObject[]
}

export interface PassedGate {
  readonly passed: true
  readonly proofs: readonly GatedProof[]
  readonly unchecked: readonly ProofFact[]
  /** What stays open even where every gated proof holds: one of them builds on a proof that was not checked. */
  readonly open: Check | undefined
  readonly warnings: readonly Warning[]
}

export type ProofGate = PassedGate | { readonly passed: false; readonly check: Check }

/** What can be said about the proofs before any key is looked up (VC Data Integrity 1.0 section 4.4, steps 1 to 5). */
export function gateProofs(document: JsonObject, purpose: ExpectedSigner['purpose'], settings: Settings): ProofGate {
  if (document['proof'] === undefined) return stop(check('PROOF_MISSING'))
  const proofs = listOf(document['proof'])
  if (!areObjects(proofs)) return malformed('it is not an object')
  if (proofs.length === 0 || proofs.length > MAX_PROOFS)
    return malformed(`there are ${proofs.length} proofs, not 1 to ${MAX_PROOFS}`)
  const fault = findChainFault(proofs)
  if (fault !== undefined) return stop(check('PROOF_CHAIN_BROKEN', { reason: fault }))

  const gated: GatedProof[] = []
  const unaccepted: JsonObject[] = []
  for (const proof of proofs) {
    const suite = findSuite(settings.suites, proof)
    if (suite === undefined) {
      unaccepted.push(proof)
      continue
    }
    const result = gateProof(proof, suite, purpose, proofs, settings)
    if ('outcome' in result) return stop(result)
    gated.push(result)
  }
  const found = suitesOf(unaccepted)
  if (gated.length === 0) return stop(check('PROOF_SUITE_NOT_ACCEPTED', { found }))
  if (unaccepted.length > 0 && settings.requireAllProofs) return stop(check('PROOF_NOT_CHECKED', { found }))
  const builtOn = unaccepted.filter((proof) => gated.some(({ previous }) => previous.includes(proof)))
  return {
    passed: true,
    proofs: gated,
    unchecked: unaccepted.map((proof) => factOf(proof, false, undefined)),
    open: builtOn.length === 0 ? undefined : check('PROOF_CHAIN_UNCHECKED', { found: suitesOf(builtOn) }),
    warnings: [
      ...unaccepted.map((proof) => warn('PROOF_UNCHECKED', { suite: suitesOf([proof]) })),
      ...(gated.some(({ suite }) => suite.showsPart) ? [warn('PART_SHOWN')] : [])
    ]
  }
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

function areObjects(proofs: readonly JsonValue[]): proofs is readonly JsonObject[] {
  return proofs.every(isJsonObject)
}

function suitesOf(proofs: readonly JsonObject[]): string {
  return proofs.map(({ cryptosuite, type }) => textOf(cryptosuite) ?? textOf(type) ?? '').join(', ')
}

function gateProof(
  proof: JsonObject,
  suite: Cryptosuite,
  purpose: ExpectedSigner['purpose'],
  proofs: readonly JsonObject[],
  settings: Settings
): GatedProof | Check {
  const verificationMethod = textOf(proof['verificationMethod'])
  const proofValue = textOf(proof['proofValue'])
  if (verificationMethod === undefined) return badProof('verificationMethod is not one address')
  if (proofValue === undefined) return badProof('proofValue is missing')
  if (textOf(proof['proofPurpose']) === undefined) return badProof('proofPurpose is missing')
  const strange = Object.keys(proof).find((name) => !MEMBERS.includes(name))
  if (strange !== undefined && settings.expect === 'VerifiableCredential')
    return badProof(`it has the member ${strange.slice(0, 80)}`)
  if (proof['proofPurpose'] !== purpose) return check('PROOF_PURPOSE_MISMATCH', { purpose })
  try {
    suite.checkProofValue(proofValue)
    return checkTimes(proof, settings) ?? { proof, suite, verificationMethod, previous: previousProofs(proof, proofs) }
  } catch (error) {
    if (!(error instanceof KommaError)) throw error
    return error.code === 'PROOF_BASE_SHOWN' ? check('PROOF_BASE_SHOWN') : badProof(error.message)
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
