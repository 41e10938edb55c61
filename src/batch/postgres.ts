import type PgBoss from 'pg-boss'
import type { Competency } from '../competency/compile.js'
import { BatchError, type KommaError } from '../encoding/errors.js'
import { type IssueManyOptions, readBatchOptions } from '../issuing/batch-options.js'
import type { BatchWait, RowResult } from '../issuing/batch-result.js'
import { type Rows, runBatch } from '../issuing/issue-many.js'
import type { Issuer } from '../issuing/issuer.js'
import { sleepOnTimer } from '../issuing/patience.js'
import type { Award } from '../model/competency-types.js'
import {
  asking,
  ensureQueue,
  invalid,
  openQueue,
  type Parcel,
  type ParcelAnswer,
  type QueuePlace,
  queueName
} from './queue.js'
import { openPost } from './queue-post.js'
import { toWireError } from './wire-error.js'

export type { QueuePlace } from './queue.js'

export interface QueueBatchOptions<Row> extends IssueManyOptions<Row>, QueuePlace {
  /** The id of the issuer whose workers shall issue. */
  readonly issuer: string
  /** How many rows a worker takes at once, 1 to 500. Default 50. */
  readonly rowsPerJob?: number
  /**
   * After how many seconds rows that a worker took and did not finish are given to another, 5 to 86,000. Default 120. Two
   * workers on one row do no harm: they make one badge.
   */
  readonly lostAfter?: number
}

export interface ServeQueueOptions extends QueuePlace {
  readonly issuer: Issuer
  /** What this worker issues. Rows of other competencies wait for other workers. */
  readonly competencies: readonly Competency[]
  /** Ends the work once aborted, after the rows in hand. */
  readonly signal?: AbortSignal
  /** Called after every parcel of rows. */
  readonly onRows?: (counts: { readonly issued: number; readonly failed: number }) => void
  /** Called each time before waiting for a server or a key service that is away. */
  readonly onWait?: (wait: BatchWait) => void
  /** Waits so many milliseconds. Default: a timer. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>
}

const LOOK_AGAIN_MS = 200
const AWAY_MS = 2_000

/**
 * Issues a badge for each row as `issuer.issueMany` does, by workers on any number of machines, which share the rows through
 * PostgreSQL. This process reads the rows, keeps their order and hands out the results; it needs no key and no status
 * store. The workers run {@link serveQueue} or `komma worker`, with one status store for all of them.
 *
 * A worker that is killed loses nothing: after `lostAfter` seconds another takes its rows. Where this process is killed,
 * start the same batch again. While no worker runs, the batch waits.
 *
 * The queue holds the awards in plain text until their results are read. Whoever can write to it can have badges of the
 * workers' competencies issued.
 *
 * Needs the package `pg-boss`.
 *
 * @throws {OptionError} OPTION_INVALID, at once
 * @throws {BatchError} BATCH_STOPPED while going through the results
 * @throws {KommaError} BATCH_QUEUE_IO where the server cannot be reached at the first result
 *
 * @example
 * ```ts
 * // …not run: needs a PostgreSQL server
 * import { readFile } from 'node:fs/promises'
 * import { compileCompetency } from 'komma'
 * import { issueManyOverPostgres } from 'komma/batch/postgres'
 *
 * const competency = compileCompetency(await readFile('definition.json'))
 * const awards = [JSON.parse(await readFile('award.json', 'utf8'))]
 * const options = { batch: 'spring 2026', issuer: 'did:web:academy.example', url: 'postgres://komma@localhost/komma' }
 * for await (const { row, issued, error } of issueManyOverPostgres(competency, awards, options)) {
 *   console.log(row, issued?.id ?? error?.code)
 * }
 * ```
 */
export function issueManyOverPostgres<Row = Award>(
  competency: Competency,
  rows: Rows<Row>,
  { url, schema, issuer, rowsPerJob = 50, lostAfter = 120, ...options }: QueueBatchOptions<Row>
): AsyncGenerator<RowResult<Row>, void, undefined> {
  requireInteger('rowsPerJob', rowsPerJob, 500, 1)
  requireInteger('lostAfter', lostAfter, 86_000, 5)
  if (typeof issuer !== 'string' || issuer === '') throw invalid('issuer', 'the id of an issuer')
  const settings = readBatchOptions({ ...options, inFlight: options.inFlight ?? 1_000 })
  const queue = queueName(issuer, competency)
  async function* run(): AsyncGenerator<RowResult<Row>, void, undefined> {
    const boss = await openQueue({ url, ...(schema === undefined ? {} : { schema }) })
    try {
      await ensureQueue(boss, queue)
      const post = openPost(boss, { queue, format: settings.format, rowsPerJob, lostAfter })
      const onAbort = (): void => post.giveUp(settings.signal?.reason)
      settings.signal?.addEventListener('abort', onAbort)
      for await (const result of runBatch(rows, settings, post.issue)) {
        let isTaken = false
        try {
          yield result
          isTaken = true
        } finally {
          // Nobody asks for more, and there may be no worker to wait for.
          if (!isTaken) post.giveUp(new Error('the batch was left'))
        }
      }
      settings.signal?.removeEventListener('abort', onAbort)
    } finally {
      await boss.stop({ graceful: false, wait: true }).catch(() => undefined)
    }
  }
  return run()
}

/**
 * Issues what waits in the queue, until its signal is aborted: the work of one worker. Any number of them may run, on any
 * number of machines, with one status store for all.
 *
 * Where the queue, the store or the key service is away, the worker waits and tries again.
 *
 * @throws {OptionError} OPTION_INVALID; {KommaError} BATCH_QUEUE_IO where the server cannot be reached at the start
 *
 * @example
 * ```ts
 * // …not run: needs a PostgreSQL server
 * import { readFile } from 'node:fs/promises'
 * import { compileCompetency, createIssuer } from 'komma'
 * import { serveQueue } from 'komma/batch/postgres'
 * import { openKeyFile } from 'komma/keys/file'
 * import { openSqliteStatusStore } from 'komma/status/sqlite'
 *
 * const keys = await openKeyFile('keys.jwe', { password: 'correct horse battery staple' })
 * const status = await openSqliteStatusStore('issuer.db')
 * const issuer = await createIssuer({ profile: { id: 'did:web:academy.example', name: 'Academy' }, keys, status })
 * const competencies = [compileCompetency(await readFile('definition.json'))]
 * await serveQueue({ issuer, competencies, url: 'postgres://komma@localhost/komma' })
 * ```
 */
export async function serveQueue(options: ServeQueueOptions): Promise<void> {
  const { issuer, competencies, signal, sleep = sleepOnTimer } = options
  if (!Array.isArray(competencies) || competencies.length === 0) throw invalid('competencies', 'one or more')
  const boss = await openQueue(options)
  try {
    const queues = competencies.map((competency: Competency) => ({
      name: queueName(issuer.id, competency),
      competency
    }))
    for (const { name } of queues) await ensureQueue(boss, name)
    let failures = 0
    while (!signal?.aborted) {
      try {
        let isIdle = true
        for (const queue of queues) if (await serveOnce(boss, queue, options)) isIdle = false
        failures = 0
        if (isIdle) await sleep(LOOK_AGAIN_MS, signal)
      } catch (error) {
        failures += 1
        // Only what the queue itself rejects with comes here.
        options.onWait?.({ error: error as KommaError, attempt: failures, milliseconds: AWAY_MS })
        await sleep(AWAY_MS, signal)
      }
    }
  } finally {
    await boss.stop({ graceful: false, wait: true }).catch(() => undefined)
  }
}

/** @returns whether there was something to do */
async function serveOnce(
  boss: PgBoss,
  { name, competency }: { readonly name: string; readonly competency: Competency },
  options: ServeQueueOptions
): Promise<boolean> {
  const [job] = await asking(() => boss.fetch<Parcel>(name, { batchSize: 1 }))
  if (job === undefined) return false
  const answer = await serveParcel(job.data, competency, options)
  await asking(() => boss.complete(name, job.id, answer))
  const rows = 'rows' in answer ? answer.rows : []
  const issued = rows.filter((row) => 'issued' in row).length
  options.onRows?.({ issued, failed: rows.length - issued })
  return true
}

async function serveParcel(
  { format, awards }: Parcel,
  competency: Competency,
  { issuer, sleep, onWait }: ServeQueueOptions
): Promise<ParcelAnswer> {
  const rows = []
  const waiting = { ...(sleep === undefined ? {} : { sleep }), ...(onWait === undefined ? {} : { onWait }) }
  try {
    // Every award has its key already; the name is never used.
    for await (const { issued, error } of issuer.issueMany(competency, awards, {
      batch: 'queue',
      format,
      ...waiting
    })) {
      rows.push(error === undefined ? { issued } : { error: toWireError(error) })
    }
    return { rows }
  } catch (error) {
    return { stopped: toWireError(error instanceof BatchError ? error.cause : error) }
  }
}

function requireInteger(path: string, value: number, most: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw invalid(path, `a whole number, ${least} to ${most}`)
}
