import { OptionError } from '../encoding/errors.js'
import type { PostgresPool } from './postgres-database.js'
import { unsupported } from './postgres-errors.js'

/** Options of a connection, as the package `pg` takes them; the usual ones are named. */
export interface PostgresConnection {
  readonly connectionString?: string
  /** A host name, or the folder of a Unix socket. */
  readonly host?: string
  readonly port?: number
  readonly database?: string
  readonly user?: string
  readonly password?: string | (() => string | Promise<string>)
  readonly ssl?: boolean | object
  /** How many connections at most. Default 10. */
  readonly max?: number
  readonly [option: string]: unknown
}

export interface OpenedPool {
  readonly pool: PostgresPool
  /** Ends what was opened here; a pool of the caller is left alone. */
  readonly end: () => Promise<void>
}

interface OwnPool extends PostgresPool {
  end(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
}

interface PgModule {
  readonly Pool: new (options: object) => OwnPool
}

/** Longer than any statement of the store takes; a server that is silent for so long is gone. */
const LONGEST_STATEMENT_MS = 60_000

export async function openPool(
  database: string | PostgresConnection | PostgresPool,
  busyTimeoutMs: number
): Promise<OpenedPool> {
  if (isPool(database)) return { pool: database, end: async () => {} }
  const connection = typeof database === 'string' ? { connectionString: database } : database
  if (typeof connection !== 'object' || connection === null || connection.connectionString === '') {
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'The status store needs to be told where its database is',
      path: 'database',
      expected: 'a connection URL, the options of a connection, or a pool'
    })
  }
  const { Pool } = await loadPg()
  const defaults = {
    keepAlive: true,
    connectionTimeoutMillis: busyTimeoutMs,
    query_timeout: busyTimeoutMs + LONGEST_STATEMENT_MS,
    application_name: 'komma'
  }
  const pool = new Pool({ ...defaults, ...connection })
  // A connection that breaks while nobody uses it is replaced; without a listener it would end the process.
  pool.on('error', () => {})
  return { pool, end: () => pool.end() }
}

function isPool(database: unknown): database is PostgresPool {
  return typeof (database as { connect?: unknown } | null | undefined)?.connect === 'function'
}

async function loadPg(): Promise<PgModule> {
  try {
    return (await import('pg')) as unknown as PgModule
  } catch (error) {
    throw unsupported('The package pg is not installed', 'Install pg version 8.23.1 beside komma', error)
  }
}
