import type { JsonLimits } from '../encoding/json-rules.js'

const ENDORSEMENTS = 96
const ENDORSEMENT_NODES = 12_000
const LIST_BYTES = 16 * 1_048_576
const LIST_TEXT = 8 * 1_048_576

/**
 * What one call may still take on besides the credentials themselves. Each of these is bounded by itself already; a short
 * input that asks for many of them at once is bounded by this.
 */
export interface Room {
  /** Endorsements to verify. */
  endorsements: number
  /** Objects and list entries in those. */
  endorsementNodes: number
  /** Bytes that status lists may unpack to, all together. */
  listBytes: number
  /** Bytes of status lists to read, as they come. */
  listText: number
  /** Bytes of newer copies to read: as many as a badge may have. */
  copyText: number
}

export function createRoom({ maxLength = 1_048_576 }: JsonLimits): Room {
  return {
    endorsements: ENDORSEMENTS,
    endorsementNodes: ENDORSEMENT_NODES,
    listBytes: LIST_BYTES,
    listText: LIST_TEXT,
    copyText: maxLength
  }
}
