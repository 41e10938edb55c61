import { p256, p384 } from '@noble/curves/nist.js'
import { InputError } from '../encoding/errors.js'
import type { EcCurve } from './ec-point.js'

const CURVES = { 'P-256': p256, 'P-384': p384 } as const

/**
 * Turns an ECDSA signature in DER into `r` and `s` side by side, in the full length of the curve's order. Only DER is
 * read: each length in its one shortest form, no byte before, between or after, no number that is negative or has a
 * zero too many, and `r` and `s` from 1 to the order less 1.
 *
 * Does not check that the signature is valid.
 *
 * Source: RFC 3279 section 2.2.3, X.690 sections 8.3 and 10.1; IEEE P1363 for the result.
 *
 * @throws {InputError} ENCODING_INVALID
 */
export function ecdsaSignatureFromDer(curve: EcCurve, der: Uint8Array): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(CURVES[curve].Signature.fromBytes(der, 'der').toBytes('compact'))
  } catch (cause) {
    throw new InputError(
      {
        code: 'ENCODING_INVALID',
        message: `the bytes are not a ${curve} signature in DER`,
        got: `${der.length} bytes`
      },
      { cause }
    )
  }
}
