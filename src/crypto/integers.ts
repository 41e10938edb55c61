import { decodeHex, encodeHex } from '../encoding/multibase.js'

/** The unsigned integer that bytes write, most significant byte first (OS2IP of RFC 8017 section 4.2). */
export function integerFromBytes(bytes: Uint8Array): bigint {
  return BigInt(`0x0${encodeHex(bytes)}`)
}

/**
 * An unsigned integer in `length` bytes, most significant byte first (I2OSP of RFC 8017 section 4.1). The caller sees to
 * it that it fits.
 */
export function bytesFromInteger(value: bigint, length: number): Uint8Array<ArrayBuffer> {
  return decodeHex(value.toString(16).padStart(2 * length, '0'))
}

/** `base` to the power of `exponent`, modulo `modulus`. Not for secrets: it takes longer for some exponents. */
export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let power = 1n
  let square = base % modulus
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) power = (power * square) % modulus
    square = (square * square) % modulus
  }
  return power
}
