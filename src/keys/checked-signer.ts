import type { KeyCache } from '../crypto/key-cache.js'
import { importPublicKey, SIGNATURE_ALGORITHMS } from '../crypto/public-key.js'
import { KeyError, KommaError } from '../encoding/errors.js'
import { checkMessageLength } from './capabilities.js'
import { type KeyStore, materialOfKey, type Signer, type SignOptions } from './key-store.js'

/** Signatures have one length for each kind of key; ECDSA's are `r` and `s` side by side. */
const SIGNATURE_LENGTHS = { Ed25519: 64, 'P-256': 64, 'P-384': 96 } as const

export interface SignCheckedOptions extends SignOptions {
  /** Remembers the imported public key. Without it the checks of the key run for each signature. */
  readonly keyCache?: KeyCache
}

/**
 * Signs bytes and verifies the signature with the signer's own public key before handing it out, so that a fault, a
 * swapped key or a wrong answer of a key service never leaves the library.
 *
 * The bytes are copied first: what the signer or the caller does to theirs later changes nothing. Does not check what
 * the bytes mean.
 *
 * @throws {KeyError} SIGNATURE_OWN_CHECK_FAILED if the signature has another length or does not verify, KEY_INVALID if
 *   the public key is unusable, KEY_MESSAGE_TOO_LONG if the signer has a limit and the message is longer, KEY_STORE_IO
 *   (with the cause, and its `retryable`) if the signer fails
 *
 * @example
 * ```ts
 * const signature = await signChecked(await keys.signer(), data)
 * ```
 */
export async function signChecked(
  signer: Signer,
  data: Uint8Array,
  options: SignCheckedOptions = {}
): Promise<Uint8Array> {
  const message = Uint8Array.from(data)
  const pinned = materialOfKey(signer)
  const publicKey = await (options.keyCache?.importKey(pinned) ?? importPublicKey(pinned))
  const length = SIGNATURE_LENGTHS[signer.algorithm]
  checkMessageLength(signer, message.length)
  const answer = await ask(signer, message.slice(), options)
  if (!(answer instanceof Uint8Array) || answer.length !== length) {
    const got = answer instanceof Uint8Array ? `${answer.length} bytes` : typeof answer
    throw refused(signer, 'the signer gave back something that is not a signature', got)
  }
  const signature = Uint8Array.from(answer)
  const [algorithm] = SIGNATURE_ALGORITHMS[signer.algorithm]
  if (algorithm !== undefined && (await publicKey.verify(algorithm, signature, message)) === true) return signature
  throw refused(signer, 'the fresh signature does not verify with the public key of the signer')
}

/**
 * The signer of a key store that is in use. Whatever the store throws becomes a {@link KeyError}.
 *
 * @throws {KeyError} KEY_NOT_FOUND, and KEY_STORE_IO (with the cause, and its `retryable`) if the store fails
 */
export async function signerOf(keys: KeyStore): Promise<Signer> {
  try {
    return await keys.signer()
  } catch (cause) {
    if (cause instanceof KeyError) throw cause
    throw new KeyError(
      { code: 'KEY_STORE_IO', message: 'the key store failed', hint: 'See the cause.' },
      { cause, retryable: cause instanceof KommaError && cause.retryable }
    )
  }
}

async function ask(signer: Signer, message: Uint8Array, { signal }: SignOptions): Promise<unknown> {
  try {
    return await (signal === undefined ? signer.sign(message) : signer.sign(message, { signal }))
  } catch (cause) {
    if (cause instanceof KeyError) throw cause
    throw new KeyError(
      { code: 'KEY_STORE_IO', message: 'the signer failed', path: nameOf(signer), hint: 'See the cause.' },
      { cause, retryable: cause instanceof KommaError && cause.retryable }
    )
  }
}

function refused(signer: Signer, message: string, got?: string): KeyError {
  return new KeyError({
    code: 'SIGNATURE_OWN_CHECK_FAILED',
    message,
    path: nameOf(signer),
    expected: `an ${signer.algorithm} signature of ${SIGNATURE_LENGTHS[signer.algorithm]} bytes`,
    ...(got === undefined ? {} : { got }),
    hint: 'Check that the key service still uses the pinned key and version.'
  })
}

function nameOf(signer: Signer): string {
  return String(signer.id).slice(0, 100)
}
