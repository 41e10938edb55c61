import { type FileHandle, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { describeFault, KommaError } from '../encoding/errors.js'
import { fileError, flushFolder, systemCode } from '../encoding/node-files.js'
import type { AwardRow, CsvLine } from './award-row.js'
import { OWN_COLUMNS } from './columns.js'

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
const LOOKED_AT = 65_536

/**
 * Opens a file for the rows that fail. Rows of a CSV file keep their header and cells and get a column `komma:fault`; JSON
 * lines get a member of that name, and a line that is no JSON is kept in `komma:line`. Both readers pass these over.
 *
 * The file appears when it is complete; it replaces only a file of its own kind.
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
export async function openFailedRows(path: string): Promise<FailedRows> {
  await refuseForeign(path)
  const partial = `${path}.partial`
  let file: FileHandle | undefined
  return {
    add: (row, error) =>
      attempt(path, async () => {
        if (file === undefined) {
          file = await open(partial, 'w')
          if (typeof row.source !== 'string') await file.writeFile(csvLine(row.source, headerOf(row.source)))
        }
        await file.writeFile(lineOf(row, sentences(error)))
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

function headerOf({ header }: CsvLine): readonly string[] {
  return header.includes(FAULT) ? header : [...header, FAULT]
}

function lineOf({ source }: AwardRow, fault: string): string {
  if (typeof source !== 'string') return csvLine(source, withFault(source, fault))
  const value = parsed(source)
  return `${JSON.stringify(value === undefined ? { [FAULT]: fault, 'komma:line': source } : { ...value, [FAULT]: fault })}\n`
}

/** A column of the same name comes from an earlier run. A line with too many or too few cells stays one. */
function withFault({ header, cells }: CsvLine, fault: string): readonly string[] {
  const at = header.indexOf(FAULT)
  if (at < 0) return [...cells, fault]
  return cells.length === header.length
    ? cells.map((cell, n) => (n === at ? fault : cell))
    : [...cells.slice(0, -1), fault]
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

async function refuseForeign(path: string): Promise<void> {
  const start = await attempt(path, () => beginningOf(path))
  if (start === undefined || start.includes(FAULT)) return
  throw new KommaError({
    code: 'FILE_EXISTS',
    message: 'another file lies in the place of the failed rows',
    path,
    hint: 'Name another file, or move that one away'
  })
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
