import type { JsonObject } from '../encoding/json-types.js'
import type { Check, Warning } from './report.js'

/** A list that verified, with its bits. */
export interface ReadList {
  readonly bits: Uint8Array
  readonly asOf: string
  readonly document: JsonObject
  readonly warnings: readonly Warning[]
}

/** What came of a list, whoever asks for it. */
export type VerifiedList = { readonly failed: Check } | (ReadList & { readonly legacy: boolean })
