import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describePostgres, type PostgresServer, startPostgres } from '../support/postgres.js'
import { runCampaign } from './campaign.js'
import { ALL_FAIL_POINTS, FAIL_POINTS } from './fail-points.js'
import { newPlaceFor } from './places.js'

// A few kills. `npm run crash -- sqlite 1000 SEED` and `npm run crash -- postgres 1000 SEED` do many.

const KILLS = 15
const SEED = 4711
const LONGEST_MS = 1_200_000

async function expectNothingLost(url?: string): Promise<void> {
  const tally = await runCampaign({ kills: KILLS, seed: SEED, newPlace: newPlaceFor(url), lanes: 2, killsPerStore: 8 })
  expect(tally.violations).toEqual([])
  expect(tally.kills).toBe(KILLS)
  expect([...tally.byPoint.keys()].filter((point) => point.startsWith('ended'))).toEqual([])
  expect(tally.issued).toBeGreaterThan(10)
  expect(tally.published).toBeGreaterThan(0)
}

describe('a process that is killed', () => {
  it('can die at eight points of issuing, and at each step of publishing', () => {
    expect(FAIL_POINTS.issue).toHaveLength(8)
    expect(FAIL_POINTS.publish.length).toBeGreaterThanOrEqual(8)
    expect(new Set(ALL_FAIL_POINTS).size).toBe(ALL_FAIL_POINTS.length)
  })

  it('206, 207: loses nothing that was acknowledged, on SQLite', () => expectNothingLost(), LONGEST_MS)
})

describePostgres('a process that is killed', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  }, LONGEST_MS)
  afterAll(() => server?.stop())

  it(
    '206, 207, 220: loses nothing that was acknowledged, on PostgreSQL',
    () => expectNothingLost(server.url),
    LONGEST_MS
  )
})

describe('each named point', () => {
  it.each(ALL_FAIL_POINTS.map((point, n) => [point, n] as const))(
    '206, 207: %s: the process dies there, and nothing is lost',
    async (point, n) => {
      const tally = await runCampaign({
        kills: 1,
        seed: SEED + n,
        newPlace: newPlaceFor(undefined),
        failPoint: { name: point, times: 1 }
      })
      expect(tally.violations).toEqual([])
      expect([...tally.byPoint.keys()]).toEqual([point])
    },
    LONGEST_MS
  )
})
