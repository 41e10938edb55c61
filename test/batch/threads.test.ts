import { symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { issueManyOnThreads, serveThread, type ThreadsOptions } from '../../src/batch/threads.js'
import { fromWireError, toWireError } from '../../src/batch/wire-error.js'
import { AwardError, BatchError, type KommaError, StatusError } from '../../src/encoding/errors.js'
import { type Award, compileCompetency, type RowResult } from '../../src/index.js'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import { FIRST_AID, KARI } from '../support/issuer.js'
import { collect, workFolder } from './support.js'
import type { ThreadWish } from './thread.js'

const folder = workFolder()
const competency = compileCompetency(FIRST_AID)
const thread = pathToFileURL(join(folder, 'thread.mjs'))

beforeAll(async () => {
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  await build({
    entryPoints: [resolve('test/batch/thread.ts')],
    outfile: join(folder, 'thread.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error'
  })
})

function awards(count: number): Award[] {
  return Array.from({ length: count }, (_, n) => ({ ...KARI, recipient: { email: `person-${n}@example.org` } }))
}

function run(data: ThreadWish, rows: readonly Award[], options: Partial<ThreadsOptions<Award>> = {}) {
  return issueManyOnThreads(competency, rows, { batch: 'spring', thread, threads: 2, data, ...options })
}

async function textsIn(path: string): Promise<string[]> {
  const store = await openSqliteStatusStore(path)
  const texts: string[] = []
  for await (const { state, text } of store.issuances()) if (state === 'released') texts.push(text ?? '')
  await store.close()
  return texts.sort()
}

async function until<Row>(results: AsyncIterable<RowResult<Row>>): Promise<BatchError> {
  try {
    for await (const _ of results);
  } catch (error) {
    if (error instanceof BatchError) return error
    throw error
  }
  throw new Error('the batch came to its end')
}

describe('a batch on threads', () => {
  it('makes one badge for each row, hands them out in order, and says what is wrong with the others', async () => {
    const path = join(folder, 'order.db')
    const rows = [...awards(20), { recipient: { email: 'no address' } }, ...awards(3)]
    const results = await collect(run({ path }, rows))
    expect(results.map(({ row }) => row)).toEqual(rows.map((_, n) => n + 1))
    expect(results.map(({ given }) => given)).toEqual(rows)
    expect(results[20]?.error).toBeInstanceOf(AwardError)
    expect(results[20]?.error?.faults.map(({ path: place }) => place)).toContain('/recipient/email')
    expect(results.slice(21).map(({ issued }) => issued?.text)).toEqual(
      results.slice(0, 3).map(({ issued }) => issued?.text)
    )
    expect(await textsIn(path)).toEqual(
      results
        .slice(0, 20)
        .map(({ issued }) => issued?.text)
        .sort()
    )
  })

  it('goes on after a thread that ended in the middle, with one badge for each row', async () => {
    const path = join(folder, 'ends.db')
    const error = await until(run({ path, how: 'ends in the middle' }, awards(30)))
    expect(error).toMatchObject({ code: 'BATCH_STOPPED', got: 'INTERNAL_ERROR' })
    const results = await collect(run({ path }, awards(30)))
    expect(results.every(({ issued }) => issued !== undefined)).toBe(true)
    expect(await textsIn(path)).toEqual(results.map(({ issued }) => issued?.text).sort())
  })

  it('waits for a store that is busy in one of the threads', async () => {
    const path = join(folder, 'busy.db')
    const causes: unknown[] = []
    const onWait = ({ error }: { readonly error: KommaError }) => causes.push(error.cause)
    const results = await collect(
      run({ path, how: 'has a store that is busy' }, awards(10), { sleep: async () => {}, onWait })
    )
    expect(results.every(({ issued }) => issued !== undefined)).toBe(true)
    expect(causes).toEqual(expect.arrayContaining([expect.objectContaining({ message: 'why' })]))
  })

  it('ends with the reason where the issuer of a thread cannot be opened, or its module is none', async () => {
    const refused = await until(run({ path: '', how: 'refuses to open' }, awards(3)))
    expect(refused).toMatchObject({ code: 'BATCH_STOPPED', got: 'KEY_FILE_UNLOCK', progress: { done: 0 } })
    const missing = await until(run({ path: '' }, awards(3), { thread: new URL('none.mjs', thread) }))
    expect(missing).toMatchObject({ code: 'BATCH_STOPPED', got: 'INTERNAL_ERROR' })
  })

  it('lets go of its threads when the reader has seen enough', async () => {
    const path = join(folder, 'enough.db')
    for await (const { row } of run({ path }, awards(20))) if (row === 2) break
    const store = await openSqliteStatusStore(path)
    await store.close()
    expect((await textsIn(path)).length).toBeGreaterThanOrEqual(2)
  })

  it('refuses what it cannot use at once, and serves no thread that it did not start', () => {
    const wrong = [{ threads: 0 }, { threads: 257 }, { thread: 'thread.mjs' as unknown as URL }, { batch: '' }]
    for (const change of wrong) {
      expect(() => run({ path: '' }, [], change)).toThrowError(expect.objectContaining({ code: 'OPTION_INVALID' }))
    }
    expect(() => serveThread(() => Promise.reject(new Error('not asked')))).toThrowError(/cannot be used/)
  })
})

describe('an error that travels', () => {
  it('keeps its class, its faults, whether to try again, and what its cause said', () => {
    const fault = { code: 'STATUS_STORE_IO', message: 'away', path: '/x', hint: 'Wait' } as const
    const error = new StatusError([fault, fault], { retryable: true, cause: new Error('the disk') })
    const back = fromWireError(structuredClone(toWireError(error))) as StatusError
    expect(back).toBeInstanceOf(StatusError)
    expect(back).toMatchObject({ faults: [fault, fault], retryable: true, message: error.message })
    expect(back.cause).toMatchObject({ message: 'the disk' })
    expect(fromWireError(toWireError(new TypeError('a mistake')))).toMatchObject({
      name: 'Error',
      message: 'a mistake'
    })
    expect(fromWireError({ ...toWireError(error), name: 'constructor' }).name).toBe('KommaError')
  })
})
