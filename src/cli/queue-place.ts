import type { QueuePlace } from '../batch/postgres.js'
import { UsageError } from './failure.js'
import type { Terminal } from './terminal.js'

const VARIABLE = 'KOMMA_QUEUE_URL'

/**
 * Where the queue is. An address may hold a password, which others could read on a command line.
 *
 * @throws {UsageError} OPTION_INVALID
 */
export function queuePlace({ env }: Terminal): QueuePlace {
  const url = env[VARIABLE]
  if (url !== undefined && url !== '') return { url }
  const hint = `Set ${VARIABLE} to postgres://USER:PASSWORD@HOST/DATABASE`
  throw new UsageError({ code: 'OPTION_INVALID', message: 'nobody said where the queue is', path: VARIABLE, hint })
}
