import { link, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { equalBytes, randomBytes, sha256 } from '../crypto/digest.js'
import { KommaError, OptionError } from '../encoding/errors.js'
import { encodeHex } from '../encoding/multibase.js'
import { fileError, flushFolder, systemCode } from '../encoding/node-files.js'

/** A folder with one file for each badge. */
export interface BadgeFolder {
  readonly path: string
  /**
   * Writes a badge into a file of its own, whole or not at all, on the disk when the promise is fulfilled. Where the same
   * bytes lie there already nothing is written.
   *
   * @returns the name of the file
   * @throws {KommaError} FILE_EXISTS where something else lies there, FILE_IO
   */
  write(credentialId: string, badge: string | Uint8Array): Promise<string>
  /** Makes the names of the files survive a power cut. */
  flush(): Promise<void>
}

const EXTENSION = /^[a-z0-9]{1,8}$/
const UUID = /^urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/
/** Of file systems without hard links. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/**
 * Opens a folder for badges, and makes it where it is missing. A file is named after the id of its badge, so that the
 * same badge always has the same file, and the name says nothing about a person.
 *
 * @param extension of the files, such as `json`
 * @throws {OptionError} OPTION_INVALID; {KommaError} FILE_IO, FILE_EXISTS
 *
 * @example
 * ```ts
 * import { openBadgeFolder } from 'komma/batch/files'
 *
 * const folder = await openBadgeFolder('badges', 'json')
 * console.log(await folder.write('urn:uuid:6d1c2a31-84e7-4f19-b05d-9c2e7a1f3b41', '{}')) // => 6d1c2a31-84e7-4f19-b05d-9c2e7a1f3b41.json
 * ```
 */
export async function openBadgeFolder(path: string, extension: string): Promise<BadgeFolder> {
  if (!EXTENSION.test(extension)) {
    const expected = 'letters and digits, such as json'
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'this is no ending of a file',
      path: 'extension',
      expected
    })
  }
  await makeFolder(path)
  return {
    path,
    async write(credentialId, badge) {
      const name = `${nameOf(credentialId)}.${extension}`
      const place = join(path, name)
      const bytes = typeof badge === 'string' ? new TextEncoder().encode(badge) : badge
      if (!(await isThere(place, bytes))) await placeFile(path, place, bytes)
      return name
    },
    flush: () => attempt(path, () => flushFolder(path))
  }
}

async function makeFolder(path: string): Promise<void> {
  await attempt(path, async () => {
    await mkdir(path, { recursive: true })
    if ((await stat(path)).isDirectory()) return
    throw new KommaError({ code: 'FILE_EXISTS', message: 'something other than a folder lies there', path })
  })
}

/** Any other id than those that komma makes is no name of a file by itself. */
function nameOf(credentialId: string): string {
  return UUID.exec(credentialId)?.[1] ?? encodeHex(sha256(new TextEncoder().encode(credentialId)))
}

async function isThere(place: string, bytes: Uint8Array): Promise<boolean> {
  const there = await readFile(place).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined
    throw fileError('cannot be read', place, error)
  })
  if (there === undefined) return false
  if (equalBytes(there, bytes)) return true
  throw new KommaError({
    code: 'FILE_EXISTS',
    message: 'something else lies in the place of a badge',
    path: place,
    hint: 'Name another folder, or move the file away'
  })
}

/** Moves a whole file to its place, and never onto another. */
async function placeFile(folder: string, place: string, bytes: Uint8Array): Promise<void> {
  const fresh = join(folder, `.${encodeHex(randomBytes(8))}.tmp`)
  await attempt(place, async () => {
    try {
      const file = await open(fresh, 'wx')
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await settle(fresh, place, bytes)
    } finally {
      await unlink(fresh).catch(() => undefined)
    }
  })
}

async function settle(fresh: string, place: string, bytes: Uint8Array): Promise<void> {
  try {
    await link(fresh, place)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST') await isThere(place, bytes)
    else if (!NO_LINKS.includes(code)) throw error
    else if (!(await isThere(place, bytes))) await rename(fresh, place)
  }
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw fileError('cannot be written', path, cause)
  }
}
