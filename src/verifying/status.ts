import { KommaError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { listOf, textOf } from '../model/read.js'
import { parseStatusListIndex, parseStatusSize, readStatus } from '../status/bitstring.js'
import type { Settings } from './options.js'
import { type Check, check, type StatusFact, type Warning } from './report.js'
import { checkFreshness, type Owner, readList } from './status-list.js'

const MAX_ENTRIES = 8
/** What a set bit of a purpose means for the badge. `refresh` and `message` inform and take nothing away. */
const MEANING = { revocation: 'REVOKED', suspension: 'SUSPENDED', refresh: undefined, message: undefined } as const

export interface StatusResult {
  readonly check: Check
  readonly facts: readonly StatusFact[]
  readonly warnings: readonly Warning[]
}

/**
 * Open Badges 3.0 section 9.1 step 4 and Bitstring Status List 1.0 section 3.2: reads every status entry from a list
 * that verifies by itself and belongs to the issuer. An answer that cannot be had is `unknown`, never "not revoked".
 */
export async function checkStatus(document: JsonObject, owner: Owner, settings: Settings): Promise<StatusResult> {
  const entries = listOf(document['credentialStatus'])
  if (entries.length === 0) return { check: check('STATUS_NONE'), facts: [], warnings: [] }
  if (entries.length > MAX_ENTRIES) {
    return {
      check: check('STATUS_ENTRY_MALFORMED', { reason: `there are more than ${MAX_ENTRIES}` }),
      facts: [],
      warnings: []
    }
  }
  const answers: EntryAnswer[] = []
  for (const entry of entries) answers.push(await readEntry(entry, owner, settings))
  const checks = answers.map((answer) => answer.check)
  const worst =
    checks.find((one) => one.outcome === 'fail') ?? checks.find((one) => one.outcome === 'unknown') ?? checks[0]
  return {
    check: worst as Check,
    facts: answers.flatMap((answer) => answer.fact ?? []),
    warnings: answers.flatMap((answer) => answer.warnings ?? [])
  }
}

interface EntryAnswer {
  readonly check: Check
  readonly fact?: StatusFact
  readonly warnings?: readonly Warning[]
}

interface Entry {
  readonly list: string
  readonly index: number
  readonly purpose: string
  readonly size: number
}

async function readEntry(entry: unknown, owner: Owner, settings: Settings): Promise<EntryAnswer> {
  try {
    if (!isJsonObject(entry)) return { check: check('STATUS_ENTRY_MALFORMED', { reason: 'it is not an object' }) }
    if (!listOf(entry['type']).includes('BitstringStatusListEntry')) {
      return { check: check('STATUS_TYPE_UNKNOWN', { type: String(entry['type']).slice(0, 100) }) }
    }
    const wanted = parseEntry(entry)
    return 'failed' in wanted ? { check: wanted.failed } : await lookUp(wanted, owner, settings)
  } catch (error) {
    if (error instanceof KommaError) return { check: check('STATUS_ENTRY_MALFORMED', { reason: error.message }) }
    return { check: check('INTERNAL_ERROR', {}, 'status') }
  }
}

function parseEntry(entry: JsonObject): Entry | { readonly failed: Check } {
  const list = textOf(entry['statusListCredential'])
  const purpose = textOf(entry['statusPurpose'])
  const bad = (reason: string) => ({ failed: check('STATUS_ENTRY_MALFORMED', { reason }) })
  if (list === undefined || purpose === undefined) return bad('statusListCredential or statusPurpose is missing')
  if (!/^(?:https:\/\/|urn:uuid:)/.test(list)) return bad('the address of the list is neither https nor urn:uuid')
  if (entry['id'] === list) return bad('its id is the address of the list')
  if (!Object.hasOwn(MEANING, purpose)) return bad(`the purpose ${purpose.slice(0, 40)} is not defined`)
  const size = parseStatusSize(entry['statusSize'], entry['statusMessage'])
  return { list, purpose, size, index: parseStatusListIndex(entry['statusListIndex']) }
}

async function lookUp(entry: Entry, owner: Owner, settings: Settings): Promise<EntryAnswer> {
  const list = await readList(entry, owner, settings)
  if ('failed' in list) return { check: list.failed }
  const value = readStatus(list.bits, entry.index, { statusSize: entry.size })
  const fact = { purpose: entry.purpose, list: entry.list, index: entry.index, value, asOf: list.asOf }
  const meaning = value === 0 ? undefined : MEANING[entry.purpose as keyof typeof MEANING]
  // A revocation counts however old the list is: time does not undo it.
  if (meaning !== undefined) return { check: check(meaning), fact, warnings: list.warnings }
  const { check: fresh, warning } = checkFreshness(list, settings)
  return {
    check: fresh ?? check('STATUS_GOOD', { asOf: list.asOf }),
    fact,
    warnings: warning === undefined ? list.warnings : [...list.warnings, warning]
  }
}
