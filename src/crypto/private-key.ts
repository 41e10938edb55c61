import { OptionError } from '../encoding/errors.js'

/** A private key that signs and does not show its secret: not in JSON, not in a debugger's listing, not by export. */
export interface PrivateKey {
  /** The public key, derived from the secret; a fresh copy each time. P-256 and P-384: the compressed point. */
  readonly publicKey: Uint8Array
  /**
   * Signs bytes, and bytes only: the same message gives the same signature.
   *
   * @throws {OptionError} OPTION_INVALID for anything but bytes
   */
  sign(message: Uint8Array): Promise<Uint8Array>
}

/**
 * The bytes that are about to be signed, copied, so that a caller that changes its own later changes nothing. Texts and
 * arrays are refused: two of them that differ could become the same bytes, or the other way round.
 *
 * @throws {OptionError} OPTION_INVALID
 */
export function messageToSign(message: unknown): Uint8Array<ArrayBuffer> {
  if (message instanceof Uint8Array) return Uint8Array.from(message)
  throw new OptionError({
    code: 'OPTION_INVALID',
    message: 'only bytes can be signed',
    path: 'message',
    expected: 'a Uint8Array',
    got: typeof message
  })
}
