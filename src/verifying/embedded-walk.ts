import { type ExpandedDocument, expand } from '../canonical/json-ld.js'
import type { PublicKey } from '../crypto/public-key.js'
import { resolveIssuerKey } from '../did/issuer-key.js'
import { KommaError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { deepFreeze } from '../encoding/snapshot.js'
import type { CredentialKind } from '../model/credential-kind.js'
import { findHiddenMember } from '../model/hidden-members.js'
import { relax } from '../model/lenient.js'
import { type UnsecuredDocument, unsecured } from '../securing/unsecured-document.js'
import { checkForm } from './form-checks.js'
import { keySearch, keyWarnings, nameWarnings, signingTime } from './key-search.js'
import type { Settings } from './options.js'
import { factOf, type GatedProof, gateProofs, type PassedGate } from './proof-gate.js'
import { type ProofSetVerdict, verifyProofSet } from './proof-set.js'
import { type Check, check, type ProofFact, type Warning, warn } from './report.js'
import type { SecuredResult } from './secured.js'
import { type ExpectedSigner, expectedSigner } from './signer.js'

/** The way of a document with embedded proofs (VC Data Integrity 1.0) to a verified document. */
export async function verifyEmbedded(
  given: JsonObject,
  kind: CredentialKind,
  settings: Settings
): Promise<SecuredResult> {
  const { document, warnings } = usualForm(given, kind, settings)
  const walk = new EmbeddedWalk(document, kind, settings)
  await walk.run()
  const result = walk.result()
  return { ...result, warnings: [...warnings, ...result.warnings] }
}

/** The document as it is read: where the caller is lenient, in the usual form, with what was relaxed. */
export function usualForm(
  document: JsonObject,
  kind: CredentialKind,
  { lenient }: Settings
): { readonly document: JsonObject; readonly warnings: readonly Warning[] } {
  if (!lenient) return { document, warnings: [] }
  const { document: usual, relaxations } = relax(document, kind)
  return { document: deepFreeze(usual), warnings: relaxations.map(({ path, form }) => warn('RELAXED', { path, form })) }
}

class EmbeddedWalk {
  readonly #given: JsonObject
  readonly #kind: CredentialKind
  readonly #settings: Settings
  readonly #signer: ExpectedSigner
  readonly #checks: Check[] = []
  readonly #proofs: ProofFact[] = []
  readonly #warnings: Warning[] = []
  #document: JsonObject | undefined

  constructor(given: JsonObject, kind: CredentialKind, settings: Settings) {
    this.#given = given
    this.#kind = kind
    this.#settings = settings
    this.#signer = expectedSigner(given, kind)
  }

  async run(): Promise<void> {
    // VC Data Integrity 1.0 §4.6, Open Badges 3.0 §9.1 step 1: known contexts, plain members, and the data model.
    const form = checkForm(this.#given, this.#kind, this.#settings)
    this.#checks.push(...form)

    // VC Data Integrity 1.0 §4.4: what the proofs say of themselves; said even of a document that does not conform.
    const gate = gateProofs(this.#given, this.#signer.purpose, this.#settings)
    if (!gate.passed) this.#checks.push(gate.check)
    if (!gate.passed || form.some(({ outcome }) => outcome !== 'pass')) return
    this.#proofs.push(...gate.unchecked)
    this.#warnings.push(...gate.warnings)

    // Controlled Identifiers 1.0 §3.3: the keys, bound to the issuer or the holder.
    const keys = await this.#issuerKeys(gate.proofs)
    if (keys === undefined) return

    // VC Data Integrity 1.0 §2.4.2: nothing of the document is dropped.
    const { proof: _, ...document } = this.#given
    const expanded = await this.#expand(document)
    if (expanded === undefined) return

    // VC Data Integrity 1.0 §4.4, §4.5: every accepted proof has to verify.
    const secured = unsecured(document, expanded, this.#settings.contexts)
    const verdict = await this.#checkSignatures(gate, keys, secured)
    if (!verdict?.holds) return

    // Data Integrity EdDSA Cryptosuites 1.0 §3.3.2: contexts that no proof covers are no part of the document.
    const isWhole = verdict.document === document
    if (!isWhole && (await this.#expand(verdict.document)) === undefined) return
    this.#checks.push(check('DOCUMENT_SOUND'))

    // VC Data Model 2.0 §5.13: the verified document, and nothing else, goes on.
    if (gate.open === undefined) this.#document = deepFreeze(verdict.document)
  }

  result(): SecuredResult {
    return {
      checks: this.#checks,
      document: this.#document,
      issuer: this.#signer.id || undefined,
      proofs: this.#proofs,
      warnings: this.#warnings
    }
  }

  async #issuerKeys(proofs: readonly GatedProof[]): Promise<readonly PublicKey[] | undefined> {
    const { id: issuer, purpose } = this.#signer
    const keys: PublicKey[] = []
    try {
      for (const { proof, suite, verificationMethod } of proofs) {
        const search = keySearch(this.#settings, signingTime(proof['created']))
        const found = await resolveIssuerKey({ verificationMethod, issuer, purpose, ...search })
        if (!suite.keyAlgorithms.includes(found.publicKey.algorithm)) {
          this.#checks.push(
            check('ISSUER_KEY_INVALID', { reason: `${suite.name} does not sign with ${found.publicKey.algorithm}` })
          )
          return undefined
        }
        keys.push(found.publicKey)
        this.#proofs.push(factOf(proof, true, found.via))
        this.#warnings.push(...keyWarnings(found))
      }
    } catch (error) {
      this.#checks.push(keyFailure(error))
      return undefined
    }
    this.#checks.push(check('ISSUER_BOUND', { issuer }))
    this.#warnings.push(...nameWarnings(issuer))
    return keys
  }

  async #expand(document: JsonObject): Promise<ExpandedDocument | undefined> {
    try {
      const expanded = await expand(document, this.#settings.contexts)
      const hidden =
        this.#settings.expect === 'VerifiableCredential' ? findHiddenMember(document, expanded.nodes) : undefined
      if (hidden === undefined) return expanded
      this.#checks.push(check('MEMBER_HIDDEN', { member: hidden }))
      return undefined
    } catch (error) {
      this.#checks.push(canonicalFailure(error))
      return undefined
    }
  }

  async #checkSignatures(
    gate: PassedGate,
    keys: readonly PublicKey[],
    secured: UnsecuredDocument
  ): Promise<ProofSetVerdict | undefined> {
    try {
      const verdict = await verifyProofSet(gate.proofs, keys, secured)
      const suites = gate.proofs.map(({ suite }) => suite.name).join(', ')
      this.#checks.push(verdict.holds ? (gate.open ?? check('PROOF_VALID', { suites })) : check('SIGNATURE_INVALID'))
      if (verdict.holds && verdict.utf16) this.#warnings.push(warn('UTF16_ORDER'))
      return verdict
    } catch (error) {
      this.#checks.push(signatureFailure(error))
      return undefined
    }
  }
}

export function keyFailure(error: unknown): Check {
  if (!(error instanceof KommaError)) return check('INTERNAL_ERROR', {}, 'issuer')
  const reason = error.message
  if (error.code === 'RESOLUTION_FAILED') return check('ISSUER_KEY_UNRESOLVED', { reason })
  if (error.code === 'CRYPTO_UNAVAILABLE') return check('SIGNATURE_UNCHECKED', { reason })
  return check(error.code === 'ISSUER_KEY_MISMATCH' ? 'ISSUER_KEY_MISMATCH' : 'ISSUER_KEY_INVALID', { reason })
}

function signatureFailure(error: unknown): Check {
  if (!(error instanceof KommaError) || error.code !== 'CRYPTO_UNAVAILABLE') return canonicalFailure(error)
  return check('SIGNATURE_UNCHECKED', { reason: error.message })
}

function canonicalFailure(error: unknown): Check {
  if (!(error instanceof KommaError)) return check('INTERNAL_ERROR', {}, 'document')
  const reason = error.message
  return check(error.code === 'UNDEFINED_TERM' ? 'UNDEFINED_TERM' : 'DOCUMENT_NOT_CANONICAL', { reason })
}
