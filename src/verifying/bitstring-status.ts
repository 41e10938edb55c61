import { StatusError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { textOf } from '../model/read.js'
import {
  decodeList,
  findStatusMessage,
  parseStatusListIndex,
  parseStatusSize,
  readStatus
} from '../status/bitstring.js'
import type { Settings } from './options.js'
import { type Check, check, type Warning, warn } from './report.js'
import { type Asker, type EntryAnswer, malformedEntry } from './status-entry.js'
import { type BitListFormat, readList } from './status-list.js'
import { warnOfTracking } from './status-tracking.js'
import type { ReadList } from './verified-list.js'

const ADDRESS = /^(?:https:\/\/|urn:uuid:)/
/** What a status that is set means for the badge. `refresh` and `message` inform and take nothing away. */
const MEANING = { revocation: 'REVOKED', suspension: 'SUSPENDED', refresh: undefined, message: undefined } as const

const BITSTRING: BitListFormat = {
  entryType: 'BitstringStatusListEntry',
  listType: 'BitstringStatusListCredential',
  decode: decodeList
}

/** Bitstring Status List 1.0 section 3.2. */
export function readBitstringEntry(entry: JsonObject, asker: Asker, settings: Settings): Promise<EntryAnswer> {
  return readBitEntry(BITSTRING, entry, asker, settings)
}

/** @throws {StatusError} of the index, the size and the messages */
export async function readBitEntry(
  format: BitListFormat,
  entry: JsonObject,
  asker: Asker,
  settings: Settings
): Promise<EntryAnswer> {
  const wanted = parseEntry(entry)
  if ('check' in wanted) return wanted
  const tracking = warnOfTracking(wanted.list, asker.credential)
  const list = await readList({ ...wanted, format }, asker, settings)
  if ('failed' in list) return { check: list.failed, warnings: tracking }
  const warnings = [...tracking, ...list.warnings]
  const value = valueIn(list, wanted)
  if (typeof value !== 'number') return { check: value, warnings }
  const fact = {
    type: format.entryType,
    purpose: wanted.purpose,
    value,
    message: findStatusMessage(value, entry['statusMessage']),
    list: wanted.list,
    issuer: list.issuer,
    index: wanted.index,
    signed: true,
    ...list.timing
  }
  return { fact, ...judge(wanted, value, list, warnings) }
}

interface Wanted {
  readonly list: string
  readonly index: number
  readonly purpose: keyof typeof MEANING
  readonly size: number
}

function parseEntry(entry: JsonObject): Wanted | EntryAnswer {
  const list = textOf(entry['statusListCredential'])
  const purpose = textOf(entry['statusPurpose'])
  if (list === undefined || purpose === undefined)
    return malformedEntry('statusListCredential or statusPurpose is missing')
  if (!ADDRESS.test(list)) return malformedEntry('the address of the list is neither https nor urn:uuid')
  if (entry['id'] === list) return malformedEntry('its id is the address of the list')
  if (!isPurpose(purpose)) return malformedEntry(`the purpose ${purpose.slice(0, 40)} is not defined`)
  const size = parseStatusSize(entry['statusSize'], entry['statusMessage'])
  return { list, purpose, size, index: parseStatusListIndex(entry['statusListIndex']) }
}

function isPurpose(purpose: string): purpose is keyof typeof MEANING {
  return Object.hasOwn(MEANING, purpose)
}

function valueIn({ bits }: ReadList, { index, size }: Wanted): number | Check {
  try {
    return readStatus(bits, index, { statusSize: size })
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return check(error.code === 'STATUS_RANGE' ? 'STATUS_RANGE' : 'STATUS_LIST_LENGTH', { got: String(error.got) })
  }
}

function judge(
  { purpose }: Wanted,
  value: number,
  { stale, timing }: ReadList,
  warnings: readonly Warning[]
): EntryAnswer {
  const meaning = value === 0 ? undefined : MEANING[purpose]
  // A revocation counts however old the list is: time does not undo it. A suspension may have been lifted since.
  if (meaning === 'REVOKED') return { check: check(meaning), warnings }
  if (stale !== undefined) return { check: stale, warnings }
  if (meaning !== undefined) return { check: check(meaning), warnings }
  const newer = purpose === 'refresh' && value !== 0 ? [warn('STATUS_REFRESH')] : []
  return { check: check('STATUS_GOOD', { asOf: String(timing.asOf) }), warnings: [...warnings, ...newer] }
}
