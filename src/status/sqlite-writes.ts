import { setImmediate } from 'node:timers'
import { type SqliteDatabase, toStoreError, transaction } from './sqlite-database.js'

/** Writes that wait for the same moment, so that they share one transaction and one flush of the disk. */
export interface WriteQueue {
  /** Runs synchronous work in a transaction soon. Rejects with what it throws, and then nothing of it happened. */
  write<T>(work: () => T): Promise<T>
  /** Runs at once what still waits. */
  finish(): void
}

interface Waiting {
  readonly work: () => unknown
  readonly fulfil: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** Nobody waits for more than so many others. */
const MOST_TOGETHER = 500

/**
 * Puts the writes of one connection together. A promise is settled after the one COMMIT of its group. Each write has a
 * savepoint: where it throws it alone is undone, and the others count. Where BEGIN or COMMIT fails, or SQLite undoes
 * everything by itself, nothing of the group happened and all reject with the same error.
 */
export function createWriteQueue(database: SqliteDatabase): WriteQueue {
  const waiting: Waiting[] = []

  function runGroup(): void {
    const group = waiting.splice(0, MOST_TOGETHER)
    if (waiting.length > 0) setImmediate(runGroup)
    if (group.length === 0) return
    let settle: readonly (() => void)[]
    try {
      settle = transaction(database, 'IMMEDIATE', () => group.map((one) => attempt(database, one, group.length === 1)))
    } catch (error) {
      settle = group.map(
        ({ reject }) =>
          () =>
            reject(error)
      )
    }
    for (const one of settle) one()
  }

  return {
    write: <T>(work: () => T) =>
      new Promise<T>((fulfil, reject) => {
        waiting.push({ work, fulfil: fulfil as (value: unknown) => void, reject })
        // Whatever else is called, or answered, in this turn of the event loop joins the group.
        if (waiting.length === 1) setImmediate(runGroup)
      }),
    finish: () => {
      while (waiting.length > 0) runGroup()
    }
  }
}

/** Does one piece of work, and says how to settle it once the group is committed. */
function attempt(database: SqliteDatabase, { work, fulfil, reject }: Waiting, isAlone: boolean): () => void {
  if (isAlone) {
    const value = work()
    return () => fulfil(value)
  }
  database.exec('SAVEPOINT one_write')
  try {
    const value = work()
    database.exec('RELEASE one_write')
    return () => fulfil(value)
  } catch (error) {
    if (!undo(database)) throw error
    const reason = toStoreError(error)
    return () => reject(reason)
  }
}

/** False where SQLite has undone the whole transaction already, as it does on a full disk. */
function undo(database: SqliteDatabase): boolean {
  try {
    database.exec('ROLLBACK TO one_write; RELEASE one_write')
    return true
  } catch {
    return false
  }
}
