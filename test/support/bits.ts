import { gzipSync } from 'node:zlib'

/** Written apart from the library, so that both sides of a test do not share one mistake. */
export function createBitstring(bytes: number): Uint8Array {
  return new Uint8Array(bytes)
}

export function setStatus(bits: Uint8Array, index: number): void {
  bits[index >> 3] = (bits[index >> 3] as number) | (0x80 >> (index & 7))
}

export async function encodeList(bits: Uint8Array): Promise<string> {
  return `u${gzipSync(bits, { level: 9 }).toString('base64url')}`
}
