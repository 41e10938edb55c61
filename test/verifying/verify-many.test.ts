import { beforeAll, describe, expect, it } from 'vitest'
import type { ResolveRequest, Resolver } from '../../src/index.js'
import { type Report, verifyMany } from '../../src/verify.js'
import { KARI, NOW, testHouse } from '../support/issuer.js'

let badges: readonly string[]
let published: Resolver
beforeAll(async () => {
  const house = await testHouse()
  const issued = []
  for (let number = 0; number < 5; number += 1) issued.push((await house.issuer.issue(house.competency, KARI)).text)
  badges = issued
  published = await house.publish()
})

function counting(answer: Resolver['resolve'] = published.resolve) {
  const asked: ResolveRequest[] = []
  const resolver = {
    resolve: (request: ResolveRequest) => {
      asked.push(request)
      return answer(request)
    }
  }
  return { asked, resolver }
}

async function all(reports: AsyncIterable<Report>): Promise<readonly Report[]> {
  const gathered: Report[] = []
  for await (const report of reports) gathered.push(report)
  return gathered
}

describe('several badges in one call', () => {
  it('read what they have in common once', async () => {
    const { asked, resolver } = counting()
    const reports = await all(verifyMany(badges, { now: NOW, resolver }))
    expect(reports.map(({ accepted }) => accepted)).toEqual([true, true, true, true, true])
    expect(asked).toHaveLength(1)
  })

  it('are judged one by one, in order', async () => {
    const [first = '', second = ''] = badges
    const { resolver } = counting()
    const reports = await all(verifyMany([first, '{}', second], { now: NOW, resolver }))
    expect(reports.map(({ accepted }) => accepted)).toEqual([true, false, true])
  })

  it('come from a stream, and no more are taken than were asked for', async () => {
    const taken: number[] = []
    async function* stream() {
      for (const [index, badge] of badges.entries()) {
        taken.push(index)
        yield badge
      }
    }
    const reports = verifyMany(stream(), { now: NOW, resolver: published })
    expect((await reports.next()).value?.accepted).toBe(true)
    expect(taken).toEqual([0])
    await reports.return()
    expect(taken).toEqual([0])
  })

  it('ask again for what could not be read', async () => {
    let failures = 1
    const { asked, resolver } = counting(async (request) => {
      if (failures-- > 0) throw new Error('offline')
      return published.resolve(request)
    })
    const reports = await all(verifyMany(badges.slice(0, 2), { now: NOW, resolver }))
    expect(reports.map(({ accepted }) => accepted)).toEqual([false, true])
    expect(asked).toHaveLength(2)
  })

  it('count their requests for each badge', async () => {
    const { resolver } = counting()
    const reports = await all(verifyMany(badges, { now: NOW, resolver, limits: { maxRequests: 1 } }))
    expect(reports.every(({ accepted }) => accepted)).toBe(true)
  })

  it.each(['{}', new Uint8Array(1), undefined, {}])('are not one badge: %s', async (input) => {
    await expect(verifyMany(input as never).next()).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'inputs' })
  })
})
