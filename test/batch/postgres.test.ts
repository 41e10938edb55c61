import { spawn } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueManyOverPostgres, type QueueBatchOptions, serveQueue } from '../../src/batch/postgres.js'
import { queueName } from '../../src/batch/queue.js'
import { StatusError } from '../../src/encoding/errors.js'
import { type Award, compileCompetency, createMemoryStatusStore, type StatusStore } from '../../src/index.js'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import { FIRST_AID, KARI, testHouse } from '../support/issuer.js'
import { describePostgres, type PostgresServer, startPostgres } from '../support/postgres.js'
import { collect, workFolder } from './support.js'

const folder = workFolder()
const competency = compileCompetency(FIRST_AID)
let issuerId: string

beforeAll(async () => {
  issuerId = (await testHouse()).issuer.id
})

function awards(count: number): Award[] {
  return Array.from({ length: count }, (_, n) => ({ ...KARI, recipient: { email: `person-${n}@example.org` } }))
}

async function textsIn(store: StatusStore): Promise<string[]> {
  const texts: string[] = []
  for await (const { state, text } of store.issuances()) if (state === 'released') texts.push(text ?? '')
  return texts.sort()
}

describePostgres('a batch over PostgreSQL', () => {
  let server: PostgresServer

  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  function run(rows: readonly Award[], options: Partial<QueueBatchOptions<Award>> = {}) {
    const fixed = { batch: 'spring', issuer: issuerId, url: server.url, lostAfter: 5, rowsPerJob: 10 }
    return issueManyOverPostgres(competency, rows, { ...fixed, ...options })
  }

  /** Lets some workers serve while something is done. */
  async function served<T>(stores: readonly StatusStore[], schema: string, work: () => Promise<T>): Promise<T> {
    const stopping = new AbortController()
    const workers = stores.map(async (status) => {
      const { issuer } = await testHouse({ status })
      await serveQueue({ url: server.url, schema, issuer, competencies: [competency], signal: stopping.signal })
    })
    try {
      return await work()
    } finally {
      stopping.abort()
      await Promise.all(workers)
    }
  }

  it('makes one badge for each row by two workers, in order, and says what is wrong with the others', async () => {
    const path = join(folder, 'two.db')
    const stores = [await openSqliteStatusStore(path), await openSqliteStatusStore(path)]
    const rows = [...awards(60), { recipient: { email: 'no address' } }, ...awards(2)]
    const schema = 'two_workers'
    const results = await served(stores, schema, () => collect(run(rows, { schema })))
    expect(results.map(({ row }) => row)).toEqual(rows.map((_, n) => n + 1))
    expect(results[60]?.error?.name).toBe('AwardError')
    expect(results[61]?.issued?.text).toBe(results[0]?.issued?.text)
    const texts = results.slice(0, 60).map(({ issued }) => issued?.text ?? '')
    expect(await textsIn(stores[0] as StatusStore)).toEqual(texts.sort())
    for (const store of stores) await store.close()
  })

  it('waits while the store of a worker is away', async () => {
    const status = createMemoryStatusStore()
    let calls = 0
    const reserve: typeof status.reserve = async (request) => {
      calls += 1
      if (calls === 3) throw new StatusError({ code: 'STATUS_STORE_IO', message: 'away' }, { retryable: true })
      return status.reserve(request)
    }
    const schema = 'store_away'
    const results = await served([{ ...status, reserve }], schema, () => collect(run(awards(15), { schema })))
    expect(results.every(({ issued }) => issued !== undefined)).toBe(true)
    expect(await textsIn(status)).toHaveLength(15)
  })

  it('waits for a worker, and ends at once when its signal is aborted or its reader has seen enough', async () => {
    const schema = 'no_worker'
    const stopping = new AbortController()
    const results = run(awards(5), { schema, signal: stopping.signal })
    const first = results.next()
    setTimeout(() => stopping.abort(new Error('enough')), 300)
    await expect(first).rejects.toThrow('enough')

    const status = createMemoryStatusStore()
    const seen = await served([status], schema, async () => {
      for await (const { row } of run(awards(500), { schema, inFlight: 20 })) if (row === 3) return row
      return 0
    })
    expect(seen).toBe(3)
  })

  it('loses nothing where a worker is killed in the middle: another one takes its rows, and each has one badge', async () => {
    const path = join(folder, 'killed.db')
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
    const program = join(folder, 'queue-worker.mjs')
    await build({
      entryPoints: [resolve('test/batch/queue-worker.ts')],
      outfile: program,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      logLevel: 'error'
    })
    await (await openSqliteStatusStore(path)).close()
    const start = (killAfter: number | undefined) => {
      const worker = spawn(process.execPath, ['--no-warnings', program, server.url, path], {
        stdio: ['ignore', 'pipe', 'inherit']
      })
      let said = ''
      worker.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text
        if (killAfter !== undefined && said.split('\n').length > killAfter) worker.kill('SIGKILL')
      })
      const ended = new Promise<string | null>((done) => worker.on('close', (_, signal) => done(signal)))
      return { worker, ended }
    }
    const killed = start(5)
    const results = collect(run(awards(40)))
    expect(await killed.ended).toBe('SIGKILL')
    const survivor = start(undefined)
    const rows = await results
    survivor.worker.kill('SIGKILL')
    await survivor.ended
    expect(rows.every(({ issued }) => issued !== undefined)).toBe(true)
    expect(rows.filter(({ issued }) => issued?.repeated).length).toBeGreaterThanOrEqual(4)
    const store = await openSqliteStatusStore(path)
    expect(await textsIn(store)).toEqual(rows.map(({ issued }) => issued?.text ?? '').sort())
    await store.close()
  })
})

describe('a queue', () => {
  it('is refused where nobody could use it, and says when its server is away', async () => {
    const fixed = { batch: 'spring', issuer: issuerId, url: 'postgres://komma@127.0.0.1:1/none' }
    const wrong = [
      { url: 'https://x' },
      { schema: 'a"b' },
      { rowsPerJob: 0 },
      { rowsPerJob: 501 },
      { lostAfter: 4 },
      { issuer: '' },
      { batch: '' }
    ]
    for (const change of wrong) {
      const results = async () => collect(issueManyOverPostgres(competency, [], { ...fixed, ...change }))
      await expect(results(), JSON.stringify(change)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
    }
    await expect(collect(issueManyOverPostgres(competency, awards(1), fixed))).rejects.toMatchObject({
      code: 'BATCH_QUEUE_IO',
      retryable: true
    })
  })

  it('is one for each issuer and each edition of a definition', () => {
    const other = compileCompetency({ ...FIRST_AID, description: 'Something else.' })
    const names = [
      queueName(issuerId, competency),
      queueName(issuerId, other),
      queueName('did:web:other.example', competency)
    ]
    expect(new Set(names).size).toBe(3)
    expect(queueName(issuerId, compileCompetency(FIRST_AID))).toBe(names[0])
  })
})
