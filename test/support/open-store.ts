import { openPostgresStatusStore } from '../../src/status/postgres.js'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import type { StatusStore } from '../../src/status/status-store.js'
import type { StatusStoreOptions } from '../../src/status/store-options.js'

/** Where a store lies, as a text that a child process can be told. */
export type StorePlace = { readonly sqlite: string } | { readonly postgres: string; readonly schema: string }

export function openStore(place: StorePlace, options: StatusStoreOptions = {}): Promise<StatusStore> {
  const patient = { ...options, busyTimeoutMs: 60_000 }
  if ('sqlite' in place) return openSqliteStatusStore(place.sqlite, patient)
  return openPostgresStatusStore({ connectionString: place.postgres, max: 4 }, { ...patient, schema: place.schema })
}
