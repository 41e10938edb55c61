import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { KommaError } from '../../src/encoding/errors.js'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import { toStoreError } from '../../src/status/sqlite-database.js'
import { SCHEMA_VERSION } from '../../src/status/sqlite-schema.js'
import { collect, describeStatusStore, HOSTILE_NAMES } from './contract.js'
import { AT, listUrl, publicationOf, requestFor, revocationOf } from './contract-data.js'
import { openRawDatabase } from './raw-sqlite.js'

const folder = mkdtempSync(join(tmpdir(), 'komma-sqlite-'))
let count = 0

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function newPath(): string {
  count += 1
  return join(folder, `${count}.db`)
}

describeStatusStore('sqlite', (options) => openSqliteStatusStore(newPath(), options))

describe('an SQLite status store', () => {
  it('still knows everything after it was closed and opened again', async () => {
    const path = newPath()
    const first = await openSqliteStatusStore(path)
    const slot = await first.reserve(requestFor('a'))
    await first.record('urn:badge:a', { text: 'signed', digest: 'h', at: AT })
    const event = await first.setStatus(revocationOf('a'))
    await first.publish(publicationOf(2, AT))
    const before = await first.snapshot(listUrl(1))
    await first.close()

    const second = await openSqliteStatusStore(path)
    expect(second.path).toBe(path)
    expect(await second.reserve(requestFor('a'))).toEqual({ ...slot, state: 'recorded', text: 'signed', digest: 'h' })
    expect(await second.history('urn:badge:a')).toEqual([event])
    expect(await second.snapshot(listUrl(1))).toEqual(before)
    expect(await second.publication(listUrl(1))).toEqual(publicationOf(2, AT))
    await second.close()
  })

  it('shares its file with other connections', async () => {
    const path = newPath()
    const stores = await Promise.all([1, 2, 3].map(() => openSqliteStatusStore(path)))
    const slots = await Promise.all(
      Array.from({ length: 90 }, (_, n) => stores[n % 3]?.reserve(requestFor(`${Math.floor(n / 2)}`)))
    )
    expect(new Set(slots.map((slot) => slot?.slots[0]?.index)).size).toBe(45)
    for (const store of stores) await store.close()
  })

  it('217: keeps the issuers of one file apart', async () => {
    const path = newPath()
    const north = await openSqliteStatusStore(path, { tenant: 'north' })
    const south = await openSqliteStatusStore(path, { tenant: "south'; --" })
    const southUrl = (n: number) => `https://south.example/status/${n}`
    await north.reserve(requestFor('a'))
    await north.record('urn:badge:a', { text: 'northern', digest: 'h', at: AT })
    await north.publish(publicationOf(1, AT))

    const unknown = { code: 'STATUS_UNKNOWN_CREDENTIAL' }
    await expect(south.setStatus(revocationOf('a'))).rejects.toMatchObject(unknown)
    await expect(south.record('urn:badge:a', { text: 't', digest: 'd', at: AT })).rejects.toMatchObject(unknown)
    await expect(south.release('urn:badge:a', AT)).rejects.toMatchObject(unknown)
    await expect(south.snapshot(listUrl(1))).rejects.toMatchObject({ code: 'STATUS_UNKNOWN_LIST' })
    await expect(south.touch(listUrl(1))).rejects.toMatchObject({ code: 'STATUS_UNKNOWN_LIST' })
    await expect(south.publish(publicationOf(1, AT))).rejects.toMatchObject({ code: 'STATUS_UNKNOWN_LIST' })
    expect(await south.publication(listUrl(1))).toBeUndefined()
    expect(await south.lists()).toEqual([])
    expect(await south.find('urn:badge:a')).toBeUndefined()
    expect(await collect(south.issuances())).toEqual([])
    await expect(south.reserve(requestFor('a'))).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'listUrl' })

    const slot = await south.reserve(requestFor('a', { listUrl: southUrl }))
    expect(slot).toMatchObject({ slots: [{ list: southUrl(1) }], state: 'intended' })
    await south.setStatus(revocationOf('a'))
    expect(await north.history('urn:badge:a')).toEqual([])
    expect((await north.snapshot(listUrl(1))).bits.every((byte) => byte === 0)).toBe(true)
    await north.setStatus(revocationOf('a'))
    expect(await north.history('urn:badge:a')).toHaveLength(1)
    await north.close()
    await south.close()
  })

  it('216: takes hostile names for an issuer', async () => {
    const path = newPath()
    for (const [n, tenant] of HOSTILE_NAMES.entries()) {
      const store = await openSqliteStatusStore(path, { tenant })
      await store.reserve(requestFor('a', { listUrl: () => `https://${n}.example/1` }))
      expect(await store.lists()).toHaveLength(1)
      await store.close()
    }
  })

  it('creates a file that only its owner reads', async () => {
    const path = newPath()
    const store = await openSqliteStatusStore(path)
    await store.reserve(requestFor('a'))
    for (const suffix of ['', '-wal', '-shm']) expect(statSync(path + suffix).mode & 0o777).toBe(0o600)
    await store.close()
  })

  it('214: is durable: write-ahead log, full synchronisation, foreign keys', async () => {
    const path = newPath()
    const store = await openSqliteStatusStore(path)
    await store.close()
    const raw = await openRawDatabase(path)
    expect(raw.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    raw.close()
  })

  it('holds its promises against code that does not go through it', async () => {
    const path = newPath()
    const store = await openSqliteStatusStore(path)
    await store.reserve(requestFor('a'))
    await store.setStatus(revocationOf('a'))
    await store.close()
    const raw = await openRawDatabase(path)
    for (const sql of [
      'UPDATE status_event SET to_status = 0',
      'DELETE FROM status_event',
      'UPDATE status_slot SET idx = idx + 1',
      'DELETE FROM status_slot',
      'UPDATE status_list SET next_slot = 0',
      'UPDATE status_list SET version = 1',
      'UPDATE status_list SET capacity = 1',
      "UPDATE issuance SET state = 'released'",
      "UPDATE issuance SET state = 'free'"
    ]) {
      expect(() => raw.exec(sql), sql).toThrow()
    }
    raw.close()
  })
})

describe('an SQLite status store is refused', () => {
  it.each(['', ':memory:', 'file:x.db', 'a\u0000b'])('when its path is %j', async (path) => {
    await expect(openSqliteStatusStore(path)).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'path' })
  })

  it.each([
    [{ busyTimeoutMs: -1 }, 'busyTimeoutMs'],
    [{ busyTimeoutMs: 1e9 }, 'busyTimeoutMs'],
    [{ tenant: '' }, 'tenant']
  ])('with the options %j', async (options, path) => {
    await expect(openSqliteStatusStore(newPath(), options)).rejects.toMatchObject({ code: 'OPTION_INVALID', path })
  })

  it('when a newer version of this library wrote it, and it is left as it was', async () => {
    const path = newPath()
    await (await openSqliteStatusStore(path)).close()
    const raw = await openRawDatabase(path)
    raw.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`)
    raw.close()
    const before = readFileSync(path)
    await expect(openSqliteStatusStore(path)).rejects.toMatchObject({ code: 'STATUS_STORE_UNSUPPORTED' })
    expect(readFileSync(path)).toEqual(before)
  })

  it('when the file is the database of something else, and it is left as it was', async () => {
    for (const sql of ['CREATE TABLE t (a)', 'PRAGMA user_version = 1', 'PRAGMA application_id = 7']) {
      const path = newPath()
      const raw = await openRawDatabase(path)
      raw.exec(sql)
      raw.close()
      const before = readFileSync(path)
      await expect(openSqliteStatusStore(path)).rejects.toMatchObject({ code: 'STATUS_STORE_UNSUPPORTED' })
      expect(readFileSync(path)).toEqual(before)
    }
  })

  it('when the file is no database, and it is left as it was', async () => {
    const path = newPath()
    writeFileSync(path, 'These are my notes. '.repeat(400))
    await expect(openSqliteStatusStore(path)).rejects.toMatchObject({ code: 'STATUS_STORE_UNSUPPORTED' })
    expect(readFileSync(path, 'utf8')).toMatch(/^These are my notes/)
  })

  it('when its folder does not exist, is a file, or cannot be written', async () => {
    const file = newPath()
    writeFileSync(file, '')
    const directory = newPath()
    mkdirSync(directory)
    for (const path of [join(folder, 'missing', 'x.db'), join(file, 'x.db'), '/proc/x.db', directory]) {
      const error = await openSqliteStatusStore(path).catch((reason: unknown) => reason)
      expect(error, path).toMatchObject({ code: 'STATUS_STORE_IO', retryable: false })
      expect((error as KommaError).hint, path).toMatch(/folder/)
    }
  })

  it('while another process holds it, and may be tried again', async () => {
    const path = newPath()
    const store = await openSqliteStatusStore(path, { busyTimeoutMs: 10 })
    const raw = await openRawDatabase(path)
    raw.exec('BEGIN IMMEDIATE')
    const busy = { code: 'STATUS_STORE_IO', retryable: true }
    await expect(store.reserve(requestFor('a'))).rejects.toMatchObject(busy)
    await expect(openSqliteStatusStore(path, { busyTimeoutMs: 10 })).rejects.toMatchObject(busy)
    expect(await store.lists()).toEqual([])
    raw.exec('ROLLBACK')
    expect(await store.reserve(requestFor('a'))).toMatchObject({ state: 'intended' })
    raw.close()
    await store.close()
  })

  it('when a new file is held in rollback mode, and may be tried again', async () => {
    const path = newPath()
    const raw = await openRawDatabase(path)
    raw.exec('BEGIN IMMEDIATE; CREATE TABLE t (a)')
    const attempt = openSqliteStatusStore(path, { busyTimeoutMs: 50 })
    await expect(attempt).rejects.toMatchObject({ code: 'STATUS_STORE_IO', retryable: true })
    raw.exec('ROLLBACK')
    const store = await openSqliteStatusStore(path)
    expect(await store.lists()).toEqual([])
    await store.close()
    raw.close()
  })
})

describe('a failure of SQLite', () => {
  it.each([
    [5, 'STATUS_STORE_IO', true],
    [261, 'STATUS_STORE_IO', true],
    [8, 'STATUS_STORE_IO', false],
    [1032, 'STATUS_STORE_IO', false],
    [10, 'STATUS_STORE_IO', false],
    [778, 'STATUS_STORE_IO', false],
    [11, 'STATUS_STORE_IO', false],
    [13, 'STATUS_STORE_IO', true],
    [14, 'STATUS_STORE_IO', false],
    [26, 'STATUS_STORE_UNSUPPORTED', false],
    [2067, 'INTERNAL_ERROR', false]
  ])('with result %i becomes %s', (errcode, code, retryable) => {
    const cause = Object.assign(new Error('secret'), { code: 'ERR_SQLITE_ERROR', errcode })
    const error = toStoreError(cause)
    expect(error).toMatchObject({ code, retryable, cause })
    expect(error.message).not.toContain('secret')
  })

  it('that is none of these is reported as unexpected', () => {
    for (const thrown of [new TypeError('x'), undefined, null, 'text']) {
      expect(toStoreError(thrown)).toMatchObject({ code: 'INTERNAL_ERROR' })
      expect(toStoreError(thrown)).toBeInstanceOf(KommaError)
    }
  })
})
