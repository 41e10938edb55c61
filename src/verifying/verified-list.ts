import type { JsonObject } from '../encoding/json-types.js'
import type { Check, Warning } from './report.js'

/** What a status list says of its own time, and what follows from that for the time of the check. */
export interface ListTiming {
  /** The time from which the list is valid, or that of its proof where it states none. */
  readonly asOf: string | undefined
  /** Whole seconds from then to the time of the check; negative for a list from later. */
  readonly age: number | undefined
  /** Until when the list answers; undefined where it does not, or for ever. */
  readonly freshUntil: string | undefined
  /** For how many milliseconds a copy may be kept. */
  readonly ttl: number | undefined
}

/** The time of a list, and what came of comparing it with that of the check. */
export interface JudgedTiming {
  readonly timing: ListTiming
  /** Why the list cannot say that a status is not set; undefined where it can. */
  readonly stale: Check | undefined
  readonly warnings: readonly Warning[]
}

/** A list that verified, with its bits. Its warnings are all that there are. */
export interface ReadList extends JudgedTiming {
  readonly bits: Uint8Array
  readonly document: JsonObject
  readonly issuer: string
  /** True where nobody vouches for the key of the list. */
  readonly legacy: boolean
}

/** What came of a list, whoever asks for it. */
export type VerifiedList = { readonly failed: Check } | ReadList

/** Credentials that an unsigned list names as revoked, by their ids in the form in which ids are compared. */
export interface RevocationList extends JudgedTiming {
  readonly issuer: string
  readonly revoked: ReadonlyMap<string, { readonly reason: string | undefined }>
  /** What of it cannot be read, and may name anybody; undefined where all of it can. */
  readonly gap: Check | undefined
}

/** What came of an unsigned list, whoever asks for it. */
export type FetchedRevocations = { readonly failed: Check } | RevocationList

/** What is kept of a list while badges are verified. */
export type KnownList = VerifiedList | FetchedRevocations
