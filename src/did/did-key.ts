import { materialFromMultikey, multikeyOf } from '../crypto/multikey.js'
import type { PublicKeyMaterial } from '../crypto/public-key.js'
import { KommaError, ResolutionError } from '../encoding/errors.js'
import type { OwnKey } from './own-key.js'
import { SIGNING_PURPOSES } from './purpose.js'

const PREFIX = 'did:key:'
const MAX_LENGTH = 200

/**
 * The `did:key` of a public key.
 *
 * @throws {KeyError} KEY_INVALID if the key has no Multikey form
 */
export function didKeyFromMaterial(material: PublicKeyMaterial): string {
  return `${PREFIX}${multikeyOf(material)}`
}

/**
 * Reads a `did:key` of an Ed25519, P-256 or P-384 key, or the URL of its verification method (`did:key:VALUE#VALUE`),
 * strictly: no version, path or query, base58btc only, and a fragment that is the value itself.
 *
 * Source: did:key 0.9, section 3.
 *
 * @throws {ResolutionError} DID_INVALID
 *
 * @example
 * ```ts
 * parseDidKey('did:key:z6Mkj…#z6Mkj…').material // { algorithm: 'Ed25519', bytes: 32 bytes }
 * ```
 */
export function parseDidKey(didOrUrl: string): OwnKey {
  if (typeof didOrUrl !== 'string' || !didOrUrl.startsWith(PREFIX)) throw invalid('the text is not a did:key')
  if (didOrUrl.length > MAX_LENGTH) throw invalid(`the did:key is longer than ${MAX_LENGTH} characters`)
  const [did = '', fragment, ...rest] = didOrUrl.split('#')
  const value = did.slice(PREFIX.length)
  if (rest.length > 0 || (fragment !== undefined && fragment !== value)) {
    throw invalid('the fragment of the did:key is not its value')
  }
  try {
    const material = materialFromMultikey(value)
    return { method: 'did:key', did, material, verificationMethod: `${did}#${value}`, purposes: SIGNING_PURPOSES }
  } catch (cause) {
    throw invalid('the value of the did:key is not a public key of a supported kind in base58btc', cause)
  }
}

function invalid(message: string, cause?: unknown): ResolutionError {
  const reason = cause instanceof KommaError ? { got: cause.message } : {}
  const expected = 'did:key:z6Mk…, did:key:zDn… or did:key:z82…'
  return new ResolutionError({ code: 'DID_INVALID', message, expected, ...reason }, { cause })
}
