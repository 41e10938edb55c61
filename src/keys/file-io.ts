import { constants } from 'node:fs'
import { type FileHandle, link, lstat, open, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { equalBytes, randomBytes } from '../crypto/digest.js'
import { type Fault, KeyError } from '../encoding/errors.js'
import { encodeHex } from '../encoding/multibase.js'

/** Called with what is loose about the permissions of a key file, in place of a refusal. */
export type PermissionWarning = (fault: Fault) => void

const MAX_BYTES = 1_048_576
const OTHERS = 0o077
const WORLD_WRITABLE = 0o002
const STICKY = 0o1000
const PRIVATE = 0o600
const posix = process.platform !== 'win32'

/**
 * Reads a small file that is nobody else's business: a plain file, no symbolic link, closed to group and others, in a
 * folder where strangers cannot swap it.
 *
 * @throws {KeyError} KEY_STORE_IO, KEY_FILE_PERMISSIONS, KEY_FILE_DAMAGED if it is larger than 1 MiB
 */
export async function readPrivateFile(path: string, onWarning?: PermissionWarning): Promise<Uint8Array> {
  await checkFolder(path, onWarning)
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((cause: unknown) => {
    throw codeOf(cause) === 'ELOOP' ? symlink(path) : unreadable(path, cause)
  })
  try {
    // Where the system has no O_NOFOLLOW, this is the check.
    if ((await lstat(path)).isSymbolicLink()) throw symlink(path)
    const { mode, size } = await checkedStat(file, path)
    if (posix && (mode & OTHERS) !== 0) {
      complain(onWarning, {
        code: 'KEY_FILE_PERMISSIONS',
        message: 'others can read or write the key file',
        path,
        expected: 'mode 600',
        got: `mode ${(mode & 0o777).toString(8)}`,
        hint: 'Run chmod 600 on it, and consider whether somebody has read it.'
      })
    }
    if (size > MAX_BYTES) throw tooLarge(path)
    return await readBounded(file, path)
  } catch (error) {
    throw error instanceof KeyError ? error : unreadable(path, error)
  } finally {
    await file.close()
  }
}

export interface WriteOptions {
  /** The bytes that are being replaced; undefined to create a file where none is. */
  readonly replaces?: Uint8Array
  readonly onWarning?: PermissionWarning
}

/**
 * Writes a private file as a whole or not at all: a new file beside it (mode 600), flushed, put in its place in one
 * step, and the folder flushed. When this rejects, the old file is as it was; only a failure to flush the folder, which
 * the message names, comes after the step.
 *
 * @throws {KeyError} KEY_STORE_IO, KEY_FILE_EXISTS, KEY_FILE_PERMISSIONS
 */
export async function writePrivateFile(path: string, text: string, options: WriteOptions = {}): Promise<void> {
  await checkFolder(path, options.onWarning)
  const folder = dirname(path)
  const fresh = join(folder, `.${basename(path)}.${encodeHex(randomBytes(8))}.tmp`)
  try {
    await writeFresh(fresh, text)
    if (options.replaces === undefined) {
      await putInPlace(fresh, path)
    } else {
      const now = await readPrivateFile(path, options.onWarning)
      if (!equalBytes(now, options.replaces)) throw changedMeanwhile(path)
      await rename(fresh, path)
    }
  } catch (error) {
    await unlink(fresh).catch(() => undefined)
    if (error instanceof KeyError) throw error
    throw ioError('the key file could not be written; nothing was changed', path, error)
  }
  await flushFolder(folder, path)
}

async function writeFresh(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', PRIVATE)
  try {
    if (posix) await file.chmod(PRIVATE)
    await file.writeFile(text, 'utf8')
    await file.sync()
  } finally {
    await file.close()
  }
}

// A hard link fails where something is already; a rename would silently replace it.
async function putInPlace(fresh: string, path: string): Promise<void> {
  try {
    await link(fresh, path)
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') throw exists(path)
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(codeOf(cause))) throw cause
    const taken = await lstat(path).then(
      () => true,
      (error: unknown) => codeOf(error) !== 'ENOENT'
    )
    if (taken) throw exists(path)
    return rename(fresh, path)
  }
  await unlink(fresh)
}

async function flushFolder(folder: string, path: string): Promise<void> {
  if (!posix) return
  try {
    const handle = await open(folder, 'r')
    await handle.sync().finally(() => handle.close())
  } catch (cause) {
    // Some network file systems cannot flush a folder and say so with EINVAL.
    if (codeOf(cause) === 'EINVAL') return
    throw ioError('the key file was written, but its folder could not be flushed to disk', path, cause)
  }
}

async function checkFolder(path: string, onWarning?: PermissionWarning): Promise<void> {
  if (!posix) return
  const folder = dirname(path)
  const { mode } = await stat(folder).catch((cause: unknown) => {
    throw ioError('the folder of the key file cannot be reached', folder, cause)
  })
  if ((mode & WORLD_WRITABLE) === 0 || (mode & STICKY) !== 0) return
  complain(onWarning, {
    code: 'KEY_FILE_PERMISSIONS',
    message: 'anybody can swap the key file, since anybody can write to its folder',
    path: folder,
    hint: 'Run chmod 700 on the folder.'
  })
}

async function checkedStat(file: FileHandle, path: string): Promise<{ mode: number; size: number }> {
  const found = await file.stat()
  if (found.isFile()) return found
  throw ioError('the key file is not a plain file', path)
}

async function readBounded(file: FileHandle, path: string): Promise<Uint8Array> {
  const buffer = new Uint8Array(MAX_BYTES + 1)
  let length = 0
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length)
    length += bytesRead
    if (length > MAX_BYTES) throw tooLarge(path)
    if (bytesRead === 0) return buffer.slice(0, length)
  }
}

function complain(onWarning: PermissionWarning | undefined, fault: Fault): void {
  if (onWarning === undefined) throw new KeyError(fault)
  onWarning(fault)
}

function unreadable(path: string, cause: unknown): KeyError {
  if (codeOf(cause) === 'ENOENT') return ioError('there is no key file', path, cause, 'Create one, or check the path.')
  return ioError('the key file could not be read', path, cause)
}

function symlink(path: string): KeyError {
  return new KeyError({
    code: 'KEY_FILE_PERMISSIONS',
    message: 'the key file is a symbolic link',
    path,
    expected: 'a plain file'
  })
}

function tooLarge(path: string): KeyError {
  return new KeyError({ code: 'KEY_FILE_DAMAGED', message: 'the file is larger than 1 MiB, so no key file', path })
}

function exists(path: string): KeyError {
  return new KeyError({
    code: 'KEY_FILE_EXISTS',
    message: 'there is a file already where the key file shall be made',
    path,
    hint: 'Open it, or choose another path.'
  })
}

function changedMeanwhile(path: string): KeyError {
  const message = 'somebody else changed the key file meanwhile; nothing was changed here'
  return new KeyError({ code: 'KEY_STORE_IO', message, path, hint: 'Try again.' }, { retryable: true })
}

function ioError(message: string, path: string, cause?: unknown, hint?: string): KeyError {
  const code = codeOf(cause)
  const fault: Fault = {
    code: 'KEY_STORE_IO',
    message,
    path,
    ...(code === '' ? {} : { got: code }),
    ...(hint === undefined ? {} : { hint })
  }
  return new KeyError(fault, { cause, retryable: ['EAGAIN', 'EBUSY', 'EMFILE', 'ENFILE', 'EINTR'].includes(code) })
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : ''
  return typeof code === 'string' ? code : ''
}
