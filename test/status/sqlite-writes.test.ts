import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import type { SqliteDatabase } from '../../src/status/sqlite-database.js'
import { createWriteQueue } from '../../src/status/sqlite-writes.js'
import { requestFor, revocationOf } from './contract-data.js'
import { openRawDatabase } from './raw-sqlite.js'

const folder = mkdtempSync(join(tmpdir(), 'komma-writes-'))
let count = 0

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function newPath(): string {
  count += 1
  return join(folder, `${count}.db`)
}

/** A table of numbers, and every statement that was run by exec. */
async function watched(): Promise<{
  database: SqliteDatabase
  ran: string[]
  add: (n: number) => () => number
  rows: () => unknown[]
}> {
  const raw = await openRawDatabase(newPath())
  raw.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT')
  const ran: string[] = []
  const database: SqliteDatabase = {
    exec: (sql) => {
      ran.push(sql)
      raw.exec(sql)
    },
    prepare: (sql) => raw.prepare(sql),
    close: () => raw.close()
  }
  const add = (n: number) => () => {
    raw.prepare('INSERT INTO t VALUES (?)').run(n)
    return n
  }
  return {
    database,
    ran,
    add,
    rows: () =>
      raw
        .prepare('SELECT n FROM t ORDER BY n')
        .all()
        .map((row) => (row as { n: number }).n)
  }
}

describe('writes that wait in the same moment', () => {
  it('share one transaction, and are answered after its commit', async () => {
    const { database, ran, add, rows } = await watched()
    const { write } = createWriteQueue(database)
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => write(add(n))))
    expect(answers).toEqual(Array.from({ length: 100 }, (_, n) => n))
    expect(rows()).toHaveLength(100)
    expect(ran.filter((sql) => sql.startsWith('BEGIN'))).toHaveLength(1)
    expect(ran.at(-1)).toBe('COMMIT')
    database.close()
  })

  it('are undone one by one: an error takes back its own write and no other', async () => {
    const { database, add, rows } = await watched()
    const { write } = createWriteQueue(database)
    const broken = () => {
      add(7)()
      throw new TypeError('secret')
    }
    const outcomes = await Promise.allSettled([
      write(add(1)),
      write(broken),
      write(add(2)),
      write(add(1)),
      write(add(3))
    ])
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled'
    ])
    expect(outcomes[1]).toMatchObject({ reason: { code: 'INTERNAL_ERROR' } })
    expect(rows()).toEqual([1, 2, 3])
    database.close()
  })

  it('are all undone where the commit fails, and all have the same error, which may be tried again', async () => {
    const { database, add, rows } = await watched()
    let fails = true
    const failing: SqliteDatabase = {
      ...database,
      exec: (sql) => {
        if (sql === 'COMMIT' && fails) throw Object.assign(new Error('disk full'), { errcode: 13 })
        database.exec(sql)
      }
    }
    const { write } = createWriteQueue(failing)
    const outcomes = await Promise.allSettled([write(add(1)), write(add(2)), write(add(1))])
    const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined))
    expect(reasons[0]).toMatchObject({ code: 'STATUS_STORE_IO', retryable: true })
    expect(new Set(reasons).size).toBe(1)
    expect(rows()).toEqual([])
    fails = false
    expect(await Promise.all([write(add(1)), write(add(2))])).toEqual([1, 2])
    expect(rows()).toEqual([1, 2])
    database.close()
  })

  it('are all undone where SQLite takes the whole transaction back by itself', async () => {
    const { database, add, rows } = await watched()
    const { write } = createWriteQueue(database)
    const full = () => {
      database.exec('ROLLBACK')
      throw Object.assign(new Error('full'), { errcode: 13 })
    }
    const outcomes = await Promise.allSettled([write(add(1)), write(full), write(add(2))])
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'STATUS_STORE_IO' } })
    expect(rows()).toEqual([])
    expect(await write(add(5))).toBe(5)
    database.close()
  })

  it('wait for a bounded number of others', async () => {
    const { database, ran, add, rows } = await watched()
    const { write } = createWriteQueue(database)
    await Promise.all(Array.from({ length: 1_001 }, (_, n) => write(add(n))))
    expect(ran.filter((sql) => sql === 'COMMIT')).toHaveLength(3)
    expect(rows()).toHaveLength(1_001)
    database.close()
  })

  it('are done before the store is closed', async () => {
    const path = newPath()
    const store = await openSqliteStatusStore(path)
    const names = Array.from({ length: 30 }, (_, n) => `${n}`)
    const all = Promise.all(names.map((each) => store.reserve(requestFor(each))))
    await store.close()
    expect(await all).toHaveLength(30)
    const again = await openSqliteStatusStore(path)
    expect(await again.lists()).toMatchObject([{ used: 30 }])
    await again.close()
  })

  it('see each other in the order of the calls', async () => {
    const store = await openSqliteStatusStore(newPath())
    const [slot, event, refused] = await Promise.allSettled([
      store.reserve(requestFor('a')),
      store.setStatus(revocationOf('a')),
      store.setStatus(revocationOf('b'))
    ])
    expect([slot?.status, event?.status]).toEqual(['fulfilled', 'fulfilled'])
    expect(refused).toMatchObject({ reason: { code: 'STATUS_UNKNOWN_CREDENTIAL' } })
    expect(await store.history('urn:badge:a')).toHaveLength(1)
    await store.close()
  })
})
