import { KommaError } from '../encoding/errors.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { listOf, shownAs } from '../model/read.js'
import type { Settings } from './options.js'
import { type Check, check, type StatusEntryType, type StatusFact, type Warning } from './report.js'
import { type Asker, type EntryAnswer, type EntryReader, malformedEntry, type Owner } from './status-entry.js'

const MAX_ENTRIES = 8
/** What reads a kind of list is loaded when an entry of it comes. */
const READERS: Readonly<Record<StatusEntryType, () => Promise<EntryReader>>> = {
  BitstringStatusListEntry: async () => (await import('./bitstring-status.js')).readBitstringEntry,
  StatusList2021Entry: async () => (await import('./status-list-2021.js')).readStatusList2021Entry,
  '1EdTechRevocationList': async () => (await import('./revocation-list.js')).readRevocationEntry
}
/** Of several answers the first of these counts. */
const WORST_FIRST: readonly ((answer: Check) => boolean)[] = [
  ({ code }) => code === 'REVOKED',
  ({ outcome }) => outcome === 'fail',
  ({ outcome }) => outcome === 'unknown',
  () => true
]

export interface StatusResult {
  readonly check: Check
  readonly facts: readonly StatusFact[]
  readonly warnings: readonly Warning[]
}

/**
 * Open Badges 3.0 section 9.1 step 4, with the three kinds of status that published badges have. Every entry is read; an
 * answer that cannot be had is `unknown`, never "not revoked".
 */
export async function checkStatus(credential: JsonObject, owner: Owner, settings: Settings): Promise<StatusResult> {
  const entries = listOf(credential['credentialStatus'])
  if (entries.length === 0) return { check: check('STATUS_NONE'), facts: [], warnings: [] }
  const answers: EntryAnswer[] = []
  if (entries.length > MAX_ENTRIES) answers.push(malformedEntry(`there are more than ${MAX_ENTRIES}`))
  else for (const entry of entries) answers.push(await readEntry(entry, { ...owner, credential }, settings))
  return {
    check: worstOf(answers.map((answer) => answer.check)),
    facts: answers.flatMap(({ fact, check: { outcome, code } }) => (fact ? { ...fact, outcome, code } : [])),
    warnings: distinct(answers.flatMap((answer) => answer.warnings ?? []))
  }
}

async function readEntry(entry: JsonValue, asker: Asker, settings: Settings): Promise<EntryAnswer> {
  if (!isJsonObject(entry)) return malformedEntry('it is not an object')
  const types = listOf(entry['type'])
  const [, loadReader] = Object.entries(READERS).find(([type]) => types.includes(type)) ?? []
  if (loadReader === undefined)
    return { check: check('STATUS_TYPE_UNKNOWN', { type: types.map(shownAs).join(', ').slice(0, 100) }) }
  try {
    const read = await loadReader()
    return await read(entry, asker, settings)
  } catch (error) {
    if (error instanceof KommaError) return malformedEntry(error.message)
    return { check: check('INTERNAL_ERROR', {}, 'status') }
  }
}

function worstOf(checks: readonly Check[]): Check {
  const [worst] = WORST_FIRST.flatMap((counts) => checks.find(counts) ?? [])
  return worst as Check
}

/** Two entries of one list bring its warnings twice. */
function distinct(warnings: readonly Warning[]): readonly Warning[] {
  return [...new Map(warnings.map((warning) => [warning.message, warning])).values()]
}
