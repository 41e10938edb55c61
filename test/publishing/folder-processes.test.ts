import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFolderSink } from '../../src/publishing/folder-sink.js'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import { LIST, validFromOf, type WebHouse, webHouse } from './support.js'

const root = join(import.meta.dirname, '../..')
const LIST_ID = `https://academy.example/${LIST}`
/** More steps than a publication has. */
const MOST_STEPS = 400
let folder = ''

beforeAll(async () => {
  // Inside the repository, so that the packages are found.
  mkdirSync(join(root, '.tmp'), { recursive: true })
  folder = mkdtempSync(join(root, '.tmp', 'publishing-'))
  await build({
    entryPoints: [join(root, 'test/publishing/child.ts')],
    outfile: join(folder, 'child.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error'
  })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function start(mode: string, home: string, count: number): ChildProcess {
  const args = ['--no-warnings', join(folder, 'child.mjs'), mode, home, String(count)]
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function houseIn(home: string): Promise<WebHouse> {
  mkdirSync(home)
  return webHouse({ status: await openSqliteStatusStore(join(home, 'status.db'), { busyTimeoutMs: 60_000 }) })
}

describe('a process that publishes to a folder', () => {
  it('207: and is killed at any step leaves the old list or the new one, whole, and the next brings the new one', async () => {
    const home = join(folder, 'killed')
    const house = await houseIn(home)
    const sink = await openFolderSink(join(home, 'site'))
    const publisher = house.publisher(sink)
    await house.issue()
    await publisher.publish()
    let kills = 0
    const kept = new Set<string>()
    for (let at = 1; ; at += 1) {
      expect(at).toBeLessThan(MOST_STEPS)
      await house.status.touch(LIST_ID)
      const old = readFileSync(join(home, 'site', LIST), 'utf8')
      const child = start('killed', home, at)
      const [code, signal] = await once(child, 'close')
      const lying = readFileSync(join(home, 'site', LIST), 'utf8')
      const stored = await house.status.publication(LIST_ID)
      if (lying === old) kept.add('old')
      else {
        kept.add('new')
        expect(lying).toBe(stored?.text)
        expect(validFromOf(lying) > validFromOf(old)).toBe(true)
      }
      await publisher.publish()
      expect(await sink.read(LIST)).toMatchObject({ text: (await house.status.publication(LIST_ID))?.text })
      expect(readdirSync(join(home, 'site/status'))).toEqual(['revocation-1.json'])
      if (signal === null) {
        expect(code).toBe(0)
        break
      }
      expect(signal).toBe('SIGKILL')
      kills += 1
    }
    expect([...kept].sort()).toEqual(['new', 'old'])
    expect(kills).toBeGreaterThan(30)
    await house.status.close()
  }, 600_000)

  it('209, 221: and shares it with another only ever goes forward', async () => {
    const home = join(folder, 'shared')
    const house = await houseIn(home)
    await house.issue()
    const sink = await openFolderSink(join(home, 'site'))
    await house.publisher(sink).publish()
    const seen: string[] = []
    const children = [start('many', home, 40), start('many', home, 40)]
    let running = children.length
    const ended = children.map(async (child) => {
      const end = await once(child, 'close')
      running -= 1
      return end
    })
    while (running > 0) {
      seen.push(validFromOf((await sink.read(LIST))?.text))
      await new Promise((done) => setImmediate(done))
    }
    expect(await Promise.all(ended)).toEqual([
      [0, null],
      [0, null]
    ])
    seen.push(validFromOf((await sink.read(LIST))?.text))
    expect(seen).toEqual([...seen].sort())
    expect(new Set(seen).size).toBeGreaterThan(5)
    const stored = await house.status.publication(LIST_ID)
    expect((await sink.read(LIST))?.text).toBe(stored?.text)
    expect(readdirSync(join(home, 'site/status'))).toEqual(['revocation-1.json'])
    await house.status.close()
  }, 600_000)
})
