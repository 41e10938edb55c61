import { KeyError, OptionError } from '../encoding/errors.js'
import { createTurn } from '../encoding/turn.js'
import { type PermissionWarning, readPrivateFile, writePrivateFile } from './file-io.js'
import { changesOf } from './key-changes.js'
import {
  checkRounds,
  decodeKeyFile,
  encodeKeyFile,
  importPassword,
  KEY_FILE_ROUNDS,
  type KeyFileContent
} from './key-file-format.js'
import { checkKeyIssuer } from './key-life.js'
import { addKey, KeyRing, type SecretKeyEntry } from './key-ring.js'
import type { CreateKeyOptions, ManagedKeyStore } from './key-store.js'

export interface OpenKeyFileOptions {
  /** NFKC-normalised, so that a letter typed in another way is the same letter. */
  readonly password: string
  /** Called in place of the refusal KEY_FILE_PERMISSIONS for a mode that is too open. Refuse unless told. */
  readonly onPermissionWarning?: PermissionWarning
}

export interface CreateKeyFileOptions extends OpenKeyFileOptions, Omit<CreateKeyOptions, 'current'> {
  /** Rounds of the key derivation, 210,000 to 1,000,000. 210,000 unless told. */
  readonly p2c?: number
}

/** An opened key file. */
export interface KeyFile extends ManagedKeyStore {
  /**
   * Writes the file anew under another password, and other rounds if told. A copy of the old file still opens with the
   * old password.
   *
   * @throws {KeyError} PASSWORD_INVALID, KEY_FILE_PARAMETERS, KEY_STORE_IO, and the errors of {@link openKeyFile}
   */
  changePassword(password: string, options?: { readonly p2c?: number }): Promise<void>
}

/**
 * Makes an encrypted key file with one key in it, and opens it. A file that is there already is left alone.
 *
 * The format is a JWE that any JOSE library can decrypt; `docs/key-file.md` describes it. The file is written as a whole
 * or not at all, with mode 600.
 *
 * Does NOT judge how good the password is, and does not keep it.
 *
 * Source: RFC 7516 section 7.2.2, RFC 7517 section 5, RFC 7518 section 4.8.
 *
 * @throws {KeyError} KEY_FILE_EXISTS, KEY_STORE_IO, KEY_FILE_PERMISSIONS, KEY_FILE_PARAMETERS, PASSWORD_INVALID,
 *   KEY_INVALID
 * @throws {OptionError} OPTION_INVALID
 *
 * @example
 * ```ts
 * import { createKeyFile } from 'komma/keys/file'
 *
 * const keys = await createKeyFile('new-keys.jwe', { password: 'correct horse battery staple' })
 * console.log((await keys.keys()).length) // => 1
 * ```
 */
export async function createKeyFile(path: string, options: CreateKeyFileOptions): Promise<KeyFile> {
  const { password, p2c = KEY_FILE_ROUNDS.standard, onPermissionWarning, ...first } = checkedOptions(options)
  const passwordKey = await importPassword(password)
  const [entries] = await addKey([], first)
  const text = await encodeKeyFile({ entries, rounds: checkRounds(p2c) }, passwordKey)
  const ring = await KeyRing.open(entries)
  clear(entries)
  await writePrivateFile(path, text, warnings(onPermissionWarning))
  return keyFile(path, passwordKey, ring, onPermissionWarning)
}

/**
 * Opens an encrypted key file. The password is asked for once: the keys stay open, as key objects that cannot be
 * exported, until the store is forgotten. Public keys are derived again and compared.
 *
 * Does not keep the file locked: one process writes to it at a time, and a write that would overwrite the work of
 * another is refused.
 *
 * @throws {KeyError} KEY_STORE_IO, KEY_FILE_PERMISSIONS, KEY_FILE_DAMAGED, KEY_FILE_PARAMETERS, KEY_FILE_UNLOCK for a
 *   wrong password or a file that somebody changed, PASSWORD_INVALID, KEY_INVALID
 *
 * @example
 * ```ts
 * import { openKeyFile } from 'komma/keys/file'
 *
 * const keys = await openKeyFile('keys.jwe', { password: 'correct horse battery staple' })
 * const signer = await keys.signer()
 * console.log(signer.algorithm) // => Ed25519
 * ```
 */
export async function openKeyFile(path: string, options: OpenKeyFileOptions): Promise<KeyFile> {
  const { password, onPermissionWarning } = checkedOptions(options)
  const passwordKey = await importPassword(password)
  const content = await decodeKeyFile(await readPrivateFile(path, onPermissionWarning), passwordKey)
  const ring = await KeyRing.open(content.entries)
  clear(content.entries)
  return keyFile(path, passwordKey, ring, onPermissionWarning)
}

function keyFile(path: string, firstKey: CryptoKey, firstRing: KeyRing, onWarning?: PermissionWarning): KeyFile {
  let passwordKey = firstKey
  let ring = firstRing
  const inTurn = createTurn()

  // Secrets are not kept for rewriting: the file is decrypted again, one rewrite at a time.
  function rewrite<T>(
    change: (content: KeyFileContent) => Promise<readonly [KeyFileContent, CryptoKey, T]>
  ): Promise<T> {
    return inTurn(async () => {
      const bytes = await readPrivateFile(path, onWarning)
      const before = await decodeKeyFile(bytes, passwordKey)
      const [after, nextKey, result] = await change(before)
      const nextRing = await KeyRing.open(after.entries)
      const text = await encodeKeyFile(after, nextKey)
      clear(after.entries)
      await writePrivateFile(path, text, { replaces: bytes, ...warnings(onWarning) })
      ring = nextRing
      passwordKey = nextKey
      return result
    })
  }

  const changes = changesOf<SecretKeyEntry>(
    (make) =>
      rewrite(async (content) => {
        const [entries, changed] = await make(content.entries)
        return [{ ...content, entries }, passwordKey, changed]
      }),
    addKey
  )
  return Object.freeze({
    signer: async (id?: string) => ring.signer(id),
    keys: async () => ring.keys(),
    ...changes,
    async bind(id: string, issuer: string) {
      const key = ring.signer(id)
      checkKeyIssuer(key, issuer)
      if (key.issuer === issuer) return
      try {
        await changes.bind(id, issuer)
      } catch (error) {
        // A file on a medium that is mounted to be read still lets two issuers of one process not share a key.
        if (!isReadOnly(error)) throw error
        ring = ring.bound(id, issuer)
      }
    },
    async changePassword(password: string, options: { readonly p2c?: number } = {}) {
      const nextKey = await importPassword(password)
      const { p2c } = options
      await rewrite(async (content) => [
        p2c === undefined ? content : { ...content, rounds: checkRounds(p2c) },
        nextKey,
        undefined
      ])
    }
  })
}

function isReadOnly(error: unknown): boolean {
  return error instanceof KeyError && ['EROFS', 'EACCES', 'EPERM'].includes(error.faults[0]?.got ?? '')
}

function clear(entries: readonly SecretKeyEntry[]): void {
  for (const { secret } of entries) secret.fill(0)
}

function warnings(onWarning: PermissionWarning | undefined): { onWarning?: PermissionWarning } {
  return onWarning === undefined ? {} : { onWarning }
}

function checkedOptions<T extends OpenKeyFileOptions>(options: T): T {
  if (typeof options === 'object' && options !== null) return options
  throw new OptionError({
    code: 'OPTION_INVALID',
    message: 'the options are missing',
    path: 'options',
    expected: '{ password }'
  })
}
