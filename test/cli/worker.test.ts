import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FIRST_AID } from '../support/issuer.js'
import { describePostgres, type PostgresServer, startPostgres } from '../support/postgres.js'
import { komma, PASSWORD, storeOf, workFolder } from './support.js'

const folder = workFolder()
const home = join(folder, 'academy')
const definition = join(folder, 'first-aid.json')
const awards = join(folder, 'awards.csv')
const never = () => new Promise<void>(() => {})

describePostgres('komma worker', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
    writeFileSync(definition, JSON.stringify(FIRST_AID))
    writeFileSync(awards, 'email,results.drill.achievedLevel\nkari@example.org,safe\nola@example.org,helped\n')
    expect((await komma(['issuer', 'init', home, '--id', 'did:key', '--name', 'Academy'])).code).toBe(0)
  })
  afterAll(() => server.stop())

  it('issues what komma issue-many puts into the queue, until it is stopped', async () => {
    const env = { KOMMA_PASSWORD: PASSWORD, KOMMA_QUEUE_URL: server.url }
    let stop = (): void => {}
    const stopped = new Promise<void>((done) => {
      stop = done
    })
    const worker = komma(['worker', home, '--definition', definition], { env, untilStopped: () => stopped })
    const args = ['--definition', definition, '--awards', awards, '--batch', 'spring', '--out', '-', '--queue']
    const batch = await komma(['issue-many', home, ...args], { env, untilStopped: never })
    stop()
    expect(batch.code).toBe(1)
    expect(batch.err).toContain('Issued 1 badge for 2 rows')
    const told = await worker
    expect(told).toMatchObject({ code: 0, err: '' })
    const counts = [...told.out.matchAll(/Issued (\d), failed (\d)/g)].map(([, ...each]) => each.map(Number))
    expect([0, 1].map((at) => counts.reduce((sum, each) => sum + (each[at] ?? 0), 0))).toEqual([1, 1])
    expect(told.out).toMatch(/^Waiting for rows\n/)
    expect((await storeOf(home)).issuances.map(({ text }) => text)).toEqual([JSON.parse(batch.out).badge])
  })

  it('cannot run where nobody says where the queue is, or what to issue', async () => {
    expect((await komma(['worker', home, '--definition', definition])).err).toMatch(
      /OPTION_INVALID[\s\S]*KOMMA_QUEUE_URL/
    )
    expect((await komma(['worker', home])).code).toBe(2)
    const env = { KOMMA_PASSWORD: 'a wrong one, but long', KOMMA_QUEUE_URL: server.url }
    const refused = await komma(['worker', home, '--definition', definition], { env })
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('KEY_FILE_UNLOCK') })
  })
})
