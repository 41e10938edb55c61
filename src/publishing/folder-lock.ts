import process from 'node:process'
import { PublicationError } from '../encoding/errors.js'

/** A lock that ends with the process that holds it, however it ends. */
export interface FolderLock {
  /** Runs a short piece of work while nobody else who opened the same file runs theirs. */
  hold<T>(work: () => T): T
}

interface Database {
  exec(sql: string): void
  close(): void
}

interface Sqlite {
  readonly DatabaseSync: new (path: string) => Database
}

const WAIT_MS = 10_000
const BUSY = 5

/**
 * Opens a file for the lock that SQLite takes for whoever is about to write. Nothing is written: the file may be the
 * status store of the issuer, or an empty one.
 *
 * The work does not wait for anything, so two callers in one process cannot stand in each other's way.
 *
 * @throws {PublicationError} PUBLICATION_IO; PUBLICATION_UNFENCED where the runtime has no SQLite
 */
export async function openFolderLock(file: string): Promise<FolderLock> {
  const { DatabaseSync } = await loadSqlite()
  const attempt = <T>(work: () => T): T => {
    try {
      return work()
    } catch (cause) {
      if (cause instanceof PublicationError) throw cause
      const code = Number((cause as { errcode?: unknown }).errcode) & 0xff
      throw new PublicationError(
        {
          code: 'PUBLICATION_IO',
          message: 'the lock for publishing cannot be taken',
          path: file,
          got: `SQLite result ${code}`
        },
        { cause, retryable: code === BUSY }
      )
    }
  }
  return {
    hold<T>(work: () => T): T {
      // Closed each time: a connection that stays open keeps the file of a store from being tidied up at its end.
      const database = attempt(() => new DatabaseSync(file))
      try {
        attempt(() => database.exec(`PRAGMA busy_timeout = ${WAIT_MS}; BEGIN IMMEDIATE`))
        return work()
      } finally {
        database.close()
      }
    }
  }
}

async function loadSqlite(): Promise<Sqlite> {
  const builtIn = process.getBuiltinModule?.('node:sqlite') as Sqlite | undefined
  if (builtIn !== undefined) return builtIn
  try {
    return (await import('@photostructure/sqlite')) as unknown as Sqlite
  } catch (cause) {
    throw new PublicationError(
      {
        code: 'PUBLICATION_UNFENCED',
        message: `This runtime (${process.version}) has no node:sqlite, which keeps two publishers apart`,
        hint: 'Use Node 22.13 or newer, or install the package @photostructure/sqlite version 1.2.1'
      },
      { cause }
    )
  }
}
