import process from 'node:process'
import { serveThread } from '../../src/batch/threads.js'
import { KeyError, StatusError } from '../../src/encoding/errors.js'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import { testHouse } from '../support/issuer.js'

/** What threads.test.ts wants of a thread. */
export interface ThreadWish {
  readonly path: string
  readonly how?: 'refuses to open' | 'ends in the middle' | 'has a store that is busy'
}

// A module of its own for threads.test.ts, bundled.
serveThread(async ({ path, how }: ThreadWish) => {
  if (how === 'refuses to open') throw new KeyError({ code: 'KEY_FILE_UNLOCK', message: 'the password is wrong' })
  const status = await openSqliteStatusStore(path, { busyTimeoutMs: 60_000 })
  let calls = 0
  const reserve: typeof status.reserve = async (request) => {
    calls += 1
    if (how === 'ends in the middle' && calls === 4) process.exit(3)
    if (how === 'has a store that is busy' && calls === 2)
      throw new StatusError({ code: 'STATUS_STORE_IO', message: 'busy' }, { retryable: true, cause: new Error('why') })
    return status.reserve(request)
  }
  const { issuer } = await testHouse({ status: { ...status, reserve } })
  return { issuer, close: () => status.close() }
})
