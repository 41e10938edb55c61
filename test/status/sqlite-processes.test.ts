import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getBit } from '../../src/status/bitstring.js'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import type { IssuanceRecord } from '../../src/status/status-store.js'
import { collect, placeOf } from './contract.js'
import { AT, listUrl, requestFor } from './contract-data.js'
import { openRawDatabase } from './raw-sqlite.js'

interface Said {
  readonly step?: string
  readonly credentialId: string
  readonly list: string
  readonly index: number
  readonly version: number
  readonly code: string
}

const folder = mkdtempSync(join(tmpdir(), 'komma-processes-'))
const child = join(folder, 'child.mjs')
const isRoot = process.getuid?.() === 0

beforeAll(async () => {
  chmodSync(folder, 0o755)
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  await build({
    entryPoints: [resolve('test/status/child.ts')],
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

function start(args: readonly string[]): {
  process: ChildProcess
  said: Promise<Said[]>
  wasSaid: (n: number) => Promise<void>
} {
  const started = spawn(process.execPath, ['--no-warnings', child, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  let check = () => {}
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    check()
  })
  const said = new Promise<Said[]>((done, failed) => {
    started.on('error', failed)
    started.on('close', () => done(parse(output)))
  })
  function wasSaid(lines: number): Promise<void> {
    return new Promise((done) => {
      check = () => {
        if (output.split('\n').length > lines) done()
      }
      started.on('close', () => done())
      check()
    })
  }
  return { process: started, said, wasSaid }
}

/** The last line may be cut off by a kill; nothing of it was acknowledged. */
function parse(output: string): Said[] {
  return output
    .slice(0, output.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Said)
}

function placesOf(records: readonly { list: string; index: number }[]): Set<string> {
  return new Set(records.map(({ list, index }) => `${list}#${index}`))
}

function placesOfAll(records: readonly IssuanceRecord[]): Set<string> {
  return placesOf(records.map(placeOf))
}

async function expectNothingLost(path: string, said: readonly Said[]): Promise<IssuanceRecord[]> {
  const raw = await openRawDatabase(path)
  expect(raw.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  expect(raw.prepare('PRAGMA foreign_key_check').all()).toEqual([])
  raw.close()

  const store = await openSqliteStatusStore(path)
  const records = await collect(store.issuances())
  const byId = new Map(records.map((record) => [record.credentialId, record]))
  expect(placesOfAll(records).size).toBe(records.length)
  const [list] = await store.lists()
  expect(list?.used ?? 0).toBe(records.length)

  const atLeast: Record<string, readonly string[]> = {
    reserved: ['intended', 'recorded', 'released'],
    recorded: ['recorded', 'released'],
    released: ['released']
  }
  const bits = list === undefined ? new Uint8Array(16_384) : (await store.snapshot(list.id)).bits
  for (const { step = '', credentialId, index, version } of said) {
    const record = byId.get(credentialId)
    if (step in atLeast) expect(atLeast[step]).toContain(record?.state)
    if (step === 'reserved') expect(record?.slots[0]?.index).toBe(index)
    if (step === 'recorded') expect(record?.text).toBe(`${credentialId} `.repeat(40))
    if (step === 'revoked') {
      expect(getBit(bits, placeOf(record as IssuanceRecord).index)).toBe(true)
      expect(await store.history(credentialId)).toHaveLength(1)
    }
    if (step === 'published') expect((await store.publication(listUrl(1)))?.version).toBeGreaterThanOrEqual(version)
  }
  await store.close()
  return records
}

describe('processes that share an SQLite file', () => {
  it('201, 221: make 1,000 reservations at once: no index twice, none lost', async () => {
    const path = join(folder, 'shared.db')
    const workers = ['w1', 'w2', 'w3', 'w4'].map((name) => start(['reserve', path, name, '250']))
    const slots = (await Promise.all(workers.map((worker) => worker.said))).flat()
    expect(slots).toHaveLength(1000)
    expect(placesOf(slots).size).toBe(1000)
    const store = await openSqliteStatusStore(path)
    const records = await collect(store.issuances())
    expect(placesOfAll(records)).toEqual(placesOf(slots))
    expect((await store.lists()).map(({ used }) => used)).toEqual([1000])
    await store.close()
  })

  it('202: asking for the same badge get the same slot', async () => {
    const path = join(folder, 'same.db')
    const workers = [1, 2, 3, 4].map(() => start(['reserve', path, 'same', '50']))
    const slots = (await Promise.all(workers.map((worker) => worker.said))).flat()
    expect(slots).toHaveLength(200)
    expect(placesOf(slots).size).toBe(50)
  })
})

describe('a process that is killed', () => {
  it('206: loses nothing that it acknowledged, and its work is resumed with the same slot', async () => {
    const path = join(folder, 'killed.db')
    const said: Said[] = []
    for (let round = 0; round < 8; round++) {
      const workers = ['a', 'b'].map((name) => start(['issue', path, `${round}${name}`]))
      await Promise.all(workers.map((worker) => worker.wasSaid(1 + 7 * round)))
      for (const worker of workers) worker.process.kill('SIGKILL')
      const told = (await Promise.all(workers.map((worker) => worker.said))).flat()
      expect(told.filter(({ step }) => step === 'failed')).toEqual([])
      said.push(...told)
      await expectNothingLost(path, said)
    }
    expect(said.length).toBeGreaterThan(200)

    const records = await expectNothingLost(path, said)
    const store = await openSqliteStatusStore(path)
    for (const { idempotencyKey, requestDigest, credentialId, slots, state } of records) {
      const again = requestFor('x', { idempotencyKey, requestDigest, credentialId: 'urn:badge:other' })
      expect(await store.reserve(again)).toMatchObject({ credentialId, slots, state })
    }
    expect(await collect(store.issuances())).toHaveLength(records.length)
    await store.close()
  })
})

describe('a disk that fails', () => {
  function runInShell(script: string, path: string): Said[] {
    const shell = spawnSync('sh', ['-c', script, 'sh', process.execPath, child, path], { encoding: 'utf8' })
    expect(shell.stderr).toBe('')
    return parse(shell.stdout)
  }

  it('213: because files may not grow gives one clear error, and keeps what was acknowledged', async () => {
    const path = join(folder, 'limited.db')
    const said = runInShell('ulimit -f 1024 && exec "$1" --no-warnings "$2" issue "$3" w', path)
    expect(said.at(-1)).toMatchObject({ step: 'failed', code: 'STATUS_STORE_IO' })
    expect(said.length).toBeGreaterThan(20)
    await expectNothingLost(path, said)
    const store = await openSqliteStatusStore(path)
    expect(await store.reserve(requestFor('afterwards'))).toMatchObject({ state: 'intended' })
    await store.close()
  })

  it('because files may not be written at all leaves nothing that is half a store', async () => {
    const path = join(folder, 'zero.db')
    const said = runInShell('ulimit -f 0 && exec "$1" --no-warnings "$2" issue "$3" w', path)
    expect(said).toMatchObject([{ step: 'failed', code: 'STATUS_STORE_IO' }])
    const store = await openSqliteStatusStore(path)
    expect(await store.lists()).toEqual([])
    await store.close()
  })

  const canMount = isRoot && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', folder]).status === 0

  it.skipIf(!canMount)('213: because it is full gives one clear error, and keeps what was acknowledged', async () => {
    const mount = join(folder, 'tmpfs')
    mkdirSync(mount)
    const copy = join(folder, 'copy.db')
    const inner = `mount -t tmpfs -o size=1m none ${mount} && "$1" --no-warnings "$2" issue ${mount}/x.db w`
    const script = `unshare -m sh -c '${inner}; for s in "" -wal; do cp ${mount}/x.db$s $3$s; done' sh "$@"`
    const said = runInShell(script, copy)
    expect(said.at(-1)).toMatchObject({ step: 'failed', code: 'STATUS_STORE_IO' })
    expect(said.length).toBeGreaterThan(20)
    await expectNothingLost(copy, said)
  })
})

describe('a store without permission to write', () => {
  function runAsNobody(path: string): Said[] {
    const args = ['--no-warnings', child, 'issueAsNobody', path, 'w']
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect(stderr).toBe('')
    return parse(stdout)
  }

  it('213: is refused when its file is read-only', async () => {
    const home = join(folder, 'read-only')
    mkdirSync(home)
    chmodSync(home, 0o777)
    const path = join(home, 'x.db')
    const store = await openSqliteStatusStore(path)
    await store.reserve(requestFor('a'))
    await store.close()
    chmodSync(path, 0o444)
    expect(runAsNobody(path)).toMatchObject([{ step: 'failed', code: 'STATUS_STORE_IO' }])
    chmodSync(path, 0o644)
    const again = await openSqliteStatusStore(path)
    expect((await collect(again.issuances())).map(({ reservedAt }) => reservedAt)).toEqual([AT])
    await again.close()
  })

  it('is refused when its folder is read-only, and creates nothing there', () => {
    const home = join(folder, 'read-only-folder')
    mkdirSync(home)
    chmodSync(home, 0o555)
    const path = join(home, 'x.db')
    expect(runAsNobody(path)).toMatchObject([{ step: 'failed', code: 'STATUS_STORE_IO' }])
    expect(existsSync(path)).toBe(false)
  })
})
