import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { KommaError } from '../encoding/errors.js'
import { fileError, flushFolder, systemCode } from '../encoding/node-files.js'

/** One line of a file of results. */
export interface BadgeLine {
  /** The line of the row in the file of awards. */
  readonly line: number
  readonly id: string
  readonly idempotencyKey: string
  /** The name of the file of the badge, where each has one. */
  readonly file?: string
  /** The secured badge, where it has no file of its own. */
  readonly badge?: string
}

/** A file of JSON lines, one for each badge, that takes its place when it is complete. */
export interface BadgeLines {
  add(line: BadgeLine): Promise<void>
  /**
   * Moves the file to its place, on the disk when the promise is fulfilled. A file that lies there is replaced only where
   * each of its badges is in the new one as well, in the same order.
   *
   * @throws {KommaError} FILE_EXISTS, FILE_IO
   */
  finish(): Promise<void>
  /** Removes what was written. Does nothing after `finish`. */
  discard(): Promise<void>
}

const BUFFERED = 65_536

/**
 * Opens a file of JSON lines for the results of a batch. It grows beside its place, in `PATH.partial`; what a killed
 * process left there is written anew.
 *
 * @throws {KommaError} FILE_NOT_FOUND where the folder is missing, FILE_IO
 *
 * @example
 * ```ts
 * import { openBadgeLines } from 'komma/batch/files'
 *
 * const lines = await openBadgeLines('results.jsonl')
 * await lines.add({ line: 2, id: 'urn:uuid:6d1c2a31-84e7-4f19-b05d-9c2e7a1f3b41', idempotencyKey: 'course-42/kari', badge: '{}' })
 * await lines.finish()
 * ```
 */
export async function openBadgeLines(path: string): Promise<BadgeLines> {
  const partial = `${path}.partial`
  const file = await attempt(path, () => open(partial, 'w'))
  let buffered = ''
  let state: 'open' | 'done' = 'open'

  async function flush(): Promise<void> {
    const text = buffered
    buffered = ''
    await attempt(path, () => file.writeFile(text))
  }

  async function discard(): Promise<void> {
    if (state === 'done') return
    state = 'done'
    await file.close().catch(() => undefined)
    await unlink(partial).catch(() => undefined)
  }

  return {
    async add({ line, id, idempotencyKey, ...place }) {
      buffered += `${JSON.stringify({ line, id, idempotencyKey, ...place })}\n`
      if (buffered.length > BUFFERED) await flush()
    },
    async finish() {
      try {
        await flush()
        await attempt(path, () => syncAndClose(file))
        await refuseLoss(path, partial)
        await attempt(path, async () => {
          await rename(partial, path)
          await flushFolder(dirname(path))
        })
        state = 'done'
      } catch (error) {
        await discard()
        throw error
      }
    },
    discard
  }
}

/** Both files are in the order of the batch, so one pass over them finds every badge of the old one in the new one. */
async function refuseLoss(path: string, partial: string): Promise<void> {
  const fresh = idsOf(partial)
  try {
    for await (const id of idsOf(path)) {
      for (;;) {
        const next = await fresh.next()
        if (next.done !== true && next.value === id) break
        if (next.done !== true) continue
        throw new KommaError({
          code: 'FILE_EXISTS',
          message: 'the file that lies there holds something else than badges of this batch, which would be lost',
          path,
          hint: 'Name another file, or move that one away'
        })
      }
    }
  } finally {
    await fresh.return()
  }
}

/** The ids of a file of results; what is none counts as one that is nowhere else. */
async function* idsOf(path: string): AsyncGenerator<unknown, void, undefined> {
  try {
    const stream = createReadStream(path)
    for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) yield idIn(text)
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT') throw fileError('cannot be read', path, cause)
  }
}

function idIn(text: string): unknown {
  try {
    const { id } = JSON.parse(text)
    return typeof id === 'string' ? id : Symbol(text)
  } catch {
    return Symbol(text)
  }
}

async function syncAndClose(file: FileHandle): Promise<void> {
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw fileError('cannot be written', path, cause)
  }
}
