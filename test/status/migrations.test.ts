import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../src/crypto/digest.js'
import { encodeHex } from '../../src/encoding/multibase.js'
import { getBit } from '../../src/status/bitstring.js'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import { MIGRATIONS, SCHEMA_VERSION } from '../../src/status/sqlite-schema.js'
import { collect } from './contract.js'
import { AT, LATER, listUrl, requestFor, revocationOf } from './contract-data.js'
import { openRawDatabase } from './raw-sqlite.js'
import { writeVersion1 } from './version-1.js'

const folder = mkdtempSync(join(tmpdir(), 'komma-migrations-'))
const child = join(folder, 'child.mjs')
let count = 0

beforeAll(async () => {
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  await build({
    entryPoints: [resolve('test/status/migrating-child.ts')],
    outfile: child,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['@photostructure/sqlite'],
    logLevel: 'error'
  })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function oldFile(): Promise<string> {
  count += 1
  const path = join(folder, `${count}.db`)
  await writeVersion1(path)
  return path
}

async function versionOf(path: string): Promise<number> {
  const raw = await openRawDatabase(path)
  const { user_version: version } = raw.prepare('PRAGMA user_version').get() as { user_version: number }
  expect(raw.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  expect(raw.prepare('PRAGMA foreign_key_check').all()).toEqual([])
  raw.close()
  return version
}

/** Everything that the file of version 1 said, and that it goes on from there. */
async function expectTheOldStore(path: string): Promise<void> {
  const store = await openSqliteStatusStore(path)
  expect(await collect(store.issuances())).toMatchObject([
    { credentialId: 'urn:badge:a', state: 'released', text: 'signed a', slots: [{ list: listUrl(1), index: 7 }] },
    { credentialId: 'urn:badge:b', state: 'recorded', text: 'signed b', slots: [{ statusSize: 1, index: 9 }] },
    { credentialId: 'urn:badge:c', state: 'intended', slots: [{ purpose: 'revocation', index: 11 }] }
  ])
  expect(await store.history('urn:badge:b')).toEqual([
    {
      sequence: 1,
      credentialId: 'urn:badge:b',
      list: listUrl(1),
      index: 9,
      purpose: 'revocation',
      from: 0,
      to: 1,
      reason: 'awarded by mistake',
      actor: 'kari@academy.example',
      at: LATER,
      idempotencyKey: 'revoke/b'
    }
  ])
  const { bits, version, previousValidFrom } = await store.snapshot(listUrl(1))
  expect([7, 9, 11].map((index) => getBit(bits, index))).toEqual([false, true, false])
  expect([version, previousValidFrom]).toEqual([2, AT])
  expect(await store.publication(listUrl(1))).toMatchObject({ version: 1, text: 'list 1' })

  expect(await store.setStatus(revocationOf('b'))).toMatchObject({ sequence: 1 })
  expect(await store.setStatus(revocationOf('a'))).toMatchObject({ sequence: 2, index: 7 })
  const entries = [{ purpose: 'suspension' }, { purpose: 'revocation' }] as const
  expect(await store.reserve(requestFor('d', { entries }))).toMatchObject({ slots: [{ list: listUrl(1) }, {}] })
  await store.close()
}

describe('an SQLite file of version 1', () => {
  it('is brought to the version of this library, and loses nothing', async () => {
    const path = await oldFile()
    expect(await versionOf(path)).toBe(1)
    await expectTheOldStore(path)
    expect(await versionOf(path)).toBe(SCHEMA_VERSION)
  })

  it('is what files out there hold, so the statements that made it never change', () => {
    const digest = encodeHex(sha256(new TextEncoder().encode(JSON.stringify(MIGRATIONS[0]))))
    expect(digest).toBe('0aa95f46ccd84965594e0e3760e10f59f2f3faf08a61873df2a57b29bb2f1a9e')
  })

  it('has the same tables afterwards as a new file', async () => {
    const path = await oldFile()
    await (await openSqliteStatusStore(path)).close()
    count += 1
    const fresh = join(folder, `${count}.db`)
    await (await openSqliteStatusStore(fresh)).close()
    const [old, young] = await Promise.all([path, fresh].map(schemaOf))
    expect(old).toEqual(young)
  })

  it('is migrated once when several connections open it at once', async () => {
    const path = await oldFile()
    const stores = await Promise.all([1, 2, 3].map(() => openSqliteStatusStore(path)))
    for (const store of stores) await store.close()
    await expectTheOldStore(path)
  })

  const steps = MIGRATIONS.slice(1).flat().length
  it.each(Array.from({ length: steps + 1 }, (_, n) => n))(
    '220: is whole and old when a process is killed after %d statements of the migration, and is migrated next time',
    async (statements) => {
      const path = await oldFile()
      const { signal } = spawnSync(process.execPath, ['--no-warnings', child, path, String(statements)])
      expect(signal).toBe('SIGKILL')
      expect(await versionOf(path)).toBe(1)
      await expectTheOldStore(path)
    }
  )

  it('220: is left as it was where the migration fails half-way', async () => {
    const path = await oldFile()
    const raw = await openRawDatabase(path)
    raw.exec('CREATE TABLE status_event_of_version_1 (a)')
    raw.close()
    await expect(openSqliteStatusStore(path)).rejects.toMatchObject({ code: 'INTERNAL_ERROR' })
    expect(await versionOf(path)).toBe(1)
    const again = await openRawDatabase(path)
    expect(again.prepare('SELECT count(*) AS n FROM status_event').get()).toEqual({ n: 1 })
    again.exec('DROP TABLE status_event_of_version_1')
    again.close()
    await expectTheOldStore(path)
  })

  it('220: is not taken back: a library that knows no newer version refuses the file and leaves it', async () => {
    const path = await oldFile()
    await (await openSqliteStatusStore(path)).close()
    const raw = await openRawDatabase(path)
    raw.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`)
    raw.close()
    const before = readFileSync(path)
    await expect(openSqliteStatusStore(path)).rejects.toMatchObject({ code: 'STATUS_STORE_UNSUPPORTED' })
    expect(readFileSync(path)).toEqual(before)
  })
})

async function schemaOf(path: string): Promise<unknown> {
  const raw = await openRawDatabase(path)
  const rows = raw.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').all()
  raw.close()
  return rows
}
