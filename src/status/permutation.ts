import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { OptionError } from '../encoding/errors.js'

const ROUNDS = 8
const MIN_KEY_BYTES = 16
const MAX_CAPACITY = 2 ** 32

/**
 * Gives slot 0, 1, 2 … of a list its index: another one for every slot, in an order nobody can tell without the key.
 *
 * For one key and capacity this is a permutation of 0 to capacity − 1. So indexes never collide, no retries are needed
 * when a list fills up, and an index says nothing about when, or next to whom, a credential was issued.
 *
 * A balanced Feistel network with HMAC-SHA-256 as its round function works on the next even number of bits; results
 * beyond the capacity walk on until they fall inside (Black and Rogaway, Ciphers with Arbitrary Finite Domains, 2002).
 *
 * @param key at least 16 secret bytes, another key for each list
 * @param capacity how many indexes there are, 1 to 2^32
 * @param slot 0 to capacity − 1
 * @throws {OptionError} OPTION_INVALID when a parameter is outside those bounds
 * @example
 * ```ts
 * const index = permute(key, 131_072, 0)
 * ```
 */
export function permute(key: Uint8Array, capacity: number, slot: number): number {
  requireThat(key instanceof Uint8Array && key.length >= MIN_KEY_BYTES, 'key', `at least ${MIN_KEY_BYTES} bytes`)
  requireThat(Number.isSafeInteger(capacity) && capacity >= 1 && capacity <= MAX_CAPACITY, 'capacity', '1 to 2^32')
  requireThat(Number.isSafeInteger(slot) && slot >= 0 && slot < capacity, 'slot', '0 to capacity - 1')
  const halfBits = Math.max(1, Math.ceil(Math.log2(capacity) / 2))
  let value = slot
  do value = encipher(key, halfBits, value)
  while (value >= capacity)
  return value
}

function encipher(key: Uint8Array, halfBits: number, value: number): number {
  const half = 2 ** halfBits
  let left = Math.floor(value / half)
  let right = value % half
  for (let round = 0; round < ROUNDS; round++) {
    const mixed = left ^ (roundValue(key, round, halfBits, right) % half)
    left = right
    right = mixed >>> 0
  }
  return left * half + right
}

function roundValue(key: Uint8Array, round: number, halfBits: number, half: number): number {
  const message = new Uint8Array([round, halfBits, half >>> 8, half & 0xff])
  const mac = hmac(sha256, key, message)
  return new DataView(mac.buffer, mac.byteOffset).getUint32(0)
}

function requireThat(condition: boolean, path: string, expected: string): void {
  if (!condition)
    throw new OptionError({ code: 'OPTION_INVALID', message: 'A parameter is out of bounds', path, expected })
}
