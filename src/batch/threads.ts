import { availableParallelism } from 'node:os'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import type { Competency } from '../competency/compile.js'
import { KommaError, OptionError } from '../encoding/errors.js'
import type { JsonValue } from '../encoding/json-types.js'
import type { BadgeFormat } from '../issuing/badge-format.js'
import { type IssueManyOptions, readBatchOptions } from '../issuing/batch-options.js'
import type { IssuedText, RowResult } from '../issuing/batch-result.js'
import { type Rows, runBatch } from '../issuing/issue-many.js'
import type { Issuer } from '../issuing/issuer.js'
import type { Award } from '../model/competency-types.js'
import { fromWireError, toWireError, type WireError } from './wire-error.js'

export interface ThreadsOptions<Row> extends IssueManyOptions<Row> {
  /** The module that every thread runs. It calls {@link serveThread}. */
  readonly thread: URL
  /** What the module gets, as `serveThread` hands it over: anything that can be cloned. */
  readonly data?: unknown
  /** How many threads, 1 to 256. Default: as many as the machine has cores for this process. */
  readonly threads?: number
}

/** What a thread of a batch issues with. Its own: nothing of it is shared with other threads. */
export interface ThreadIssuer {
  readonly issuer: Issuer
  /** Called once there is nothing more to issue. */
  readonly close?: () => Promise<void>
}

interface Start {
  readonly competency: Competency
  readonly format: BadgeFormat
  readonly data: unknown
}

type Order = { readonly n: number; readonly award: JsonValue } | { readonly isLast: true }

type Answer =
  | { readonly isReady: true }
  | { readonly n: number; readonly issued: IssuedText }
  | { readonly n: number; readonly error: WireError }
  | { readonly failed: WireError }

const MARK = 'komma/batch/threads'
const IN_FLIGHT_PER_THREAD = 32

/**
 * Issues a badge for each row as `issuer.issueMany` does, on several threads. This thread reads the rows, keeps their order
 * and hands out the results; the threads check, sign and record, each with an issuer of its own.
 *
 * The issuers need one store that several connections may have open, such as an SQLite file or PostgreSQL, not one in
 * memory. Keys stay where the module opens them: none is sent to a thread. Worth it from a few thousand badges on.
 *
 * @throws {OptionError} OPTION_INVALID, at once
 * @throws {BatchError} BATCH_STOPPED while going through the results, also where a thread cannot be started or ends
 *
 * @example
 * ```ts
 * import { isMainThread } from 'node:worker_threads'
 * import { compileCompetency, createIssuer } from 'komma'
 * import { issueManyOnThreads, serveThread } from 'komma/batch/threads'
 * import { openKeyFile } from 'komma/keys/file'
 * import { openSqliteStatusStore } from 'komma/status/sqlite'
 * import { readFile } from 'node:fs/promises'
 *
 * async function openIssuer() {
 *   const keys = await openKeyFile('keys.jwe', { password: 'correct horse battery staple' })
 *   const status = await openSqliteStatusStore('issuer.db')
 *   const issuer = await createIssuer({ profile: { id: 'did:web:academy.example', name: 'Academy' }, keys, status })
 *   return { issuer, close: () => status.close() }
 * }
 *
 * async function issueAll() {
 *   const competency = compileCompetency(await readFile('examples/first-badge.definition.json'))
 *   const results = [{ resultDescription: 'practice', achievedLevel: 'independent' }]
 *   const awards = [1, 2, 3].map((n) => ({ recipient: { email: `person-${n}@example.org` }, results }))
 *   const options = { batch: 'spring 2026', thread: new URL(import.meta.url), threads: 2 }
 *   for await (const { row, issued } of issueManyOnThreads(competency, awards, options)) {
 *     console.log(row, issued?.id.slice(0, 9)) // => 3 urn:uuid:
 *   }
 * }
 *
 * // One module for both, or a module of its own for the threads.
 * if (isMainThread) issueAll()
 * else serveThread(openIssuer)
 * ```
 */
export function issueManyOnThreads<Row = Award>(
  competency: Competency,
  rows: Rows<Row>,
  { thread, data, threads = availableParallelism(), ...options }: ThreadsOptions<Row>
): AsyncGenerator<RowResult<Row>, void, undefined> {
  if (!(thread instanceof URL)) throw invalid('thread', 'the URL of a module')
  if (!Number.isSafeInteger(threads) || threads < 1 || threads > 256)
    throw invalid('threads', 'a whole number, 1 to 256')
  const inFlight = options.inFlight ?? Math.min(IN_FLIGHT_PER_THREAD * threads, 1_000)
  const settings = readBatchOptions({ ...options, inFlight })
  const start: Start = { competency, format: settings.format, data }
  async function* run(): AsyncGenerator<RowResult<Row>, void, undefined> {
    const crew = Array.from({ length: threads }, () => startThread(thread, start))
    try {
      yield* runBatch(rows, settings, (award) => leastBusy(crew).issue(award))
    } finally {
      await Promise.all(crew.map((one) => one.end()))
    }
  }
  return run()
}

/**
 * Serves a batch in the thread that it runs in: opens an issuer once and issues what comes.
 *
 * @param open opens the issuer of this thread, with the `data` of the batch
 * @throws {OptionError} OPTION_INVALID where this is no thread of a batch
 *
 * @example
 * ```ts
 * import { isMainThread } from 'node:worker_threads'
 * import { createIssuer } from 'komma'
 * import { serveThread } from 'komma/batch/threads'
 * import { openKeyFile } from 'komma/keys/file'
 * import { openSqliteStatusStore } from 'komma/status/sqlite'
 *
 * // A module of its own for the threads needs no such question.
 * if (!isMainThread) {
 *   serveThread(async (data: { readonly password: string }) => {
 *     const keys = await openKeyFile('keys.jwe', data)
 *     const status = await openSqliteStatusStore('issuer.db')
 *     const issuer = await createIssuer({ profile: { id: 'did:web:academy.example', name: 'Academy' }, keys, status })
 *     return { issuer, close: () => status.close() }
 *   })
 * }
 * ```
 */
export function serveThread<Data = unknown>(open: (data: Data) => Promise<ThreadIssuer>): void {
  const port = parentPort
  const start: Start | undefined = (workerData as Readonly<Record<string, Start>> | undefined)?.[MARK]
  if (port === null || start === undefined) throw invalid('serveThread', 'a thread that issueManyOnThreads started')
  const opened = open(start.data as Data)
  const say = (answer: Answer): void => port.postMessage(answer)
  opened.then(
    () => say({ isReady: true }),
    (error: unknown) => say({ failed: toWireError(error) })
  )
  port.on('message', async (order: Order) => {
    const { issuer, close } = await opened
    if ('isLast' in order) {
      await close?.()
      port.close()
      return
    }
    const { n, award } = order
    try {
      // What was checked to be an award by nobody yet, the issuer checks.
      const issued = await issuer.issue(start.competency, award as unknown as Award, { format: start.format })
      const { id, text, status, repeated } = issued
      say({ n, issued: { id, text, status, repeated } })
    } catch (error) {
      say({ n, error: toWireError(error) })
    }
  })
}

interface Thread {
  readonly busy: number
  issue(award: JsonValue): Promise<IssuedText>
  end(): Promise<void>
}

interface Waiting {
  readonly done: (issued: IssuedText) => void
  readonly failed: (error: Error) => void
}

function startThread(module: URL, start: Start): Thread {
  const worker = new Worker(module, { workerData: { [MARK]: start } })
  const waiting = new Map<number, Waiting>()
  let count = 0
  let over: Error | undefined

  function endWith(error: Error): void {
    over ??= error
    for (const { failed } of waiting.values()) failed(error)
    waiting.clear()
  }

  worker.on('message', (answer: Answer) => {
    if ('failed' in answer) return endWith(fromWireError(answer.failed))
    if ('isReady' in answer) return
    const one = waiting.get(answer.n)
    waiting.delete(answer.n)
    if ('error' in answer) one?.failed(fromWireError(answer.error))
    else one?.done(answer.issued)
  })
  worker.on('error', (cause) => endWith(brokenThread(cause)))
  const ended = new Promise<void>((done) => {
    worker.on('exit', () => {
      endWith(brokenThread(undefined))
      done()
    })
  })

  return {
    get busy() {
      return waiting.size
    },
    issue: (award) =>
      new Promise((done, failed) => {
        if (over !== undefined) return failed(over)
        count += 1
        waiting.set(count, { done, failed })
        worker.postMessage({ n: count, award } satisfies Order)
      }),
    async end() {
      if (over === undefined) worker.postMessage({ isLast: true } satisfies Order)
      else await worker.terminate()
      await ended
    }
  }
}

function leastBusy(crew: readonly Thread[]): Thread {
  return crew.reduce((least, one) => (one.busy < least.busy ? one : least))
}

function brokenThread(cause: unknown): KommaError {
  return new KommaError({ code: 'INTERNAL_ERROR', message: 'a thread of the batch ended' }, { cause })
}

function invalid(path: string, expected: string): OptionError {
  return new OptionError({ code: 'OPTION_INVALID', message: 'an option of the batch cannot be used', path, expected })
}
