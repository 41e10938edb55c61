import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { describeFault, InputError, KommaError } from '../encoding/errors.js'
import { fileError, flushFolder, systemCode } from '../encoding/node-files.js'
import type { AwardRow, CsvLine } from './award-row.js'
import { OWN_COLUMNS } from './columns.js'
import { readCsvLines } from './read-csv.js'

/** A file with the rows that could not be issued, as they stood, which can be mended and read again. */
export interface FailedRows {
  /** Adds a row, and what is wrong with it. */
  add(row: AwardRow, error: KommaError): Promise<void>
  /** Moves the file to its place. Where no row failed, the file of an earlier run is removed. */
  finish(): Promise<void>
  /** Removes what was written. Does nothing after `finish`. */
  discard(): Promise<void>
}

const FAULT = `${OWN_COLUMNS}fault`
const BATCH = `${OWN_COLUMNS}batch`
const LOOKED_AT = 65_536

export interface FailedRowsOptions {
  /** The name of the batch: every row gets it, as `komma:batch`, and a file that lies there has to have it in every row. */
  readonly batch?: string
}

/**
 * Opens a file for the rows that fail. Rows of a CSV file keep their header and cells and get a column `komma:fault`; JSON
 * lines get a member of that name, and a line that is no JSON is kept in `komma:line`. Both readers pass these over.
 *
 * The file appears when it is complete; it replaces only a file of its own kind and batch.
 *
 * @throws {KommaError} FILE_EXISTS where another file lies there, FILE_IO
 *
 * @example
 * ```ts
 * import { AwardError } from 'komma'
 * import { openFailedRows } from 'komma/batch/files'
 *
 * const failed = await openFailedRows('failed.jsonl')
 * const error = new AwardError({ code: 'AWARD_INCOMPLETE', message: 'the result drill is required', path: '/results' })
 * await failed.add({ line: 7, award: {}, error: undefined, source: '{"recipient":{"email":"kari@example.org"}}' }, error)
 * await failed.finish()
 * ```
 */
export async function openFailedRows(path: string, { batch }: FailedRowsOptions = {}): Promise<FailedRows> {
  await refuseForeign(path, batch)
  const ownOf = (error: KommaError) => ({
    [FAULT]: sentences(error),
    ...(batch === undefined ? {} : { [BATCH]: batch })
  })
  const partial = `${path}.partial`
  let file: FileHandle | undefined
  return {
    add: (row, error) =>
      attempt(path, async () => {
        if (file === undefined) {
          file = await open(partial, 'w')
          if (typeof row.source !== 'string')
            await file.writeFile(csvLine(row.source, headerOf(row.source, ownOf(error))))
        }
        await file.writeFile(lineOf(row, ownOf(error)))
      }),
    finish: () =>
      attempt(path, async () => {
        if (file === undefined) {
          await unlink(path).catch(ignoreMissing)
          return
        }
        await file.sync()
        await file.close()
        await rename(partial, path)
        await flushFolder(dirname(path))
        file = undefined
      }),
    async discard() {
      if (file === undefined) return
      await file.close().catch(() => undefined)
      await unlink(partial).catch(() => undefined)
      file = undefined
    }
  }
}

/** One line of text, without the values that were given: those stand beside it. */
function sentences({ faults }: KommaError): string {
  return faults.map((fault) => `${fault.code}: ${describeFault(fault)}`.replaceAll(/\s+/g, ' ')).join('; ')
}

/** What a row gets beside what stood in the file. */
type Own = Readonly<Record<string, string>>

function headerOf({ header }: CsvLine, own: Own): readonly string[] {
  return [...header, ...missingFrom(header, own)]
}

function missingFrom(header: readonly string[], own: Own): readonly string[] {
  return Object.keys(own).filter((name) => !header.includes(name))
}

function lineOf({ source }: AwardRow, own: Own): string {
  if (typeof source !== 'string') return csvLine(source, withOwn(source, own))
  const value = parsed(source)
  return `${JSON.stringify(value === undefined ? { 'komma:line': source, ...own } : { ...value, ...own })}\n`
}

/** Columns of the same name come from an earlier run. A line with too many or too few cells stays one. */
function withOwn({ header, cells }: CsvLine, own: Own): readonly string[] {
  if (cells.length === header.length) {
    const kept = cells.map((cell, n) => own[header[n] ?? ''] ?? cell)
    return [...kept, ...missingFrom(header, own).map((name) => own[name] ?? '')]
  }
  const before = header.filter((name) => name === FAULT || name === BATCH).length
  return [...cells.slice(0, Math.max(0, cells.length - before)), ...Object.values(own)]
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

function csvLine({ delimiter }: CsvLine, cells: readonly string[]): string {
  const written = cells.map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
  return `${written.join(delimiter)}\n`
}

async function refuseForeign(path: string, batch: string | undefined): Promise<void> {
  const start = await attempt(path, () => beginningOf(path))
  if (start === undefined) return
  const isOwnKind = start.includes(FAULT)
  if (isOwnKind && (batch === undefined || (await isOfBatch(path, start, batch)))) return
  throw new KommaError({
    code: 'FILE_EXISTS',
    message: isOwnKind
      ? 'the failed rows that lie there are of another batch'
      : 'another file lies in the place of the failed rows',
    path,
    hint: 'Name another folder or file for each batch, or move that one away'
  })
}

async function isOfBatch(path: string, start: string, batch: string): Promise<boolean> {
  const names = /^\ufeff?\s*\{/.test(start) ? batchesOfJsonl(path) : batchesOfCsv(path)
  try {
    for await (const name of names) if (name !== batch) return false
    return true
  } catch (error) {
    // What cannot be read as the file of failed rows is none.
    if (error instanceof InputError) return false
    throw error
  }
}

async function* batchesOfCsv(path: string): AsyncGenerator<unknown> {
  for await (const { header, cells } of readCsvLines(path))
    yield cells.length === header.length ? cells[header.indexOf(BATCH)] : cells.at(-1)
}

async function* batchesOfJsonl(path: string): AsyncGenerator<unknown> {
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY }))
    if (text.trim() !== '') yield (parsed(text) as Own | undefined)?.[BATCH]
}

async function beginningOf(path: string): Promise<string | undefined> {
  const file = await open(path, 'r').catch(ignoreMissing)
  if (file === undefined) return undefined
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(LOOKED_AT), 0, LOOKED_AT, 0)
    return new TextDecoder().decode(buffer.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

function ignoreMissing(error: unknown): undefined {
  if (systemCode(error) === 'ENOENT') return undefined
  throw error
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw fileError('cannot be written', path, cause)
  }
}
