import { closeSync, constants, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { mkdir, open, realpath, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { randomBytes, sha256 } from '../crypto/digest.js'
import { OptionError, PublicationError } from '../encoding/errors.js'
import { encodeHex } from '../encoding/multibase.js'
import { type FolderLock, openFolderLock } from './folder-lock.js'
import { isPlace, type PublicationSink, type SinkEntry } from './sink.js'

export interface FolderSinkOptions {
  /**
   * An SQLite file that everybody who writes to the folder shares, such as that of the status store; nothing is written to
   * it. Default: `.komma.lock` in the folder, which is made where it is missing.
   */
  readonly lockFile?: string
}

const MAX_BYTES = 16 * 1_048_576
const LOCK = '.komma.lock'
const NO_FOLDER_FLUSH: readonly string[] = ['EINVAL', 'EPERM', 'EISDIR']

/**
 * A {@link PublicationSink} in a folder that some host serves. A file grows beside its place, is flushed, and takes the
 * place in one step, under a lock that ends with the process; then the folder is flushed. Whoever is killed leaves the old
 * file or the new one, and at most a hidden file beside it, which the next write to the place removes.
 *
 * Several processes of one machine may write at once. Writing needs SQLite for the lock: `node:sqlite`, or the package
 * `@photostructure/sqlite`. Not for network file systems. Folders are made where they are missing; links that lead out of
 * the folder are refused.
 *
 * @throws {PublicationError} PUBLICATION_IO where the folder is none, or cannot be made. Writing throws
 *   PUBLICATION_UNFENCED where the runtime has no SQLite
 *
 * @example
 * ```ts
 * import { openFolderSink } from 'komma/publish/folder'
 *
 * const sink = await openFolderSink('site')
 * await sink.write('status/1.json', '{}', undefined, { mediaType: 'application/json', maxAge: 300 })
 * console.log((await sink.read('status/1.json'))?.text) // => {}
 * ```
 */
export async function openFolderSink(folder: string, options: FolderSinkOptions = {}): Promise<PublicationSink> {
  const root = await makeFolder(folder)
  // Whoever only reads needs no lock.
  let lock: Promise<FolderLock> | undefined
  // The folder stays the one that was opened, wherever the process goes.
  const pathOf = (place: string, base = root): string => {
    if (isPlace(place)) return join(base, ...place.split('/'))
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'an option cannot be used',
      path: 'place',
      expected: 'a path of plain segments'
    })
  }
  return Object.freeze({
    describe: (place: string) => pathOf(place, folder),
    async read(place: string): Promise<SinkEntry | undefined> {
      const path = pathOf(place)
      try {
        const bytes = readWhole(path)
        return bytes && { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), tag: tagOf(bytes) }
      } catch (cause) {
        throw failed('a file cannot be read', pathOf(place, folder), cause)
      }
    },
    async write(place: string, text: string, tag: string | undefined): Promise<boolean> {
      const path = pathOf(place)
      try {
        await makeParents(root, dirname(path))
        lock ??= openFolderLock(options.lockFile ?? join(root, LOCK))
        return await replace(path, new TextEncoder().encode(text), tag, await lock)
      } catch (cause) {
        throw failed('a file cannot be written', pathOf(place, folder), cause)
      }
    }
  })
}

async function replace(path: string, bytes: Uint8Array, tag: string | undefined, lock: FolderLock): Promise<boolean> {
  const fresh = `${freshPrefix(path)}${encodeHex(randomBytes(8))}.tmp`
  try {
    const file = await open(fresh, 'wx', 0o644)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    return lock.hold(() => {
      const lying = readWhole(path)
      if ((lying && tagOf(lying)) !== tag) return false
      renameSync(fresh, path)
      // Whoever else was about to write this place has an old tag by now, and a file that was left here has nobody.
      removeLeftOvers(path)
      flushFolder(dirname(path))
      return true
    })
  } catch (error) {
    // Somebody else took the place meanwhile, and this file with it.
    if (codeOf(error) === 'ENOENT' && readWhole(path) !== undefined) return false
    throw error
  } finally {
    await unlink(fresh).catch(() => undefined)
  }
}

function freshPrefix(path: string): string {
  return join(dirname(path), `.${basename(path)}.`)
}

function removeLeftOvers(path: string): void {
  const prefix = basename(freshPrefix(path))
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(prefix) && /^[0-9a-f]{16}\.tmp$/.test(name.slice(prefix.length))) {
      rmSync(join(dirname(path), name), { force: true })
    }
  }
}

function tagOf(bytes: Uint8Array): string {
  return encodeHex(sha256(bytes))
}

function readWhole(path: string): Uint8Array | undefined {
  const { O_RDONLY, O_NONBLOCK = 0 } = constants
  let file: number
  try {
    file = openSync(path, O_RDONLY | O_NONBLOCK)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
  try {
    const bytes = new Uint8Array(readFileSync(file))
    if (bytes.length <= MAX_BYTES) return bytes
    throw new PublicationError({
      code: 'PUBLICATION_IO',
      message: 'what lies there is longer than any document',
      path,
      expected: `at most ${MAX_BYTES} bytes`
    })
  } finally {
    closeSync(file)
  }
}

async function makeFolder(folder: string): Promise<string> {
  try {
    const made = await mkdir(folder, { recursive: true })
    if (made !== undefined) flushFolder(dirname(made))
    const root = await realpath(folder)
    if (!(await stat(root)).isDirectory()) throw Object.assign(new Error('no folder'), { code: 'ENOTDIR' })
    return root
  } catch (cause) {
    throw failed('the folder cannot be made', folder, cause)
  }
}

/** The folders of a place, durable before there is something in them. */
async function makeParents(root: string, folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true })
  const real = await realpath(folder)
  if (real !== root && !real.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)) {
    throw new PublicationError({
      code: 'PUBLICATION_IO',
      message: 'a link leads out of the folder to publish',
      path: folder,
      hint: 'Remove the link'
    })
  }
  if (made === undefined) return
  for (let at = real; at.length >= root.length && at !== dirname(at); at = dirname(at)) flushFolder(at)
}

function flushFolder(folder: string): void {
  let file: number | undefined
  try {
    file = openSync(folder, 'r')
    fsyncSync(file)
  } catch (error) {
    // Windows flushes no folder, and some network file systems say that they do not.
    if (!NO_FOLDER_FLUSH.includes(codeOf(error))) throw error
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

function failed(message: string, path: string, cause: unknown): PublicationError | OptionError {
  if (cause instanceof PublicationError || cause instanceof OptionError) return cause
  const got = codeOf(cause)
  const fault = { code: 'PUBLICATION_IO', message, path, ...(got === '' ? {} : { got }) } as const
  return new PublicationError(fault, {
    cause,
    retryable: ['EAGAIN', 'EBUSY', 'EMFILE', 'ENFILE', 'ENOSPC'].includes(got)
  })
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : ''
  return typeof code === 'string' ? code : ''
}
