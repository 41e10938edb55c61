import { AwardError, type KommaError } from '../encoding/errors.js'

/** What a line of a CSV file holds. */
export interface CsvLine {
  /** The header of the file, as it stands there. */
  readonly header: readonly string[]
  readonly delimiter: string
  readonly cells: readonly string[]
}

/** A row of a file: an award, or what keeps it from being read as one. Hand it to `issueMany` with `awardOfRow`. */
export interface AwardRow {
  /** The line where it begins, 1 for the first of the file. */
  readonly line: number
  /** Undefined where the line could not be read. Not checked yet. */
  readonly award: unknown
  readonly error: KommaError | undefined
  /** What stands in the file: the cells of a CSV file, or the text of the line. */
  readonly source: CsvLine | string
}

/**
 * The award of a row of a file, for the option `award` of `issueMany`.
 *
 * @throws {AwardError} what is wrong with the line, where it could not be read
 *
 * @example
 * ```ts
 * import { awardOfRow, readCsvAwards } from 'komma/batch/files'
 *
 * for await (const row of readCsvAwards('examples/spring.csv')) {
 *   console.log(row.line, typeof awardOfRow(row)) // => 2 object
 * }
 * ```
 */
export function awardOfRow({ award, error }: AwardRow): unknown {
  if (error === undefined) return award
  throw error instanceof AwardError ? error : new AwardError(error.faults, { cause: error })
}
