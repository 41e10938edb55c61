import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, test } from 'vitest'
import { createMemoryStatusStore } from '../../src/status/memory.js'
import { openSqliteStatusStore, type SqliteStatusStore } from '../../src/status/sqlite.js'
import { testStatusStore } from '../../src/testing/status-store.js'
import { failedTests } from '../support/kit.js'
import { FAULTS, runOn } from './status-store-faults.js'

const REOPENED = 'knows everything again when it is opened again'
const folder = mkdtempSync(join(tmpdir(), 'komma-kit-'))
let count = 0
afterAll(() => rmSync(folder, { recursive: true, force: true }))

testStatusStore(async (options) => createMemoryStatusStore(options), { describe, it, name: 'the memory store' })

testStatusStore<SqliteStatusStore>(
  (options) => {
    count += 1
    return openSqliteStatusStore(join(folder, `${count}.db`), options)
  },
  {
    describe,
    it,
    name: 'the SQLite store',
    reopen: async (store) => {
      await store.close()
      return openSqliteStatusStore(store.path)
    }
  }
)

describe('testStatusStore', () => {
  test.each(FAULTS)('notices %s', async (_, clause, faulty) => {
    expect(failedTests(await runOn(faulty))).toContain(clause)
  })

  test('finds no fault in a good store, and has a planted fault for each of its clauses', async () => {
    const outcome = await runOn(() => ({}))
    expect([...outcome].filter(([, error]) => error !== undefined)).toEqual([])
    const planted = new Set([...FAULTS.map(([, clause]) => clause), REOPENED])
    expect([...outcome.keys()].sort()).toEqual([...planted].sort())
  })

  test('notices a record that is gone when the store is opened again', async () => {
    const outcome = await runOn(() => ({}), { reopened: { find: async () => undefined } })
    expect(failedTests(outcome)).toEqual([REOPENED])
  })

  test('leaves out the clauses that need options where a driver has none', async () => {
    const all = await runOn(() => ({}))
    const few = await runOn(() => ({}), { takesOptions: false })
    expect([...few.keys()].length).toBe([...all.keys()].length - 3)
  })
})
