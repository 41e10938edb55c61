import { spawn as spawnChild, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { version } from '../../src/encoding/version.js'
import { issueArgs, PASSWORD } from './support.js'

const root = join(import.meta.dirname, '../..')
let folder = ''

beforeAll(async () => {
  // Inside the repository, so that the packages are found.
  mkdirSync(join(root, '.tmp'), { recursive: true })
  folder = mkdtempSync(join(root, '.tmp', 'cli-'))
  await build({
    entryPoints: [join(root, 'src/cli/main.ts')],
    outfile: join(folder, 'main.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external'
  })
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function spawn(args: readonly string[], options: { input?: Uint8Array; password?: string } = {}) {
  const { KOMMA_PASSWORD: _, ...env } = process.env
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', join(folder, 'main.mjs'), ...args], {
    encoding: 'utf8',
    env: options.password === undefined ? env : { ...env, KOMMA_PASSWORD: options.password },
    ...(options.input === undefined ? {} : { input: options.input })
  })
}

describe('komma as a program', () => {
  it('issues and verifies through files, pipes and the environment', () => {
    const [home, badge, out] = ['issuer', 'badge.png', 'public'].map((name) => join(folder, name)) as [
      string,
      string,
      string
    ]
    const made = spawn(['issuer', 'init', home, '--id', 'did:key'], { password: PASSWORD })
    expect([made.status, made.stderr]).toEqual([0, ''])
    expect(spawn(issueArgs(home, badge, { format: 'png' }), { password: PASSWORD }).status).toBe(0)
    expect(spawn(['publish', home, out], { password: PASSWORD }).status).toBe(0)
    const verified = spawn(['verify', '-', '--json', '--offline-bundle', out], { input: readFileSync(badge) })
    expect([verified.status, verified.stderr]).toEqual([0, ''])
    expect(JSON.parse(verified.stdout).accepted).toBe(true)
  })

  it('leaves with 1 for a badge that is not one, and with 2 for wrong usage and a missing password', () => {
    expect(spawn(['verify', '-'], { input: new TextEncoder().encode('{}') }).status).toBe(1)
    expect(spawn(['verify', 'nowhere.json']).status).toBe(2)
    expect(
      spawn(['issuer', 'init', join(folder, 'new'), '--id', 'did:key'], { input: new Uint8Array() })
    ).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('komma: PASSWORD_REQUIRED')
    })
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('serves until %s, and then leaves with 0', async (signal) => {
    const child = spawnChild(process.execPath, [join(folder, 'main.mjs'), 'serve', '--port', '0', '--open'], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
    const ended = once(child, 'close')
    const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
    const base = /http:\/\/127\.0\.0\.1:\d+/.exec(String(line))?.[0]
    expect(
      (await fetch(`${base}/1.0/identifiers/did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK`)).status
    ).toBe(200)
    child.kill(signal)
    expect(await ended).toEqual([0, null])
  })

  it('has the version of the package', () => {
    expect(version).toBe(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version)
    expect(spawn(['--version']).stdout).toBe(`${version}\n`)
  })
})
