import { getPublicKeyAsync, Point, signAsync } from '@noble/ed25519'
import { KeyError, OptionError } from '../encoding/errors.js'
import { equalBytes, type RandomSource, randomBytes, sha512 } from './digest.js'
import { integerFromBytes } from './integers.js'
import { messageToSign, type PrivateKey } from './private-key.js'

/** Who does the arithmetic: the runtime (`webcrypto`) or portable JavaScript (`noble`). The verdict is the same. */
export type Ed25519Backend = 'webcrypto' | 'noble'

export interface Ed25519Options {
  /** WebCrypto where it knows Ed25519, else noble, unless told. */
  readonly backend?: Ed25519Backend
}

/** A public key that passed every check at import. Keep it: the checks cost milliseconds. */
export interface Ed25519PublicKey {
  /** The 32 bytes of the key; a fresh copy each time. */
  readonly bytes: Uint8Array
  /** Whether the signature is valid. Anything that is not a proper signature is `false`; nothing is thrown. */
  verify(signature: Uint8Array, message: Uint8Array): Promise<boolean>
}

const FIELD_PRIME = Point.CURVE().p
const GROUP_ORDER = Point.CURVE().n
const SIGN_BIT_OFF = (1n << 255n) - 1n

// The y coordinates of the eight points whose order divides eight; either sign bit is refused.
const SMALL_ORDER_Y: readonly bigint[] = [
  0n,
  1n,
  FIELD_PRIME - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n
]

/** The WebCrypto of WebKitGTK ends its process at messages of 64 KiB, and a stranger chooses how long a token is. */
const MOST_NATIVE_BYTES = 32_768

// RFC 8410: the bytes in front of the seed in a PKCS#8 document.
const PKCS8_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)

/**
 * Takes in an Ed25519 public key after checks that make every runtime give one verdict on every signature: 32 bytes, a
 * point of the curve in its one encoding, not of small order, and in the prime-order subgroup.
 *
 * The check of the subgroup takes milliseconds, so import a key once and keep it, for instance in a key cache.
 * `verify` then asks for 64 bytes, `R` in its one encoding and not of small order, and `S` below the group order, and
 * compares `R` with the recomputed point; that equation needs no further check of `R`.
 *
 * Does not check whose key it is.
 *
 * Source: RFC 8032 section 5.1.7, FIPS 186-5 section 7.8.
 *
 * @throws {KeyError} KEY_INVALID
 * @throws {OptionError} OPTION_INVALID if the backend asked for is not to be had
 *
 * @example
 * ```ts
 * const key = await importEd25519PublicKey(bytes)
 * await key.verify(signature, message) // true or false
 * ```
 */
export async function importEd25519PublicKey(
  bytes: Uint8Array,
  options: Ed25519Options = {}
): Promise<Ed25519PublicKey> {
  const owned = ownBytes(bytes, 32, 'public key')
  const point = checkedPoint(owned)
  const native = options.backend === 'noble' ? undefined : await importNative('raw', owned, 'verify', options)
  return Object.freeze({
    get bytes() {
      return owned.slice()
    },
    async verify(signature: Uint8Array, message: Uint8Array): Promise<boolean> {
      if (!(signature instanceof Uint8Array && message instanceof Uint8Array)) return false
      const ownSignature = Uint8Array.from(signature)
      const ownMessage = Uint8Array.from(message)
      if (!isProperSignature(ownSignature)) return false
      if (native === undefined || ownMessage.length > MOST_NATIVE_BYTES)
        return verifyPortably(point, owned, ownSignature, ownMessage)
      try {
        return (await globalThis.crypto.subtle.verify('Ed25519', native, ownSignature, ownMessage)) === true
      } catch {
        return verifyPortably(point, owned, ownSignature, ownMessage)
      }
    }
  })
}

/**
 * Takes in the 32-byte seed of an Ed25519 private key. With WebCrypto the secret goes into a key object that cannot be
 * exported. The caller's bytes are copied, not kept and not cleared: clear them when they are no longer needed.
 *
 * Memory clearing is best effort: a JavaScript runtime may keep copies. Where WebCrypto does not know Ed25519 it still
 * has to offer SHA-512 (`crypto.subtle`, so a secure context in browsers).
 *
 * @throws {KeyError} KEY_INVALID
 * @throws {OptionError} OPTION_INVALID if the backend asked for is not to be had
 *
 * @example
 * ```ts
 * const key = await importEd25519Seed(generateEd25519Seed())
 * const signature = await key.sign(new TextEncoder().encode('message'))
 * ```
 */
export async function importEd25519Seed(seed: Uint8Array, options: Ed25519Options = {}): Promise<PrivateKey> {
  const owned = ownBytes(seed, 32, 'seed')
  const publicKey = Uint8Array.from(await getPublicKeyAsync(owned))
  const pkcs8 = Uint8Array.of(...PKCS8_PREFIX, ...owned)
  const native = options.backend === 'noble' ? undefined : await importNative('pkcs8', pkcs8, 'sign', options)
  pkcs8.fill(0)
  if (native !== undefined) owned.fill(0)
  return Object.freeze({
    get publicKey() {
      return publicKey.slice()
    },
    async sign(message: Uint8Array): Promise<Uint8Array> {
      const ownMessage = messageToSign(message)
      if (native === undefined) return signAsync(ownMessage, owned)
      return new Uint8Array(await globalThis.crypto.subtle.sign('Ed25519', native, ownMessage))
    }
  })
}

/** A fresh secret seed of 32 bytes. */
export function generateEd25519Seed(random: RandomSource = randomBytes): Uint8Array {
  return ownBytes(random(32), 32, 'seed')
}

function checkedPoint(bytes: Uint8Array): Point {
  let point: Point
  try {
    point = Point.fromBytes(bytes, false)
  } catch {
    throw invalidKey('the bytes are not the one encoding of a point of the curve')
  }
  if (point.isSmallOrder()) throw invalidKey('the public key is a point of small order')
  if (!point.isTorsionFree()) throw invalidKey('the public key lies outside the prime-order subgroup')
  return point
}

function isProperSignature(signature: Uint8Array): boolean {
  if (signature.length !== 64) return false
  const y = littleEndian(signature.subarray(0, 32)) & SIGN_BIT_OFF
  return y < FIELD_PRIME && !SMALL_ORDER_Y.includes(y) && littleEndian(signature.subarray(32)) < GROUP_ORDER
}

// [S]B - [k]A, compared with R byte for byte. A is torsion-free, so an R with torsion can never be equal, and this
// spares the subgroup check that the library's own cofactored equation would need for each signature.
function verifyPortably(point: Point, publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  const r = signature.subarray(0, 32)
  const s = littleEndian(signature.subarray(32))
  const input = new Uint8Array(64 + message.length)
  input.set(r)
  input.set(publicKey, 32)
  input.set(message, 64)
  const k = littleEndian(sha512(input)) % GROUP_ORDER
  const expected = Point.BASE.multiply(s, false).subtract(point.multiply(k, false))
  return equalBytes(expected.toBytes(), r)
}

async function importNative(
  format: 'raw' | 'pkcs8',
  bytes: Uint8Array<ArrayBuffer>,
  use: 'sign' | 'verify',
  options: Ed25519Options
): Promise<CryptoKey | undefined> {
  try {
    return await globalThis.crypto.subtle.importKey(format, bytes, 'Ed25519', false, [use])
  } catch (cause) {
    if (options.backend === undefined) return undefined
    throw new OptionError(
      {
        code: 'OPTION_INVALID',
        message: 'the WebCrypto of this runtime does not know Ed25519',
        path: 'backend',
        hint: 'Leave the option out.'
      },
      { cause }
    )
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return integerFromBytes(bytes.slice().reverse())
}

function ownBytes(bytes: Uint8Array, length: number, what: string): Uint8Array<ArrayBuffer> {
  if (bytes instanceof Uint8Array && bytes.length === length) return Uint8Array.from(bytes)
  const got = bytes instanceof Uint8Array ? `${bytes.length} bytes` : typeof bytes
  throw new KeyError({
    code: 'KEY_INVALID',
    message: `an Ed25519 ${what} has another form`,
    expected: `a Uint8Array of ${length} bytes`,
    got
  })
}

function invalidKey(message: string): KeyError {
  return new KeyError({ code: 'KEY_INVALID', message, expected: 'an Ed25519 public key in the prime-order subgroup' })
}
