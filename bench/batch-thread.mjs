// What a thread of the batch benchmark opens.
import { createIssuer, createMemoryKeyStore } from 'komma'
import { serveThread } from 'komma/batch/threads'
import { openSqliteStatusStore } from 'komma/status/sqlite'

serveThread(async ({ seed, profile, path }) => {
  const keys = await createMemoryKeyStore({ seed: Uint8Array.from(seed) })
  const status = await openSqliteStatusStore(path, { busyTimeoutMs: 60_000 })
  return { issuer: await createIssuer({ profile, keys, status }), close: () => status.close() }
})
