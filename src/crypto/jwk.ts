import { type Fault, KeyError, KommaError } from '../encoding/errors.js'
import { pointer } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { decodeBase64url, encodeBase64url } from '../encoding/multibase.js'
import { sha256 } from './digest.js'
import { compressPoint, decompressPoint } from './ec-point.js'
import type { KeyAlgorithm, PublicKeyMaterial, RsaMaterial } from './key-material.js'

interface JwkKind {
  readonly algorithm: KeyAlgorithm
  readonly kty: string
  readonly crv?: string
  /** Values of `alg` that say what komma does with such a key. */
  readonly algs: readonly string[]
  /** Bytes of each member of the key; without a number, an unsigned integer in as few bytes as it needs. */
  readonly parts: Readonly<Record<string, number | undefined>>
}

// Sources: RFC 7518 sections 6.2 and 6.3, RFC 8037 section 2, RFC 9864 section 2.2.
const KINDS: readonly JwkKind[] = [
  { algorithm: 'Ed25519', kty: 'OKP', crv: 'Ed25519', algs: ['EdDSA', 'Ed25519'], parts: { x: 32 } },
  { algorithm: 'P-256', kty: 'EC', crv: 'P-256', algs: ['ES256'], parts: { x: 32, y: 32 } },
  { algorithm: 'P-384', kty: 'EC', crv: 'P-384', algs: ['ES384'], parts: { x: 48, y: 48 } },
  { algorithm: 'RSA', kty: 'RSA', algs: ['RS256', 'PS256'], parts: { e: undefined, n: undefined } }
]

/** The members that only private and symmetric keys have (RFC 7518 sections 6.2.2, 6.3.2 and 6.4, RFC 8037). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/**
 * Reads the public key of a JSON Web Key strictly: a kind from a closed table, names in their one spelling, canonical
 * base64url of exactly the right length, coordinates of a point of the curve, and no word about a use that is not
 * verifying signatures. Members that say nothing about the key (`kid`, `x5c` and others) are passed over.
 *
 * Does not check that an Ed25519 or RSA key is a good one: importing it does.
 *
 * Source: RFC 7517 section 4, RFC 7518 section 6, RFC 8037 section 2.
 *
 * @param path JSON Pointer of the JWK in what the caller reads
 * @throws {KeyError} KEY_INVALID with every fault; the first says so where a private key is exposed
 *
 * @example
 * ```ts
 * materialFromJwk({ kty: 'OKP', crv: 'Ed25519', x: 'O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik' }, '/jwk')
 * ```
 */
export function materialFromJwk(jwk: JsonObject, path = ''): PublicKeyMaterial {
  const faults: Fault[] = exposureOf(jwk, path)
  const kind = KINDS.find(({ kty, crv }) => kty === jwk['kty'] && (crv === undefined || crv === jwk['crv']))
  if (kind === undefined) throw new KeyError([...faults, unknownKind(jwk, path)])
  faults.push(...purposeFaults(jwk, kind, path))
  const parts: Record<string, Uint8Array> = {}
  for (const [name, length] of Object.entries(kind.parts)) {
    const place = pointer(path, name)
    const bytes = readPart(jwk[name], length)
    if (bytes === undefined) faults.push(badPart(name, length, place))
    else parts[name] = bytes
  }
  if (faults.length > 0) throw new KeyError(faults)
  return assemble(kind, parts, jwk, path)
}

/**
 * The public key as a JSON Web Key of nothing but the members that make it up, in the order of their names.
 *
 * @throws {KeyError} KEY_INVALID for bytes that are not a point of the curve
 */
export function jwkOf(material: PublicKeyMaterial): JsonObject {
  const { algorithm } = material
  if (algorithm === 'RSA') {
    return { e: encodeBase64url(material.exponent), kty: 'RSA', n: encodeBase64url(material.modulus) }
  }
  if (algorithm === 'Ed25519') return { crv: algorithm, kty: 'OKP', x: encodeBase64url(material.bytes) }
  const { x, y } = decompressPoint(algorithm, material.bytes)
  return { crv: algorithm, kty: 'EC', x: encodeBase64url(x), y: encodeBase64url(y) }
}

/**
 * The thumbprint of a public key, in base64url: the same for every way to write the key, and for no other key.
 *
 * Source: RFC 7638, with SHA-256.
 *
 * @throws {KeyError} KEY_INVALID for bytes that are not a point of the curve
 */
export function jwkThumbprint(material: PublicKeyMaterial): string {
  return encodeBase64url(sha256(new TextEncoder().encode(JSON.stringify(jwkOf(material)))))
}

function exposureOf(jwk: JsonObject, path: string): Fault[] {
  const name = PRIVATE_MEMBERS.find((member) => Object.hasOwn(jwk, member))
  if (name === undefined) return []
  return [
    {
      code: 'KEY_INVALID',
      message: 'a private key is exposed: the JWK has a member that only private and symmetric keys have',
      path: pointer(path, name),
      hint: 'The key is no longer worth trusting. Its owner has to retire it.'
    }
  ]
}

function unknownKind(jwk: JsonObject, path: string): Fault {
  const got = [jwk['kty'], jwk['crv']].filter((value) => value !== undefined)
  return {
    code: 'KEY_INVALID',
    message: 'the JWK is not a key of an accepted kind',
    path: pointer(path, 'kty'),
    expected: KINDS.map(({ kty, crv }) => (crv === undefined ? kty : `${kty} ${crv}`)).join(', '),
    got: got.map((value) => JSON.stringify(value).slice(0, 40)).join(' ') || 'no kty'
  }
}

function purposeFaults(jwk: JsonObject, { algs, algorithm }: JwkKind, path: string): Fault[] {
  const { use, key_ops: operations, alg } = jwk
  const faults: Fault[] = []
  const add = (name: string, message: string, expected: string) =>
    faults.push({ code: 'KEY_INVALID', message, path: pointer(path, name), expected })
  if (use !== undefined && use !== 'sig') add('use', 'the JWK is for another use than signatures', 'sig')
  if (operations !== undefined && !allowsVerify(operations)) {
    add('key_ops', 'the JWK is for other operations than verifying', 'different operations, verify among them')
  }
  if (alg !== undefined && !algs.some((known) => known === alg)) {
    add('alg', `the JWK is for an algorithm that is not used with a key of kind ${algorithm}`, algs.join(' or '))
  }
  return faults
}

function allowsVerify(operations: JsonValue): boolean {
  if (!Array.isArray(operations) || new Set(operations).size !== operations.length) return false
  return operations.includes('verify') && operations.every((one) => typeof one === 'string')
}

function readPart(value: JsonValue | undefined, length: number | undefined): Uint8Array | undefined {
  if (typeof value !== 'string') return undefined
  try {
    const bytes = decodeBase64url(value)
    const fits = length === undefined ? bytes.length > 0 && bytes[0] !== 0 : bytes.length === length
    return fits ? bytes : undefined
  } catch (error) {
    if (error instanceof KommaError) return undefined
    throw error
  }
}

function badPart(name: string, length: number | undefined, path: string): Fault {
  return {
    code: 'KEY_INVALID',
    message: `${name} of the JWK is missing or not the base64url of a number of the right length`,
    path,
    expected: length === undefined ? 'as few bytes as the number needs' : `${length} bytes`
  }
}

function assemble(kind: JwkKind, parts: Record<string, Uint8Array>, jwk: JsonObject, path: string): PublicKeyMaterial {
  const { algorithm } = kind
  const part = (name: string) => parts[name] ?? new Uint8Array()
  if (algorithm === 'Ed25519') return { algorithm, bytes: part('x') }
  if (algorithm !== 'RSA') return { algorithm, bytes: compressPoint(algorithm, { x: part('x'), y: part('y') }, path) }
  const alg = jwk['alg'] as RsaMaterial['alg']
  return { algorithm, modulus: part('n'), exponent: part('e'), ...(alg && { alg }) }
}
