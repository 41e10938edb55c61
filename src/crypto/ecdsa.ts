import { decompressPoint, EC_PARAMETERS, type EcCurve } from './ec-point.js'
import { integerFromBytes } from './integers.js'
import { type CryptoProvider, importCheck, type KeyImportOptions, type SignatureCheck } from './provider.js'

const FORMS = {
  'P-256': { algorithm: 'ES256', hash: 'SHA-256' },
  'P-384': { algorithm: 'ES384', hash: 'SHA-384' }
} as const

/**
 * Takes in an ECDSA public key, a compressed point, after checks that make every runtime give one verdict: the one
 * compressed form, on the curve, not infinity.
 *
 * The check it gives back asks for `r` and `s` side by side in the full length of the order (IEEE P1363), each from 1 to
 * the order less 1. It accepts `s` and its negative alike, so a signature is no name for what was signed.
 *
 * Source: FIPS 186-5 section 6.4.2, SEC 1 section 3.2.2.1.
 *
 * @throws {KeyError} KEY_INVALID
 */
export async function importEcdsaPublicKey(
  curve: EcCurve,
  bytes: Uint8Array,
  options: KeyImportOptions = {}
): Promise<SignatureCheck> {
  const { x, y } = decompressPoint(curve, bytes)
  const compressed = bytes.slice()
  const { algorithm, hash } = FORMS[curve]
  const key = {
    algorithm,
    data: Uint8Array.of(4, ...x, ...y),
    importParams: { name: 'ECDSA', namedCurve: curve },
    verifyParams: { name: 'ECDSA', hash },
    ask: (provider: CryptoProvider, signature: Uint8Array, message: Uint8Array) =>
      provider.verifyEcdsa(curve, compressed.slice(), signature, message)
  }
  const check = await importCheck(key, options)
  return async (signature, message) => isProperSignature(curve, signature) && check(signature, message)
}

function isProperSignature(curve: EcCurve, signature: Uint8Array): boolean {
  const { size, order } = EC_PARAMETERS[curve]
  if (signature.length !== 2 * size) return false
  const halves = [signature.subarray(0, size), signature.subarray(size)].map(integerFromBytes)
  return halves.every((half) => half > 0n && half < order)
}
