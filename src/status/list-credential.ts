import { dateFromInstant, parseDateTimeStamp, toWholeSeconds } from '../encoding/dates.js'
import { OptionError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { encodeList } from './bitstring.js'
import type { GzipCodec } from './gzip.js'
import type { StatusListInfo, StatusSlot } from './status-store.js'
import { requireInteger } from './store-options.js'

const CREDENTIALS_V2 = 'https://www.w3.org/ns/credentials/v2'
const LONGEST_SECONDS = 100 * 366 * 24 * 60 * 60

export interface StatusListCredentialInput {
  readonly list: Pick<StatusListInfo, 'id' | 'purpose'>
  readonly bits: Uint8Array
  /** The issuer's id, or the object with its id and names. */
  readonly issuer: string | JsonObject
  readonly now: Date
  /** `validFrom` of the publication before. */
  readonly previousValidFrom?: string
  /** How long a verifier may keep the list before it reads it again, in seconds. */
  readonly ttlSeconds: number
  /** How long the list is valid, in seconds; at least `ttlSeconds`. */
  readonly lifetimeSeconds: number
  readonly gzip?: GzipCodec
}

/**
 * Builds the unsigned BitstringStatusListCredential of a list; takes a {@link StatusSnapshot} as it is.
 *
 * `validFrom` is `now`, or one second after the previous publication where the clock stood still or went back, so that
 * a newer list always looks newer. `validUntil` is counted from there. It does not sign, and does not check the issuer.
 *
 * Source: Bitstring Status List v1.0 §2.2 (`ttl` in milliseconds).
 *
 * @throws {OptionError} OPTION_INVALID; {StatusError} STATUS_LIST_LENGTH
 * @example
 * ```ts
 * const snapshot = await store.snapshot(listId)
 * const unsigned = await buildStatusListCredential({
 *   ...snapshot, issuer: 'did:web:academy.example', now, ttlSeconds: 300, lifetimeSeconds: 7 * 86_400
 * })
 * ```
 */
export async function buildStatusListCredential(input: StatusListCredentialInput): Promise<JsonObject> {
  const { list, bits, issuer, now, previousValidFrom, ttlSeconds, lifetimeSeconds, gzip } = input
  requireInteger('ttlSeconds', ttlSeconds, 1, LONGEST_SECONDS)
  requireInteger('lifetimeSeconds', lifetimeSeconds, 1, LONGEST_SECONDS)
  if (ttlSeconds > lifetimeSeconds) {
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'A list must not be kept longer than it is valid',
      path: 'ttlSeconds',
      expected: `at most ${lifetimeSeconds}`,
      got: `${ttlSeconds}`
    })
  }
  const validFrom = laterThan(previousValidFrom, now)
  return {
    '@context': [CREDENTIALS_V2],
    id: list.id,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer,
    validFrom: toWholeSeconds(validFrom),
    validUntil: toWholeSeconds(new Date(validFrom.getTime() + lifetimeSeconds * 1000)),
    credentialSubject: {
      id: `${list.id}#list`,
      type: 'BitstringStatusList',
      statusPurpose: list.purpose,
      encodedList: await encodeList(bits, gzip === undefined ? {} : { gzip }),
      ttl: ttlSeconds * 1000
    }
  }
}

/**
 * The `credentialStatus` of a credential that has this slot. The index is written as a text, as the standard
 * asks, and `id` is there for readers that insist on one.
 *
 * Source: Bitstring Status List v1.0 §2.1.
 *
 * @example
 * ```ts
 * statusEntry(slot) // { id: 'https://…/status/1#9713', statusListIndex: '9713', … }
 * ```
 */
export function statusEntry({ list, index, purpose }: Pick<StatusSlot, 'list' | 'index' | 'purpose'>): JsonObject {
  return {
    id: `${list}#${index}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: purpose,
    statusListIndex: String(index),
    statusListCredential: list
  }
}

function laterThan(previous: string | undefined, now: Date): Date {
  if (previous === undefined) return now
  const next = dateFromInstant(parseDateTimeStamp(previous, 'previousValidFrom')).getTime() + 1000
  return now.getTime() >= next ? now : new Date(next)
}
