import { createKeyCache, type KeyCache } from '../crypto/key-cache.js'
import type { Resolver } from '../did/resolver.js'
import { OptionError } from '../encoding/errors.js'
import type { JsonLimits } from '../encoding/json-rules.js'
import { type ContextDocument, type ContextSet, createContextSet } from '../model/contexts.js'
import type { CredentialKind } from '../model/shape-gate.js'
import type { Cryptosuite } from '../securing/cryptosuite.js'
import { eddsaRdfc2022 } from '../securing/eddsa-rdfc-2022.js'
import { defaultPolicy, type Policy } from './policy.js'
import type { ExpectedRecipient } from './recipient.js'

/** Options of `verify`. Every one has a safe default. */
export interface VerifyOptions {
  /** Reads controller documents and status lists. Without one nothing is fetched, and what needs it is `unknown`. */
  readonly resolver?: Resolver
  /** The time to check for. Default: the system clock, read once. */
  readonly now?: Date
  /** The kind of credential that is wanted. Default `AchievementCredential`. */
  readonly expect?: 'AchievementCredential' | 'EndorsementCredential'
  /** Whom the badge should have been awarded to. Without it the check `recipient` does not apply. */
  readonly recipient?: ExpectedRecipient
  /** Contexts beyond the bundled ones, each with the SHA-256 of its RFC 8785 form. */
  readonly contexts?: readonly ContextDocument[]
  /** The proof suites to accept. Default: all that this version knows. */
  readonly suites?: readonly Cryptosuite[]
  /** Refuse a credential that has a proof in a suite that is not accepted. Default false: a warning. */
  readonly requireAllProofs?: boolean
  /** Seconds that the verifier's clock may run behind. Applies to `validFrom` and `created`. Default 60, at most 300. */
  readonly clockTolerance?: number
  /** Seconds that a status list may be old. Default 86,400. A revocation that is set counts however old the list is. */
  readonly maxStatusAge?: number
  /** Accept a status list as it stood at another time; the report says so. */
  readonly statusSnapshot?: { readonly acceptedAsOf: Date; readonly maxAge: number }
  readonly policy?: Policy
  readonly limits?: JsonLimits & { readonly maxImageBytes?: number }
  /** Keeps imported keys between calls; importing one costs more than a signature. */
  readonly keyCache?: KeyCache
}

/** The options with every default filled in, fixed for one call. */
export interface Settings {
  readonly resolver: Resolver | undefined
  readonly now: Date
  readonly expect: CredentialKind
  readonly recipient: ExpectedRecipient | undefined
  readonly contexts: ContextSet
  readonly suites: readonly Cryptosuite[]
  readonly requireAllProofs: boolean
  readonly clockTolerance: number
  readonly maxStatusAge: number
  readonly statusSnapshot: { readonly acceptedAsOf: Date; readonly maxAge: number } | undefined
  readonly policy: Policy
  readonly limits: JsonLimits
  readonly maxImageBytes: number
  readonly keyCache: KeyCache
}

/** @throws {OptionError} OPTION_INVALID */
export function settle(options: VerifyOptions): Settings {
  const { statusSnapshot } = options
  return {
    resolver: options.resolver,
    now: dateOption('now', options.now ?? new Date()),
    expect: options.expect ?? 'AchievementCredential',
    recipient: options.recipient,
    contexts: createContextSet(options.contexts),
    suites: options.suites ?? [eddsaRdfc2022],
    requireAllProofs: options.requireAllProofs ?? false,
    clockTolerance: secondsOption('clockTolerance', options.clockTolerance ?? 60, 300),
    maxStatusAge: secondsOption('maxStatusAge', options.maxStatusAge ?? 86_400),
    statusSnapshot: statusSnapshot && {
      acceptedAsOf: dateOption('statusSnapshot.acceptedAsOf', statusSnapshot.acceptedAsOf),
      maxAge: secondsOption('statusSnapshot.maxAge', statusSnapshot.maxAge)
    },
    policy: options.policy ?? defaultPolicy,
    limits: options.limits ?? {},
    maxImageBytes: options.limits?.maxImageBytes ?? 8 * 1_048_576,
    keyCache: options.keyCache ?? createKeyCache()
  }
}

function dateOption(path: string, value: unknown): Date {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return new Date(value.getTime())
  throw new OptionError({ code: 'OPTION_INVALID', message: 'an option is not a time', path, expected: 'a valid Date' })
}

function secondsOption(path: string, value: unknown, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value === 'number' && value >= 0 && value <= most) return value
  throw new OptionError({
    code: 'OPTION_INVALID',
    message: 'an option is not a number of seconds in range',
    path,
    expected: most === Number.MAX_SAFE_INTEGER ? 'seconds from 0' : `seconds from 0 to ${most}`,
    got: String(value)
  })
}
