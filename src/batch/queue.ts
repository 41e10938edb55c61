import type PgBoss from 'pg-boss'
import type { Competency } from '../competency/compile.js'
import { sha256 } from '../crypto/digest.js'
import { KommaError, OptionError } from '../encoding/errors.js'
import type { JsonValue } from '../encoding/json-types.js'
import { encodeHex } from '../encoding/multibase.js'
import type { BadgeFormat } from '../issuing/badge-format.js'
import type { IssuedText } from '../issuing/batch-result.js'
import type { WireError } from './wire-error.js'

/** Where the queue is. */
export interface QueuePlace {
  /** The address of the PostgreSQL server: `postgres://user@host/database`. */
  readonly url: string
  /** The schema of the queue's tables. It is made where it is missing. Default `komma_queue`. */
  readonly schema?: string
}

/** Some rows of a batch, as they wait for a worker. They hold what awards hold, in plain text. */
export interface Parcel {
  readonly format: BadgeFormat
  readonly awards: readonly JsonValue[]
}

/** What a worker made of them, in the same order; or why it could not go on. */
export type ParcelAnswer =
  | { readonly rows: readonly ({ readonly issued: IssuedText } | { readonly error: WireError })[] }
  | { readonly stopped: WireError }

const SCHEMA = /^[a-z_][a-z0-9_]{0,40}$/
const MAINTENANCE_SECONDS = 10
/** SQLSTATE of a deadlock. */
const DEADLOCK = '40P01'
const ATTEMPTS = 10

/**
 * Opens the queue with `pg-boss`.
 *
 * @throws {OptionError} OPTION_INVALID; {KommaError} BATCH_QUEUE_IO where the server cannot be reached
 */
export async function openQueue({ url, schema = 'komma_queue' }: QueuePlace): Promise<PgBoss> {
  if (typeof url !== 'string' || !/^postgres(?:ql)?:\/\//.test(url)) throw invalid('url', 'a postgres:// address')
  if (!SCHEMA.test(schema)) throw invalid('schema', 'a name of small letters, digits and _')
  const Boss = await loadPgBoss()
  const boss = new Boss({
    connectionString: url,
    schema,
    application_name: 'komma',
    schedule: false,
    // Finds what a lost worker had taken.
    maintenanceIntervalSeconds: MAINTENANCE_SECONDS
  })
  // What matters shows in the calls; without a listener the process would end.
  boss.on('error', () => {})
  await asking(() => boss.start())
  return boss
}

/** The queue of one issuer and one competency: a worker that does not know both never takes their rows. */
export function queueName(issuer: string, { id, digest }: Pick<Competency, 'id' | 'digest'>): string {
  return `komma-${encodeHex(sha256(new TextEncoder().encode(JSON.stringify([issuer, id, digest])))).slice(0, 32)}`
}

/**
 * Makes a queue where it is missing.
 *
 * @throws {KommaError} BATCH_QUEUE_IO
 */
export async function ensureQueue(boss: PgBoss, name: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      if ((await boss.getQueue(name)) === null) await boss.createQueue(name)
      return
    } catch (cause) {
      // Two that make queues at once can block each other; the server then ends one of the two.
      const isBlocked = (cause as { code?: unknown }).code === DEADLOCK
      if (!isBlocked || attempt === ATTEMPTS) return asking(() => Promise.reject(cause))
    }
  }
}

/** @throws {KommaError} BATCH_QUEUE_IO, which may pass */
export async function asking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const hint = 'Check that the server runs and that the address is right'
    throw new KommaError(
      { code: 'BATCH_QUEUE_IO', message: 'the queue could not be reached', hint },
      { cause, retryable: true }
    )
  }
}

async function loadPgBoss(): Promise<typeof PgBoss> {
  try {
    return (await import('pg-boss')).default
  } catch (cause) {
    throw new OptionError(
      {
        code: 'OPTION_INVALID',
        message: 'the package pg-boss is not installed',
        path: 'url',
        hint: 'npm install pg-boss@10.4.2'
      },
      { cause }
    )
  }
}

export function invalid(path: string, expected: string): OptionError {
  return new OptionError({ code: 'OPTION_INVALID', message: 'an option of the queue cannot be used', path, expected })
}
