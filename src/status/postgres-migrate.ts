import { type PostgresDatabase, type Query, requireDurable } from './postgres-database.js'
import { unsupported } from './postgres-errors.js'
import { migrationsFrom, SCHEMA_VERSION } from './postgres-schema.js'

const OLDEST_SERVER = 130_000
/** `komm` in ASCII: the first half of the lock under which tables are made. */
const LOCK = 0x6b6f6d6d

/**
 * Refuses a server that could lose what it acknowledged, and brings the tables to the version of this library, all steps
 * in one transaction. Who comes second waits and finds them made. The lock only saves the second from an error: the keys
 * of the tables are what keeps a step from being taken twice.
 */
export async function prepareDatabase(database: PostgresDatabase, schema: string, mayMigrate: boolean): Promise<void> {
  await database.read(requireServer)
  const version = await database.read((query) => versionOf(query, schema))
  if (version === SCHEMA_VERSION) return
  if (!mayMigrate)
    throw unsupported(
      `The tables of the status store are at version ${version}, and this library needs ${SCHEMA_VERSION}`,
      'Open the store once with a role that may change them, and without migrate: false'
    )
  await database.write((query) => migrate(query, schema))
}

async function migrate(query: Query, schema: string): Promise<void> {
  const name = quoteName(schema)
  await query('SELECT pg_advisory_xact_lock($1, hashtext($2))', LOCK, schema)
  const version = await versionOf(query, schema)
  if (version === 0) {
    const [exists] = await query('SELECT 1 FROM pg_namespace WHERE nspname = $1', schema)
    if (exists === undefined) await query(`CREATE SCHEMA ${name}`)
    await query(
      `CREATE TABLE ${name}.komma_schema (version integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())`
    )
  }
  for (const step of migrationsFrom(version, name)) {
    await query(step.sql)
    await query(`INSERT INTO ${name}.komma_schema (version) VALUES ($1)`, step.version)
  }
}

/** 0 where there is no store yet. */
async function versionOf(query: Query, schema: string): Promise<number> {
  // Asks the catalogue itself: a name is looked up in a cache, which need not know yet what was made during a wait.
  const [found] = await query(
    `SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = 'komma_schema'`,
    schema
  )
  if (found === undefined) return 0
  const table = `${quoteName(schema)}.komma_schema`
  const [row] = await query(`SELECT coalesce(max(version), 0)::integer AS version FROM ${table}`)
  const { version } = row as { version: number }
  if (version <= SCHEMA_VERSION) return version
  throw unsupported(
    `The status store was written by a newer version of this library (schema ${version}, known is ${SCHEMA_VERSION})`,
    'Update this library'
  )
}

interface ServerRow {
  readonly number: number
  readonly synchronous_commit: string
  readonly fsync: string
  readonly encoding: string
}

async function requireServer(query: Query): Promise<void> {
  const [row] = await query(`
    SELECT current_setting('server_version_num')::integer AS number, current_setting('fsync') AS fsync,
      current_setting('synchronous_commit') AS synchronous_commit, current_setting('server_encoding') AS encoding`)
  const { number, fsync, synchronous_commit, encoding } = row as ServerRow
  if (number < OLDEST_SERVER) throw unsupported('The database server is older than PostgreSQL 13', 'Use a newer server')
  requireDurable(synchronous_commit)
  if (fsync !== 'on')
    throw unsupported('The database server has fsync off, so a power cut would damage the store', 'Set fsync to on')
  if (encoding !== 'UTF8')
    throw unsupported(`The database keeps texts as ${encoding}`, "Create the database with ENCODING 'UTF8'")
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
