import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import {
  createMapResolver,
  createMemoryKeyStore,
  createMemoryStatusStore,
  didKeyOf,
  type Issued,
  type Resolver,
  reconcileIssuer,
  verify
} from '../../src/index.js'
import type { Published } from '../../src/issuing/publish.js'
import { readStatus } from '../../src/status/bitstring.js'
import { openSqliteStatusStore, type SqliteStatusStore } from '../../src/status/sqlite.js'
import { KARI, NOW, type TestHouse, testHouse, testSeed } from '../support/issuer.js'

const folder = mkdtempSync(join(tmpdir(), 'komma-reconcile-'))
const LISTS = 'https://academy.example/status/'
const REASON = { reason: 'issued by mistake' }
const opened: SqliteStatusStore[] = []
let count = 0

afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})

async function openAt(path: string): Promise<SqliteStatusStore> {
  const store = await openSqliteStatusStore(path, { capacityForTests: 64 })
  opened.push(store)
  return store
}

interface Restored {
  /** The house whose store is an old backup. */
  readonly house: TestHouse
  readonly status: SqliteStatusStore
  /** What lies on the web. */
  readonly web: Resolver
  readonly texts: readonly string[]
  /** Issued before the backup, and revoked after it. */
  readonly early: Issued
  /** Issued and revoked after the backup. */
  readonly lost: Issued
  /** Issued after the backup. */
  readonly alsoLost: Issued
}

/** A day in the life of an issuer, and the backup of that morning put back. */
async function restore(
  statusEntries: readonly { readonly purpose: 'revocation' | 'suspension' }[] = [{ purpose: 'revocation' }]
): Promise<Restored> {
  count += 1
  const path = join(folder, `${count}.db`)
  const options = { statusLists: LISTS, statusEntries }
  const status = await openAt(path)
  const house = await testHouse({ ...options, status })
  const early = await house.issuer.issue(house.competency, { ...KARI, idempotencyKey: 'early' })
  await house.issuer.publish()
  await status.close()
  copyFileSync(path, `${path}.backup`)

  const afternoon = await openAt(path)
  const later = await testHouse({ ...options, status: afternoon, clock: () => new Date('2026-06-01T15:00:00Z') })
  const lost = await later.issuer.issue(later.competency, KARI)
  const alsoLost = await later.issuer.issue(later.competency, KARI)
  const change = statusEntries[0]?.purpose === 'suspension' ? 'suspend' : 'revoke'
  await later.issuer[change](early.id, REASON)
  await later.issuer[change](lost.id, REASON)
  const published = await later.issuer.publish()

  const old = await openAt(`${path}.backup`)
  const clock = () => new Date('2026-06-01T16:00:00Z')
  const restored = await testHouse({ ...options, status: old, clock })
  return { house: restored, status: old, web: webOf(published), texts: textsOf(published), early, lost, alsoLost }
}

function webOf(published: readonly Published[]): Resolver {
  return createMapResolver(published.map(({ id, text }) => [id, text] as const))
}

function textsOf(published: readonly Published[]): string[] {
  return published.filter(({ kind }) => kind === 'statusList').map(({ text }) => text)
}

async function optionsOf({ status }: Restored, more: object = {}) {
  const keys = await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW })
  const profile = { id: await didKeyOf(keys), name: 'Example Academy' }
  const clock = () => new Date('2026-06-01T16:00:00Z')
  return { profile, keys, status, statusLists: LISTS, clock, ...more }
}

async function codeOf(text: string, resolver: Resolver): Promise<string | undefined> {
  const report = await verify(text, { now: new Date('2026-06-01T17:00:00Z'), resolver })
  return report.checks.find(({ id }) => id === 'status')?.code
}

describe('219: an old backup of the status store that was put back', () => {
  it('gives an index again that a badge has already: this is what has to be stopped', async () => {
    const made = await restore()
    const again = await made.house.issuer.issue(made.house.competency, KARI)
    expect(again.status).toEqual(made.lost.status)
  })

  it('is noticed when the issuer is created with what was published, and nothing is issued', async () => {
    const made = await restore()
    const attempt = testHouse({ status: made.status, statusLists: LISTS, published: made.web })
    await expect(attempt).rejects.toMatchObject({ code: 'STATUS_STORE_BEHIND', path: `${LISTS}revocation-1.json` })
    expect(await made.status.lists()).toMatchObject([{ used: 1 }])
  })

  it('is not suspected where nothing was lost, or nothing was published', async () => {
    const made = await restore()
    await reconcileIssuer(await optionsOf(made), { published: made.web })
    const current = webOf(await made.house.issuer.publish())
    for (const published of [current, createMapResolver([])])
      await expect(testHouse({ status: made.status, statusLists: LISTS, published })).resolves.toBeDefined()
  })

  it('is noticed by a list that the store does not know', async () => {
    const made = await restore()
    const published = createMapResolver([[`${LISTS}revocation-2.json`, made.texts[0] ?? '']])
    const attempt = testHouse({ status: made.status, statusLists: LISTS, published })
    await expect(attempt).rejects.toMatchObject({ code: 'STATUS_STORE_BEHIND', path: `${LISTS}revocation-2.json` })
  })

  it('stops the issuer where it cannot be found out', async () => {
    const made = await restore()
    const published: Resolver = { resolve: () => Promise.reject(new Error('no network')) }
    const attempt = testHouse({ status: made.status, statusLists: LISTS, published })
    await expect(attempt).rejects.toMatchObject({ code: 'RESOLUTION_FAILED' })
  })

  it('is made whole: no index is given again, and every revocation that was published stays', async () => {
    const made = await restore()
    const { house, status, web, early, lost, alsoLost } = made
    const done = await reconcileIssuer(await optionsOf(made), { published: web })
    expect(done).toEqual({ closed: [early.status.list], added: [], carried: 2, recorded: [], conflicts: [] })

    const fresh = await Promise.all(Array.from({ length: 40 }, () => house.issuer.issue(house.competency, KARI)))
    const places = new Set([early, lost, alsoLost, ...fresh].map((one) => `${one.status.list}#${one.status.index}`))
    expect(places.size).toBe(43)
    const now = webOf(await house.issuer.publish())
    expect(await codeOf(early.text, now)).toBe('REVOKED')
    expect(await codeOf(lost.text, now)).toBe('REVOKED')
    expect(await codeOf(alsoLost.text, now)).toBe('STATUS_GOOD')
    expect(await status.history(early.id)).toMatchObject([{ to: 1, reason: expect.stringMatching(/backup/) }])
    const repeated = await house.issuer.issue(house.competency, { ...KARI, idempotencyKey: 'early' })
    expect(repeated).toMatchObject({ repeated: true, text: early.text })
  })

  it('is published later than what lies on the web, whatever the clock says', async () => {
    const made = await restore()
    const clock = () => new Date('2026-06-01T12:30:00Z')
    await reconcileIssuer(await optionsOf(made, { clock }), { published: made.web })
    const house = await testHouse({ status: made.status, statusLists: LISTS, clock })
    const [list] = textsOf(await house.issuer.publish())
    expect(JSON.parse(list ?? '').validFrom).toBe('2026-06-01T15:00:01Z')
  })

  it('knows a lost badge again that is shown to it, so that it can be revoked', async () => {
    const made = await restore()
    const { house, web, lost, alsoLost } = made
    await expect(house.issuer.revoke(alsoLost.id, REASON)).rejects.toMatchObject({ code: 'STATUS_UNKNOWN_CREDENTIAL' })
    const seen = { published: web, credentials: [alsoLost.text, lost.text] }
    const done = await reconcileIssuer(await optionsOf(made), seen)
    expect(done.recorded).toEqual([alsoLost.id, lost.id])
    expect(await house.issuer.statusOf(lost.id)).toMatchObject([{ status: 1, ...lost.status }])
    await house.issuer.revoke(alsoLost.id, REASON)
    const now = webOf(await house.issuer.publish())
    for (const { text } of [lost, alsoLost]) expect(await codeOf(text, now)).toBe('REVOKED')
  })

  it('records a badge first and its status at a second time', async () => {
    const made = await restore()
    const { house, web, lost } = made
    await reconcileIssuer(await optionsOf(made), { published: web })
    const second = await reconcileIssuer(await optionsOf(made), { credentials: [lost.text] })
    expect(second).toMatchObject({ carried: 0, recorded: [lost.id], conflicts: [] })
    expect(await house.issuer.history(lost.id)).toMatchObject([{ from: 0, to: 1 }])
    expect(await reconcileIssuer(await optionsOf(made), { published: web, credentials: [lost.text] })).toMatchObject({
      carried: 0,
      recorded: []
    })
  })

  it('tells of a badge whose index was given again before anybody noticed', async () => {
    const made = await restore()
    await made.house.issuer.issue(made.house.competency, KARI)
    const done = await reconcileIssuer(await optionsOf(made), { published: made.web, credentials: [made.lost.text] })
    expect(done.conflicts).toEqual([made.lost.id])
  })

  it('takes no status back: what is set here stays set', async () => {
    const made = await restore([{ purpose: 'suspension' }])
    const { house, early, lost, web, status } = made
    await house.issuer.suspend(early.id, REASON)
    const done = await reconcileIssuer(await optionsOf(made, { statusEntries: [{ purpose: 'suspension' }] }), {
      published: web
    })
    expect(done.carried).toBe(1)
    const { bits } = await status.snapshot(lost.status.list)
    expect([early, lost].map((one) => readStatus(bits, one.status.index))).toEqual([1, 1])
    await house.issuer.lift(early.id, REASON)
    expect(readStatus((await status.snapshot(early.status.list)).bits, early.status.index)).toBe(0)
  })

  it('adds lists that it lost, under their own numbers, and opens the next after them', async () => {
    const made = await restore()
    count += 1
    const empty = await openAt(join(folder, `${count}.db`))
    const lostAll = { ...made, status: empty }
    const done = await reconcileIssuer(await optionsOf(lostAll), {
      published: made.web,
      credentials: [made.early.text]
    })
    expect(done).toMatchObject({ added: [`${LISTS}revocation-1.json`], carried: 2, recorded: [made.early.id] })
    expect(await empty.lists()).toMatchObject([{ number: 1, state: 'full', purpose: 'revocation' }])
    const house = await testHouse({ status: empty, statusLists: LISTS, clock: () => new Date('2026-06-01T16:00:00Z') })
    expect((await house.issuer.issue(house.competency, KARI)).status.list).toBe(`${LISTS}revocation-2.json`)
    expect(await codeOf(made.lost.text, webOf(await house.issuer.publish()))).toBe('REVOKED')
  })

  it('believes nothing that the issuer did not sign', async () => {
    const made = await restore()
    const stranger = await testHouse({ label: 'stranger', statusLists: LISTS })
    const theirs = await stranger.issuer.issue(stranger.competency, KARI)
    await stranger.issuer.revoke(theirs.id, REASON)
    const forged = textsOf(await stranger.issuer.publish())
    const changed = made.lost.text.replace('First aid at work', 'Heart surgery')
    for (const [seen, path] of [
      [{ lists: forged }, 'lists/0'],
      [{ credentials: [theirs.text] }, 'credentials/0'],
      [{ lists: made.texts, credentials: [made.early.text, changed] }, 'credentials/1'],
      [{ lists: ['{}'] }, 'lists/0'],
      [{ lists: [made.early.text] }, made.early.id]
    ] as const) {
      const attempt = reconcileIssuer(await optionsOf(made), seen)
      await expect(attempt).rejects.toMatchObject({ code: 'CREDENTIAL_INVALID', path })
    }
    expect(await made.status.lists()).toMatchObject([{ state: 'open', used: 1 }])
  })

  it('says so where the store cannot do it', async () => {
    const made = await restore()
    const status = createMemoryStatusStore() as SqliteStatusStore
    const attempt = reconcileIssuer(await optionsOf({ ...made, status }), { published: made.web })
    await expect(attempt).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'status' })
  })
})
