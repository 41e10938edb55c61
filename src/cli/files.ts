import { open, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { randomBytes } from '../crypto/digest.js'
import { KommaError } from '../encoding/errors.js'
import { encodeHex } from '../encoding/multibase.js'
import { fileError, flushFolder } from '../encoding/node-files.js'

export { fileError, flushFolder, systemCode } from '../encoding/node-files.js'

/**
 * Reads a file up to a limit. One byte more than the limit is handed back where there is more, so that whoever reads
 * it sees that it is too long.
 *
 * @throws {KommaError} FILE_NOT_FOUND, FILE_IO
 */
export async function readAtMost(path: string, limit: number): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r')
    try {
      return await gather(file.createReadStream({ autoClose: false }), limit)
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw fileError('cannot be read', path, cause)
  }
}

/** Reads a stream up to a limit, and one byte more where there is more. */
export async function gather(stream: AsyncIterable<string | Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
    chunks.push(bytes)
    length += bytes.length
    if (length > limit) break
  }
  const all = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all.slice(0, limit + 1)
}

/** A file that is there as a whole or not at all: it grows beside its place and is moved there in one step. */
export interface StagedFile {
  readonly path: string
  /** Writes the content to the disk, beside the place. */
  fill(bytes: Uint8Array): Promise<void>
  /** Moves it to its place; what was there before is gone. */
  commit(): Promise<void>
  /** Removes what lies beside the place. Does nothing after `commit`. */
  discard(): Promise<void>
}

/**
 * Opens a file beside its place, so that a place that cannot be written to is noticed before work is done.
 *
 * @param room bytes to take up at once, so that a full disk is noticed before work is done
 * @throws {KommaError} FILE_NOT_FOUND where the folder is missing, FILE_EXISTS where the place is no plain file, FILE_IO
 */
export async function stageFile(path: string, room = 0): Promise<StagedFile> {
  await refuseOtherThanFile(path)
  const fresh = join(dirname(path), `.${basename(path).slice(0, 100)}.${encodeHex(randomBytes(8))}.tmp`)
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (cause) {
      throw fileError('cannot be written', path, cause)
    }
  }
  let state: 'beside' | 'done' = 'beside'
  const staged: StagedFile = {
    path,
    fill: (bytes) =>
      attempt(async () => {
        const file = await open(fresh, 'r+')
        try {
          await file.writeFile(bytes)
          await file.truncate(bytes.length)
          await file.sync()
        } finally {
          await file.close()
        }
      }),
    commit: () =>
      attempt(async () => {
        await rename(fresh, path)
        state = 'done'
        await flushFolder(dirname(path))
      }),
    discard: async () => {
      if (state === 'done') return
      state = 'done'
      await unlink(fresh).catch(() => undefined)
    }
  }
  try {
    await attempt(async () => {
      const file = await open(fresh, 'wx')
      await file.writeFile(new Uint8Array(room)).finally(() => file.close())
    })
    return staged
  } catch (error) {
    await staged.discard()
    throw error
  }
}

async function refuseOtherThanFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined || found.isFile()) return
  throw new KommaError({
    code: 'FILE_EXISTS',
    message: 'something other than a file is in the place of the file',
    path,
    hint: 'Name a file'
  })
}
