import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  createMemoryKeyStore,
  createMemoryStatusStore,
  StatusError,
  type StatusStore,
  verify
} from '../../src/index.js'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import { requestFor } from '../status/contract-data.js'
import { KARI, NOW, testHouse, testSeed } from '../support/issuer.js'

const folder = mkdtempSync(join(tmpdir(), 'komma-store-faults-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type When = 'failed, not persisted' | 'failed but persisted'

/** A store in which one call of a method fails, before or after it did its work. */
function failingOnce(good: StatusStore, method: keyof StatusStore, when: When): StatusStore {
  let isDone = false
  const call = async (...given: never[]) => {
    const work = () => (good[method] as (...all: never[]) => Promise<unknown>)(...given)
    if (isDone) return work()
    isDone = true
    if (when === 'failed but persisted') await work()
    throw new StatusError({ code: 'STATUS_STORE_IO', message: 'the connection is lost' }, { retryable: true })
  }
  return { ...good, [method]: call }
}

const WHEN: readonly When[] = ['failed, not persisted', 'failed but persisted']
const award = { ...KARI, idempotencyKey: 'kari' }

describe('208: a store call that fails', () => {
  it.each((['reserve', 'record', 'release'] as const).flatMap((method) => WHEN.map((when) => [method, when] as const)))(
    '%s, %s: issuing says so, and the same call makes one badge',
    async (method, when) => {
      const good = createMemoryStatusStore()
      const house = await testHouse({ status: failingOnce(good, method, when) })
      const attempt = house.issuer.issue(house.competency, award)
      await expect(attempt).rejects.toMatchObject({ code: 'STATUS_STORE_IO', retryable: true })
      const issued = await house.issuer.issue(house.competency, award)
      const records = []
      for await (const record of good.issuances()) records.push(record)
      expect(records).toMatchObject([{ credentialId: issued.id, state: 'released', text: issued.text }])
      expect(await good.lists()).toMatchObject([{ used: 1 }])
      expect((await verify(issued.text, { now: NOW, resolver: await house.publish() })).accepted).toBe(true)
    }
  )

  it.each(WHEN)('without a key of the caller, record, %s: no badge leaves that is not on record', async (when) => {
    const good = createMemoryStatusStore()
    const house = await testHouse({ status: failingOnce(good, 'record', when) })
    await expect(house.issuer.issue(house.competency, KARI)).rejects.toMatchObject({ code: 'STATUS_STORE_IO' })
    for await (const { state } of good.issuances()) expect(['abandoned', 'recorded']).toContain(state)
    const next = await house.issuer.issue(house.competency, KARI)
    expect(await good.find(next.id)).toMatchObject({ state: 'released' })
  })

  it.each(WHEN)('setStatus, %s: the same call revokes once', async (when) => {
    const good = createMemoryStatusStore()
    const house = await testHouse({ status: failingOnce(good, 'setStatus', when) })
    const { id, text } = await house.issuer.issue(house.competency, KARI)
    const reason = { reason: 'issued by mistake' }
    await expect(house.issuer.revoke(id, reason)).rejects.toMatchObject({ code: 'STATUS_STORE_IO', retryable: true })
    await house.issuer.revoke(id, reason)
    expect(await good.history(id)).toHaveLength(1)
    const report = await verify(text, { now: NOW, resolver: await house.publish() })
    expect(report.checks.find((check) => check.id === 'status')?.code).toBe('REVOKED')
  })

  it.each(
    (['lists', 'snapshot', 'publication', 'publish', 'touch'] as const).flatMap((method) =>
      WHEN.map((when) => [method, when] as const)
    )
  )('%s, %s: publishing says so, and the next list is later and whole', async (method, when) => {
    const good = createMemoryStatusStore()
    let now = NOW
    const house = await testHouse({ status: good, clock: () => now })
    const { id, status } = await house.issuer.issue(house.competency, KARI)
    const [before] = await house.issuer.publish()
    // Old enough to be signed anew, so that touch is called.
    now = new Date(NOW.getTime() + 7_200_000)
    if (method !== 'touch') await house.issuer.revoke(id, { reason: 'issued by mistake' })
    const broken = await testHouse({ status: failingOnce(good, method, when), clock: () => now })
    await expect(broken.issuer.publish()).rejects.toMatchObject({ code: 'STATUS_STORE_IO', retryable: true })
    const [after] = await broken.issuer.publish()
    expect(JSON.parse(after?.text ?? '').validFrom > JSON.parse(before?.text ?? '').validFrom).toBe(true)
    expect(await good.publication(status.list)).toMatchObject({ text: after?.text })
    const [{ version, publishedVersion } = { version: 0, publishedVersion: 1 }] = await good.lists()
    expect(publishedVersion).toBe(version)
  })
})

describe('210: a clock that is set back', () => {
  it('makes no list look older than the one before, and no version go back', async () => {
    let now = NOW
    const house = await testHouse({ clock: () => now })
    const { id, status } = await house.issuer.issue(house.competency, KARI)
    const [first] = await house.issuer.publish()
    now = new Date('2026-05-01T00:00:00Z')
    await house.issuer.revoke(id, { reason: 'issued by mistake' })
    const [second] = await house.issuer.publish()
    const times = [first, second].map((one) => JSON.parse(one?.text ?? '').validFrom)
    expect(times).toEqual(['2026-06-01T12:00:00Z', '2026-06-01T12:00:01Z'])
    expect(await house.status.publication(status.list)).toMatchObject({ version: 2 })
  })
})

describe('211: a signer that is slow', () => {
  it('holds no lock of the store while it signs', async () => {
    const path = join(folder, 'slow.db')
    const good = await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW })
    let signing = () => {}
    let finish = () => {}
    const started = new Promise<void>((done) => {
      signing = done
    })
    const gate = new Promise<void>((done) => {
      finish = done
    })
    const signer = await good.signer()
    const slow = { id: signer.id, algorithm: signer.algorithm, publicKey: signer.publicKey }
    const sign = async (data: Uint8Array) => {
      signing()
      await gate
      return signer.sign(data)
    }
    const keys = { keys: () => good.keys(), signer: async () => ({ ...slow, sign }) }
    const status = await openSqliteStatusStore(path, { busyTimeoutMs: 0 })
    const other = await openSqliteStatusStore(path, { busyTimeoutMs: 0 })
    const house = await testHouse({ status, keys: keys as never })
    const issuing = house.issuer.issue(house.competency, award)
    await started
    const record = await other.reserve(requestFor('meanwhile'))
    expect(record.state).toBe('intended')
    finish()
    const issued = await issuing
    expect(await other.find(issued.id)).toMatchObject({ state: 'released' })
    await status.close()
    await other.close()
  })
})
