import { crcOfNibbles } from './crc-of-nibbles.js'

/** The CRC-32 of each half-byte (polynomial 0xedb88320). */
const NIBBLES = [
  0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320,
  0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c
] as const

/** The CRC-32 that closes a PNG chunk (PNG 3 §5.5) and a gzip member (RFC 1952 §2.3.1), as an unsigned integer. */
export function crc32(bytes: Uint8Array): number {
  return crcOfNibbles(NIBBLES, bytes)
}
