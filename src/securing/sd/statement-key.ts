import { p256 } from '@noble/curves/nist.js'
import { decompressPoint } from '../../crypto/ec-point.js'
import type { CryptoProvider } from '../../crypto/provider.js'
import { importPublicKey } from '../../crypto/public-key.js'
import { KeyError } from '../../encoding/errors.js'
import { encodeHex } from '../../encoding/multibase.js'

/** The Multikey header of a P-256 public key (Controlled Identifiers 1.0 section 2.2.2). */
const P256_HEADER = [0x80, 0x24] as const

/** How many random bytes a key is made of: enough to be unbiased (FIPS 186-5 appendix A.2.1). */
export const SEED_LENGTH = 48

/** A key that signs the statements of one credential and is then forgotten. */
export interface StatementKey {
  /** The Multikey, in bytes. */
  readonly publicKey: Uint8Array
  sign(statement: string): Uint8Array
}

export function createStatementKey(seed: Uint8Array): StatementKey {
  return statementKeyOf(p256.utils.randomSecretKey(seed))
}

export function statementKeyOf(secretKey: Uint8Array): StatementKey {
  return {
    publicKey: Uint8Array.of(...P256_HEADER, ...p256.getPublicKey(secretKey)),
    // RFC 6979; s is left as it comes out, as other libraries do.
    sign: (statement) => p256.sign(utf8(statement), secretKey, { lowS: false })
  }
}

/** Checks signatures of statements with the key that a proof carries. */
export type StatementCheck = (signature: Uint8Array, statement: string) => Promise<boolean>

/**
 * The compressed point in the bytes of a Multikey.
 *
 * @throws {KeyError} KEY_INVALID for anything but a P-256 public key
 */
export function pointOfStatementKey(publicKey: Uint8Array): Uint8Array {
  if (P256_HEADER.some((byte, index) => publicKey[index] !== byte)) {
    throw new KeyError({
      code: 'KEY_INVALID',
      message: 'the key of the statements is not a P-256 public key',
      path: '/proof/proofValue',
      expected: 'the bytes 8024 and a compressed point',
      got: `bytes that start with ${encodeHex(publicKey.subarray(0, P256_HEADER.length))}`
    })
  }
  const point = publicKey.subarray(P256_HEADER.length)
  decompressPoint('P-256', point, '/proof/proofValue')
  return point
}

/** @throws {KeyError} KEY_INVALID for anything but a P-256 public key */
export async function importStatementKey(publicKey: Uint8Array): Promise<StatementCheck> {
  const material = { algorithm: 'P-256', bytes: pointOfStatementKey(publicKey) } as const
  const key = await importPublicKey(material, { provider: P256_PROVIDER })
  return (signature, statement) => key.verify('ES256', signature, utf8(statement))
}

/** For runtimes without WebCrypto; the curve is here anyway, to sign with. */
const P256_PROVIDER: CryptoProvider = {
  verifyEcdsa: (_curve, publicKey, signature, message) => p256.verify(signature, message, publicKey, { lowS: false }),
  verifyRsa: () => false
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
