import type { Competency } from '../competency/compile.js'
import { schemaFaults } from '../competency/schema-faults.js'
import { type RandomSource, randomBytes } from '../crypto/digest.js'
import { createKeyCache } from '../crypto/key-cache.js'
import { verificationMethodUrl } from '../did/controller-document.js'
import { toWholeSeconds } from '../encoding/dates.js'
import { OptionError } from '../encoding/errors.js'
import { encodeHex } from '../encoding/multibase.js'
import { deepFreeze, snapshotObject } from '../encoding/snapshot.js'
import type { KeyStore } from '../keys/key-store.js'
import type { Award } from '../model/competency-types.js'
import { type ContextDocument, createContextSet } from '../model/contexts.js'
import { validateProfile } from '../model/generated/validators.js'
import type { Profile } from '../model/types.js'
import type { Cryptosuite } from '../securing/cryptosuite.js'
import { eddsaRdfc2022 } from '../securing/eddsa-rdfc-2022.js'
import type { StatusEvent, StatusStore } from '../status/status-store.js'
import { checkedStore } from './checked-store.js'
import { type Issued, issueCredential, type Workshop } from './issue.js'
import { statusListUrl } from './list-url.js'
import { type Published, type PublishOptions, publishController, publishStatusLists } from './publish.js'

/** The members that the model names; `Omit` on a type with an index signature would lose them. */
type Named<T> = { [Key in keyof T as string extends Key ? never : Key]: T[Key] }

/** The profile of an issuer as the caller writes it; `type` is filled in. */
export type IssuerProfile = Omit<Named<Profile>, 'type'> & { readonly type?: Profile['type'] }

export interface IssuerOptions {
  /** Who issues: `id` is a `did:key`, `did:web` or https address that the keys belong to. */
  readonly profile: IssuerProfile
  readonly keys: KeyStore
  readonly status: StatusStore
  /** The https folder under which status lists are published. Default: `/status/` beside the issuer's own document. */
  readonly statusLists?: string
  /** Contexts beyond the bundled ones, each with the SHA-256 of its RFC 8785 form. */
  readonly contexts?: readonly ContextDocument[]
  /** The proof format. Default `eddsa-rdfc-2022`. */
  readonly suite?: Cryptosuite
  /** Default: the system clock. */
  readonly clock?: () => Date
  /** Default: WebCrypto. */
  readonly random?: RandomSource
}

export interface Revocation {
  /** Why; kept in the store, not shown in the list. */
  readonly reason: string
  /** Who decided it. Default: the issuer. */
  readonly actor?: string
  readonly idempotencyKey?: string
}

/** An issuer of Open Badges. */
export interface Issuer {
  readonly id: string
  /**
   * Awards a competency. Everything is checked before anything is signed; the signature is checked before anything is
   * recorded; nothing is handed out before it is recorded.
   *
   * With an `idempotencyKey` in the award the call can be repeated after any failure: it makes one badge.
   *
   * @throws {AwardError} with every fault of the award
   * @throws {InputError} CREDENTIAL_INVALID, SCHEMA_INVALID
   * @throws {SecuringError} UNDEFINED_TERM where the profile has a member that no context defines
   * @throws {StatusError} STATUS_LIST_FULL, STATUS_IDEMPOTENCY_CONFLICT, STATUS_STORE_IO
   * @throws {KeyError} when the signer fails or signs with another key
   */
  issue(competency: Competency, award: Award): Promise<Issued>
  /**
   * Revokes a badge for ever. Counts for verifiers once the status lists are published again.
   *
   * @throws {StatusError} STATUS_UNKNOWN_CREDENTIAL, STATUS_STORE_IO
   */
  revoke(credentialId: string, revocation: Revocation): Promise<StatusEvent>
  /**
   * Everything that has to be readable for others to verify: the controller document and the signed status lists. Sign
   * and serve them again after a revocation, and within the lifetime of a list at the latest.
   */
  publish(options?: PublishOptions): Promise<readonly Published[]>
}

/**
 * Creates an issuer from a profile, a key store and a status store.
 *
 * Does not check that the controller document is published, nor what an https address serves. Opens nothing and closes
 * nothing: the stores stay the caller's.
 *
 * @throws {OptionError} OPTION_INVALID where the profile or `statusLists` is not a valid one
 * @throws {ResolutionError} ISSUER_KEY_MISMATCH where a `did:key` is not the one of the current key, DID_INVALID
 * @throws {KeyError} KEY_NOT_FOUND, KEY_STORE_IO
 * @throws {InputError} CONTEXT_DIGEST_MISMATCH, INPUT_TYPE for `contexts`
 * @see Open Badges 3.0, Appendix B, Profile; VC Data Integrity 1.0 section 4.2; Bitstring Status List 1.0
 *
 * @example
 * ```ts
 * import { compileCompetency, createIssuer, createMapResolver, createMemoryKeyStore, createMemoryStatusStore, didKeyOf, verify } from 'komma'
 *
 * const keys = await createMemoryKeyStore()
 * const issuer = await createIssuer({
 *   profile: { id: await didKeyOf(keys), name: 'Nordisk Kvalitetsakademi' },
 *   keys,
 *   status: createMemoryStatusStore()
 * })
 * const competency = compileCompetency({
 *   id: 'https://academy.example/achievements/first-aid',
 *   version: '1',
 *   inLanguage: 'en',
 *   name: 'First aid at work',
 *   description: 'Acts safely until help arrives.',
 *   criteria: { narrative: 'Six hours of practice and an observed drill.' }
 * })
 * const issued = await issuer.issue(competency, { recipient: { email: 'kari@example.org' } })
 *
 * const published = (await issuer.publish()).map(({ id, text }) => [id, text] as const)
 * const report = await verify(issued.text, { resolver: createMapResolver(published) })
 * console.log(report.accepted) // => true
 * ```
 */
export async function createIssuer(options: IssuerOptions): Promise<Issuer> {
  const workshop = await settle(options)
  const { profile, status } = workshop
  return Object.freeze({
    id: profile.id,
    issue: (competency: Competency, award: Award) => issueCredential(workshop, competency, award),
    revoke: (credentialId: string, revocation: Revocation) =>
      status.revoke({
        credentialId,
        reason: revocation.reason,
        actor: revocation.actor ?? profile.id,
        at: toWholeSeconds(workshop.now()),
        idempotencyKey: revocation.idempotencyKey ?? `revoke/${credentialId}`
      }),
    publish: async (publishing: PublishOptions = {}) => [
      ...publishController(profile.id, await options.keys.keys()),
      ...(await publishStatusLists(workshop, publishing))
    ]
  })
}

async function settle(options: IssuerOptions): Promise<Workshop> {
  const profile = checkProfile(options.profile)
  const random = options.random ?? randomBytes
  const randomUuid = () => uuidFrom(random(16))
  // Fails now, not at the first badge, where the key does not belong to the profile.
  verificationMethodUrl(profile.id, await options.keys.signer())
  return {
    profile,
    signer: () => options.keys.signer(),
    status: checkedStore(options.status),
    listUrl: statusListUrl(profile.id, options.statusLists, randomUuid),
    contexts: createContextSet(options.contexts),
    suite: options.suite ?? eddsaRdfc2022,
    keyCache: createKeyCache(),
    now: options.clock ?? (() => new Date()),
    random,
    randomUuid
  }
}

function checkProfile(given: IssuerProfile): Profile {
  const profile = snapshotObject({ ...given, type: given?.type ?? ['Profile'] })
  if (validateProfile(profile)) return deepFreeze(profile) as unknown as Profile
  const faults = schemaFaults(validateProfile.errors ?? [], profile, {
    codeOf: () => 'OPTION_INVALID',
    mayQuote: () => true
  })
  throw new OptionError(faults.map((fault) => ({ ...fault, path: `profile${fault.path ?? ''}` })))
}

/** RFC 9562 section 5.4. */
function uuidFrom(bytes: Uint8Array): string {
  const filled = Uint8Array.from(bytes)
  filled[6] = ((filled[6] as number) & 0x0f) | 0x40
  filled[8] = ((filled[8] as number) & 0x3f) | 0x80
  return encodeHex(filled).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
