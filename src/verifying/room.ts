const ENDORSEMENTS = 96
const LIST_BYTES = 16 * 1_048_576

/**
 * What one call may still take on besides the credentials themselves. Each of these is bounded by itself already; a short
 * input that asks for many of them at once is bounded by this.
 */
export interface Room {
  /** Endorsements to verify. */
  endorsements: number
  /** Bytes that status lists may unpack to, all together. */
  listBytes: number
}

export function createRoom(): Room {
  return { endorsements: ENDORSEMENTS, listBytes: LIST_BYTES }
}
