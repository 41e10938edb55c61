import process from 'node:process'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { KommaError } from '../../src/encoding/errors.js'
import {
  openPostgresStatusStore,
  type PostgresPool,
  type PostgresStatusStoreOptions
} from '../../src/status/postgres.js'
import { isConflict, noConnection, toStoreError } from '../../src/status/postgres-errors.js'
import { SCHEMA_VERSION } from '../../src/status/postgres-schema.js'
import type { StatusStore } from '../../src/status/status-store.js'
import { canStartPostgres, describePostgres, type PostgresServer, runSql, startPostgres } from '../support/postgres.js'
import { collect } from './contract.js'
import { AT, listUrl, publicationOf, requestFor, revocationOf } from './contract-data.js'
import { watchedPool } from './raw-postgres.js'

const IO = { code: 'STATUS_STORE_IO' }
const RETRYABLE = { code: 'STATUS_STORE_IO', retryable: true }
const UNSUPPORTED = { code: 'STATUS_STORE_UNSUPPORTED' }

describe('a failure of PostgreSQL', () => {
  it.each([
    ['08006', 'STATUS_STORE_IO', true],
    ['25006', 'STATUS_STORE_IO', true],
    ['25P03', 'STATUS_STORE_IO', true],
    ['28P01', 'STATUS_STORE_IO', false],
    ['3D000', 'STATUS_STORE_IO', false],
    ['3F000', 'STATUS_STORE_UNSUPPORTED', false],
    ['40001', 'STATUS_STORE_IO', true],
    ['40P01', 'STATUS_STORE_IO', true],
    ['42501', 'STATUS_STORE_IO', false],
    ['42P01', 'STATUS_STORE_UNSUPPORTED', false],
    ['53100', 'STATUS_STORE_IO', true],
    ['53200', 'STATUS_STORE_IO', true],
    ['53300', 'STATUS_STORE_IO', true],
    ['55P03', 'STATUS_STORE_IO', true],
    ['57014', 'STATUS_STORE_IO', true],
    ['57P01', 'STATUS_STORE_IO', true],
    ['58030', 'STATUS_STORE_IO', false],
    ['XX001', 'STATUS_STORE_IO', false],
    ['23505', 'INTERNAL_ERROR', false],
    ['42601', 'INTERNAL_ERROR', false]
  ])('with SQLSTATE %s becomes %s', (state, code, retryable) => {
    const cause = Object.assign(new Error('secret'), { code: state, severity: 'ERROR', detail: 'secret' })
    const error = toStoreError(cause)
    expect(error).toMatchObject({ code, retryable, cause })
    expect(JSON.stringify([error.message, error.faults])).not.toContain('secret')
  })

  it('of the network, or without any condition, may be tried again', () => {
    for (const thrown of [new Error('Connection terminated'), Object.assign(new Error('x'), { code: 'ECONNRESET' })]) {
      expect(toStoreError(thrown)).toMatchObject(RETRYABLE)
      expect(noConnection(thrown)).toMatchObject(RETRYABLE)
      expect(isConflict(toStoreError(thrown))).toBe(false)
    }
  })
})

describePostgres('with a server', () => {
  let server: PostgresServer
  let pool: pg.Pool
  let count = 0
  const opened: StatusStore[] = []

  beforeAll(async () => {
    server = await startPostgres()
    pool = new pg.Pool({ connectionString: server.url, max: 4 })
    pool.on('error', () => {})
  })
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
  })
  afterAll(async () => {
    await pool?.end()
    await server?.stop()
  })

  function newSchema(): string {
    count += 1
    return `faults_${process.pid}_${count}`
  }

  async function open(through: PostgresPool, options: PostgresStatusStoreOptions): Promise<StatusStore> {
    const store = await openPostgresStatusStore(through, { busyTimeoutMs: 60_000, ...options })
    opened.push(store)
    return store
  }

  /** One connection, which is there already and stays, so that getting it takes no time. */
  async function warmPool(): Promise<pg.Pool> {
    const one = new pg.Pool({ connectionString: server.url, max: 1, idleTimeoutMillis: 0 })
    await one.query('SELECT 1')
    return one
  }

  /** Makes the next `times` events fail in the server as `what` says; a sequence counts across rolled back work. */
  async function failEvents(schema: string, times: number, what: string): Promise<void> {
    await runSql(
      server.url,
      `CREATE SEQUENCE ${schema}.failures`,
      `CREATE FUNCTION ${schema}.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('${schema}.failures') <= ${times} THEN ${what}; END IF; RETURN NEW; END $$`,
      `CREATE TRIGGER fails BEFORE INSERT ON ${schema}.status_event FOR EACH ROW EXECUTE FUNCTION ${schema}.fail()`
    )
  }

  const SERIALIZATION = "RAISE EXCEPTION 'in the way' USING ERRCODE = 'serialization_failure'"
  const TERMINATE = 'PERFORM pg_terminate_backend(pg_backend_pid())'

  describe('transactions that are in the way of each other', () => {
    it('215: a serialization failure is run again until it works', async () => {
      const schema = newSchema()
      const jitters: number[] = []
      const jitter = () => jitters.push(0) * 0
      const store = await open(pool, { schema, jitter })
      await store.reserve(requestFor('a'))
      await failEvents(schema, 3, SERIALIZATION)
      expect(await store.setStatus(revocationOf('a'))).toMatchObject({ to: 1 })
      expect(jitters).toHaveLength(3)
      expect(await store.history('urn:badge:a')).toHaveLength(1)
      expect(await store.snapshot(listUrl(1))).toMatchObject({ version: 2 })
    })

    it('215: a serialization failure that does not end is given up after six times, and nothing happened', async () => {
      const schema = newSchema()
      const jitters: number[] = []
      const store = await open(pool, { schema, jitter: () => jitters.push(0) * 0 })
      await store.reserve(requestFor('a'))
      await failEvents(schema, 1_000, SERIALIZATION)
      await expect(store.setStatus(revocationOf('a'))).rejects.toMatchObject({ ...RETRYABLE, got: 'SQLSTATE 40001' })
      expect(jitters).toHaveLength(5)
      expect(await store.history('urn:badge:a')).toEqual([])
      expect(await store.snapshot(listUrl(1))).toMatchObject({ version: 1 })
    })

    it('215: the loser of a deadlock is run again', async () => {
      const schema = newSchema()
      let begun = 0
      const watched = watchedPool(pool, (sql) => {
        if (sql.startsWith('BEGIN ISOLATION LEVEL READ COMMITTED')) begun += 1
      })
      const store = await open(watched, { schema })
      await store.reserve(requestFor('a'))
      const other = new pg.Client({ connectionString: server.url })
      await other.connect()
      // So the store is the one that notices the deadlock, and loses.
      await other.query("SET deadlock_timeout = '600s'; BEGIN")
      await other.query(`SELECT 1 FROM ${schema}.status_list FOR UPDATE`)
      begun = 0
      const revoked = store.setStatus(revocationOf('a'))
      await untilWaiting('status_list')
      await other.query(`SELECT 1 FROM ${schema}.issuance FOR UPDATE`)
      await other.query('COMMIT')
      await other.end()
      expect(await revoked).toMatchObject({ to: 1 })
      expect(begun).toBe(2)
      expect(await store.history('urn:badge:a')).toHaveLength(1)
    })

    it('215: a lock that is not given back is waited for no longer than was said', async () => {
      const schema = newSchema()
      const one = await warmPool()
      const store = await open(one, { schema, busyTimeoutMs: 200 })
      await store.reserve(requestFor('a'))
      const other = new pg.Client({ connectionString: server.url })
      await other.connect()
      await other.query(`BEGIN; SELECT 1 FROM ${schema}.status_list FOR UPDATE`)
      await expect(store.setStatus(revocationOf('a'))).rejects.toMatchObject({ ...RETRYABLE, got: 'SQLSTATE 55P03' })
      await expect(store.reserve(requestFor('b'))).rejects.toMatchObject(RETRYABLE)
      await other.query('ROLLBACK')
      await other.end()
      expect(await store.history('urn:badge:a')).toEqual([])
      expect(await store.find('urn:badge:b')).toBeUndefined()
      expect(await store.setStatus(revocationOf('a'))).toMatchObject({ to: 1 })
      await one.end()
    })

    it('215: two calls with one key at the same moment make one issuance', async () => {
      const schema = newSchema()
      const stores = [await open(pool, { schema }), await open(pool, { schema })]
      for (let n = 0; n < 25; n += 1) {
        const slots = await Promise.all(
          stores.map((store, side) => store.reserve(requestFor(`${n}`, { credentialId: `urn:badge:${n}-${side}` })))
        )
        expect(slots[0]).toEqual(slots[1])
      }
      expect(await collect((stores[0] as StatusStore).issuances())).toHaveLength(25)
    })

    async function untilWaiting(table: string): Promise<void> {
      const sql = `SELECT count(*)::integer AS n FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND query LIKE '%${table}%'`
      for (;;) {
        const [result] = await runSql(server.url, sql)
        if (result?.rows[0].n > 0) return
      }
    }
  })

  describe('a connection', () => {
    it('215: that is terminated in mid-transaction: nothing happened, and the repeat works', async () => {
      const schema = newSchema()
      const store = await open(pool, { schema })
      await store.reserve(requestFor('a'))
      await failEvents(schema, 1, TERMINATE)
      const error = await store.setStatus(revocationOf('a')).catch((reason: unknown) => reason)
      expect(error).toMatchObject(RETRYABLE)
      expect((error as KommaError).hint).toMatch(/repeating is safe/)
      expect(await store.history('urn:badge:a')).toEqual([])
      expect(await store.snapshot(listUrl(1))).toMatchObject({ version: 1 })
      expect(await store.setStatus(revocationOf('a'))).toMatchObject({ to: 1 })
    })

    it('208, 215: that breaks after the commit: the repeat gets the same answer, and nothing happens twice', async () => {
      const schema = newSchema()
      let breaks = false
      const watched = watchedPool(
        pool,
        () => {},
        (sql) => {
          if (sql !== 'COMMIT' || !breaks) return
          breaks = false
          throw new Error('Connection terminated unexpectedly')
        }
      )
      const store = await open(watched, { schema })
      const steps: (() => Promise<unknown>)[] = [
        () => store.reserve(requestFor('a')),
        () => store.record('urn:badge:a', { text: 'signed', digest: 'h', at: AT }),
        () => store.release('urn:badge:a', AT),
        () => store.setStatus(revocationOf('a')),
        () => store.publish(publicationOf(2, AT))
      ]
      for (const step of steps) {
        breaks = true
        await expect(step()).rejects.toMatchObject(RETRYABLE)
        expect(breaks).toBe(false)
        await step()
      }
      expect(await collect(store.issuances())).toMatchObject([{ state: 'released', text: 'signed' }])
      expect(await store.history('urn:badge:a')).toHaveLength(1)
      expect(await store.lists()).toMatchObject([{ used: 1, version: 2, publishedVersion: 2 }])
    })

    it('208, 215: that breaks before the commit: nothing happened, and the repeat works', async () => {
      const schema = newSchema()
      let breaks = false
      const watched = watchedPool(pool, async (sql, client) => {
        if (sql !== 'COMMIT' || !breaks) return
        breaks = false
        await client.query('SELECT pg_terminate_backend(pg_backend_pid())')
      })
      const store = await open(watched, { schema })
      breaks = true
      await expect(store.reserve(requestFor('a'))).rejects.toMatchObject(RETRYABLE)
      expect(await store.find('urn:badge:a')).toBeUndefined()
      expect(await store.lists()).toEqual([])
      expect(await store.reserve(requestFor('a'))).toMatchObject({ state: 'intended' })
    })

    it('215: that idles when the server is restarted does not end the process', async () => {
      const schema = newSchema()
      const store = await openPostgresStatusStore(
        { connectionString: server.url, application_name: schema },
        { schema }
      )
      opened.push(store)
      await Promise.all([1, 2, 3].map((n) => store.reserve(requestFor(`${n}`))))
      await runSql(
        server.url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${schema}'`
      )
      // A connection that is not known to be broken yet may be handed out; a repeat gets another.
      let found: unknown
      for (let attempt = 0; attempt < 10 && found === undefined; attempt += 1) {
        found = await store.find('urn:badge:1').catch((error: unknown) => {
          expect(error).toMatchObject(RETRYABLE)
          return undefined
        })
      }
      expect(found).toMatchObject({ state: 'intended' })
    })

    it('215: that does not become free is waited for no longer than was said, and given back when it comes', async () => {
      const schema = newSchema()
      const one = await warmPool()
      const store = await open(one, { schema, busyTimeoutMs: 100 })
      const held = await one.connect()
      const error = await store.reserve(requestFor('a')).catch((reason: unknown) => reason)
      expect(error).toMatchObject(RETRYABLE)
      expect((error as KommaError).hint).toMatch(/more connections/)
      held.release()
      expect(await store.reserve(requestFor('a'))).toMatchObject({ state: 'intended' })
      expect(one.idleCount).toBe(1)
      await one.end()
    })

    it('215: to a server that is not there is refused with one clear error', async () => {
      const attempt = openPostgresStatusStore('postgres://komma@127.0.0.1:1/x', { busyTimeoutMs: 60_000 })
      await expect(attempt).rejects.toMatchObject({ ...RETRYABLE, got: 'ECONNREFUSED' })
    })

    it('215: to a database that is not there, or as a role that is not, is refused for good', async () => {
      for (const change of [{ pathname: '/missing' }, { username: 'missing' }]) {
        const url: URL = Object.assign(new URL(server.url), change)
        await expect(openPostgresStatusStore(url.href)).rejects.toMatchObject({ ...IO, retryable: false })
      }
    })
  })

  describe('a server that could lose what it acknowledged is refused', () => {
    it('215: with synchronous_commit off, at the start', async () => {
      const off = { connectionString: server.url, options: '-c synchronous_commit=off' }
      await expect(openPostgresStatusStore(off, { schema: newSchema() })).rejects.toMatchObject(UNSUPPORTED)
    })

    it('215: with synchronous_commit off later on, at every write', async () => {
      const schema = newSchema()
      const store = await open(pool, { schema })
      await store.reserve(requestFor('a'))
      const watched = watchedPool(pool, async (sql, client) => {
        if (sql.startsWith('BEGIN')) await client.query('SET synchronous_commit = off')
      })
      await expect(open(watched, { schema })).rejects.toMatchObject(UNSUPPORTED)
      let isOff = false
      const turning = watchedPool(pool, async (sql, client) => {
        if (sql.startsWith('BEGIN')) await client.query(`SET synchronous_commit = ${isOff ? 'off' : 'on'}`)
      })
      const later = await open(turning, { schema })
      isOff = true
      await expect(later.reserve(requestFor('b'))).rejects.toMatchObject(UNSUPPORTED)
      await expect(later.setStatus(revocationOf('a'))).rejects.toMatchObject(UNSUPPORTED)
      isOff = false
      expect(await later.find('urn:badge:b')).toBeUndefined()
      expect(await later.history('urn:badge:a')).toEqual([])
    })

    it('when its database does not keep UTF-8', async () => {
      const name = `ascii_${process.pid}`
      await runSql(server.url, `CREATE DATABASE ${name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0`)
      const url = Object.assign(new URL(server.url), { pathname: `/${name}` })
      await expect(openPostgresStatusStore(url.href)).rejects.toMatchObject(UNSUPPORTED)
    })

    it.skipIf(!canStartPostgres())('215: with fsync off', async () => {
      const careless = await startPostgres(['fsync=off'])
      await expect(openPostgresStatusStore(careless.url)).rejects.toMatchObject(UNSUPPORTED)
      await careless.stop()
    })
  })

  describe('the tables', () => {
    const tables = (schema: string) =>
      runSql(
        server.url,
        `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = '${schema}' AND c.relkind = 'r' ORDER BY 1`
      ).then(([result]) => result?.rows.map(({ relname }) => relname))

    it('220: are whole or not there, wherever the making of them is cut off', async () => {
      const schema = newSchema()
      let left = 0
      const cutting = watchedPool(pool, async (sql, client) => {
        if (!/^(SELECT pg_advisory|CREATE|INSERT INTO|COMMIT)|CREATE TABLE/.test(sql.trim())) return
        left -= 1
        if (left === 0) await client.query('SELECT pg_terminate_backend(pg_backend_pid())')
      })
      let cut = 0
      for (;;) {
        cut += 1
        left = cut
        const store = await openPostgresStatusStore(cutting, { schema }).catch((error: unknown) => {
          expect(error).toMatchObject(RETRYABLE)
          return undefined
        })
        if (store !== undefined) break
        if (left === 0) expect(await tables(schema)).toEqual([])
      }
      expect(cut).toBeGreaterThan(5)
      expect(await tables(schema)).toHaveLength(6)
      const store = await open(pool, { schema, migrate: false })
      expect(await store.reserve(requestFor('a'))).toMatchObject({ state: 'intended' })
    })

    it('220: are made once where several processes open an empty schema at the same time', async () => {
      const schema = newSchema()
      const stores = await Promise.all(
        [1, 2, 3, 4].map(() => openPostgresStatusStore({ connectionString: server.url, max: 1 }, { schema }))
      )
      await Promise.all(stores.map((store, n) => store.reserve(requestFor(`${n}`))))
      expect(await collect((stores[0] as StatusStore).issuances())).toHaveLength(4)
      for (const store of stores) await store.close()
    })

    it('220: of a newer version are refused, and left as they were', async () => {
      const schema = newSchema()
      await open(pool, { schema })
      await runSql(server.url, `INSERT INTO ${schema}.komma_schema (version) VALUES (${SCHEMA_VERSION + 1})`)
      const attempt = openPostgresStatusStore(pool, { schema })
      await expect(attempt).rejects.toMatchObject({ ...UNSUPPORTED, hint: 'Update this library' })
      expect(await tables(schema)).toHaveLength(6)
    })

    it('220: are not made by who must not make them', async () => {
      const schema = newSchema()
      await expect(openPostgresStatusStore(pool, { schema, migrate: false })).rejects.toMatchObject(UNSUPPORTED)
      expect(await tables(schema)).toEqual([])
    })

    it('220: of something else are left alone', async () => {
      const schema = newSchema()
      await runSql(server.url, `CREATE SCHEMA ${schema}`, `CREATE TABLE ${schema}.issuance (a integer)`)
      await expect(openPostgresStatusStore(pool, { schema })).rejects.toMatchObject(UNSUPPORTED)
      expect(await tables(schema)).toEqual(['issuance'])
    })

    it('220: go into a schema that somebody made for them', async () => {
      const schema = newSchema()
      await runSql(server.url, `CREATE SCHEMA ${schema}`)
      const store = await open(pool, { schema })
      expect(await store.lists()).toEqual([])
    })
  })
})

describe('a PostgreSQL status store is refused', () => {
  it.each([
    [{ busyTimeoutMs: 0 }, 'busyTimeoutMs'],
    [{ busyTimeoutMs: 1e9 }, 'busyTimeoutMs'],
    [{ tenant: '' }, 'tenant'],
    [{ schema: 'A' }, 'schema']
  ])('with the options %j', async (options, path) => {
    const attempt = openPostgresStatusStore('postgres://127.0.0.1:1/x', options)
    await expect(attempt).rejects.toMatchObject({ code: 'OPTION_INVALID', path })
  })

  it.each([
    ['an empty URL', ''],
    ['nothing', undefined],
    ['a number', 5432]
  ])('with %s for a database', async (_what, value) => {
    const attempt = openPostgresStatusStore(value as string)
    await expect(attempt).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'database' })
  })
})
