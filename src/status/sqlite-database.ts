import { closeSync, openSync } from 'node:fs'
import process from 'node:process'
import { setTimeout as pause } from 'node:timers/promises'
import { KommaError, StatusError } from '../encoding/errors.js'
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION } from './sqlite-schema.js'

export type SqliteValue = string | number | Uint8Array | null

/** What this library uses of `node:sqlite`, and of the package that stands in for it. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): unknown
  get(...values: SqliteValue[]): unknown
  all(...values: SqliteValue[]): unknown[]
}

export interface SqliteDatabase {
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
  close(): void
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string) => SqliteDatabase
}

const BUSY = 5
const BUSY_PAUSE_MS = 20

/** The result codes of SQLite that have a cause outside this library, and what a person needs to know about them. */
const STORE_FAULTS: Readonly<Record<number, { message: string; hint?: string; retryable?: boolean }>> = {
  3: { message: 'The status store may not be accessed', hint: 'Check the permissions of the file and its folder' },
  [BUSY]: { message: 'The status store is locked by another process', hint: 'Try again', retryable: true },
  6: { message: 'The status store is locked', hint: 'Try again', retryable: true },
  7: { message: 'There is not enough memory for the status store', retryable: true },
  8: { message: 'The status store is read-only', hint: 'Check the permissions of the file and its folder' },
  10: { message: 'The disk failed while the status store was read or written', hint: 'Check the disk' },
  11: { message: 'The status store is damaged', hint: 'Restore it from a backup' },
  13: {
    message: 'The disk of the status store is full',
    hint: 'Free some space, then repeat the call',
    retryable: true
  },
  14: { message: 'The status store cannot be opened', hint: 'Check that the folder exists and is writable' },
  23: { message: 'The status store may not be accessed', hint: 'Check the permissions of the file and its folder' }
}
const NOT_A_DATABASE = 26

/** Opens the file, makes it durable, and brings its tables to the version of this library. */
export async function openDatabase(path: string, busyTimeoutMs: number): Promise<SqliteDatabase> {
  const { DatabaseSync } = await loadSqlite()
  const database = withStoreErrors(() => {
    createPrivateFile(path)
    return new DatabaseSync(path)
  })
  try {
    withStoreErrors(() => {
      database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
      transaction(database, 'DEFERRED', () => refuseForeignFile(database))
    })
    await switchToWal(database, busyTimeoutMs)
    withStoreErrors(() => {
      setPragmas(database, busyTimeoutMs)
      transaction(database, 'IMMEDIATE', () => migrate(database))
    })
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Runs synchronous work in one transaction, all of it or nothing. Nothing else of this connection can come between,
 * because nothing in it waits.
 */
export function transaction<T>(database: SqliteDatabase, mode: 'DEFERRED' | 'IMMEDIATE', work: () => T): T {
  return withStoreErrors(() => {
    database.exec(`BEGIN ${mode}`)
    try {
      const result = work()
      database.exec('COMMIT')
      return result
    } catch (error) {
      rollBack(database)
      throw error
    }
  })
}

/** Turns what SQLite throws into a {@link StatusError} that says what to do. */
export function toStoreError(error: unknown): KommaError {
  if (error instanceof KommaError) return error
  const { errcode, code } = (error ?? {}) as { errcode?: unknown; code?: unknown }
  if (typeof errcode === 'number') {
    // The low byte is the result code, the rest says more about where it happened.
    const result = errcode & 0xff
    if (result === NOT_A_DATABASE) return unsupported('The file is not an SQLite database', undefined, error)
    const known = STORE_FAULTS[result]
    if (known !== undefined) {
      const { message, hint, retryable = false } = known
      return new StatusError(
        { code: 'STATUS_STORE_IO', message, got: `SQLite result ${errcode}`, ...(hint === undefined ? {} : { hint }) },
        { cause: error, retryable }
      )
    }
  } else if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) {
    return new StatusError(
      {
        code: 'STATUS_STORE_IO',
        message: 'The status store cannot be created',
        got: code,
        hint: 'Check that the folder exists and is writable'
      },
      { cause: error }
    )
  }
  return new StatusError({ code: 'INTERNAL_ERROR', message: 'The status store failed unexpectedly' }, { cause: error })
}

function withStoreErrors<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw toStoreError(error)
  }
}

async function loadSqlite(): Promise<SqliteModule> {
  const builtIn = process.getBuiltinModule?.('node:sqlite') as SqliteModule | undefined
  if (builtIn !== undefined) return builtIn
  try {
    return (await import('@photostructure/sqlite')) as unknown as SqliteModule
  } catch (error) {
    throw unsupported(
      `This runtime (${process.version}) has no node:sqlite`,
      'Use Node 22.13 or newer, or install the package @photostructure/sqlite version 1.2.1',
      error
    )
  }
}

/**
 * The store holds credentials, so a new file is for its owner alone. An existing file is not opened here: closing it
 * again would drop the locks that another connection of this process holds.
 */
function createPrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error
  }
}

function refuseForeignFile(database: SqliteDatabase): void {
  const applicationId = readPragma(database, 'application_id')
  const version = readPragma(database, 'user_version') as number
  const tables = Object.values(database.prepare('SELECT count(*) FROM sqlite_schema').get() as object)[0]
  if (applicationId === 0 && version === 0 && tables === 0) return
  if (applicationId !== APPLICATION_ID) {
    throw unsupported('The file is an SQLite database of something else', 'Give the status store a file of its own')
  }
  if (version > SCHEMA_VERSION) {
    throw unsupported(
      `The status store was written by a newer version of this library (schema ${version}, known is ${SCHEMA_VERSION})`,
      'Update this library'
    )
  }
}

/** Two processes that open a new file at once collide here without waiting for each other, so this tries again. */
async function switchToWal(database: SqliteDatabase, busyTimeoutMs: number): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += BUSY_PAUSE_MS) {
    try {
      database.prepare('PRAGMA journal_mode = WAL').get()
      return
    } catch (error) {
      const isBusy = (Number((error as { errcode?: unknown }).errcode) & 0xff) === BUSY
      if (!isBusy || waitedMs >= busyTimeoutMs) throw toStoreError(error)
    }
    await pause(BUSY_PAUSE_MS)
  }
}

/** FULL, because with NORMAL a power cut can take back what was acknowledged; the fsync of macOS needs its own word. */
function setPragmas(database: SqliteDatabase, busyTimeoutMs: number): void {
  database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
  database.exec('PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON')
  const wanted: Readonly<Record<string, SqliteValue>> = {
    journal_mode: 'wal',
    synchronous: 2,
    foreign_keys: 1,
    busy_timeout: busyTimeoutMs,
    fullfsync: 1,
    checkpoint_fullfsync: 1
  }
  for (const [name, value] of Object.entries(wanted)) {
    const got = readPragma(database, name)
    if (got === value) continue
    throw unsupported(
      `SQLite keeps ${name} at ${got} instead of ${value}, so the store would not be durable`,
      'Put the file on a local disk'
    )
  }
}

function migrate(database: SqliteDatabase): void {
  // Asked again under the lock: another process may have been here since.
  refuseForeignFile(database)
  const version = readPragma(database, 'user_version') as number
  for (const statement of MIGRATIONS.slice(version).flat()) database.exec(statement)
  // Written even where it is there already: a read-only file takes every step up to the first write.
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`)
}

function readPragma(database: SqliteDatabase, name: string): SqliteValue {
  const row = database.prepare(`PRAGMA ${name}`).get()
  return Object.values((row ?? {}) as Record<string, SqliteValue>)[0] ?? null
}

function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // SQLite has rolled back by itself already, which is what a full disk makes it do.
  }
}

function unsupported(message: string, hint: string | undefined, cause?: unknown): StatusError {
  return new StatusError(
    { code: 'STATUS_STORE_UNSUPPORTED', message, ...(hint === undefined ? {} : { hint }) },
    { cause }
  )
}
