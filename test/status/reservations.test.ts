import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, type StorePlace } from '../support/open-store.js'
import { describePostgres, type PostgresServer, startPostgres } from '../support/postgres.js'
import { bundleProgram, startProgram } from '../support/processes.js'
import { collect } from './contract.js'
import type { Reserved, ReserveOrders } from './reserve-program.js'

// Four processes reserve at once. KOMMA_RESERVATIONS=5000 says how many each; a few hundred without.

const PROCESSES = 4
const EACH = Number(process.env['KOMMA_RESERVATIONS'] ?? 150)
const LONGEST_MS = 3_600_000

const folder = mkdtempSync(join(tmpdir(), 'komma-reservations-'))
let program: string

beforeAll(async () => {
  program = await bundleProgram('test/status/reserve-program.ts', join(folder, 'program'))
}, LONGEST_MS)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function reserveAtOnce(place: StorePlace, names: readonly string[], each: number): Promise<Reserved[]> {
  const talkers = names.map((name) => {
    const talker = startProgram<Reserved>(program)
    talker.tell({ place, name, count: each } satisfies ReserveOrders)
    return talker
  })
  await Promise.all(talkers.map(({ over }) => over))
  return talkers.flatMap(({ said }) => said)
}

function placesOf(reserved: readonly Reserved[]): Set<string> {
  return new Set(reserved.map(({ list, index }) => `${list}#${index}`))
}

async function expectNoDuplicates(place: StorePlace): Promise<void> {
  const names = Array.from({ length: PROCESSES }, (_, n) => `process-${n}`)
  const reserved = await reserveAtOnce(place, names, EACH)
  expect(reserved).toHaveLength(PROCESSES * EACH)
  expect(placesOf(reserved).size).toBe(PROCESSES * EACH)
  const store = await openStore(place)
  const slots = (await collect(store.issuances())).flatMap((record) => record.slots)
  expect(new Set(slots.map(({ list, index }) => `${list}#${index}`))).toEqual(placesOf(reserved))
  expect((await store.lists()).reduce((sum, { used }) => sum + used, 0)).toBe(PROCESSES * EACH)
  await store.close()
}

/** All processes wish for the same badges. */
async function expectOneEach(place: StorePlace): Promise<void> {
  const count = Math.min(EACH, 50)
  const reserved = await reserveAtOnce(place, ['same', 'same', 'same'], count)
  expect(reserved).toHaveLength(3 * count)
  expect(placesOf(reserved).size).toBe(count)
}

describe('processes that share an SQLite file', () => {
  const place = (name: string): StorePlace => ({ sqlite: join(folder, `${name}.db`) })

  it('201, 221: reserve at once: no index twice, no gap', () => expectNoDuplicates(place('many')), LONGEST_MS)
  it('202, 221: wish for the same badge at once and get one slot', () => expectOneEach(place('same')), LONGEST_MS)
})

describePostgres('processes that share a PostgreSQL schema', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, LONGEST_MS)
  afterAll(() => server?.stop())

  const place = (name: string): StorePlace => ({ postgres: server.url, schema: `reserve_${process.pid}_${name}` })

  it('201, 221: reserve at once: no index twice, no gap', () => expectNoDuplicates(place('many')), LONGEST_MS)
  it('202, 221: wish for the same badge at once and get one slot', () => expectOneEach(place('same')), LONGEST_MS)
})
