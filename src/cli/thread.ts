import { join } from 'node:path'
import { serveThread } from '../batch/threads.js'
import { openKeyFile } from '../keys/file.js'
import { FILES, issuerOf, openStatus, readSettings } from './issuer-folder.js'

/** What a thread of `komma issue-many` opens. The key file is decrypted anew: no key leaves the thread that opened it. */
export interface ThreadData {
  readonly folder: string
  readonly password: string
}

serveThread(async ({ folder, password }: ThreadData) => {
  const settings = await readSettings(folder)
  const keys = await openKeyFile(join(folder, FILES.keys), { password })
  const status = await openStatus(folder)
  const issuer = await issuerOf(settings, { keys, status, now: () => new Date() })
  return { issuer, close: () => status.close() }
})
