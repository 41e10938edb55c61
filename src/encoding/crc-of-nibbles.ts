/**
 * A reflected CRC of 32 bits that starts and ends inverted, as an unsigned integer.
 *
 * @param nibbles the CRC of each half-byte: sixteen constants instead of a table computed at import
 */
export function crcOfNibbles(nibbles: readonly number[], bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    crc = (nibbles[crc & 15] as number) ^ (crc >>> 4)
    crc = (nibbles[crc & 15] as number) ^ (crc >>> 4)
  }
  return (crc ^ 0xffffffff) >>> 0
}
