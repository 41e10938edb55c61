import { afterEach, describe, expect, it, vi } from 'vitest'
import { verify, verifyMany, verifyPresentation } from '../../src/index.js'
import { KARI, NOW, testHouse } from '../support/issuer.js'
import { manyWays } from '../support/many-ways.js'

/** Counts who asks the system what time it is. */
function watchClock(): { reads: number } {
  const watch = { reads: 0 }
  const RealDate = Date
  vi.stubGlobal(
    'Date',
    new Proxy(RealDate, {
      construct(target, given, as) {
        if (given.length === 0) watch.reads += 1
        return Reflect.construct(target, given, as === RealDate ? target : as)
      },
      get(target, name) {
        if (name === 'now') watch.reads += 1
        return Reflect.get(target, name)
      }
    })
  )
  return watch
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('the clock of the system', () => {
  it('175: is never read where the caller says what time it is', async () => {
    const ways = await manyWays()
    const house = await testHouse()
    const watch = watchClock()
    for (const { input, options } of ways) await verify(input, options)
    for await (const report of verifyMany(
      ways.map(({ input }) => input),
      { now: NOW }
    ))
      expect(report).toBeDefined()
    await verifyPresentation({}, { now: NOW, challenge: 'c', domain: 'd.example' })
    await house.issuer.issue(house.competency, KARI)
    await house.publish()
    expect(watch.reads).toBe(0)
    expect([new Date(), Date.now()]).toHaveLength(2)
    expect(watch.reads).toBe(2)
  })

  it('175: is read once where the caller does not, so that all checks are about one moment', async () => {
    const [{ input }] = (await manyWays()) as unknown as readonly [{ input: string }]
    const watch = watchClock()
    await verify(input)
    expect(watch.reads).toBe(1)
  })

  it('175: may jump while a resolver is asked, and no deadline moves', async () => {
    const way = (await manyWays()).find(({ name }) => name === 'a status that is looked up')
    if (way === undefined) throw new Error('there is such a way')
    vi.useFakeTimers({ toFake: ['Date'], now: NOW })
    const resolver = {
      resolve: async (request: never) => {
        vi.setSystemTime(new Date('2099-01-01T00:00:00Z'))
        return way.options?.resolver?.resolve(request)
      }
    }
    const report = await verify(way.input, { ...way.options, resolver: resolver as never, resolveTimeout: 1 })
    expect(report.accepted).toBe(true)
    expect(report.verifiedAt).toBe(NOW.toISOString())
  })
})
