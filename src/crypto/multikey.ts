import { KeyError } from '../encoding/errors.js'
import { decodeMultibase, encodeHex, encodeMultibase } from '../encoding/multibase.js'
import { decompressPoint } from './ec-point.js'
import type { CurveMaterial, PublicKeyMaterial } from './key-material.js'

interface MultikeyKind {
  readonly algorithm: CurveMaterial['algorithm']
  /** The multicodec as a varint, in its one shortest form. */
  readonly codec: readonly [number, number]
  /** Bytes of the key itself. */
  readonly length: number
}

const KINDS: readonly MultikeyKind[] = [
  { algorithm: 'Ed25519', codec: [0xed, 0x01], length: 32 },
  { algorithm: 'P-256', codec: [0x80, 0x24], length: 33 },
  { algorithm: 'P-384', codec: [0x81, 0x24], length: 49 }
]

/**
 * Writes a public key as a Multikey: `z6Mk…` for Ed25519, `zDna…` for P-256, `z82L…` for P-384.
 *
 * Source: Controlled Identifiers 1.0 section 2.2.2.
 *
 * @throws {KeyError} KEY_INVALID for an RSA key, which has no Multikey form that suites read, and for another length
 */
export function multikeyOf(material: PublicKeyMaterial): string {
  const kind = KINDS.find(({ algorithm }) => algorithm === material.algorithm)
  if (kind === undefined || material.algorithm === 'RSA') {
    throw new KeyError({ code: 'KEY_INVALID', message: `there is no Multikey for a key of kind ${material.algorithm}` })
  }
  const { bytes } = material
  if (!(bytes instanceof Uint8Array) || bytes.length !== kind.length) {
    throw new KeyError({
      code: 'KEY_INVALID',
      message: `the ${kind.algorithm} public key has another length`,
      expected: `${kind.length} bytes`
    })
  }
  return encodeMultibase('base58btc', Uint8Array.of(...kind.codec, ...bytes))
}

/**
 * Reads a Multikey strictly: base58btc, the two bytes of an accepted kind of key, and exactly the bytes of that kind. A
 * key for another use (X25519), a kind written in a longer varint and an uncompressed point are refused, as is a point
 * that lies off its curve.
 *
 * Does not check that an Ed25519 key is a good point: importing it does.
 *
 * Source: Controlled Identifiers 1.0 section 2.2.2.
 *
 * @throws {KeyError} KEY_INVALID
 *
 * @example
 * ```ts
 * materialFromMultikey('z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi') // { algorithm: 'Ed25519', bytes }
 * ```
 */
export function materialFromMultikey(text: string, path?: string): CurveMaterial {
  const place = path === undefined ? {} : { path }
  let bytes: Uint8Array
  try {
    bytes = decodeMultibase(text, { encoding: 'base58btc', maxLength: 200 })
  } catch (cause) {
    throw new KeyError({ code: 'KEY_INVALID', message: 'the key is not a Multikey in base58btc', ...place }, { cause })
  }
  const kind = KINDS.find(({ codec, length }) => {
    return bytes.length === length + 2 && codec.every((byte, index) => byte === bytes[index])
  })
  if (kind === undefined) {
    throw new KeyError({
      code: 'KEY_INVALID',
      message: 'the Multikey is not a public key of an accepted kind',
      expected: KINDS.map(({ codec, length }) => `${encodeHex(Uint8Array.of(...codec))} and ${length} bytes`).join(
        ', '
      ),
      got: `${bytes.length} bytes that start with ${encodeHex(bytes.subarray(0, 2))}`,
      ...place
    })
  }
  const { algorithm } = kind
  const key = bytes.slice(2)
  if (algorithm !== 'Ed25519') decompressPoint(algorithm, key, path)
  return { algorithm, bytes: key }
}
