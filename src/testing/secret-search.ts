import { equalBytes } from '../crypto/digest.js'
import { decodeBase64url, decodeHex } from '../encoding/multibase.js'
import type { SigningKeyAlgorithm } from '../keys/key-store.js'
import { openSecret } from '../keys/secret-key.js'

const SECRET_BYTES = { Ed25519: 32, 'P-256': 32, 'P-384': 48 } as const
const DEPTH = 6

/**
 * Where a value shows the secret of a key: as bytes, base64url or hexadecimal text, or a key object that can be
 * exported. Looks at own properties, hidden ones and getters included, and at those of prototypes.
 */
export async function findSecret(
  value: unknown,
  algorithm: SigningKeyAlgorithm,
  publicKey: Uint8Array
): Promise<string | undefined> {
  for (const { path, found } of walk(value, '', DEPTH, new Set())) {
    if (isExtractable(found)) return `${path}: a private key that can be exported`
    for (const bytes of readings(found)) {
      if (bytes.length === SECRET_BYTES[algorithm] && (await isSecretOf(bytes, algorithm, publicKey))) return path
    }
  }
  return undefined
}

async function isSecretOf(bytes: Uint8Array, algorithm: SigningKeyAlgorithm, publicKey: Uint8Array): Promise<boolean> {
  try {
    return equalBytes((await openSecret(algorithm, bytes)).publicKey, publicKey)
  } catch {
    return false
  }
}

function readings(value: unknown): readonly Uint8Array[] {
  if (value instanceof Uint8Array) return [value]
  if (value instanceof ArrayBuffer) return [new Uint8Array(value)]
  if (typeof value !== 'string' || value.length > 200) return []
  return [decodeHex, decodeBase64url].flatMap((decode) => {
    try {
      return [decode(value)]
    } catch {
      return []
    }
  })
}

function isExtractable(value: unknown): boolean {
  const key = value as { readonly type?: unknown; readonly extractable?: unknown } | null
  return typeof key === 'object' && key !== null && key.type === 'private' && key.extractable === true
}

function* walk(
  value: unknown,
  path: string,
  depth: number,
  seen: Set<object>
): Generator<{ readonly path: string; readonly found: unknown }> {
  yield { path, found: value }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return
  if (depth === 0) return
  seen.add(value)
  for (let holder = value; holder !== null && holder !== Object.prototype; holder = Object.getPrototypeOf(holder)) {
    for (const name of Reflect.ownKeys(holder)) {
      yield* walk(read(value, name), `${path}/${String(name)}`, depth - 1, seen)
    }
  }
}

function read(value: object, name: string | symbol): unknown {
  try {
    return Reflect.get(value, name)
  } catch {
    return undefined
  }
}
