import { OptionError } from '../encoding/errors.js'
import { createDatabase, type PostgresPool } from './postgres-database.js'
import { prepareDatabase } from './postgres-migrate.js'
import { openPool, type PostgresConnection } from './postgres-pool.js'
import { statementsOf } from './postgres-statements.js'
import { createPostgresStore } from './postgres-store.js'
import type { StatusStore } from './status-store.js'
import { readStoreOptions, requireInteger, type StatusStoreOptions } from './store-options.js'
import { checkName } from './store-requests.js'

export type { PostgresClient, PostgresPool, PostgresResult } from './postgres-database.js'
export type { PostgresConnection } from './postgres-pool.js'

export interface PostgresStatusStoreOptions extends StatusStoreOptions {
  /** The schema that holds the tables: lower-case letters, digits and `_`, 63 at most. Default `komma`. */
  readonly schema?: string
  /** Whose part of the tables this is. Two issuers in one schema need two names. Default `default`. */
  readonly tenant?: string
  /** How long a call waits for a free connection, and for each lock that another holds, in milliseconds. Default 10,000. */
  readonly busyTimeoutMs?: number
  /** Whether tables that are missing or older are made. Default true; needs a role that may. */
  readonly migrate?: boolean
  /** From 0 up to 1: spreads transactions that run again because others were in the way. Default `Math.random`. */
  readonly jitter?: () => number
}

const DEFAULT_BUSY_TIMEOUT_MS = 10_000
const LONGEST_BUSY_TIMEOUT_MS = 600_000
const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/

/**
 * Opens the status store of an issuer in a PostgreSQL database, and makes its tables where they are missing.
 *
 * Any number of processes on any number of machines may have it open. Each call is one transaction; keys and triggers of
 * the tables carry the promises, and a transaction that others were in the way of is run again, six times at most. A
 * server with `synchronous_commit` or `fsync` off is refused, at the start and at every write. It does not notice that an
 * old backup was put back.
 *
 * Uses the package `pg`, unless it is given a pool.
 *
 * @param database a connection URL, the options of a connection, or a `Pool` of `pg`, which stays the caller's: listen to
 * its `error` event, and end it after the store is closed
 * @throws {StatusError} STATUS_STORE_UNSUPPORTED when `pg` is not installed, the server is not durable, older than 13 or
 * does not keep UTF-8, or a newer version of this library made the tables; STATUS_STORE_IO when it cannot be reached or
 * refuses; {OptionError} OPTION_INVALID
 * @example
 * ```ts
 * import { openPostgresStatusStore } from 'komma/status/postgres'
 *
 * const store = await openPostgresStatusStore(process.env['DATABASE_URL'] ?? '', { tenant: 'academy' })
 * try {
 *   for (const { number, used, capacity } of await store.lists()) console.log(number, used, capacity)
 * } finally {
 *   await store.close()
 * }
 * ```
 */
export async function openPostgresStatusStore(
  database: string | PostgresConnection | PostgresPool,
  options: PostgresStatusStoreOptions = {}
): Promise<StatusStore> {
  const { schema = 'komma', tenant = 'default', busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS } = options
  const { migrate = true, jitter = Math.random } = options
  const settings = readStoreOptions(options)
  requireInteger('busyTimeoutMs', busyTimeoutMs, 1, LONGEST_BUSY_TIMEOUT_MS)
  checkName('tenant', tenant)
  if (!SCHEMA_NAME.test(schema)) throw invalid('schema', 'lower-case letters, digits and _, 63 at most')
  const { pool, end } = await openPool(database, busyTimeoutMs)
  try {
    const opened = createDatabase(pool, { busyTimeoutMs, jitter })
    await prepareDatabase(opened, schema, migrate)
    return createPostgresStore(opened, statementsOf(schema), { ...settings, schema, tenant, end })
  } catch (error) {
    await end()
    throw error
  }
}

function invalid(path: string, expected: string): OptionError {
  return new OptionError({
    code: 'OPTION_INVALID',
    message: 'An option of the status store is not usable',
    path,
    expected
  })
}
