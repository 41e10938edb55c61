import { createReadStream } from 'node:fs'
import { appendFile, type FileHandle, open, rename, unlink } from 'node:fs/promises'
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
  /** The name of the batch, where the file was opened with it. */
  readonly batch?: string
  /** The name of the file of the badge, where each has one. */
  readonly file?: string
  /** The secured badge, where it has no file of its own. */
  readonly badge?: string
}

/** A file of JSON lines, one for each badge, that takes its place when it is complete. */
export interface BadgeLines {
  add(line: BadgeLine): Promise<void>
  /**
   * Moves the file to its place, on the disk when the promise is fulfilled. A file that lies there is replaced where each
   * of its badges is in the new one as well, in the same order. Otherwise, with the option `batch`, its lines are kept and
   * the badges that it has not are added below; without, it is refused.
   *
   * @throws {KommaError} FILE_EXISTS, FILE_IO
   */
  finish(): Promise<void>
  /** Removes what was written. Does nothing after `finish`. */
  discard(): Promise<void>
}

export interface BadgeLinesOptions {
  /** The name of the batch: every line gets it, and a file that lies there has to have it on every line. */
  readonly batch?: string
}

const BUFFERED = 65_536

/**
 * Opens a file of JSON lines for the results of a batch. It grows beside its place, in `PATH.partial`; what a killed
 * process left there is written anew.
 *
 * @throws {KommaError} FILE_NOT_FOUND where the folder is missing, FILE_EXISTS where something else than a list of `batch`
 *   lies there, FILE_IO
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
export async function openBadgeLines(path: string, { batch }: BadgeLinesOptions = {}): Promise<BadgeLines> {
  if (batch !== undefined) await refuseOtherBatch(path, batch)
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
      buffered += `${JSON.stringify({ line, id, idempotencyKey, ...place, ...(batch === undefined ? {} : { batch }) })}\n`
      if (buffered.length > BUFFERED) await flush()
    },
    async finish() {
      try {
        await flush()
        await attempt(path, () => syncAndClose(file))
        const isWhole = await hasAll(path, partial)
        if (!isWhole && batch === undefined) throw wouldBeLost(path)
        const merged = isWhole ? partial : await merge(path, partial)
        await attempt(path, async () => {
          await rename(merged, path)
          if (!isWhole) await unlink(partial)
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
async function hasAll(path: string, partial: string): Promise<boolean> {
  const fresh = linesOf(partial)
  try {
    for await (const { id } of linesOf(path)) {
      for (;;) {
        const next = await fresh.next()
        if (next.done === true) return false
        if (next.value.id === id) break
      }
    }
    return true
  } finally {
    await fresh.return()
  }
}

/** Puts the badges that the file does not have yet below those that it has, in a third file. */
async function merge(path: string, partial: string): Promise<string> {
  const merged = `${path}.merged.partial`
  const known = new Set<unknown>()
  let text = ''
  const put = async (line: string, most: number) => {
    text += line
    if (text.length <= most) return
    await appendFile(merged, text, { flush: true })
    text = ''
  }
  await attempt(path, async () => {
    await unlink(merged).catch(ignoreMissing)
    for await (const line of linesOf(path)) {
      known.add(line.id)
      await put(`${line.text}\n`, BUFFERED)
    }
    for await (const line of linesOf(partial)) if (!known.has(line.id)) await put(`${line.text}\n`, BUFFERED)
    await put('', -1)
  })
  return merged
}

async function refuseOtherBatch(path: string, name: string): Promise<void> {
  for await (const { id, batch } of linesOf(path)) {
    if (typeof id === 'string' && batch === name) continue
    throw new KommaError({
      code: 'FILE_EXISTS',
      message: 'the list that lies there is of another batch, or of none',
      path,
      expected: name,
      ...(typeof batch === 'string' ? { got: batch.slice(0, 100) } : {}),
      hint: 'Name another folder or file for each batch'
    })
  }
}

function wouldBeLost(path: string): KommaError {
  return new KommaError({
    code: 'FILE_EXISTS',
    message: 'the file that lies there holds something else than badges of this batch, which would be lost',
    path,
    hint: 'Name another file, or move that one away'
  })
}

interface FoundLine {
  readonly text: string
  readonly id: unknown
  readonly batch: unknown
}

/** The lines of a file of results; what is none has an id that is nowhere else. */
export async function* linesOf(path: string): AsyncGenerator<FoundLine, void, undefined> {
  const stream = createReadStream(path)
  try {
    for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) yield found(text)
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT') throw fileError('cannot be read', path, cause)
  } finally {
    stream.destroy()
  }
}

function found(text: string): FoundLine {
  try {
    const { id, batch } = JSON.parse(text)
    return { text, id: typeof id === 'string' ? id : Symbol(text), batch }
  } catch {
    return { text, id: Symbol(text), batch: undefined }
  }
}

function ignoreMissing(error: unknown): void {
  if (systemCode(error) !== 'ENOENT') throw error
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
