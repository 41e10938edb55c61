import type { Competency } from '../competency/compile.js'
import { canonicalJson } from '../encoding/canonical-json.js'
import type { KommaErrorCode } from '../encoding/error-codes.js'
import {
  AwardError,
  BatchError,
  type BatchProgress,
  InputError,
  KommaError,
  SecuringError,
  StatusError
} from '../encoding/errors.js'
import { inOrder } from '../encoding/in-order.js'
import type { JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { checkCompetency, readAward } from './award.js'
import type { BadgeFormat } from './badge-format.js'
import { type BatchSettings, checkRows, type IssueManyOptions, readBatchOptions } from './batch-options.js'
import type { IssuedText, RowResult } from './batch-result.js'
import { digestOfText } from './checked-store.js'
import { type Issued, settleCompetency } from './issue.js'
import { createPatience } from './patience.js'

/** Of the errors of a store, those that have to do with the award alone. */
const CODES_OF_ROWS: readonly KommaErrorCode[] = [
  'STATUS_IDEMPOTENCY_CONFLICT',
  'STATUS_CREDENTIAL_EXISTS',
  'STATUS_CONFLICT'
]
const UNEXPECTED = {
  code: 'INTERNAL_ERROR',
  message: 'something happened that was not expected',
  retryable: false
} as const

/** What can be gone through, row by row. */
export type Rows<Row> = Iterable<Row> | AsyncIterable<Row>

/** Issues one award, which has its idempotency key where it is an award at all. */
export type IssueOne = (award: JsonValue) => Promise<IssuedText>

/** Issues a badge for each row, with every check that a single one gets, in the order of the rows. */
export function issueMany<Row>(
  given: Competency,
  rows: Rows<Row>,
  options: IssueManyOptions<Row>,
  issue: (competency: Competency, award: JsonValue, format: BadgeFormat) => Promise<Issued>
): AsyncGenerator<RowResult<Row>, void, undefined> {
  checkCompetency(given)
  const settings = readBatchOptions(options)
  const competency = settleCompetency(given)
  return runBatch(rows, settings, async (award) => {
    const { id, text, status, repeated } = await issue(competency, award, settings.format)
    return { id, text, status, repeated }
  })
}

/** Goes through the rows of a batch, whoever it is that issues one. */
export function runBatch<Row>(
  rows: Rows<Row>,
  settings: BatchSettings<Row>,
  issueOne: IssueOne
): AsyncGenerator<RowResult<Row>, void, undefined> {
  checkRows(rows)
  const patiently = createPatience(settings)
  const issueRow = async (given: Row, index: number): Promise<RowResult<Row>> => {
    const row = index + 1
    let idempotencyKey: string | undefined
    try {
      const award = withKey(awardOf(given, settings), settings.batch)
      idempotencyKey = keyOf(award)
      const issued = await patiently(() => issueOne(award))
      return { row, given, idempotencyKey: idempotencyKey ?? '', issued }
    } catch (error) {
      if (isFaultOfRow(error)) return { row, given, idempotencyKey, error }
      throw error
    }
  }
  return handOut(inOrder(rows, issueRow, settings), settings)
}

async function* handOut<Row>(
  results: AsyncIterable<RowResult<Row>>,
  { signal, stopAfter, onProgress }: BatchSettings<Row>
): AsyncGenerator<RowResult<Row>, void, undefined> {
  let progress: BatchProgress = { done: 0, issued: 0, repeated: 0, failed: 0 }
  try {
    for await (const result of results) {
      progress = count(progress, result)
      onProgress(progress)
      yield result
      if (progress.failed >= stopAfter) throw result.error
    }
  } catch (error) {
    throw signal?.aborted && error === signal.reason ? error : stopped(progress, error)
  }
}

function awardOf<Row>(given: Row, { award }: BatchSettings<Row>): JsonValue {
  try {
    return readAward(award(given))
  } catch (error) {
    if (!(error instanceof KommaError)) throw error
    throw error instanceof AwardError ? error : new AwardError(error.faults, { cause: error })
  }
}

/** The same content in the same batch is the same wish. */
function withKey(award: JsonValue, batch: string): JsonValue {
  if (!isJsonObject(award) || award['idempotencyKey'] !== undefined) return award
  return { ...award, idempotencyKey: `batch/${batch}/${digestOfText(canonicalJson(award))}` }
}

function keyOf(award: JsonValue): string | undefined {
  const key = isJsonObject(award) ? award['idempotencyKey'] : undefined
  return typeof key === 'string' ? key : undefined
}

/** What another row need not suffer from. Everything else would befall every row. */
function isFaultOfRow(error: unknown): error is KommaError {
  if (error instanceof StatusError) return CODES_OF_ROWS.includes(error.code)
  return error instanceof AwardError || error instanceof InputError || error instanceof SecuringError
}

function count(before: BatchProgress, { issued }: RowResult<unknown>): BatchProgress {
  return {
    done: before.done + 1,
    issued: before.issued + (issued === undefined ? 0 : 1),
    repeated: before.repeated + (issued?.repeated ? 1 : 0),
    failed: before.failed + (issued === undefined ? 1 : 0)
  }
}

function stopped(progress: BatchProgress, cause: unknown): BatchError {
  const { code, message, retryable } = cause instanceof KommaError ? cause : UNEXPECTED
  return new BatchError(
    {
      code: 'BATCH_STOPPED',
      message: `the batch stopped after ${progress.done} rows, ${progress.failed} of which failed: ${message}`,
      got: code,
      hint: 'Mend the cause and start the same batch again: what was issued is handed out as it is, and no badge is made twice.'
    },
    { progress, cause, retryable }
  )
}
