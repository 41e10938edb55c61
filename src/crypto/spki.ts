import { InputError, KeyError, KommaError } from '../encoding/errors.js'
import { decodeBase64, decodeHex } from '../encoding/multibase.js'
import { equalBytes } from './digest.js'
import { compressPoint } from './ec-point.js'
import type { CurveMaterial } from './key-material.js'

interface SpkiKind {
  readonly algorithm: CurveMaterial['algorithm']
  /** Everything before the key itself, in hexadecimal: DER leaves no choice in how it is written. */
  readonly head: string
  /** Bytes of the key: Ed25519 as it is, the coordinates of a point after its `04`. */
  readonly length: number
}

// Sources: RFC 8410 section 4 (id-Ed25519), RFC 5480 sections 2.1.1 and 2.2 (secp256r1, secp384r1, uncompressed point).
const KINDS: readonly SpkiKind[] = [
  { algorithm: 'Ed25519', head: '302a300506032b6570032100', length: 32 },
  { algorithm: 'P-256', head: '3059301306072a8648ce3d020106082a8648ce3d03010703420004', length: 64 },
  { algorithm: 'P-384', head: '3076301006072a8648ce3d020106052b8104002203620004', length: 96 }
]

const PEM = /^-----BEGIN PUBLIC KEY-----\r?\n((?:[A-Za-z0-9+/=]{1,76}\r?\n)+)-----END PUBLIC KEY-----\r?\n?$/
const LONGEST_PEM = 4096

/**
 * Reads a public key as key services hand it out: a SubjectPublicKeyInfo in DER of an Ed25519, P-256 or P-384 key, with
 * the point of a curve in its uncompressed form.
 *
 * Does not check that an Ed25519 key is a good point: importing it does.
 *
 * @throws {KeyError} KEY_UNSUPPORTED for a key of another kind or in another form, KEY_INVALID for a point off the curve
 */
export function materialFromSpki(der: Uint8Array, path?: string): CurveMaterial {
  for (const { algorithm, head, length } of KINDS) {
    const prefix = decodeHex(head)
    if (der.length !== prefix.length + length || !equalBytes(der.subarray(0, prefix.length), prefix)) continue
    const bytes = Uint8Array.from(der.subarray(prefix.length))
    if (algorithm === 'Ed25519') return { algorithm, bytes }
    const half = length / 2
    const point = { x: bytes.subarray(0, half), y: bytes.subarray(half) }
    return { algorithm, bytes: compressPoint(algorithm, point, path) }
  }
  throw new KeyError({
    code: 'KEY_UNSUPPORTED',
    message: 'the public key is not of a kind that issuers sign with',
    expected: KINDS.map(({ algorithm }) => algorithm).join(', '),
    ...(path === undefined ? {} : { path })
  })
}

/**
 * Reads a public key in PEM (RFC 7468 section 13), one and nothing beside it.
 *
 * @throws {InputError} ENCODING_INVALID
 * @throws {KeyError} as {@link materialFromSpki}
 */
export function materialFromPem(pem: string, path?: string): CurveMaterial {
  return materialFromSpki(decodePem(pem), path)
}

function decodePem(pem: string): Uint8Array {
  const body = pem.length <= LONGEST_PEM ? PEM.exec(pem)?.[1] : undefined
  try {
    if (body !== undefined) return decodeBase64(body.replaceAll(/\r?\n/g, ''))
  } catch (error) {
    if (!(error instanceof KommaError)) throw error
  }
  throw new InputError({ code: 'ENCODING_INVALID', message: 'the text is not one public key in PEM' })
}
