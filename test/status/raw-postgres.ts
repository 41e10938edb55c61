import type { PostgresClient, PostgresPool, PostgresResult } from '../../src/status/postgres.js'

/** Called before each statement, with its number in the connection's transaction; what it throws is what the store gets. */
export type OnQuery = (sql: string, client: PostgresClient) => Promise<void> | void
/** Called after each statement. */
export type AfterQuery = (sql: string, client: PostgresClient) => Promise<void> | void

/** A pool that lets a test step between a store and its database. */
export function watchedPool(pool: PostgresPool, before: OnQuery, after: AfterQuery = () => {}): PostgresPool {
  return {
    async connect() {
      const client = await pool.connect()
      return {
        async query(text: string, values?: unknown[]): Promise<PostgresResult> {
          await before(text, client)
          const result = await (values === undefined ? client.query(text) : client.query(text, values))
          await after(text, client)
          return result
        },
        release: (destroy) => client.release(destroy),
        on: (event, listener) => client.on(event, listener),
        removeListener: (event, listener) => client.removeListener(event, listener)
      }
    }
  }
}
