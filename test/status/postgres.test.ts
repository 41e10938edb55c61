import { readFileSync } from 'node:fs'
import process from 'node:process'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { compileCompetency, createIssuer, createMemoryKeyStore, didKeyOf, type KeyStore } from '../../src/index.js'
import { getBit } from '../../src/status/bitstring.js'
import { openPostgresStatusStore, type PostgresStatusStoreOptions } from '../../src/status/postgres.js'
import type { StatusStore } from '../../src/status/status-store.js'
import { FIRST_AID, KARI, NOW, testSeed } from '../support/issuer.js'
import { describePostgres, type PostgresServer, runSql, startPostgres } from '../support/postgres.js'
import { collect, describeStatusStore, HOSTILE_NAMES } from './contract.js'
import { AT, LATER, listUrl, publicationOf, requestFor, revocationOf } from './contract-data.js'

describePostgres('with a server', () => {
  let server: PostgresServer
  let count = 0
  const opened: StatusStore[] = []

  beforeAll(async () => {
    server = await startPostgres()
  })
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
  })
  afterAll(() => server?.stop())

  function newSchema(): string {
    count += 1
    return `store_${process.pid}_${count}`
  }

  async function open(schema: string, options: PostgresStatusStoreOptions = {}): Promise<StatusStore> {
    const patient = { busyTimeoutMs: 60_000, ...options, schema }
    const store = await openPostgresStatusStore({ connectionString: server.url, max: 4 }, patient)
    opened.push(store)
    return store
  }

  describeStatusStore('postgres', (options) => open(newSchema(), options))

  describe('a PostgreSQL status store', () => {
    it('still knows everything after it was closed and opened again', async () => {
      const schema = newSchema()
      const first = await open(schema)
      const slot = await first.reserve(requestFor('a'))
      await first.record('urn:badge:a', { text: 'signed', digest: 'h', at: AT })
      const event = await first.setStatus(revocationOf('a'))
      await first.publish(publicationOf(2, AT))
      const before = await first.snapshot(listUrl(1))
      await first.close()

      const second = await open(schema, { migrate: false })
      expect(await second.reserve(requestFor('a'))).toEqual({ ...slot, state: 'recorded', text: 'signed', digest: 'h' })
      expect(await second.history('urn:badge:a')).toEqual([event])
      expect(await second.snapshot(listUrl(1))).toEqual(before)
      expect(await second.publication(listUrl(1))).toEqual(publicationOf(2, AT))
    })

    it('takes a URL, and the pool of an application, which it leaves open', async () => {
      const schema = newSchema()
      const byUrl = await openPostgresStatusStore(server.url, { schema })
      await byUrl.reserve(requestFor('a'))
      await byUrl.close()
      const pool = new pg.Pool({ connectionString: server.url })
      const byPool = await openPostgresStatusStore(pool, { schema })
      expect(await byPool.find('urn:badge:a')).toMatchObject({ state: 'intended' })
      await byPool.close()
      expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
      await pool.end()
    })

    it.each([1, 3])('gives each slot of %i open lists once, to as many connections as ask', async (openLists) => {
      const schema = newSchema()
      const options = { capacityForTests: 20, openLists }
      const stores = await Promise.all([1, 2, 3, 4].map(() => open(schema, options)))
      const slots = await Promise.all(
        Array.from({ length: 160 }, (_, n) => stores[n % 4]?.reserve(requestFor(`${Math.floor(n / 2)}`)))
      )
      const places = slots.map((slot) => `${slot?.slots[0]?.list}#${slot?.slots[0]?.index}`)
      expect(new Set(places).size).toBe(80)
      const lists = await stores[0]?.lists()
      expect(lists?.reduce((sum, { used }) => sum + used, 0)).toBe(80)
      expect(lists?.length).toBeLessThanOrEqual(3 + openLists)
      expect(lists?.filter(({ state }) => state === 'open').length).toBeLessThanOrEqual(openLists)
    })

    it('203: two at a time revoke, and no revocation is lost', async () => {
      const schema = newSchema()
      const [left, right] = [await open(schema), await open(schema)]
      const names = Array.from({ length: 60 }, (_, n) => `${n}`)
      const slots = await Promise.all(names.map((each) => left.reserve(requestFor(each))))
      for (let n = 0; n < names.length; n += 2) {
        const [first, second] = [names[n] ?? '', names[n + 1] ?? '']
        await Promise.all([left.setStatus(revocationOf(first)), right.setStatus(revocationOf(second))])
      }
      const { bits, version } = await left.snapshot(listUrl(1))
      expect(slots.filter(({ slots: [slot] }) => getBit(bits, slot?.index ?? -1))).toHaveLength(60)
      expect(version).toBe(61)
    })

    it('203: the same revocation from two sides is one event', async () => {
      const schema = newSchema()
      const stores = [await open(schema), await open(schema)]
      for (let n = 0; n < 20; n += 1) {
        await stores[0]?.reserve(requestFor(`${n}`))
        const events = await Promise.all(
          stores.map((store, side) => store.setStatus(revocationOf(`${n}`, { idempotencyKey: `revoke/${n}/${side}` })))
        )
        expect(events[0]).toEqual(events[1])
        expect(await stores[1]?.history(`urn:badge:${n}`)).toHaveLength(1)
      }
    })

    it('209: of two publishers that read the same version one counts, and none goes back', async () => {
      const schema = newSchema()
      const stores = [await open(schema), await open(schema)]
      await stores[0]?.reserve(requestFor('a'))
      let published = 0
      for (let round = 1; round <= 20; round += 1) {
        await stores[0]?.touch(listUrl(1))
        const snapshots = await Promise.all(stores.map((store) => store.snapshot(listUrl(1))))
        const at = (side: number) => `2026-11-21T10:${String(round).padStart(2, '0')}:0${side}Z`
        const counted = await Promise.all(
          stores.map((store, side) =>
            store.publish(publicationOf(snapshots[side]?.version ?? 0, at(side), { digest: `${round}/${side}` }))
          )
        )
        expect(counted.filter((counts) => counts)).toHaveLength(1)
        const [info] = (await stores[0]?.lists()) ?? []
        expect(info?.publishedVersion).toBeGreaterThan(published)
        published = info?.publishedVersion ?? 0
        expect(await stores[0]?.publish(publicationOf(published - 1, LATER, { digest: 'late' }))).toBe(false)
      }
    })

    it('211: holds no transaction while a slow key service signs, and others go on meanwhile', async () => {
      const schema = newSchema()
      const status = await open(schema)
      const keys = await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW })
      let isWaiting = () => {}
      let sign = () => {}
      const waits = new Promise<void>((done) => {
        isWaiting = done
      })
      const gate = new Promise<void>((done) => {
        sign = done
      })
      const slow: KeyStore = {
        keys: () => keys.keys(),
        async signer(id) {
          const signer = await keys.signer(id)
          return {
            ...signer,
            async sign(data) {
              isWaiting()
              await gate
              return signer.sign(data)
            }
          }
        }
      }
      const profile = { id: await didKeyOf(keys), name: 'Example Academy' }
      const listFolder = 'https://academy.example/status/'
      const options = { profile, status, clock: () => NOW, statusLists: listFolder }
      const competency = compileCompetency(FIRST_AID)
      const slowIssuer = await createIssuer({ ...options, keys: slow })
      const quickIssuer = await createIssuer({ ...options, keys })
      const first = slowIssuer.issue(competency, KARI)
      await waits
      const [sessions] = await runSql(
        server.url,
        "SELECT count(*)::integer AS busy FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
      )
      expect(sessions?.rows).toEqual([{ busy: 0 }])
      const second = await quickIssuer.issue(competency, KARI)
      sign()
      expect((await first).id).not.toBe(second.id)
      expect((await collect(status.issuances())).map(({ state }) => state)).toEqual(['released', 'released'])
    })

    it('216: takes hostile names for a tenant as names', async () => {
      const schema = newSchema()
      for (const [n, tenant] of HOSTILE_NAMES.entries()) {
        const store = await open(schema, { tenant })
        await store.reserve(requestFor('a', { listUrl: () => `https://${n}.example/1` }))
        expect(await store.lists()).toHaveLength(1)
        await store.close()
      }
    })

    it('216: refuses a schema whose name could be more than a name', async () => {
      for (const schema of ['', 'Komma', 'a"b', 'a; DROP TABLE x', 'a.b', 'a b', '1a', 'a'.repeat(64), 'ä']) {
        const attempt = openPostgresStatusStore(server.url, { schema })
        await expect(attempt, schema).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'schema' })
      }
    })

    it('217: keeps the issuers of one schema apart', async () => {
      const schema = newSchema()
      const north = await open(schema, { tenant: 'north' })
      const south = await open(schema, { tenant: "south'; --" })
      const southUrl = (n: number) => `https://south.example/status/${n}`
      await north.reserve(requestFor('a'))
      await north.record('urn:badge:a', { text: 'northern', digest: 'h', at: AT })
      await north.publish(publicationOf(1, AT))

      const unknown = { code: 'STATUS_UNKNOWN_CREDENTIAL' }
      await expect(south.setStatus(revocationOf('a'))).rejects.toMatchObject(unknown)
      await expect(south.record('urn:badge:a', { text: 't', digest: 'd', at: AT })).rejects.toMatchObject(unknown)
      await expect(south.release('urn:badge:a', AT)).rejects.toMatchObject(unknown)
      await expect(south.abandon('urn:badge:a', AT)).rejects.toMatchObject(unknown)
      const unknownList = { code: 'STATUS_UNKNOWN_LIST' }
      await expect(south.snapshot(listUrl(1))).rejects.toMatchObject(unknownList)
      await expect(south.touch(listUrl(1))).rejects.toMatchObject(unknownList)
      await expect(south.publish(publicationOf(1, AT))).rejects.toMatchObject(unknownList)
      expect(await south.publication(listUrl(1))).toBeUndefined()
      expect(await south.lists()).toEqual([])
      expect(await south.find('urn:badge:a')).toBeUndefined()
      expect(await south.history('urn:badge:a')).toEqual([])
      expect(await collect(south.issuances())).toEqual([])
      await expect(south.reserve(requestFor('a'))).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'listUrl' })

      const { slots } = await south.reserve(requestFor('a', { listUrl: southUrl }))
      expect(slots).toMatchObject([{ list: southUrl(1) }])
      await south.setStatus(revocationOf('a'))
      expect(await north.history('urn:badge:a')).toEqual([])
      expect((await north.snapshot(listUrl(1))).bits.every((byte) => byte === 0)).toBe(true)
    })

    it('217: its tables give no slot of one tenant to a credential of another', async () => {
      const schema = newSchema()
      const north = await open(schema, { tenant: 'north' })
      const south = await open(schema, { tenant: 'south' })
      await north.reserve(requestFor('a'))
      await south.reserve(requestFor('b', { listUrl: () => 'https://south.example/1' }))
      const values = `('south', '${listUrl(1)}', 9, 'suspension', 'urn:badge:b')`
      const stolen = `INSERT INTO ${schema}.status_slot (tenant, list_id, idx, purpose, credential_id) VALUES ${values}`
      await expect(runSql(server.url, stolen)).rejects.toMatchObject({ code: '23503' })
    })

    it('holds its promises against code that does not go through it', async () => {
      const schema = newSchema()
      const store = await open(schema)
      await store.reserve(requestFor('a'))
      await store.record('urn:badge:a', { text: 'signed', digest: 'h', at: AT })
      await store.setStatus(revocationOf('a'))
      await store.publish(publicationOf(2, AT))
      const again = `tenant, list_id, idx, slot_seq + 1, to_status, 0, reason, actor, at, 'lifted'`
      const columns = 'tenant, list_id, idx, slot_seq, from_status, to_status, reason, actor, at, idempotency_key'
      for (const sql of [
        'UPDATE $.status_event SET to_status = 0',
        'DELETE FROM $.status_event',
        `INSERT INTO $.status_event (${columns}) SELECT ${again} FROM $.status_event`,
        'UPDATE $.status_slot SET idx = idx + 1',
        'DELETE FROM $.status_slot',
        'UPDATE $.status_list SET next_slot = 0',
        'UPDATE $.status_list SET version = 1',
        'UPDATE $.status_list SET version = 3, published_version = 1',
        'UPDATE $.status_list SET capacity = 1',
        "UPDATE $.status_list SET tenant = 'other'",
        'DELETE FROM $.status_list',
        "UPDATE $.issuance SET state = 'free'",
        "UPDATE $.issuance SET state = 'abandoned'",
        "UPDATE $.issuance SET credential_text = 'another'",
        "UPDATE $.issuance SET credential_id = 'urn:badge:b'",
        'DELETE FROM $.issuance',
        'DELETE FROM $.publication',
        ...['status_event', 'publication', 'status_slot', 'issuance', 'status_list'].map(
          (name) => `TRUNCATE $.${name} CASCADE`
        )
      ]) {
        await expect(runSql(server.url, sql.replaceAll('$', schema)), sql).rejects.toMatchObject({
          code: expect.stringMatching(/^23/)
        })
      }
      expect(await store.find('urn:badge:a')).toMatchObject({ text: 'signed' })
    })

    it('works with the grants that the page on stores names, and those let it change no event', async () => {
      const schema = newSchema()
      const role = `${schema}_role`
      await open(schema)
      const page = readFileSync('docs/stores.md', 'utf8')
      const grants = /```sql\n(-- The role that issues[\s\S]*?)```/.exec(page)?.[1] ?? ''
      const own = grants.replaceAll('komma_issuer', role).replaceAll(/\bkomma\b/g, schema)
      expect(own).toContain(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`)
      await runSql(server.url, `CREATE ROLE ${role} LOGIN`, own)
      const url = new URL(server.url)
      url.username = role
      const store = await openPostgresStatusStore(url.href, { schema, migrate: false })
      opened.push(store)
      await store.reserve(requestFor('a'))
      await store.record('urn:badge:a', { text: 'signed', digest: 'h', at: AT })
      await store.release('urn:badge:a', AT)
      await store.reserve(requestFor('b'))
      await store.abandon('urn:badge:b', AT)
      await store.setStatus(revocationOf('a'))
      await store.publish(publicationOf(2, AT))
      await store.touch(listUrl(1))
      expect(await collect(store.issuances())).toHaveLength(2)
      for (const sql of [
        `DELETE FROM ${schema}.status_event`,
        `UPDATE ${schema}.status_event SET to_status = 0`,
        `UPDATE ${schema}.status_slot SET idx = 1`,
        `UPDATE ${schema}.status_list SET capacity = 1`,
        `TRUNCATE ${schema}.issuance CASCADE`,
        `DROP TRIGGER is_never_changed ON ${schema}.status_event`,
        `CREATE TABLE ${schema}.other ()`
      ]) {
        await expect(runSql(url.href, sql), sql).rejects.toMatchObject({ code: '42501' })
      }
    })
  })
})
