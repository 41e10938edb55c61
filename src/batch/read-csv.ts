import { pipeline, Readable } from 'node:stream'
import { CsvError, type Parser, parse } from 'csv-parse'
import { AwardError, InputError } from '../encoding/errors.js'
import type { AwardRow, CsvLine } from './award-row.js'
import { type ByteSource, textOf } from './bytes.js'
import { readHeader } from './columns.js'

export interface CsvAwardsOptions {
  /**
   * What columns stand for, by their name in the file, where it is another one than the award has: `{ Mail: 'email' }`.
   * An empty text passes a column over.
   */
  readonly columns?: Readonly<Record<string, string>>
  /** What stands between cells. Default: the first of comma, semicolon and tab in the header. */
  readonly delimiter?: ',' | ';' | '\t'
}

const DELIMITERS = [',', ';', '\t']
const LONGEST_LINE = 1_048_576
const MOST_COLUMNS = 500
const LINE_END = /\r\n|\n|\r/g

/**
 * Reads awards from a CSV file (RFC 4180), one for each line below the header. Columns have the names of members of an
 * award (`email`, `validFrom`, `results.drill.achievedLevel`); `docs/batches.md` lists them. Cells are taken as they
 * stand, empty ones are left out. UTF-8, with or without byte order mark; any line ends; empty lines are passed over.
 *
 * A line with too many or too few cells is a row with an `error`. Broken quotes end the reading: nobody could tell which
 * line comes next.
 *
 * Does not check awards; `issueMany` does. Memory does not grow with the file.
 *
 * @param source the path of a file, or its content in pieces
 * @throws {InputError} CSV_MALFORMED for the header, for quotes, and for a line beyond 1 MiB; INPUT_NOT_UTF8
 * @throws {KommaError} FILE_NOT_FOUND, FILE_IO
 *
 * @example
 * ```ts
 * import { awardOfRow, readCsvAwards } from 'komma/batch/files'
 *
 * async function* file() {
 *   yield 'Mail;role\nkari@example.org;Guide\n'
 * }
 * for await (const row of readCsvAwards(file(), { columns: { Mail: 'email' } })) {
 *   console.log(row.line, JSON.stringify(awardOfRow(row))) // => 2 {"recipient":{"email":"kari@example.org"},"role":"Guide"}
 * }
 * ```
 */
export async function* readCsvAwards(
  source: ByteSource,
  { columns = {}, delimiter }: CsvAwardsOptions = {}
): AsyncGenerator<AwardRow, void, undefined> {
  let awardOf = (_: readonly string[]): unknown => undefined
  const onHeader = (header: readonly string[]) => {
    awardOf = readHeader(header, columns)
  }
  for await (const { line, ...stands } of readCsvLines(source, { delimiter, onHeader })) {
    const { header, cells } = stands
    const error = cells.length === header.length ? undefined : wrongCount(line, header.length, cells.length)
    yield { line, source: stands, error, award: error === undefined ? awardOf(cells) : undefined }
  }
}

interface CsvLinesOptions {
  readonly delimiter?: CsvAwardsOptions['delimiter'] | undefined
  readonly onHeader?: (header: readonly string[]) => void
}

/** The lines of a CSV file below its header, whatever the columns are called. */
export async function* readCsvLines(
  source: ByteSource,
  { delimiter, onHeader = () => {} }: CsvLinesOptions = {}
): AsyncGenerator<CsvLine & { readonly line: number }, void, undefined> {
  const { head, text } = await firstLine(textOf(source))
  const between = delimiter ?? DELIMITERS.find((one) => withoutQuotes(head).includes(one)) ?? ','
  const parser = parserOf(between)
  // What goes wrong in the source comes out of the parser.
  pipeline(Readable.from(text), parser, () => {})
  let header: readonly string[] | undefined
  let nextLine = 1
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { empty_lines: number } }>) {
      const line = nextLine + info.empty_lines
      // The parser counts a line end within quotes as two where it has two characters.
      nextLine += 1 + record.reduce((sum, cell) => sum + (cell.match(LINE_END)?.length ?? 0), 0)
      if (header === undefined) {
        header = checkSize(record)
        onHeader(header)
        continue
      }
      yield { line, header, delimiter: between, cells: record }
    }
  } catch (cause) {
    throw cause instanceof CsvError ? malformed(cause) : cause
  }
  if (header === undefined) throw new InputError({ code: 'CSV_MALFORMED', message: 'the file has no header' })
}

function parserOf(delimiter: string): Parser {
  return parse({
    delimiter,
    info: true,
    max_record_size: LONGEST_LINE,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    skip_empty_lines: true
  })
}

/** Reads on until the header is there, and gives back everything that was read. */
async function firstLine(
  pieces: AsyncGenerator<string, void, undefined>
): Promise<{ readonly head: string; readonly text: AsyncIterable<string> }> {
  let head = ''
  for (;;) {
    const next = await pieces.next()
    if (next.done !== true) head += next.value
    if (next.done === true || head.length > LONGEST_LINE || /[\r\n]/.test(head.trimStart())) break
  }
  async function* all(): AsyncGenerator<string, void, undefined> {
    try {
      // An empty piece would end the stream.
      if (head !== '') yield head
      for await (const piece of pieces) if (piece !== '') yield piece
    } finally {
      await pieces.return()
    }
  }
  return { head: head.trimStart().split(/[\r\n]/, 1)[0] ?? '', text: all() }
}

function withoutQuotes(text: string): string {
  return text.replaceAll(/"[^"]*"/g, '')
}

function checkSize(header: readonly string[]): readonly string[] {
  if (header.length <= MOST_COLUMNS) return header
  const [expected, got] = [`at most ${MOST_COLUMNS}`, `${header.length}`]
  throw new InputError({ code: 'CSV_MALFORMED', message: 'there are too many columns', path: 'line 1', expected, got })
}

function wrongCount(line: number, expected: number, got: number): AwardError {
  return new AwardError({
    code: 'CSV_MALFORMED',
    message: 'the line has another number of cells than the header',
    path: `line ${line}`,
    expected: `${expected} cells`,
    got: `${got}`
  })
}

/** The messages of the parser quote what stands in the file. */
function malformed(cause: CsvError): InputError {
  const isTooLong = cause.code === 'CSV_MAX_RECORD_SIZE'
  const message = isTooLong ? `a line is longer than ${LONGEST_LINE} bytes` : 'the quotes of a cell are wrong'
  const path = `line ${String(cause['lines'])}`
  const hint = 'Put a cell with a quote, a line end or a delimiter into quotes, and write each quote inside twice'
  return new InputError({ code: 'CSV_MALFORMED', message, path, ...(isTooLong ? {} : { hint }) }, { cause })
}
