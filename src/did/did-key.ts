import { KommaError, ResolutionError } from '../encoding/errors.js'
import { decodeEd25519Multikey, encodeEd25519Multikey } from '../encoding/multibase.js'

/** What a `did:key` says about itself. */
export interface DidKey {
  readonly did: string
  /** 32 bytes of an Ed25519 public key. Not checked to be a point of the curve: importing the key does that. */
  readonly publicKey: Uint8Array
  /** The DID URL of its one verification method. */
  readonly verificationMethod: string
}

const PREFIX = 'did:key:'
const MAX_LENGTH = 200

/**
 * The `did:key` of an Ed25519 public key.
 *
 * @throws {KeyError} KEY_INVALID if it is not 32 bytes
 */
export function didKeyFromPublicKey(publicKey: Uint8Array): string {
  return `${PREFIX}${encodeEd25519Multikey(publicKey)}`
}

/**
 * Reads a `did:key` of an Ed25519 key, or the URL of its verification method (`did:key:VALUE#VALUE`), strictly: no
 * version, path or query, base58btc only, and a fragment that is the value itself.
 *
 * Source: did:key 0.9, section 3.
 *
 * @throws {ResolutionError} DID_INVALID
 *
 * @example
 * ```ts
 * parseDidKey('did:key:z6Mkj…#z6Mkj…').publicKey // 32 bytes
 * ```
 */
export function parseDidKey(didOrUrl: string): DidKey {
  if (typeof didOrUrl !== 'string' || !didOrUrl.startsWith(PREFIX)) throw invalid('the text is not a did:key')
  if (didOrUrl.length > MAX_LENGTH) throw invalid(`the did:key is longer than ${MAX_LENGTH} characters`)
  const [did = '', fragment, ...rest] = didOrUrl.split('#')
  const value = did.slice(PREFIX.length)
  if (rest.length > 0 || (fragment !== undefined && fragment !== value)) {
    throw invalid('the fragment of the did:key is not its value')
  }
  try {
    const publicKey = decodeEd25519Multikey(value)
    return { did, publicKey, verificationMethod: `${did}#${value}` }
  } catch (cause) {
    throw invalid('the value of the did:key is not an Ed25519 public key in base58btc', cause)
  }
}

function invalid(message: string, cause?: unknown): ResolutionError {
  const reason = cause instanceof KommaError ? { got: cause.message } : {}
  return new ResolutionError({ code: 'DID_INVALID', message, expected: 'did:key:z6Mk…', ...reason }, { cause })
}
