import { type BatchProgress, OptionError } from '../encoding/errors.js'
import { isWellFormed } from '../encoding/json-rules.js'
import { type BadgeFormat, readFormat } from './badge-format.js'
import type { BatchWait } from './batch-result.js'
import { type Sleep, sleepOnTimer } from './patience.js'

export interface IssueManyOptions<Row> {
  /**
   * Names the batch for ever: 1 to 100 characters. An award without an `idempotencyKey` gets one made of this name and
   * its own content, so a batch that is started again under its name makes no badge twice.
   */
  readonly batch: string
  /** How every badge is secured. `json` unless told. */
  readonly format?: BadgeFormat
  /**
   * The award of a row: an object, JSON text or bytes. A KommaError that it throws is the error of the row, as an
   * AwardError; anything else ends the batch. Default: the row itself.
   */
  readonly award?: (row: Row) => unknown
  /** How many rows may be taken and not handed out yet, 1 to 1,000. Default 64. */
  readonly inFlight?: number
  /** Stop once so many rows could not be issued. Default: never. */
  readonly stopAfter?: number
  /**
   * How often in a row to try again where the status store or the key service says that this may help. All rows wait,
   * 250 ms at first and up to 30 seconds. Default 8, about a minute in all.
   */
  readonly retries?: number
  /** Waits so many milliseconds. Default: a timer. */
  readonly sleep?: Sleep
  /** Once aborted, no more rows are taken; those in flight are finished and handed out, then its reason is thrown. */
  readonly signal?: AbortSignal
  /** Called after every row, before it is handed out. What it throws ends the batch. */
  readonly onProgress?: (progress: BatchProgress) => void
  /** Called each time before the batch waits for a store or a key service. */
  readonly onWait?: (wait: BatchWait) => void
}

export interface BatchSettings<Row> {
  readonly batch: string
  readonly format: BadgeFormat
  readonly award: (row: Row) => unknown
  readonly inFlight: number
  readonly stopAfter: number
  readonly retries: number
  readonly sleep: Sleep
  readonly signal: AbortSignal | undefined
  readonly onProgress: (progress: BatchProgress) => void
  readonly onWait: (wait: BatchWait) => void
}

const NAMES = [
  ...['batch', 'format', 'award', 'inFlight', 'stopAfter'],
  ...['retries', 'sleep', 'signal', 'onProgress', 'onWait']
]
const LONGEST_NAME = 100
// biome-ignore lint/suspicious/noControlCharactersInRegex: stores refuse them in names.
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/

/** @throws {OptionError} OPTION_INVALID */
export function readBatchOptions<Row>(options: IssueManyOptions<Row>): BatchSettings<Row> {
  if (typeof options !== 'object' || options === null) throw invalid('options', 'an object with the name of the batch')
  for (const name of Object.keys(options)) if (!NAMES.includes(name)) throw invalid(name, NAMES.join(', '))
  const { batch, format, inFlight = 64, stopAfter = Number.MAX_SAFE_INTEGER, retries = 8, signal } = options
  const { award = itself, sleep = sleepOnTimer, onProgress = nothing, onWait = nothing } = options
  checkBatchName(batch)
  requireInteger('inFlight', inFlight, 1, 1_000)
  requireInteger('stopAfter', stopAfter, 1, Number.MAX_SAFE_INTEGER)
  requireInteger('retries', retries, 0, 1_000)
  for (const [name, value] of Object.entries({ award, sleep, onProgress, onWait })) {
    if (typeof value !== 'function') throw invalid(name, 'a function')
  }
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') throw invalid('signal', 'an AbortSignal')
  const settled = { award, inFlight, stopAfter, retries, sleep, signal, onProgress, onWait }
  return { batch, format: readFormat(format === undefined ? {} : { format }), ...settled }
}

/** @throws {OptionError} OPTION_INVALID */
export function checkBatchName(batch: unknown): void {
  const isName = typeof batch === 'string' && batch !== '' && batch.length <= LONGEST_NAME
  if (isName && !CONTROL_CHARACTER.test(batch) && isWellFormed(batch)) return
  throw invalid('batch', `a name of 1 to ${LONGEST_NAME} characters`)
}

/**
 * Text and bytes can be iterated, and would come apart into characters and numbers.
 *
 * @throws {OptionError} OPTION_INVALID
 */
export function checkRows(rows: unknown): void {
  const isList = typeof rows === 'object' && rows !== null && !(rows instanceof Uint8Array)
  if (isList && (Symbol.iterator in rows || Symbol.asyncIterator in rows)) return
  throw invalid('rows', 'an array, a generator or a stream of awards')
}

function requireInteger(path: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw invalid(path, `a whole number, ${least} to ${most}`)
}

function itself(row: unknown): unknown {
  return row
}

function nothing(): void {}

function invalid(path: string, expected: string): OptionError {
  return new OptionError({ code: 'OPTION_INVALID', message: 'an option of the batch cannot be used', path, expected })
}
