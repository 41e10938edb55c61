import { compareInstants, type Instant, parseDateTimeStamp } from '../encoding/dates.js'
import { PublicationError, StatusError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import type { JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { objectsOf } from '../model/read.js'
import type { PublicDocument } from './placement.js'

/** What a document meets in its place. */
export interface Meeting {
  readonly document: PublicDocument
  /** The text that lies there. */
  readonly lying: string
  /** The place by the words of people. */
  readonly path: string
  readonly issuer: string
  /** Whether an earlier publication says that the place is this document's. */
  readonly isListed: boolean
}

const MAX_LENGTH = 16 * 1_048_576
const MAX_ITEMS = 1_000_000
const ABSOLUTE_IRI = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/

/**
 * Whether a document may replace what lies in its place.
 *
 * @throws {PublicationError} FILE_EXISTS where that is somebody else's; {StatusError} STATUS_CONFLICT where it is a newer
 *   list than the store knows
 */
export function checkReplaceable({ document, lying, path, issuer, isListed }: Meeting): void {
  const old = readLoosely(lying)
  const id = memberOf(old, 'id')
  if (typeof id === 'string' && id !== document.id) {
    const message = 'a document of another id lies where this one belongs'
    throw new PublicationError({ code: 'FILE_EXISTS', message, path, expected: document.id, got: shown(id) })
  }
  if (document.kind === 'jwks') refuseForeignKeys(path, issuer, old)
  const isOwn = document.kind === 'jwks' ? Array.isArray(memberOf(old, 'keys')) : id === document.id
  // What was cut short or emptied is replaced where it is known to be this document's.
  if (!isOwn && !isListed && lying !== '') throw foreign(path, document.id)
  if (document.kind === 'statusList') refuseOlder(path, document.text, old)
}

/**
 * The list of files that lies there, from ids to places; empty where there is none.
 *
 * @throws {PublicationError} FILE_EXISTS where something else lies there
 */
export function readIndex(lying: string | undefined, path: string): Readonly<Record<string, string>> {
  if (lying === undefined || lying === '') return {}
  const index = readLoosely(lying)
  const isIndex =
    isJsonObject(index) &&
    Object.entries(index).every(([id, place]) => ABSOLUTE_IRI.test(id) && typeof place === 'string')
  if (!isIndex) throw foreign(path, 'the list of published files')
  return index as Readonly<Record<string, string>>
}

/** When a list starts and ends, and what its entries are, read without any check. */
export function readListFacts(text: string): {
  readonly validFrom: Instant | undefined
  readonly validUntil: Instant | undefined
  readonly entries: string | undefined
  readonly ttl: number | undefined
} {
  const list = readLoosely(text)
  const subject = memberOf(list, 'credentialSubject')
  const [entries, ttl] = [memberOf(subject, 'encodedList'), memberOf(subject, 'ttl')]
  return {
    validFrom: instantOf(memberOf(list, 'validFrom')),
    validUntil: instantOf(memberOf(list, 'validUntil')),
    entries: typeof entries === 'string' ? entries : undefined,
    ttl: typeof ttl === 'number' ? ttl : undefined
  }
}

/** Whether one list started later than another; false where one of them does not say. */
export function isLater(one: Instant | undefined, other: Instant | undefined): boolean {
  return one !== undefined && other !== undefined && compareInstants(one, other) > 0
}

/** Issuers that share a host share the place of their keys, which has to hold those of all of them. */
function refuseForeignKeys(path: string, issuer: string, old: JsonValue | undefined): void {
  const strange = objectsOf(memberOf(old, 'keys')).find((jwk) => jwk['iss'] !== issuer)
  if (strange === undefined) return
  throw new PublicationError({
    code: 'FILE_EXISTS',
    message: 'the key set that lies there holds keys of another issuer, which would be lost',
    path,
    expected: issuer,
    got: shown(String(strange['iss'])),
    hint: 'Publish to a folder of its own, and put the keys of all issuers of the host into one set'
  })
}

/** Whoever shares the store has stored a list before it was published, so a newer one here is unknown to the store. */
function refuseOlder(path: string, text: string, old: JsonValue | undefined): void {
  const [mine, theirs] = [readListFacts(text).validFrom, instantOf(memberOf(old, 'validFrom'))]
  if (!isLater(theirs, mine)) return
  throw new StatusError({
    code: 'STATUS_CONFLICT',
    message: 'the status list that lies there is newer than the one that the store knows; it was not replaced',
    path,
    expected: `validFrom not after ${String(memberOf(readLoosely(text), 'validFrom'))}`,
    got: shown(String(memberOf(old, 'validFrom'))),
    hint: 'Check that this is the current store and not an old copy of it'
  })
}

function foreign(path: string, expected: string): PublicationError {
  return new PublicationError({
    code: 'FILE_EXISTS',
    message: 'something that was not published for this issuer lies in the place of a document',
    path,
    expected,
    hint: 'Publish to a folder of its own, or move away what lies there'
  })
}

function instantOf(value: JsonValue | undefined): Instant | undefined {
  try {
    return parseDateTimeStamp(String(value))
  } catch {
    return undefined
  }
}

/** What lies there may be damaged. */
function readLoosely(text: string): JsonValue | undefined {
  try {
    return parseJson(text, { maxLength: MAX_LENGTH, maxItems: MAX_ITEMS })
  } catch {
    return undefined
  }
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) ? value[name] : undefined
}

/** Control characters of a stranger's file do not belong on a terminal. */
function shown(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200)
}
