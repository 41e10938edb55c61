import { describe, it } from 'vitest'
import { hasPostgres } from './postgres-server.js'

export { canStartPostgres, hasPostgres, type PostgresServer, runSql, startPostgres } from './postgres-server.js'

/**
 * Tests that need a PostgreSQL server. Where there is none, not even the code that lists them runs, and the runner counts
 * each block as one skipped test.
 */
export const describePostgres: typeof describe = hasPostgres() ? describe : skippedBlocks()

function skippedBlocks(): typeof describe {
  const skip = (name: string) => it.skip(name)
  return Object.assign(skip, { each: () => skip }) as unknown as typeof describe
}
