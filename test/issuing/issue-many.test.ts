import { describe, expect, it } from 'vitest'
import {
  type Award,
  BatchError,
  type BatchProgress,
  compileCompetency,
  createMemoryKeyStore,
  createMemoryStatusStore,
  type IssueManyOptions,
  KeyError,
  OptionError,
  type RowResult,
  StatusError,
  type StatusStore,
  verify
} from '../../src/index.js'
import { FIRST_AID, KARI, NOW, type TestHouse, testHouse, testSeed } from '../support/issuer.js'

const BATCH = 'first aid, spring 2026'

function awards(count: number): Award[] {
  return Array.from({ length: count }, (_, n) => ({ ...KARI, recipient: { email: `person-${n}@example.org` } }))
}

const BAD: Award = { recipient: { email: 'person@example.org' } }

async function collect<Row>(results: AsyncIterable<RowResult<Row>>): Promise<RowResult<Row>[]> {
  const all: RowResult<Row>[] = []
  for await (const result of results) all.push(result)
  return all
}

/** What a batch hands out before it ends with an error, and the error. */
async function collectUntilStopped<Row>(
  results: AsyncIterable<RowResult<Row>>
): Promise<{ readonly handedOut: RowResult<Row>[]; readonly error: unknown }> {
  const handedOut: RowResult<Row>[] = []
  try {
    for await (const result of results) handedOut.push(result)
  } catch (error) {
    return { handedOut, error }
  }
  throw new Error('the batch came to its end')
}

function run(
  house: TestHouse,
  rows: Iterable<Award> | AsyncIterable<Award>,
  options: Partial<IssueManyOptions<Award>> = {}
): AsyncGenerator<RowResult<Award>> {
  return house.issuer.issueMany(house.competency, rows, { batch: BATCH, ...options })
}

async function issuances(status: StatusStore): Promise<string[]> {
  const texts: string[] = []
  for await (const { state, text } of status.issuances()) if (state === 'released') texts.push(text ?? '')
  return texts
}

/** A store whose calls go through a hook first, which may throw, and one after they took effect. */
function storeWith(hook: (method: string, when: 'before' | 'after') => void): StatusStore {
  return new Proxy(createMemoryStatusStore(), {
    get(target, name) {
      const method = Reflect.get(target, name)
      if (typeof method !== 'function' || name === 'issuances') return method.bind?.(target) ?? method
      return async (...args: unknown[]) => {
        hook(String(name), 'before')
        const answer = await method.apply(target, args)
        hook(String(name), 'after')
        return answer
      }
    }
  })
}

function storeFailure(retryable: boolean): StatusError {
  return new StatusError({ code: 'STATUS_STORE_IO', message: 'the disk is away' }, { retryable })
}

describe('a batch', () => {
  it('makes one badge for each row, hands them out in the order of the rows, and each of them verifies', async () => {
    const house = await testHouse()
    const given = awards(5)
    const results = await collect(run(house, given))
    expect(results.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5])
    expect(results.map((result) => result.given)).toEqual(given)
    const resolver = await house.publish()
    for (const [n, { issued }] of results.entries()) {
      const recipient = { email: `person-${n}@example.org` }
      expect((await verify(issued?.text ?? '', { now: NOW, resolver, recipient })).accepted).toBe(true)
    }
    expect(new Set(results.map(({ issued }) => issued?.status.index)).size).toBe(5)
  })

  it('takes awards as objects, JSON text and bytes, from arrays, generators and streams', async () => {
    const house = await testHouse()
    async function* rows(): AsyncGenerator<unknown> {
      yield KARI
      yield JSON.stringify({ ...KARI, role: 'Guide' })
      yield new TextEncoder().encode(JSON.stringify({ ...KARI, role: 'Guard' }))
    }
    const results = await collect(house.issuer.issueMany(house.competency, rows(), { batch: BATCH }))
    expect(results.map(({ error, issued }) => error ?? JSON.parse(issued.text).credentialSubject.role)).toEqual([
      undefined,
      'Guide',
      'Guard'
    ])
  })

  it('makes awards of rows of any kind, and hands the row back', async () => {
    const house = await testHouse()
    const rows = [{ mail: 'kari@example.org' }, { mail: 'ola@example.org' }]
    const award = ({ mail }: { mail: string }) => ({ ...KARI, recipient: { email: mail } })
    const results = await collect(house.issuer.issueMany(house.competency, rows, { batch: BATCH, award }))
    expect(results.map(({ given, issued }) => [given.mail, typeof issued?.id])).toEqual([
      ['kari@example.org', 'string'],
      ['ola@example.org', 'string']
    ])
  })

  it('secures every badge in the format that was asked for', async () => {
    const house = await testHouse()
    const [result] = await collect(run(house, awards(1), { format: 'vc+jwt' }))
    expect(result?.issued?.text.split('.')).toHaveLength(3)
  })

  it('says what is wrong with a bad row, and issues all the others', async () => {
    const house = await testHouse()
    const [first, last] = awards(2) as [Award, Award]
    const rows = [first, BAD, '{"recipient":' as unknown as Award, 7 as unknown as Award, last]
    const results = await collect(run(house, rows))
    expect(results.map(({ error }) => error?.code)).toEqual([
      undefined,
      'AWARD_INCOMPLETE',
      'JSON_SYNTAX',
      'AWARD_INVALID',
      undefined
    ])
    expect(results[1]?.error?.path).toBe('/results')
    expect(await issuances(house.status)).toHaveLength(2)
  })

  it('makes what a function for awards throws the error of the row, and ends at what is no error of the library', async () => {
    const house = await testHouse()
    const refuse = () => compileCompetency('{}')
    const [result] = await collect(run(house, awards(1), { award: () => JSON.parse('[]') }))
    expect(result?.error?.code).toBe('AWARD_INVALID')
    const [refused] = await collect(run(house, awards(1), { award: refuse }))
    expect(refused?.error).toMatchObject({ name: 'AwardError', code: 'DEFINITION_INVALID' })
    const mistake = new TypeError('a mistake of the caller')
    const broken = () => {
      throw mistake
    }
    const ended = await collectUntilStopped(run(house, awards(1), { award: broken }))
    expect(ended.error).toMatchObject({ code: 'BATCH_STOPPED', got: 'INTERNAL_ERROR', cause: mistake })
  })

  it('tells how far it is after each row', async () => {
    const house = await testHouse()
    const told: BatchProgress[] = []
    const [first] = awards(1) as [Award]
    await collect(run(house, [first, BAD, first], { inFlight: 1, onProgress: (progress) => told.push(progress) }))
    expect(told).toEqual([
      { done: 1, issued: 1, repeated: 0, failed: 0 },
      { done: 2, issued: 1, repeated: 0, failed: 1 },
      { done: 3, issued: 2, repeated: 1, failed: 1 }
    ])
  })

  it('tells the hook of the issuer of every badge and of every row that failed', async () => {
    const told: string[] = []
    const house = await testHouse({ onEvent: ({ type }) => told.push(type) })
    await collect(run(house, [KARI, BAD], { inFlight: 1 }))
    expect(told).toEqual(['issued', 'failed'])
  })

  it('refuses options and rows that it cannot use at once', async () => {
    const house = await testHouse()
    const wrong: [string, object][] = [
      ['batch', { batch: '' }],
      ['batch', { batch: 'a'.repeat(101) }],
      ['batch', { batch: 'a\u0000' }],
      ['batch', { batch: '\ud800' }],
      ['inFlight', { inFlight: 0 }],
      ['inFlight', { inFlight: 1001 }],
      ['stopAfter', { stopAfter: 0 }],
      ['retries', { retries: -1 }],
      ['sleep', { sleep: 5 }],
      ['signal', { signal: true }],
      ['format', { format: 'png' }],
      ['concurrency', { concurrency: 4 }]
    ]
    for (const [path, change] of wrong) {
      expect(() => run(house, [], change), path).toThrowError(expect.objectContaining({ code: 'OPTION_INVALID', path }))
    }
    const text = 'text' as unknown as Award[]
    expect(() => run(house, text)).toThrowError(OptionError)
    const notCompiled = FIRST_AID as unknown as TestHouse['competency']
    expect(() => house.issuer.issueMany(notCompiled, [], { batch: BATCH })).toThrowError(/not compiled/)
  })
})

describe('the memory of a batch', () => {
  it('takes no more rows than may be in flight while nobody reads the results', async () => {
    const house = await testHouse()
    let taken = 0
    function* rows(): Generator<Award> {
      for (const award of awards(50)) {
        taken += 1
        yield award
      }
    }
    const results = run(house, rows(), { inFlight: 4 })
    await results.next()
    await new Promise((done) => setTimeout(done, 50))
    expect(taken).toBeLessThanOrEqual(5)
    await results.next()
    await new Promise((done) => setTimeout(done, 50))
    expect(taken).toBeLessThanOrEqual(6)
    expect((await collect(results)).length + 2).toBe(50)
  })

  it('hands out what is ready while the source is slow', async () => {
    const house = await testHouse()
    let goOn = (): void => {}
    async function* rows(): AsyncGenerator<Award> {
      const [first, second] = awards(2) as [Award, Award]
      yield first
      await new Promise<void>((done) => {
        goOn = done
      })
      yield second
    }
    const results = run(house, rows())
    expect((await results.next()).value).toMatchObject({ row: 1 })
    goOn()
    expect((await results.next()).value).toMatchObject({ row: 2 })
    expect((await results.next()).done).toBe(true)
  })

  it('closes the source when the reader has seen enough', async () => {
    const house = await testHouse()
    let isClosed = false
    async function* rows(): AsyncGenerator<Award> {
      try {
        yield* awards(20)
      } finally {
        isClosed = true
      }
    }
    for await (const { row } of run(house, rows())) if (row === 3) break
    expect(isClosed).toBe(true)
  })
})

describe('a batch that is started again', () => {
  it('hands out the recorded bytes of what was issued and goes on with the rest: one badge for each row', async () => {
    const house = await testHouse()
    const given = awards(9)
    const before: string[] = []
    for await (const { row, issued } of run(house, given, { inFlight: 2 })) {
      before.push(issued?.text ?? '')
      if (row === 4) break
    }
    const results = await collect(run(house, given))
    expect(results.slice(0, 4).map(({ issued }) => issued?.text)).toEqual(before)
    expect(results.slice(0, 4).every(({ issued }) => issued?.repeated)).toBe(true)
    expect((await issuances(house.status)).sort()).toEqual(results.map(({ issued }) => issued?.text ?? '').sort())
  })

  it('makes one badge of rows with the same content, also while both are in flight', async () => {
    const house = await testHouse()
    const results = await collect(run(house, [KARI, KARI, KARI]))
    expect(new Set(results.map(({ issued }) => issued?.text)).size).toBe(1)
    expect(await issuances(house.status)).toHaveLength(1)
  })

  it('makes new badges under another name, and keeps the keys that awards bring', async () => {
    const house = await testHouse()
    const keyed = { ...KARI, idempotencyKey: 'course-42/kari' }
    const spring = await collect(run(house, [KARI, keyed]))
    const autumn = await collect(run(house, [KARI, keyed], { batch: 'autumn' }))
    expect(spring[0]?.issued?.id).not.toBe(autumn[0]?.issued?.id)
    expect(spring[1]?.issued?.id).toBe(autumn[1]?.issued?.id)
    expect(spring[1]?.idempotencyKey).toBe('course-42/kari')
    expect(spring[0]?.idempotencyKey).toMatch(/^batch\/first aid, spring 2026\/[0-9a-f]{64}$/)
  })

  it('does not depend on the order of members, and takes the longest name', async () => {
    const house = await testHouse()
    const { recipient, results } = KARI
    const options = { batch: 'ø'.repeat(100) }
    const [a, b] = [
      { recipient, results },
      { results, recipient }
    ]
    const [first, second] = [await collect(run(house, [a], options)), await collect(run(house, [b], options))]
    expect(first[0]?.error).toBeUndefined()
    expect(second[0]?.issued?.id).toBe(first[0]?.issued?.id)
  })

  it('refuses rows whose definition or format changed, one by one', async () => {
    const house = await testHouse()
    await collect(run(house, [KARI]))
    const other = compileCompetency({ ...FIRST_AID, description: 'Something else.' })
    const changed = await collect(house.issuer.issueMany(other, [KARI], { batch: BATCH }))
    expect(changed[0]?.error?.code).toBe('STATUS_IDEMPOTENCY_CONFLICT')
    const [format] = await collect(run(house, [KARI], { format: 'vc+jwt' }))
    expect(format?.error?.code).toBe('STATUS_IDEMPOTENCY_CONFLICT')
    expect(await issuances(house.status)).toHaveLength(1)
  })

  it('makes one badge for each row wherever the store broke off, before or after it did what it was asked', async () => {
    for (const method of ['reserve', 'record', 'release']) {
      for (const when of ['before', 'after'] as const) {
        let calls = 0
        const status = storeWith((name, then) => {
          if (name === method && then === when && ++calls === 3) throw storeFailure(false)
        })
        const house = await testHouse({ status })
        const given = awards(6)
        const { handedOut, error } = await collectUntilStopped(run(house, given, { inFlight: 2 }))
        expect(error, `${when} ${method}`).toBeInstanceOf(BatchError)
        // Of two rows in flight, either may be the one that fails.
        expect([1, 2, 3]).toContain(handedOut.length)
        expect(handedOut.map(({ row }) => row)).toEqual([1, 2, 3].slice(0, handedOut.length))
        expect(error).toMatchObject({ progress: { done: handedOut.length } })
        const results = await collect(run(house, given))
        expect(results.every(({ issued }) => issued !== undefined)).toBe(true)
        expect(results.slice(0, handedOut.length).map(({ issued }) => issued?.text)).toEqual(
          handedOut.map(({ issued }) => issued?.text)
        )
        expect(await issuances(status)).toHaveLength(6)
      }
    }
  })
})

describe('a batch whose store or key service fails', () => {
  it('waits longer and longer, and goes on where it was once the store is back', async () => {
    let isAway = 0
    const status = storeWith((name, when) => {
      if (name === 'record' && when === 'before' && isAway-- > 0) throw storeFailure(true)
    })
    const house = await testHouse({ status })
    isAway = 3
    const slept: number[] = []
    const waits: number[] = []
    const results = await collect(
      run(house, awards(4), {
        inFlight: 1,
        sleep: async (milliseconds) => void slept.push(milliseconds),
        onWait: ({ attempt, error }) => waits.push(error.code === 'STATUS_STORE_IO' ? attempt : 0)
      })
    )
    expect(slept).toEqual([250, 500, 1000])
    expect(waits).toEqual([1, 2, 3])
    expect(results.map(({ issued }) => issued?.repeated)).toEqual([false, false, false, false])
    expect(await issuances(status)).toHaveLength(4)
  })

  it('lets all rows wait together, not each for itself', async () => {
    let isAway = true
    const status = storeWith((name) => {
      if (name === 'reserve' && isAway) throw storeFailure(true)
    })
    const house = await testHouse({ status })
    let waits = 0
    const sleep = async () => {
      await new Promise((done) => setTimeout(done, 5))
      isAway = false
    }
    const results = await collect(run(house, awards(30), { sleep, onWait: () => (waits += 1) }))
    expect(waits).toBe(1)
    expect(results.every(({ issued }) => issued !== undefined)).toBe(true)
  })

  it('ends with one error that says how far it got once patience is over', async () => {
    let records = 0
    const status = storeWith((name, when) => {
      if (name === 'record' && when === 'before' && ++records > 3) throw storeFailure(true)
    })
    const house = await testHouse({ status })
    const slept: number[] = []
    const sleep = async (milliseconds: number) => void slept.push(milliseconds)
    const { handedOut, error } = await collectUntilStopped(run(house, awards(8), { inFlight: 1, sleep, retries: 9 }))
    expect(handedOut).toHaveLength(3)
    expect(error).toBeInstanceOf(BatchError)
    expect(error).toMatchObject({
      code: 'BATCH_STOPPED',
      got: 'STATUS_STORE_IO',
      retryable: true,
      progress: { done: 3, issued: 3, repeated: 0, failed: 0 },
      cause: { code: 'STATUS_STORE_IO' }
    })
    expect((error as Error).message).toMatch(/stopped after 3 rows/)
    expect(Math.max(...slept)).toBe(30_000)
    expect(slept).toHaveLength(9)
  })

  it('does not try one row for ever while the others get through', async () => {
    const status = storeWith(() => {})
    const stubborn = new Proxy(status, {
      get: (target, name) =>
        name === 'reserve'
          ? async (request: Parameters<StatusStore['reserve']>[0]) => {
              if (request.idempotencyKey === 'stubborn') throw storeFailure(true)
              return target.reserve(request)
            }
          : Reflect.get(target, name)
    })
    const house = await testHouse({ status: stubborn })
    const rows = [{ ...KARI, idempotencyKey: 'stubborn' }, ...awards(40)]
    const { error } = await collectUntilStopped(run(house, rows, { sleep: async () => {}, retries: 4 }))
    expect(error).toMatchObject({ code: 'BATCH_STOPPED', progress: { done: 0 } })
  })

  it('ends at once where trying again does not help: a full list, a signer that signs with another key', async () => {
    const full = await testHouse({ status: createMemoryStatusStore({ capacityForTests: 2, maxLists: 1 }) })
    const { handedOut, error } = await collectUntilStopped(run(full, awards(4), { inFlight: 1 }))
    expect(handedOut).toHaveLength(2)
    expect(error).toMatchObject({ code: 'BATCH_STOPPED', got: 'STATUS_LIST_FULL', retryable: false })

    const keys = await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW })
    const signer = await keys.signer()
    let signatures = 0
    const sign = (data: Uint8Array) => (++signatures > 2 ? Promise.resolve(new Uint8Array(64)) : signer.sign(data))
    const swapped = await testHouse({ keys: { keys: () => keys.keys(), signer: async () => ({ ...signer, sign }) } })
    const stopped = await collectUntilStopped(run(swapped, awards(4), { inFlight: 1 }))
    expect(stopped.handedOut).toHaveLength(2)
    expect(stopped.error).toMatchObject({ got: 'SIGNATURE_OWN_CHECK_FAILED', cause: expect.any(KeyError) })
    expect(await issuances(swapped.status)).toHaveLength(2)
  })

  it('waits for a key service that is busy', async () => {
    const keys = await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW })
    const signer = await keys.signer()
    let calls = 0
    const sign = async (data: Uint8Array) => {
      if (++calls === 2) throw new KeyError({ code: 'KEY_STORE_IO', message: 'too many calls' }, { retryable: true })
      return signer.sign(data)
    }
    const house = await testHouse({ keys: { keys: () => keys.keys(), signer: async () => ({ ...signer, sign }) } })
    const results = await collect(run(house, awards(3), { sleep: async () => {} }))
    expect(results.every(({ issued }) => issued !== undefined)).toBe(true)
    expect(await issuances(house.status)).toHaveLength(3)
  })
})

describe('a batch that is stopped', () => {
  it('stops once so many rows failed, after handing them out', async () => {
    const house = await testHouse()
    const [first] = awards(1) as [Award]
    const { handedOut, error } = await collectUntilStopped(
      run(house, [first, BAD, first, BAD, first], { stopAfter: 2 })
    )
    expect(handedOut.map(({ row }) => row)).toEqual([1, 2, 3, 4])
    expect(error).toMatchObject({ code: 'BATCH_STOPPED', got: 'AWARD_INCOMPLETE', progress: { done: 4, failed: 2 } })
  })

  it('finishes what is in flight once its signal is aborted, and throws the reason', async () => {
    const house = await testHouse()
    const controller = new AbortController()
    const reason = new Error('the person changed their mind')
    let taken = 0
    function* rows(): Generator<Award> {
      for (const award of awards(40)) {
        taken += 1
        yield award
      }
    }
    const results = run(house, rows(), { inFlight: 3, signal: controller.signal })
    await results.next()
    controller.abort(reason)
    const { handedOut, error } = await collectUntilStopped(results)
    expect(error).toBe(reason)
    expect(taken).toBeLessThan(8)
    expect(await issuances(house.status)).toHaveLength(handedOut.length + 1)
  })

  it('does not wait for a source that is silent, nor for a store that is away', async () => {
    const house = await testHouse()
    const controller = new AbortController()
    async function* silent(): AsyncGenerator<Award> {
      yield KARI
      await new Promise(() => {})
    }
    const results = run(house, silent(), { signal: controller.signal })
    await results.next()
    controller.abort(new Error('enough'))
    await expect(results.next()).rejects.toThrow('enough')

    const away = await testHouse({
      status: storeWith(() => {
        throw storeFailure(true)
      })
    })
    const second = new AbortController()
    const waiting = run(away, awards(2), { signal: second.signal, onWait: () => second.abort(new Error('enough')) })
    await expect(waiting.next()).rejects.toThrow('enough')
  })

  it('ends with what the source throws, after the rows before it', async () => {
    const house = await testHouse()
    const failure = new Error('the file is gone')
    function* rows(): Generator<Award> {
      yield* awards(2)
      throw failure
    }
    const { handedOut, error } = await collectUntilStopped(run(house, rows()))
    expect(handedOut).toHaveLength(2)
    expect(error).toMatchObject({ code: 'BATCH_STOPPED', cause: failure, progress: { done: 2 } })
  })
})
