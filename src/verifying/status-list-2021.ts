import type { JsonObject } from '../encoding/json-types.js'
import { decodeList2021 } from '../status/bitstring.js'
import { readBitEntry } from './bitstring-status.js'
import type { Settings } from './options.js'
import type { Asker, EntryAnswer } from './status-entry.js'
import type { BitListFormat } from './status-list.js'

const STATUS_LIST_2021: BitListFormat = {
  entryType: 'StatusList2021Entry',
  listType: 'StatusList2021Credential',
  decode: decodeList2021
}

/** W3C Status List 2021, First Public Working Draft of 2023-04-27, section 3.2: what Bitstring Status List grew from. */
export function readStatusList2021Entry(entry: JsonObject, asker: Asker, settings: Settings): Promise<EntryAnswer> {
  return readBitEntry(STATUS_LIST_2021, entry, asker, settings)
}
