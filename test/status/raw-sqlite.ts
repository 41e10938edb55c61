import process from 'node:process'
import type { SqliteDatabase } from '../../src/status/sqlite-database.js'

/** A connection that goes past the store, to look at its file or to get in its way. */
export async function openRawDatabase(path: string): Promise<SqliteDatabase> {
  const builtIn = process.getBuiltinModule('node:sqlite')
  const { DatabaseSync } = (builtIn ?? (await import('@photostructure/sqlite'))) as {
    DatabaseSync: new (path: string) => SqliteDatabase
  }
  return new DatabaseSync(path)
}
