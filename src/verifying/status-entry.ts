import type { JsonObject } from '../encoding/json-types.js'
import type { Settings } from './options.js'
import { type Check, check, type StatusFact, type Warning } from './report.js'

/** Whose credential asks. */
export interface Owner {
  readonly issuer: string
  /** True where the credential's own key came from the legacy resolver; only then may the list's. */
  readonly legacy: boolean
}

/** An owner with the verified credential whose entries are read. */
export interface Asker extends Owner {
  readonly credential: JsonObject
}

/** What came of one entry of `credentialStatus`. There is a fact where a value was read, however old. */
export interface EntryAnswer {
  readonly check: Check
  readonly fact?: Omit<StatusFact, 'outcome' | 'code'>
  readonly warnings?: readonly Warning[]
}

/** Reads an entry of one type. May throw the errors of malformed entries and lists. */
export type EntryReader = (entry: JsonObject, asker: Asker, settings: Settings) => Promise<EntryAnswer>

export function malformedEntry(reason: string): EntryAnswer {
  return { check: check('STATUS_ENTRY_MALFORMED', { reason }) }
}
