import { crcOfNibbles } from './crc-of-nibbles.js'

/** The CRC-32C of each half-byte (polynomial 0x82f63b78). */
const NIBBLES = [
  0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d, 0x82f63b78,
  0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75
] as const

/** The CRC-32C (Castagnoli) of RFC 3720 section 12.1, with which Google Cloud KMS guards what goes over the wire. */
export function crc32c(bytes: Uint8Array): number {
  return crcOfNibbles(NIBBLES, bytes)
}
