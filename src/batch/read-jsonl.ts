import { AwardError, InputError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { AwardRow } from './award-row.js'
import { type ByteSource, textOf } from './bytes.js'
import { OWN_COLUMNS } from './columns.js'

const LONGEST_LINE = 1_048_576

/**
 * Reads awards from a file of JSON lines: one award on each line, in the format of `schemas/award.schema.json`. UTF-8;
 * empty lines are passed over. A line that is no JSON, or longer than 1 MiB, is a row with an `error`.
 *
 * Does not check awards; `issueMany` does. Memory does not grow with the file.
 *
 * @param source the path of a file, or its content in pieces
 * @throws {InputError} INPUT_NOT_UTF8; {KommaError} FILE_NOT_FOUND, FILE_IO
 *
 * @example
 * ```ts
 * import { readJsonlAwards } from 'komma/batch/files'
 *
 * async function* file() {
 *   yield '{"recipient":{"email":"kari@example.org"}}\n{"recipient":\n'
 * }
 * for await (const { line, error } of readJsonlAwards(file())) console.log(line, error?.code) // => 1 undefined
 * ```
 */
export async function* readJsonlAwards(source: ByteSource): AsyncGenerator<AwardRow, void, undefined> {
  for await (const { line, text } of linesOf(textOf(source))) {
    if (text === undefined) yield { line, award: undefined, error: tooLong(line), source: '' }
    else if (text.trim() !== '') yield readLine(line, text)
  }
}

/** The lines of a text; the text of one that is too long is left out. */
async function* linesOf(
  pieces: AsyncIterable<string>
): AsyncGenerator<{ readonly line: number; readonly text: string | undefined }, void, undefined> {
  let line = 1
  let rest = ''
  let isTooLong = false
  for await (const piece of pieces) {
    let from = 0
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', from)) {
      const text = rest + piece.slice(from, end)
      yield { line, text: isTooLong || text.length > LONGEST_LINE ? undefined : text }
      line += 1
      rest = ''
      isTooLong = false
      from = end + 1
    }
    if (!isTooLong) rest += piece.slice(from)
    if (rest.length > LONGEST_LINE) {
      isTooLong = true
      rest = ''
    }
  }
  if (isTooLong || rest !== '') yield { line, text: isTooLong ? undefined : rest }
}

function readLine(line: number, text: string): AwardRow {
  try {
    const value = parseJson(text)
    if (!isJsonObject(value)) return { line, award: value, error: undefined, source: text }
    const unread = value[`${OWN_COLUMNS}line`]
    if (typeof unread === 'string') return { ...readLine(line, unread), line }
    const { [`${OWN_COLUMNS}fault`]: _, [`${OWN_COLUMNS}batch`]: __, ...award } = value
    return { line, award, error: undefined, source: JSON.stringify(award) }
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    const faults = cause.faults.map((fault) => ({ ...fault, path: `line ${line}${fault.path ?? ''}` }))
    return { line, award: undefined, error: new AwardError(faults, { cause }), source: text }
  }
}

function tooLong(line: number): AwardError {
  const expected = `at most ${LONGEST_LINE} characters`
  return new AwardError({ code: 'INPUT_TOO_LARGE', message: 'the line is too long', path: `line ${line}`, expected })
}
