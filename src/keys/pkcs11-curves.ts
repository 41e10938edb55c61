import { compressPoint } from '../crypto/ec-point.js'
import { KeyError } from '../encoding/errors.js'
import { decodeHex, encodeHex } from '../encoding/multibase.js'
import type { SigningKeyAlgorithm } from './key-store.js'

interface Curve {
  readonly keyType: number
  readonly generate: number
  readonly sign: number
  /** The OID of the curve in DER. */
  readonly parameters: string
  /** What tokens call the curve where they give its name, a PrintableString. */
  readonly names: readonly string[]
  /** How long the point is: as it is, for ECDSA uncompressed. */
  readonly pointBytes: number
  readonly signatureBytes: number
}

const CKK_EC = 0x03
const CKK_EC_EDWARDS = 0x40
const CKM_EC_KEY_PAIR_GEN = 0x1040
const CKM_ECDSA = 0x1041
const CKM_EC_EDWARDS_KEY_PAIR_GEN = 0x1055
const CKM_EDDSA = 0x1057
const EC = { keyType: CKK_EC, generate: CKM_EC_KEY_PAIR_GEN, sign: CKM_ECDSA } as const

/** What a token has to be told to make and use a key of each kind. */
export const CURVES: Readonly<Record<SigningKeyAlgorithm, Curve>> = Object.freeze({
  Ed25519: {
    keyType: CKK_EC_EDWARDS,
    generate: CKM_EC_EDWARDS_KEY_PAIR_GEN,
    sign: CKM_EDDSA,
    parameters: '06032b6570',
    names: ['edwards25519', 'Ed25519', 'id-Ed25519'],
    pointBytes: 32,
    signatureBytes: 64
  },
  'P-256': {
    ...EC,
    parameters: '06082a8648ce3d030107',
    names: ['secp256r1', 'prime256v1', 'P-256', 'nistp256'],
    pointBytes: 65,
    signatureBytes: 64
  },
  'P-384': {
    ...EC,
    parameters: '06052b81040022',
    names: ['secp384r1', 'P-384', 'nistp384'],
    pointBytes: 97,
    signatureBytes: 96
  }
})

const PRINTABLE_STRING = 0x13
const OCTET_STRING = 0x04

/** The bytes of CKA_EC_PARAMS for a new key. */
export function parametersOf(algorithm: SigningKeyAlgorithm): Uint8Array {
  return decodeHex(CURVES[algorithm].parameters)
}

/**
 * The kind of key by its CKA_EC_PARAMS: the OID of a curve, or its name.
 *
 * @throws {KeyError} KEY_UNSUPPORTED
 */
export function readParameters(bytes: Uint8Array): SigningKeyAlgorithm {
  const text = encodeHex(bytes)
  const name =
    bytes[0] === PRINTABLE_STRING && bytes[1] === bytes.length - 2
      ? String.fromCharCode(...bytes.subarray(2))
      : undefined
  for (const algorithm of Object.keys(CURVES) as SigningKeyAlgorithm[]) {
    const { parameters, names } = CURVES[algorithm]
    if (parameters === text || (name !== undefined && names.includes(name))) return algorithm
  }
  throw new KeyError({
    code: 'KEY_UNSUPPORTED',
    message: 'the key on the token is of a curve that issuers do not sign with',
    expected: Object.keys(CURVES).join(', '),
    got: name ?? text.slice(0, 40)
  })
}

/**
 * The public key by its CKA_EC_POINT: a DER OCTET STRING as the standard says, or the point as it is.
 *
 * @throws {KeyError} KEY_INVALID
 */
export function readPoint(bytes: Uint8Array, algorithm: SigningKeyAlgorithm): Uint8Array {
  const { pointBytes } = CURVES[algorithm]
  const wrapped = bytes.length === pointBytes + 2 && bytes[0] === OCTET_STRING && bytes[1] === pointBytes
  const point = wrapped ? bytes.subarray(2) : bytes
  if (algorithm === 'Ed25519' && point.length === 32) return Uint8Array.from(point)
  if (algorithm !== 'Ed25519' && point.length === pointBytes && point[0] === 4) {
    const size = (pointBytes - 1) / 2
    return compressPoint(algorithm, { x: point.slice(1, 1 + size), y: point.slice(1 + size) })
  }
  throw new KeyError({
    code: 'KEY_INVALID',
    message: 'the token shows a public key in a form that is none',
    expected: `a point of ${pointBytes} bytes, as it is or in a DER OCTET STRING`,
    got: `${bytes.length} bytes`
  })
}
