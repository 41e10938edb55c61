import type { KommaError } from '../encoding/errors.js'
import type { Award } from '../model/competency-types.js'
import type { Issued } from './issue.js'

/** A badge of a batch: what {@link Issued} holds, without the parsed credential, so that many can be kept. */
export type IssuedText = Omit<Issued, 'credential'>

/** A row of a batch that became a badge. */
export interface IssuedRow<Row = Award> {
  /** 1, 2, 3 … in the order of the rows. */
  readonly row: number
  /** What the source gave. */
  readonly given: Row
  /** That of the award, or the one that was made of the batch and its content. */
  readonly idempotencyKey: string
  readonly issued: IssuedText
  readonly error?: undefined
}

/** A row of a batch that became none. Nothing was signed for it. */
export interface FailedRow<Row = Award> {
  readonly row: number
  readonly given: Row
  /** Undefined where the award could not be read. */
  readonly idempotencyKey: string | undefined
  readonly issued?: undefined
  /** What is wrong with the row. */
  readonly error: KommaError
}

/** How a row of a batch ended: look at `error`. */
export type RowResult<Row = Award> = IssuedRow<Row> | FailedRow<Row>

/** A batch waits for a store or a key service. */
export interface BatchWait {
  readonly error: KommaError
  /** 1, 2, 3 … */
  readonly attempt: number
  readonly milliseconds: number
}
