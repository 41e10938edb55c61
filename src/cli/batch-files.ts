import { join } from 'node:path'
import type { AwardRow } from '../batch/award-row.js'
import { openBadgeFolder } from '../batch/badge-folder.js'
import { type BadgeLine, openBadgeLines } from '../batch/badge-lines.js'
import type { ByteSource } from '../batch/bytes.js'
import { readCsvAwards } from '../batch/read-csv.js'
import { readJsonlAwards } from '../batch/read-jsonl.js'
import type { KommaError } from '../encoding/errors.js'
import type { IssuedRow } from '../issuing/batch-result.js'
import type { BadgeCarrier } from './badge-carrier.js'
import { STDOUT, stdoutTarget } from './badge-target.js'
import { inFile, UsageError } from './failure.js'
import type { Terminal } from './terminal.js'

export interface AwardFile {
  readonly kind: 'csv' | 'jsonl'
  /** How many rows there are, where that can be known before they are issued. */
  readonly total: number | undefined
  read(): AsyncIterable<AwardRow>
}

/**
 * Opens a file of awards. A file is read once from end to end before anything is issued, so that a wrong header or a
 * broken quote is noticed in time.
 *
 * @throws {UsageError} OPTION_INVALID; {KommaError} FILE_NOT_FOUND, FILE_IO, CSV_MALFORMED, INPUT_NOT_UTF8
 */
export async function openAwards({ stdin }: Terminal, path: string, named: readonly string[]): Promise<AwardFile> {
  const kind = path === STDOUT || /\.jsonl$/i.test(path) ? 'jsonl' : 'csv'
  if (kind === 'csv' && !/\.csv$/i.test(path)) {
    const expected = 'a file that ends in .csv or .jsonl, or - for JSON lines from standard input'
    throw wrong('nobody can tell what kind of file this is', '--awards', expected)
  }
  if (kind === 'jsonl' && named.length > 0) throw wrong('JSON lines have no columns', '--column', 'a CSV file')
  const columns = readColumns(named)
  const open = (source: ByteSource) => (kind === 'csv' ? readCsvAwards(source, { columns }) : readJsonlAwards(source))
  if (path === STDOUT) return { kind, total: undefined, read: () => open(stdin) }
  let total = 0
  await inFile(path, async () => {
    for await (const _ of open(path)) total += 1
  })
  return { kind, total, read: () => open(path) }
}

function readColumns(named: readonly string[]): Record<string, string> {
  const columns: Record<string, string> = {}
  for (const one of named) {
    const at = one.lastIndexOf('=')
    if (at < 1) throw wrong('this does not say what a column stands for', '--column', 'NAME=MEMBER', one)
    columns[one.slice(0, at)] = one.slice(at + 1)
  }
  return columns
}

/** Where the badges of a batch go. */
export interface BatchTarget {
  /** The name of the results file; undefined for standard output. */
  readonly results: string | undefined
  /** Where rows that failed go, unless the person says otherwise. */
  readonly failed: string | undefined
  /** Puts a badge into its place; several at once. */
  place(row: IssuedRow<AwardRow>): Promise<BadgeLine>
  /** Writes the line of a badge that is in its place, in order. */
  note(line: BadgeLine): Promise<void>
  finish(): Promise<void>
  discard(): Promise<void>
}

/**
 * Opens what the badges of a batch are written to: a folder, a file of JSON lines, or standard output. A list that lies
 * there has to be of the same batch.
 *
 * @throws {UsageError} OPTION_INVALID; {KommaError} FILE_NOT_FOUND, FILE_EXISTS, FILE_IO
 */
export async function openBatchTarget(
  { stdout }: Terminal,
  out: string,
  carrier: BadgeCarrier,
  { format, kind, batch }: { readonly format: string; readonly kind: AwardFile['kind']; readonly batch: string }
): Promise<BatchTarget> {
  const isLines = out === STDOUT || /\.jsonl$/i.test(out)
  if (isLines && (format === 'png' || format === 'svg'))
    throw wrong('JSON lines cannot hold images', '--format', 'json or jwt, or --out with a folder')
  const inLine = async (result: IssuedRow<AwardRow>) => ({ ...lineOf(result), badge: result.issued.text })
  if (out === STDOUT) {
    const target = stdoutTarget(stdout, false)
    const note = (line: BadgeLine) =>
      target.deliver(new TextEncoder().encode(`${JSON.stringify({ ...line, batch })}\n`))
    return { results: undefined, failed: undefined, place: inLine, note, finish: nothing, discard: nothing }
  }
  if (isLines) {
    const lines = await openBadgeLines(out, { batch })
    const { add: note, finish, discard } = lines
    return {
      results: out,
      failed: `${out.replace(/\.jsonl$/i, '')}.failed.${kind}`,
      place: inLine,
      note,
      finish,
      discard
    }
  }
  const folder = await openBadgeFolder(out, format)
  const results = join(out, 'badges.jsonl')
  const lines = await openBadgeLines(results, { batch })
  return {
    results,
    failed: join(out, `failed.${kind}`),
    async place(result) {
      const { id, text } = result.issued
      return { ...lineOf(result), file: await folder.write(id, carrier.write(text)) }
    },
    note: lines.add,
    async finish() {
      await folder.flush()
      await lines.finish()
    },
    discard: lines.discard
  }
}

function lineOf({ given, issued, idempotencyKey }: IssuedRow<AwardRow>): BadgeLine {
  return { line: given.line, id: issued.id, idempotencyKey }
}

async function nothing(): Promise<void> {}

function wrong(message: string, path: string, expected: string, got?: string): KommaError {
  return new UsageError({ code: 'OPTION_INVALID', message, path, expected, ...(got === undefined ? {} : { got }) })
}
