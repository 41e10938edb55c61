import {
  compareInstants,
  dateFromInstant,
  type Instant,
  instantFromDate,
  isIssuableYear,
  parseDateTimeStamp
} from '../encoding/dates.js'
import type { JsonObject } from '../encoding/json-types.js'
import type { Settings } from './options.js'
import { type Check, check, type ProofFact, warn } from './report.js'
import { readPeriod } from './validity.js'
import type { JudgedTiming } from './verified-list.js'

/** Bitstring Status List 1.0 section 2.2: what counts where a list says nothing. */
const DEFAULT_TTL = 300_000

/** A time with the words that state it. */
interface Stated {
  readonly text: string
  readonly time: Instant
}

/** What is known of the time of a list. */
export interface ListTimes {
  readonly start: Stated | undefined
  readonly until: Stated | undefined
  readonly ttl: number | undefined
}

/** The times of a list that has a proof: its own period, or since when its oldest proof exists where it has no start. */
export function timesOfList(document: JsonObject, proofs: readonly ProofFact[]): ListTimes {
  const { from, until, texts } = readPeriod(document)
  return {
    start: from === undefined ? oldestProof(proofs) : { text: texts.from, time: from },
    until: until && { text: texts.until, time: until },
    ttl: ttlOf(document)
  }
}

/** The times of a list that says nothing of them, where the resolver says when it read its copy. */
export function timesOfCopy(readAt: string): ListTimes {
  return { start: { text: readAt, time: parseDateTimeStamp(readAt, 'readAt') }, until: undefined, ttl: undefined }
}

/**
 * Whether a list may answer at the time of the check: within its own period, and no older than `maxStatusAge`.
 * `statusSnapshot` puts another time and age in the place of both.
 *
 * Source: Bitstring Status List 1.0 sections 2.2 and 3.1.
 */
export function judgeTiming({ start, until, ttl }: ListTimes, settings: Settings): JudgedTiming {
  const { statusSnapshot, clockTolerance } = settings
  const at = statusSnapshot?.acceptedAsOf ?? settings.now
  const maxAge = statusSnapshot?.maxAge ?? settings.maxStatusAge
  const known = { asOf: start?.text, age: start && ageOf(start.time, at), freshUntil: undefined, ttl }
  const stopped = (stale: Check) => ({ timing: known, stale, warnings: [] })
  if (start === undefined) return stopped(check('STATUS_LIST_STALE', { asOf: 'an unknown time' }))
  const asOf = start.text
  if (isLater(start.time, after(at, clockTolerance))) return stopped(check('STATUS_LIST_NOT_YET_VALID', { asOf }))
  const isOver = until !== undefined && isLater(instantFromDate(at), until.time)
  if (isOver || isLater(oldestAccepted(at, maxAge), start.time)) return stopped(check('STATUS_LIST_STALE', { asOf }))
  return {
    timing: { ...known, freshUntil: endOf(start.time, maxAge, until) },
    stale: undefined,
    warnings: statusSnapshot === undefined ? [] : [warn('STATUS_SNAPSHOT_ACCEPTED', { asOf })]
  }
}

/** `created` is signed with the proof. Of several proofs the oldest says since when the list may have been lying there. */
function oldestProof(proofs: readonly ProofFact[]): Stated | undefined {
  const times = proofs.flatMap(({ checked, created }) =>
    checked && created !== undefined ? { text: created, time: parseDateTimeStamp(created, '/proof/created') } : []
  )
  return times.sort((one, other) => compareInstants(one.time, other.time))[0]
}

function isLater(one: Instant, other: Instant): boolean {
  return compareInstants(one, other) > 0
}

function ageOf(start: Instant, at: Date): number {
  return Number(instantFromDate(at).seconds - start.seconds)
}

function ttlOf(document: JsonObject): number | undefined {
  const { type, ttl } = document['credentialSubject'] as JsonObject
  if (typeof ttl === 'number') return ttl
  return type === 'BitstringStatusList' ? DEFAULT_TTL : undefined
}

function after(at: Date, seconds: number): Instant {
  return instantFromDate(new Date(at.getTime() + seconds * 1000))
}

function oldestAccepted(at: Date, maxAge: number): Instant {
  return instantFromDate(new Date(Math.max(at.getTime() - maxAge * 1000, 0)))
}

/** The earlier of the end of the list and the end of its accepted age; undefined where neither can be written down. */
function endOf(start: Instant, maxAge: number, until: Stated | undefined): string | undefined {
  const tooOld = new Date(dateFromInstant(start).getTime() + maxAge * 1000)
  const byAge = Number.isNaN(tooOld.getTime()) ? undefined : instantFromDate(tooOld)
  if (until !== undefined && (byAge === undefined || !isLater(until.time, byAge))) return until.text
  return byAge !== undefined && isIssuableYear(byAge) ? tooOld.toISOString().replace('.000Z', 'Z') : undefined
}
