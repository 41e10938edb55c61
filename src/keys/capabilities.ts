import type { CurveMaterial } from '../crypto/key-material.js'
import { KeyError } from '../encoding/errors.js'

/** What a driver says of its signatures with one kind of key, before anything is asked of it. */
export interface SigningCapability {
  readonly algorithm: CurveMaterial['algorithm']
  /**
   * The longest message that can be signed, in bytes, where there is a limit. `sign` hashes a message where the algorithm
   * does; a driver that sends the digest alone has no limit for such a key.
   */
  readonly maxMessageBytes?: number
  /** What leaves this process for the service or device: the message, or its digest alone. */
  readonly sends: 'message' | 'digest' | 'nothing'
  /** Whether the same message gives the same signature: always with Ed25519, with ECDSA by RFC 6979. */
  readonly deterministic: boolean
}

/** As much of a signer as its limits need. */
export interface CapableSigner {
  readonly id: string
  readonly capability?: SigningCapability
}

/**
 * Refuses a message that the signer says it cannot sign, before it is asked.
 *
 * A badge that stands as JSON needs 64 bytes (P-384: 96), whatever its length. A JWT is signed as a whole.
 *
 * @throws {KeyError} KEY_MESSAGE_TOO_LONG
 */
export function checkMessageLength(signer: CapableSigner, length: number): void {
  const { id, capability } = signer
  const limit = capability?.maxMessageBytes
  if (limit === undefined || length <= limit) return
  throw new KeyError({
    code: 'KEY_MESSAGE_TOO_LONG',
    message: 'the key service or device signs no message of this length with this kind of key',
    path: String(id).slice(0, 100),
    expected: `at most ${limit} bytes`,
    got: `${length} bytes`,
    hint: 'Issue the badge as JSON with an embedded proof, which signs 64 bytes, or sign the JWT with a P-256 or P-384 key, of which the digest alone is sent.'
  })
}

/**
 * The capability for one kind of key.
 *
 * @param where what the error shall name: the key, or the option that asks for the kind
 * @throws {KeyError} KEY_UNSUPPORTED if the driver has none
 */
export function capabilityFor(
  capabilities: readonly SigningCapability[],
  algorithm: string,
  where: string
): SigningCapability {
  const found = capabilities.find((one) => one.algorithm === algorithm)
  if (found !== undefined) return found
  throw new KeyError({
    code: 'KEY_UNSUPPORTED',
    message: 'the key service or device cannot sign as issuers do with keys of this kind',
    path: where.slice(0, 100),
    expected: capabilities.map((one) => one.algorithm).join(' or '),
    got: String(algorithm).slice(0, 40)
  })
}
