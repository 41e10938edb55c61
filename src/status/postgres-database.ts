import { KommaError, StatusError } from '../encoding/errors.js'
import { isConflict, noConnection, toStoreError, unsupported } from './postgres-errors.js'

export type PostgresValue = string | number | Uint8Array | null

export interface PostgresResult {
  readonly rows: readonly unknown[]
  readonly command: string
}

/** What this library uses of a client of the package `pg`. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<PostgresResult>
  release(destroy?: boolean): void
  on(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'error', listener: (error: Error) => void): unknown
}

/** What this library uses of a `Pool` of the package `pg`. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>
}

/** Runs one statement of a transaction and answers with its rows. */
export type Query = (sql: string, ...values: readonly PostgresValue[]) => Promise<readonly unknown[]>

export interface PostgresDatabase {
  /** One transaction that writes: all of it or nothing. Run again where others were in the way, so it has no effects outside. */
  write<T>(work: (query: Query) => Promise<T>): Promise<T>
  /** One transaction that reads everything at one moment. */
  read<T>(work: (query: Query) => Promise<T>): Promise<T>
}

export interface DatabaseSettings {
  /** How long a call waits for a free connection, and for each lock, in milliseconds. */
  readonly busyTimeoutMs: number
  /** A number from 0 up to 1 that spreads those who run again. */
  readonly jitter: () => number
}

const ATTEMPTS = 6
const FIRST_PAUSE_MS = 10
/** A process that is stopped or cut off in the middle holds up the others for this long at most. */
const LONGEST_SILENCE_MS = 30_000

export function createDatabase(pool: PostgresPool, settings: DatabaseSettings): PostgresDatabase {
  const limits = `SET LOCAL lock_timeout = ${settings.busyTimeoutMs};
    SET LOCAL idle_in_transaction_session_timeout = ${LONGEST_SILENCE_MS}`
  // What the server or somebody's session was told since the start counts, so it is asked each time, in the same breath.
  const beginWrite = `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; ${limits}; SHOW synchronous_commit`
  const beginRead = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${limits}`

  async function begin(client: PostgresClient, sql: string): Promise<void> {
    const results = (await ask(client, sql)) as unknown as readonly PostgresResult[]
    for (const { command, rows } of results) {
      if (command === 'SHOW') requireDurable((rows[0] as { synchronous_commit: string }).synchronous_commit)
    }
  }

  async function once<T>(beginSql: string, work: (query: Query) => Promise<T>): Promise<T> {
    const client = await connect(pool, settings.busyTimeoutMs)
    // Without a listener, a connection that breaks would end the process. Who waits for an answer is told by a rejection.
    client.on('error', ignore)
    let isClean = false
    try {
      await begin(client, beginSql)
      const answer = await work(async (sql, ...values) => (await ask(client, sql, values)).rows)
      const { command } = await ask(client, 'COMMIT')
      isClean = true
      if (command !== 'COMMIT') throw internal(new TypeError(`the server answered COMMIT with ${command}`))
      return answer
    } catch (error) {
      isClean ||= await rollBack(client)
      throw error
    } finally {
      client.release(!isClean)
      if (isClean) client.removeListener('error', ignore)
    }
  }

  async function run<T>(beginSql: string, work: (query: Query) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once(beginSql, work)
      } catch (error) {
        if (attempt === ATTEMPTS || !isConflict(error)) throw error instanceof KommaError ? error : internal(error)
      }
      await pause(FIRST_PAUSE_MS * 2 ** attempt * settings.jitter())
    }
  }

  return { write: (work) => run(beginWrite, work), read: (work) => run(beginRead, work) }
}

async function connect(pool: PostgresPool, waitMs: number): Promise<PostgresClient> {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isLate = false
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      isLate = true
      reject(new TypeError('no connection became free in time'))
    }, waitMs)
  })
  try {
    const client = pool.connect()
    client.then(
      (found) => isLate && found.release(),
      () => {}
    )
    return await Promise.race([client, late])
  } catch (error) {
    throw noConnection(error)
  } finally {
    clearTimeout(timer)
  }
}

async function ask(client: PostgresClient, sql: string, values?: readonly PostgresValue[]): Promise<PostgresResult> {
  try {
    return await (values === undefined ? client.query(sql) : client.query(sql, [...values]))
  } catch (error) {
    throw toStoreError(error)
  }
}

/** False where the connection is no good any more. */
async function rollBack(client: PostgresClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK')
    return true
  } catch {
    return false
  }
}

/** Refuses a session that is told of a commit before it is on the disk. */
export function requireDurable(synchronousCommit: string): void {
  if (synchronousCommit !== 'off') return
  throw unsupported(
    'The database has synchronous_commit off, so a crash would take back what was acknowledged',
    'Set synchronous_commit to on for this role or database'
  )
}

function internal(cause: unknown): KommaError {
  return new StatusError({ code: 'INTERNAL_ERROR', message: 'The status store failed unexpectedly' }, { cause })
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, milliseconds)
  })
}

function ignore(): void {}
