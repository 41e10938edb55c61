import { InputError, OptionError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { deepFreeze } from '../encoding/snapshot.js'
import { admitContexts } from '../model/admit-contexts.js'
import { type ContextDocument, type ContextSet, createContextSet } from '../model/contexts.js'
import type { CredentialKind } from '../model/credential-kind.js'
import { listOf, objectsOf } from '../model/read.js'
import { disclose } from '../securing/sd/disclosure.js'
import { ecdsaSd2023 } from '../securing/sd/ecdsa-sd-2023.js'
import { unsecured } from '../securing/unsecured-document.js'
import { checkUnsigned } from './gate.js'
import { type GivenCredential, readGiven } from './given-credential.js'

export interface DeriveOptions {
  /** JSON Pointers (RFC 6901) into the credential: what to show besides what is mandatory. Empty shows the least. */
  readonly reveal: readonly string[]
  /**
   * Contexts beyond the bundled ones, each with the SHA-256 of its RFC 8785 form. Those that could change what other
   * members mean are refused, except where any credential may come.
   */
  readonly contexts?: readonly ContextDocument[]
  /** Take `any` credential of VCDM 2.0 or 1.1, of which no more is asked than the data model does. Default `badges`. */
  readonly credentials?: 'badges' | 'any'
}

const MAX_POINTERS = 1_000

/**
 * Derives from a credential with a base proof of `ecdsa-sd-2023` the credential that its holder shows: what the issuer
 * made mandatory, and what `reveal` points at. Objects on the way to it are shown with their `id` and `type`, entries of
 * arrays without the entries between them.
 *
 * The base credential stays with the holder: its proof holds the key that hides what is left out. Other proofs of it
 * cover the whole and are left out.
 *
 * Does not check the issuer's signature, dates or status; `verify` does, of what was derived.
 *
 * @param credential an object, JSON text or the bytes of a JSON file
 * @returns the derived credential, frozen
 * @throws {OptionError} OPTION_INVALID
 * @throws {InputError} POINTER_INVALID with every pointer that leads nowhere; CREDENTIAL_INVALID, SCHEMA_INVALID where the
 *   credential, or what would be shown of it, is no good one; the codes of unreadable JSON
 * @throws {SecuringError} UNDEFINED_TERM, CANONICALIZATION_FAILED, CANONICALIZATION_LIMIT
 * @see Data Integrity ECDSA Cryptosuites 1.0 section 3.6.6, Add Derived Proof
 *
 * @example
 * ```ts
 * import { compileCompetency, createIssuer, createMemoryKeyStore, createMemoryStatusStore, didKeyOf } from 'komma'
 * import { deriveCredential, ecdsaSd2023 } from 'komma/selective-disclosure'
 *
 * const keys = await createMemoryKeyStore({ algorithm: 'P-256' })
 * const issuer = await createIssuer({
 *   profile: { id: await didKeyOf(keys), name: 'Nordisk Kvalitetsakademi' },
 *   keys,
 *   status: createMemoryStatusStore(),
 *   suite: ecdsaSd2023
 * })
 * const competency = compileCompetency({
 *   id: 'https://academy.example/achievements/first-aid',
 *   version: '1',
 *   inLanguage: 'en',
 *   name: 'First aid at work',
 *   description: 'Acts safely until help arrives.',
 *   criteria: { narrative: 'Six hours of practice and an observed drill.' },
 *   tag: ['first aid', 'safety']
 * })
 * const issued = await issuer.issue(competency, { recipient: { email: 'kari@example.org' } })
 *
 * const shown = await deriveCredential(issued.text, { reveal: ['/credentialSubject/achievement/tag'] })
 * console.log(shown['validFrom'] === issued.credential.validFrom) // => true
 * ```
 */
export async function deriveCredential(credential: GivenCredential, options: DeriveOptions): Promise<JsonObject> {
  const reveal = checkReveal(options)
  const isAny = options.credentials === 'any'
  const contexts = isAny ? createContextSet(options.contexts) : admitContexts(options.contexts ?? [])
  const { proof: proofs, ...document } = readGiven(credential)
  const proof = findBaseProof(objectsOf(proofs))
  const kind = isAny ? 'VerifiableCredential' : kindOf(document)
  const secured = unsecured(document, await checkUnsigned(document, kind, { contexts }), contexts)
  const { shown, derive } = await disclose(secured, String(proof['proofValue']), reveal)
  const expanded = await checkDerived(shown, kind, contexts)
  const derived = { ...proof, proofValue: await derive(unsecured(shown, expanded, contexts)) }
  return deepFreeze({ ...shown, proof: Array.isArray(proofs) ? [derived] : derived })
}

function checkReveal(options: DeriveOptions): readonly string[] {
  const { reveal } = options ?? {}
  if (Array.isArray(reveal) && reveal.length <= MAX_POINTERS && reveal.every((one) => typeof one === 'string'))
    return [...reveal]
  throw new OptionError({
    code: 'OPTION_INVALID',
    message: 'an option cannot be used',
    path: 'reveal',
    expected: `an array of at most ${MAX_POINTERS} JSON Pointers`
  })
}

function findBaseProof(proofs: readonly JsonObject[]): JsonObject {
  const ours = proofs.filter(ecdsaSd2023.matches)
  const [proof] = ours
  if (proof !== undefined && ours.length === 1 && proof['previousProof'] === undefined) return proof
  throw new InputError({
    code: 'CREDENTIAL_INVALID',
    message: 'the credential has no proof from which another can be derived',
    path: '/proof',
    expected: 'one base proof of ecdsa-sd-2023 that builds on no other',
    got: `${ours.length} proofs of ecdsa-sd-2023 among ${proofs.length}`
  })
}

function kindOf(document: JsonObject): CredentialKind {
  const types = listOf(document['type'])
  if (types.includes('AchievementCredential') || types.includes('OpenBadgeCredential')) return 'AchievementCredential'
  return types.includes('EndorsementCredential') ? 'EndorsementCredential' : 'VerifiableCredential'
}

async function checkDerived(
  shown: JsonObject,
  kind: CredentialKind,
  contexts: ContextSet
): ReturnType<typeof checkUnsigned> {
  try {
    return await checkUnsigned(shown, kind, { contexts })
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    const hint = 'That is what would be shown. Reveal the whole object, or what else is required of it.'
    throw new InputError(
      cause.faults.map((fault) => ({ ...fault, hint })),
      { cause }
    )
  }
}
