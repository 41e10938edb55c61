import { askResolver, type Resolution } from '../did/resolver.js'
import { KommaError, ResolutionError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import type { StatusListKind } from '../model/credential-kind.js'
import { idOf, listOf } from '../model/read.js'
import type { DecodeListOptions } from '../status/bitstring.js'
import type { Settings } from './options.js'
import { readSecured } from './read-secured.js'
import { type Check, check, type StatusEntryType, warn } from './report.js'
import type { SecuredResult } from './secured.js'
import { verifySecured } from './secured-document.js'
import type { Owner } from './status-entry.js'
import { findRollback } from './status-rollback.js'
import { judgeTiming, timesOfList } from './status-timing.js'
import type { KnownList, ReadList, VerifiedList } from './verified-list.js'

/** The longest list that is read, in bytes. */
export const MAX_LIST_LENGTH = 4 * 1_048_576
/** The most that a list unpacks to, in bytes. */
const MAX_UNPACKED = 8 * 1_048_576
const TOO_LONG = 'the lists of this verification are too long in all'

type Failed = { readonly failed: Check }

/** The two standards for lists of bits differ in their names and in how the bits are written. */
export interface BitListFormat {
  readonly entryType: StatusEntryType
  readonly listType: StatusListKind
  readonly decode: (encodedList: string, options: DecodeListOptions) => Uint8Array
}

/**
 * Reads the list at an address, as JSON or as a JWT: it has to be the list that lives there, verify by itself with the
 * key of its own issuer, belong to the issuer of the credential, and serve the purpose asked for. Its own status is not
 * followed.
 */
export async function readList(
  wanted: { readonly list: string; readonly purpose: string; readonly format: BitListFormat },
  owner: Owner,
  settings: Settings
): Promise<ReadList | Failed> {
  const { format } = wanted
  const list = await once(settings, format.listType, wanted.list, () => verifyList(wanted.list, format, settings))
  if ('failed' in list) return list
  if (!mayIssueList(list.issuer, owner, settings))
    return { failed: check('STATUS_LIST_FOREIGN', { issuer: list.issuer }) }
  if (list.legacy && !owner.legacy) return unverified('nobody vouches for its key')
  const { statusPurpose } = list.document['credentialSubject'] as JsonObject
  return listOf(statusPurpose).includes(wanted.purpose) ? list : { failed: check('STATUS_PURPOSE_MISMATCH') }
}

/** A list counts where it is the issuer's own, or where the caller knows that the issuer lets somebody else keep it. */
export function mayIssueList(issuer: string, owner: Owner, { statusIssuers }: Settings): boolean {
  return issuer === owner.issuer || statusIssuers.get(owner.issuer)?.has(issuer) === true
}

/** Reads a list of one kind at one address once, whoever asks for it. */
export async function once<List extends KnownList>(
  { lists }: Settings,
  kind: StatusListKind | 'revocations',
  url: string,
  read: () => Promise<List>
): Promise<List> {
  const key = `${kind} ${url}`
  const pending = lists.get(key) ?? read()
  lists.set(key, pending)
  // The kind is part of the key, so what lies there is of the kind that was asked for.
  return (await pending) as List
}

/** What the resolver has for the address of a list. */
export async function fetchList(url: string, settings: Settings): Promise<Resolution | Failed> {
  if (settings.resolver === undefined) return unavailable('no resolver was given')
  try {
    const resolution = await askResolver(settings.resolver, { url, kind: 'statusList' })
    if (resolution === undefined) return unavailable('the resolver does not know it')
    const { room } = settings
    room.listText -= resolution.body.length
    return room.listText < 0 ? unavailable(TOO_LONG) : resolution
  } catch (error) {
    if (!(error instanceof ResolutionError)) throw error
    return unavailable(error.message)
  }
}

export function unverified(reason: string): Failed {
  return { failed: check('STATUS_LIST_UNVERIFIED', { reason }) }
}

/** @throws what is no fault of the list */
export function malformedList(error: unknown): Failed {
  if (!(error instanceof KommaError)) throw error
  return { failed: check('STATUS_LIST_MALFORMED', { reason: error.message }) }
}

function unavailable(reason: string): Failed {
  return { failed: check('STATUS_UNAVAILABLE', { reason }) }
}

async function verifyList(url: string, format: BitListFormat, settings: Settings): Promise<VerifiedList> {
  const answer = await fetchList(url, settings)
  if ('failed' in answer) return answer
  try {
    const secured = await secure(answer.body, format, settings)
    const { document, checks } = secured
    if (document === undefined) return unverified((checks.find(({ outcome }) => outcome !== 'pass') as Check).message)
    if (document['id'] !== url) return unverified('its id is not the address of the list')
    const bits = unpack(document, format, settings)
    return 'failed' in bits ? bits : await describe({ ...secured, document }, bits, settings)
  } catch (error) {
    return malformedList(error)
  }
}

function secure(body: Resolution['body'], { listType }: BitListFormat, settings: Settings): Promise<SecuredResult> {
  const given = readSecured(body, { limits: { ...settings.limits, maxLength: MAX_LIST_LENGTH } })
  // A list that the caller accepts as of a later time has a proof of that time.
  const now = settings.statusSnapshot?.acceptedAsOf ?? settings.now
  return verifySecured(given, listType, { ...settings, now, lenient: false })
}

/** The bits of a list, as long as there is room for them. */
function unpack(document: JsonObject, { decode }: BitListFormat, { room }: Settings): Uint8Array | Failed {
  const { encodedList } = document['credentialSubject'] as JsonObject
  try {
    const bits = decode(String(encodedList), { maxBytes: Math.min(room.listBytes, MAX_UNPACKED) })
    room.listBytes -= bits.length
    return bits
  } catch (error) {
    const isFull = error instanceof KommaError && error.code === 'INPUT_TOO_LARGE' && room.listBytes < MAX_UNPACKED
    if (isFull) return unavailable(TOO_LONG)
    throw error
  }
}

async function describe(
  { document, proofs, warnings }: SecuredResult & { readonly document: JsonObject },
  bits: Uint8Array,
  settings: Settings
): Promise<ReadList> {
  const issuer = String(idOf(document['issuer']))
  const { timing, stale, warnings: timeWarnings } = judgeTiming(timesOfList(document, proofs), settings)
  const seen = { list: String(document['id']), issuer, validFrom: timing.asOf }
  const ownStatus = document['credentialStatus'] === undefined ? [] : [warn('STATUS_LIST_STATUS')]
  return {
    bits,
    document,
    issuer,
    legacy: proofs.some(({ keyFrom }) => keyFrom === 'legacyFragment'),
    timing,
    stale: (await findRollback(seen, stale, settings)) ?? stale,
    warnings: [...warnings, ...timeWarnings, ...ownStatus]
  }
}
