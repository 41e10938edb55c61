import { writeSync } from 'node:fs'
import process from 'node:process'
import { serveQueue } from '../../src/batch/postgres.js'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import { testHouse } from '../support/issuer.js'

// A worker of its own for postgres.test.ts, bundled: `node queue-worker.mjs URL DB`. It says each badge that it recorded.

const [url = '', path = ''] = process.argv.slice(2)
const status = await openSqliteStatusStore(path, { busyTimeoutMs: 60_000 })
const record: typeof status.record = async (credentialId, signed) => {
  await status.record(credentialId, signed)
  writeSync(1, `${credentialId}\n`)
  // Slow enough to be killed in the middle of a parcel.
  await new Promise((done) => setTimeout(done, 20))
}
const { issuer, competency } = await testHouse({ status: { ...status, record } })
await serveQueue({ url, issuer, competencies: [competency] })
