import type { CurveMaterial } from '../crypto/key-material.js'
import { toWholeSeconds } from '../encoding/dates.js'
import { KeyError, OptionError } from '../encoding/errors.js'
import type { SigningCapability } from './capabilities.js'

/** The kinds of key that issuers sign with. */
export type SigningKeyAlgorithm = CurveMaterial['algorithm']

/** What a key is for, by the word of a controller document (Controlled Identifiers 1.0, section 2.3). */
export type KeyUse = 'assertionMethod' | 'authentication' | 'keyAgreement'

/** Where a key stands in its life. Times are date and time in UTC, `2026-01-31T09:00:00Z`. */
export interface KeyLife {
  /** What the key is for. `assertionMethod`, which is what signs credentials, unless told. */
  readonly use?: KeyUse
  /** The issuer that the key signs for. No other may use it. */
  readonly issuer?: string
  /** The time from which the key signs no more. What it signed before verifies as ever; nothing of this is published. */
  readonly signsUntil?: string
  /**
   * The time from which verifiers shall no longer take a signature of this key. They refuse what it signed before as
   * well, unless told otherwise: a key that only retires needs none.
   */
  readonly expires?: string
  /** The time from which the key is compromised. Nothing that it signed is good any more. */
  readonly revoked?: string
}

/** What is known about a key without its secret. */
export interface KeyInfo extends KeyLife {
  /** Name of the key in its store; also the fragment of its verification method in a controller document. */
  readonly id: string
  readonly algorithm: SigningKeyAlgorithm
  /** Ed25519: 32 bytes. P-256 and P-384: the compressed point, 33 or 49 bytes. */
  readonly publicKey: Uint8Array
  /** When the key was made: date and time in UTC, `2026-01-31T09:00:00Z`. */
  readonly created: string
  /** Whether this is the key that signs when nobody asks for another. One key of a store is. */
  readonly current: boolean
}

/** The public key of a {@link KeyInfo} or {@link Signer} in the form that is imported. */
export function materialOfKey(key: Pick<KeyInfo, 'algorithm' | 'publicKey'>): CurveMaterial {
  return { algorithm: key.algorithm, bytes: key.publicKey }
}

export interface SignOptions {
  /** Stops the wait for a service or device. What it does with a request that it has already is not known. */
  readonly signal?: AbortSignal
}

/**
 * One private key that signs. The driver decides where the secret lies: in this process, in a service, in a device.
 *
 * **Contract for drivers.** `sign` gives a signature over exactly the given bytes: for Ed25519 the 64 bytes of RFC 8032
 * without pre-hash and context; for P-256 and P-384 ECDSA with SHA-256 or SHA-384, `r` and `s` side by side in 64 or 96
 * bytes. It rejects in every other case. It may retry on its own, a bounded number of times and within a bounded time, and
 * stops when `signal` is aborted. `publicKey` never changes during the life of the object. No property, message or serialisation shows the
 * secret. The library verifies each signature with `publicKey` before it uses it, so a driver that answers wrongly
 * causes an error, not a bad credential.
 *
 * A signer says of its life what `keys()` says. It signs whatever that is: `createIssuer` refuses a key whose time is over.
 *
 * **For applications.** A signer signs whatever bytes it is given. Do not hand one to code that signs for strangers;
 * `createIssuer` signs credentials only.
 */
export interface Signer extends KeyLife {
  readonly id: string
  readonly algorithm: SigningKeyAlgorithm
  /** In the form of {@link KeyInfo}, pinned: every signature has to verify with it. */
  readonly publicKey: Uint8Array
  /** What the driver can do with this key. Without it there is no limit that the library knows of. */
  readonly capability?: SigningCapability
  sign(data: Uint8Array, options?: SignOptions): Promise<Uint8Array>
}

/**
 * Where an issuer's keys lie. Replace it to use a key service or a device.
 *
 * **Contract for drivers.** A key keeps its id and its public key for ever. Errors are {@link KeyError}:
 * `KEY_NOT_FOUND` if there is no such key, `KEY_STORE_IO` if the store cannot be reached (with `retryable` true where
 * trying again may help). Nothing is answered from guesswork: a store that cannot tell throws.
 */
export interface KeyStore {
  /** The signer of the key with this id, or of the current key. */
  signer(id?: string): Promise<Signer>
  /** All keys, oldest first, the retired ones included: credentials they signed still have to verify. */
  keys(): Promise<readonly KeyInfo[]>
  /**
   * Records the issuer that a key signs for, so that two issuers never share one. Repeating it changes nothing.
   * `createIssuer` calls it where a store has it; a store without it lets issuers share keys unnoticed.
   *
   * @throws {KeyError} KEY_ISSUER where the key signs for another, KEY_NOT_FOUND, KEY_STORE_IO
   */
  bind?(id: string, issuer: string): Promise<void>
  /** What the driver can do, for each kind of key that it knows. */
  readonly capabilities?: readonly SigningCapability[]
}

export interface CreateKeyOptions {
  /** The kind of key. Ed25519 unless told. */
  readonly algorithm?: SigningKeyAlgorithm
  /** Letters, digits, `.`, `_` and `-`, at most 100. The Multikey form of the public key unless told. */
  readonly id?: string
  /**
   * The secret, to take over a key that exists: for Ed25519 the seed of 32 bytes, for P-256 and P-384 the secret number
   * in 32 or 48 bytes. Random unless told.
   */
  readonly seed?: Uint8Array
  /** When the key is made. The system's time unless told. */
  readonly now?: Date
  /** Whether the new key becomes the current one. True unless told. */
  readonly current?: boolean
  /** What the key is for. `assertionMethod` unless told. */
  readonly use?: KeyUse
  /** When the key shall have stopped signing. NIST SP 800-57 asks for one to three years. Never unless told. */
  readonly signsUntil?: Date
}

export interface RotateOptions extends Pick<CreateKeyOptions, 'algorithm' | 'id' | 'seed' | 'now' | 'signsUntil'> {
  /** A key that is there already and becomes the current one. A new one is made unless told. */
  readonly to?: string
}

export interface RetireOptions {
  /** From when the key signs no more. The system's time unless told; a later time is a plan, and `createIssuer` warns. */
  readonly at?: Date
  /** From when verifiers shall refuse the key, also for what it signed before. Never unless told. */
  readonly expires?: Date
}

export interface CompromiseOptions {
  /** Since when. The system's time unless told. */
  readonly at?: Date
}

/** A key store that can make keys. The drivers in this package can; a key service may leave it to its own console. */
export interface ManagedKeyStore extends KeyStore {
  /**
   * Makes a key, durably: once the promise is fulfilled the key survives a crash, as far as the store is durable.
   *
   * @throws {KeyError} KEY_EXISTS, KEY_INVALID, KEY_STORE_IO
   * @throws {OptionError} OPTION_INVALID
   */
  create(options?: CreateKeyOptions): Promise<KeyInfo>
  /**
   * Lets the next key sign from now on, and retires the one that did. An issuer on the web publishes its documents before
   * the first badge with the new key: make the key with `current: false`, publish, and rotate `to` it.
   *
   * @throws {KeyError} KEY_EXISTS, KEY_INVALID, KEY_NOT_FOUND, KEY_REVOKED and KEY_PURPOSE for `to`, KEY_STORE_IO
   * @throws {OptionError} OPTION_INVALID
   */
  rotate(options?: RotateOptions): Promise<KeyInfo>
  /**
   * Sets the time from which a key signs no more. The key stays in the documents of its issuer, and what it signed still
   * verifies, unless `expires` is set.
   *
   * @throws {KeyError} KEY_NOT_FOUND, KEY_STORE_IO
   * @throws {OptionError} OPTION_INVALID
   */
  retire(id: string, options?: RetireOptions): Promise<KeyInfo>
  /**
   * Declares a key compromised, for ever: once the documents of its issuer are published, nothing that it signed verifies.
   * A time that was declared before stays unless the new one is earlier.
   *
   * @throws {KeyError} KEY_NOT_FOUND, KEY_STORE_IO
   * @throws {OptionError} OPTION_INVALID
   */
  compromise(id: string, options?: CompromiseOptions): Promise<KeyInfo>
  bind(id: string, issuer: string): Promise<void>
}

const ALGORITHMS: readonly SigningKeyAlgorithm[] = ['Ed25519', 'P-256', 'P-384']
const USES: readonly KeyUse[] = ['assertionMethod', 'authentication', 'keyAgreement']
const KEY_ID = /^[A-Za-z0-9._-]{1,100}$/

/** Whether a text can be the id of a key: it has to stand in a URL fragment as it is. */
export function isKeyId(id: unknown): id is string {
  return typeof id === 'string' && KEY_ID.test(id)
}

/**
 * Checks the id of a key that is about to be made.
 *
 * @throws {OptionError} OPTION_INVALID
 */
export function checkKeyId(id: string): string {
  if (isKeyId(id)) return id
  throw new OptionError({
    code: 'OPTION_INVALID',
    message: 'the id of a key has other characters than it may, or is too long',
    path: 'id',
    expected: '1 to 100 of A-Z a-z 0-9 . _ -'
  })
}

/**
 * Checks the kind of a key that is about to be made.
 *
 * @throws {OptionError} OPTION_INVALID
 */
export function checkAlgorithm(algorithm: SigningKeyAlgorithm): SigningKeyAlgorithm {
  if (ALGORITHMS.includes(algorithm)) return algorithm
  throw new OptionError({
    code: 'OPTION_INVALID',
    message: 'there are no keys of this kind to sign with',
    path: 'algorithm',
    expected: ALGORITHMS.join(', '),
    got: String(algorithm).slice(0, 40)
  })
}

/**
 * Checks what a key that is about to be made is for.
 *
 * @throws {OptionError} OPTION_INVALID
 */
export function checkKeyUse(use: KeyUse): KeyUse {
  if (USES.includes(use)) return use
  throw new OptionError({
    code: 'OPTION_INVALID',
    message: 'there are no keys for this use',
    path: 'use',
    expected: USES.join(', '),
    got: String(use).slice(0, 40)
  })
}

/**
 * Writes a time in the life of a key, in whole seconds.
 *
 * @throws {OptionError} OPTION_INVALID
 */
export function formatKeyTime(time: Date, path: string): string {
  try {
    return toWholeSeconds(time)
  } catch (cause) {
    throw new OptionError(
      { code: 'OPTION_INVALID', message: 'the time is not usable', path, expected: 'a Date' },
      { cause }
    )
  }
}

/** The error of a store that has no such key. */
export function keyNotFound(id: string | undefined): KeyError {
  return id === undefined
    ? new KeyError({ code: 'KEY_NOT_FOUND', message: 'the key store has no current key', hint: 'Create a key first.' })
    : new KeyError({
        code: 'KEY_NOT_FOUND',
        message: 'the key store has no key with this id',
        got: String(id).slice(0, 100)
      })
}
