import { type RandomSource, randomBytes } from '../crypto/digest.js'
import { OptionError } from '../encoding/errors.js'
import { isWellFormed } from '../encoding/json-rules.js'
import { encodeBase64url } from '../encoding/multibase.js'
import { hashIdentity } from '../model/identity-hash.js'
import type { IdentifierType, IdentityObject } from '../model/types.js'

/** The words of Open Badges' IdentifierTypeEnum. */
export const IDENTITY_TYPES: readonly string[] = [
  'name',
  'sourcedId',
  'systemId',
  'productId',
  'userName',
  'accountId',
  'emailAddress',
  'nationalIdentityNumber',
  'isbn',
  'issn',
  'lisSourcedId',
  'oneRosterSourcedId',
  'sisSourcedId',
  'ltiContextId',
  'ltiDeploymentId',
  'ltiToolId',
  'ltiPlatformId',
  'ltiUserId',
  'identifier'
]

const OWN_TYPE = /^ext:[A-Za-z0-9._-]+$/
const SALT_LENGTH = 16

export interface IdentityOptions {
  /** A word of IdentifierTypeEnum, or a term of your own that starts with `ext:`. */
  readonly identityType: string
  /** The identifier in plain text. */
  readonly identity: string
  /** False writes the identifier readably. True unless told. */
  readonly hashed?: boolean
  /** WebCrypto unless told. */
  readonly random?: RandomSource
}

/**
 * Writes an identifier of a person as an Open Badges IdentityObject: SHA-256 with a fresh salt of 16 random bytes, or
 * readable on request.
 *
 * A salted hash keeps the identifier from being read, not from being guessed: the salt stands in the badge, and e-mail
 * addresses can be tried one by one. MD5 is never written.
 *
 * Source: Open Badges 3.0, IdentityObject.
 *
 * @throws {OptionError} OPTION_INVALID for an unknown type, an empty or malformed identifier, or a random source that
 *   does not give the bytes it was asked for
 * @example
 * ```ts
 * createIdentityObject({ identityType: 'emailAddress', identity: 'kari@example.org' }).hashed // true
 * ```
 */
export function createIdentityObject(options: IdentityOptions): IdentityObject {
  const { identityType, identity, hashed = true, random = randomBytes } = options
  if (!IDENTITY_TYPES.includes(identityType) && !OWN_TYPE.test(identityType)) {
    refuse(
      'the type of the identifier is not known',
      'identityType',
      `one of ${IDENTITY_TYPES.join(', ')}, or ext:name`
    )
  }
  if (typeof identity !== 'string' || identity === '' || !isWellFormed(identity)) {
    refuse('the identifier cannot be written', 'identity', 'a text that is not empty')
  }
  const shared = { type: 'IdentityObject', identityType: identityType as IdentifierType } as const
  if (!hashed) return { ...shared, hashed: false, identityHash: identity }
  const salt = createSalt(random)
  return { ...shared, hashed: true, identityHash: hashIdentity(identity, salt), salt }
}

function createSalt(random: RandomSource): string {
  const bytes: unknown = random(SALT_LENGTH)
  if (!(bytes instanceof Uint8Array) || bytes.length !== SALT_LENGTH) {
    refuse('the random source did not give what it was asked for', 'random', `${SALT_LENGTH} bytes`)
  }
  return encodeBase64url(bytes)
}

function refuse(message: string, path: string, expected: string): never {
  throw new OptionError({ code: 'OPTION_INVALID', message, path, expected })
}
