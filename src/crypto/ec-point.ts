import { KeyError } from '../encoding/errors.js'
import { equalBytes } from './digest.js'
import { bytesFromInteger, integerFromBytes, powerModulo } from './integers.js'

/** The curves that ECDSA signatures are made on. */
export type EcCurve = 'P-256' | 'P-384'

/** The coordinates of a point, each in the full length of the curve's field. */
export interface EcPoint {
  readonly x: Uint8Array
  readonly y: Uint8Array
}

/** What the checks need to know of a curve y² = x³ - 3x + b. */
export interface EcParameters {
  /** Length of a coordinate, and of each half of a signature, in bytes. */
  readonly size: number
  readonly prime: bigint
  readonly b: bigint
  readonly order: bigint
}

/** Source: NIST SP 800-186, sections 3.2.1.3 and 3.2.1.4. Both curves have cofactor 1: every point is a good one. */
export const EC_PARAMETERS: Readonly<Record<EcCurve, EcParameters>> = Object.freeze({
  'P-256': {
    size: 32,
    prime: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  },
  'P-384': {
    size: 48,
    prime: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n
  }
})

/**
 * Writes a point in its compressed form: `02` or `03` for an even or odd `y`, then `x`.
 *
 * Source: SEC 1 section 2.3.3.
 *
 * @throws {KeyError} KEY_INVALID for a coordinate of another length or outside the field, and off the curve
 */
export function compressPoint(curve: EcCurve, point: EcPoint, path?: string): Uint8Array<ArrayBuffer> {
  const compressed = Uint8Array.of(2 + ((point.y.at(-1) ?? 0) & 1), ...point.x)
  const { y } = decompressPoint(curve, compressed, path)
  if (!equalBytes(y, point.y)) throw invalid(curve, 'the coordinates are not those of a point of the curve', path)
  return compressed
}

/**
 * Reads a point in its compressed form. That is the one form read: not infinity, not the uncompressed or hybrid form.
 *
 * Source: SEC 1 section 2.3.4.
 *
 * @throws {KeyError} KEY_INVALID for another length or form, `x` outside the field, and an `x` without a point
 */
export function decompressPoint(curve: EcCurve, bytes: Uint8Array, path?: string): EcPoint {
  const { size, prime, b } = EC_PARAMETERS[curve]
  const [sign = 0] = bytes
  if (bytes.length !== size + 1 || (sign !== 2 && sign !== 3)) {
    throw invalid(curve, 'the bytes are not a compressed point', path, `${bytes.length} bytes`)
  }
  const x = integerFromBytes(bytes.subarray(1))
  if (x >= prime) throw invalid(curve, 'the x coordinate lies outside the field', path)
  const square = (x ** 3n - 3n * x + b) % prime
  // Both primes are 3 modulo 4, so this power is a root wherever there is one.
  const root = powerModulo(square, (prime + 1n) / 4n, prime)
  if ((root * root) % prime !== square) throw invalid(curve, 'the curve has no point with this x coordinate', path)
  const y = (root & 1n) === BigInt(sign & 1) ? root : prime - root
  return { x: bytesFromInteger(x, size), y: bytesFromInteger(y, size) }
}

function invalid(curve: EcCurve, message: string, path?: string, got?: string): KeyError {
  return new KeyError({
    code: 'KEY_INVALID',
    message,
    expected: `a point of ${curve}, ${EC_PARAMETERS[curve].size} bytes for each coordinate`,
    ...(path === undefined ? {} : { path }),
    ...(got === undefined ? {} : { got })
  })
}
