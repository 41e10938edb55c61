import { createKeyCache, type KeyCache } from '../crypto/key-cache.js'
import type { SignatureAlgorithm } from '../crypto/public-key.js'
import type { Resolver } from '../did/resolver.js'
import type { JsonLimits } from '../encoding/json-rules.js'
import type { ContextDocument, ContextSet } from '../model/contexts.js'
import type { CredentialKind, StatusListKind } from '../model/credential-kind.js'
import type { Cryptosuite } from '../securing/cryptosuite.js'
import { defaultSuites } from '../securing/default-suites.js'
import { JWT_ALGORITHMS } from '../securing/jwt/jose-header.js'
import { boundResolver, type ResolverBounds } from './bounded-resolver.js'
import { checkNames, contextsOption, dateOption, secondsOption, statusIssuersOption } from './check-options.js'
import { copyPolicy, defaultPolicy, type Policy } from './policy.js'
import { type ExpectedRecipient, readExpectedRecipient } from './recipient.js'
import { type GivenResources, readResources } from './resources.js'
import { createRoom, type Room } from './room.js'
import type { StatusMemory } from './status-memory.js'
import { readTrustLists, type TrustList } from './trust.js'
import type { KnownList } from './verified-list.js'

/** The kinds of credential that a caller may ask for. */
export type ExpectedKind = Exclude<CredentialKind, StatusListKind | 'VerifiablePresentation'>

/** Options of `verify`. Every one has a safe default. */
export interface VerifyOptions {
  /** Reads controller documents and status lists. Without one nothing is fetched, and what needs it is `unknown`. */
  readonly resolver?: Resolver
  /** The time to check for. Default: the system clock, read once. */
  readonly now?: Date
  /**
   * The kind of credential that is wanted. Default `AchievementCredential`. `VerifiableCredential` takes any credential
   * of the data models 2.0 and 1.1; the checks about badges then do not apply.
   */
  readonly expect?: ExpectedKind
  /** Whom the badge should have been awarded to. Without it the check `recipient` does not apply. */
  readonly recipient?: ExpectedRecipient
  /**
   * Contexts beyond the bundled ones, each with the SHA-256 of its RFC 8785 form. Those that could change what other
   * members mean are refused, except where any credential is expected.
   */
  readonly contexts?: readonly ContextDocument[]
  /**
   * Admit contexts that a credential writes inline; only with `expect: 'VerifiableCredential'`. Default false. A proof over
   * RDF covers what names stand for and not the names: what a holder names in another way is still signed, so read the
   * claims by what `@context` of the verified document says that they mean.
   */
  readonly inlineContexts?: boolean
  /** The proof suites to accept. Default: `defaultSuites`. */
  readonly suites?: readonly Cryptosuite[]
  /**
   * Accept forms that Open Badges 3.0 forbids and that take nothing from signatures, dates or status; every one is
   * reported with `RELAXED`. `@id` and `@type`, value objects and arrays of one, `null` and empty arrays, a type that
   * stands twice, a credential deeper in an SVG; headers of a JWT beyond `alg`, `kid`, `jwk` and `typ`, and a missing
   * `sub`. Endorsements and status lists are read strictly all the same. Default false.
   */
  readonly lenient?: boolean
  /** The signature algorithms of JWTs to accept; none to accept no JWT. Default: RS256, PS256, ES256, ES384, EdDSA. */
  readonly algorithms?: readonly SignatureAlgorithm[]
  /**
   * Accept a JWT without the claim `sub`, which Open Badges 3.0 asks for and early issuers left out; the report says so.
   * Default: as `lenient`.
   */
  readonly allowMissingSub?: boolean
  /** Refuse a credential that has a proof in a suite that is not accepted. Default false: a warning. */
  readonly requireAllProofs?: boolean
  /** Seconds that the verifier's clock may run behind. Applies to `validFrom` and `created`. Default 60, at most 300. */
  readonly clockTolerance?: number
  /**
   * Which keys of an issuer may have signed. `now`: those that are in force at the time of the check. `whenSigned`: also
   * those that expired after the signature says it was made, with a warning. Whoever holds an expired key can write any
   * time, so ask for it only where the issuer expires keys that nobody stole. A revoked key never counts. Default `now`.
   */
  readonly keyHistory?: 'now' | 'whenSigned'
  /** Seconds that a status list may be old. Default 86,400. A revocation that is set counts however old the list is. */
  readonly maxStatusAge?: number
  /** Accept a status list as it stood at another time; the report says so. */
  readonly statusSnapshot?: { readonly acceptedAsOf: Date; readonly maxAge: number }
  /**
   * Who may keep status lists for whom: from the id of a credential's issuer to the ids of those whose lists count for it
   * besides its own. Nobody by default.
   */
  readonly statusIssuers?: Readonly<Record<string, readonly string[]>>
  /** Remembers the newest status lists, so that an older one is noticed. Without one every list counts by its own time. */
  readonly statusMemory?: StatusMemory
  /**
   * Seconds to wait for the resolver, all requests of one verification together, and for each answer of a trust list, a
   * status memory or a challenge store. Default 10.
   */
  readonly resolveTimeout?: number
  readonly policy?: Policy
  /** Ask the refresh service that a badge names for a newer copy, once, with the resolver. Default false. */
  readonly refresh?: boolean
  /** Files that the credential refers to, by URL, to be compared with the digests it states. Nothing is fetched. */
  readonly resources?: GivenResources
  /** Lists of known issuers, one at least. Whether one knows the issuer is told, and does not decide by default. */
  readonly trust?: readonly TrustList[]
  /** Bounds on the input; `maxRequests` on what one verification asks the resolver for (20). */
  readonly limits?: JsonLimits & { readonly maxImageBytes?: number; readonly maxRequests?: number }
  /** Keeps imported keys between calls; importing one costs more than a signature. */
  readonly keyCache?: KeyCache
}

/** Status lists that were read, by kind and address. */
export type KnownLists = Pick<Map<string, Promise<KnownList>>, 'get'> & {
  set(key: string, list: Promise<KnownList>): unknown
}

/** The options with every default filled in, fixed for one call. */
export interface Settings {
  readonly resolver: Resolver | undefined
  readonly resolverBounds: ResolverBounds
  readonly now: Date
  readonly expect: CredentialKind
  readonly recipient: ExpectedRecipient | undefined
  readonly contexts: ContextSet
  readonly inlineContexts: 'refused' | 'admitted'
  readonly suites: readonly Cryptosuite[]
  readonly lenient: boolean
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly allowMissingSub: boolean
  readonly requireAllProofs: boolean
  readonly clockTolerance: number
  readonly keyHistory: 'now' | 'whenSigned'
  readonly maxStatusAge: number
  readonly statusSnapshot: { readonly acceptedAsOf: Date; readonly maxAge: number } | undefined
  readonly statusIssuers: ReadonlyMap<string, ReadonlySet<string>>
  readonly statusMemory: StatusMemory | undefined
  readonly policy: Policy
  readonly refresh: boolean
  readonly resources: ReadonlyMap<string, Uint8Array>
  readonly trust: readonly TrustList[]
  readonly limits: JsonLimits
  readonly maxImageBytes: number
  readonly keyCache: KeyCache
  readonly room: Room
  /** Status lists that this verification has read. */
  readonly lists: KnownLists
}

/** @throws {OptionError} OPTION_INVALID, CONTEXT_DIGEST_MISMATCH, CONTEXT_UNSAFE */
export function settle(options: VerifyOptions): Settings {
  checkNames(options)
  const { statusSnapshot, resolver, limits = {} } = options
  const resolverBounds = {
    maxRequests: limits.maxRequests ?? 20,
    timeout: secondsOption('resolveTimeout', options.resolveTimeout ?? 10, 600)
  }
  return {
    resolver: resolver && boundResolver(resolver, resolverBounds),
    resolverBounds,
    now: dateOption('now', options.now ?? new Date()),
    expect: options.expect ?? 'AchievementCredential',
    recipient: readExpectedRecipient(options.recipient),
    contexts: contextsOption(options.contexts ?? [], options.expect),
    inlineContexts: options.inlineContexts === true ? 'admitted' : 'refused',
    suites: [...(options.suites ?? defaultSuites)],
    algorithms: [...(options.algorithms ?? JWT_ALGORITHMS)],
    lenient: options.lenient ?? false,
    allowMissingSub: options.allowMissingSub ?? options.lenient ?? false,
    requireAllProofs: options.requireAllProofs ?? false,
    clockTolerance: secondsOption('clockTolerance', options.clockTolerance ?? 60, 300),
    keyHistory: options.keyHistory ?? 'now',
    maxStatusAge: secondsOption('maxStatusAge', options.maxStatusAge ?? 86_400),
    statusSnapshot: statusSnapshot && {
      acceptedAsOf: dateOption('statusSnapshot.acceptedAsOf', statusSnapshot.acceptedAsOf),
      maxAge: secondsOption('statusSnapshot.maxAge', statusSnapshot.maxAge)
    },
    statusIssuers: statusIssuersOption(options.statusIssuers),
    statusMemory: options.statusMemory,
    policy: copyPolicy(options.policy ?? defaultPolicy),
    refresh: options.refresh ?? false,
    resources: readResources(options.resources),
    trust: readTrustLists(options.trust),
    lists: new Map(),
    room: createRoom(limits),
    limits,
    maxImageBytes: limits.maxImageBytes ?? 8 * 1_048_576,
    keyCache: options.keyCache ?? createKeyCache()
  }
}
