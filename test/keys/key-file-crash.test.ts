import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sha256 } from '../../src/crypto/digest.js'
import { createKeyFile, openKeyFile } from '../../src/keys/file.js'

const KILLS = Number(process.env['KOMMA_KILLS'] ?? 12)
const passwords = ['the first password', 'the second password']

let folder = ''
let program = ''
beforeAll(async () => {
  mkdirSync('.tmp', { recursive: true })
  folder = mkdtempSync(resolve('.tmp', 'key-crash-'))
  program = join(folder, 'child.mjs')
  const entryPoints = ['test/keys/key-file-child.ts']
  await build({ entryPoints, outfile: program, bundle: true, format: 'esm', packages: 'external', platform: 'node' })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the child, and kills it some time after it said that it rewrites the file. */
async function rewriteAndKill(path: string, first: string, delay: number): Promise<string> {
  const order = [first, ...passwords.filter((one) => one !== first)]
  const child = spawn(process.execPath, [program, path, ...order], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  const started = new Promise<void>((go, stop) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('start')) go()
    })
    child.on('exit', () => stop(new Error(`the child ended by itself: ${said}`)))
  })
  await started
  await pause(delay)
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
  expect(child.signalCode).toBe('SIGKILL')
  return said
}

test('226: a rewrite that is killed at any moment leaves the old file or the new one, whole', async () => {
  const path = join(folder, 'keys.jwe')
  const now = new Date('2026-01-31T09:00:00Z')
  let [password = ''] = passwords
  const made = await createKeyFile(path, { password, now, id: 'key-1' })
  const before = await made.keys()
  let killed = 0
  for (let count = 0; count < KILLS; count += 1) {
    // From at once to well after one rewrite, so that some kills meet each step.
    const said = await rewriteAndKill(path, password, (count * 613) % 1500)
    killed += 1
    const lines = said.trim().split('\n')
    const last = lines.at(-1) ?? ''
    // What was acknowledged holds; what was only begun may have happened or not.
    const candidates = last.startsWith('done') ? [last.slice(5)] : passwords
    const opened: string[] = []
    for (const candidate of candidates) {
      const store = await openKeyFile(path, { password: candidate }).catch((error: { code?: string }) => {
        expect(error.code).toBe('KEY_FILE_UNLOCK')
      })
      if (store === undefined) continue
      opened.push(candidate)
      expect(await store.keys()).toEqual(before)
      expect(await (await store.signer()).sign(new Uint8Array(64))).toHaveLength(64)
    }
    expect(opened, said).toHaveLength(1)
    password = opened[0] ?? ''
    expect(JSON.parse(readFileSync(path, 'utf8')).sha256).toHaveLength(43)
  }
  expect(killed).toBe(KILLS)
  // What a kill left beside the file is no key file of anybody, and never in the way.
  const left = readdirSync(folder).filter((name) => name !== 'keys.jwe' && name !== 'child.mjs')
  expect(left.every((name) => /^\.keys\.jwe\.[0-9a-f]{16}\.tmp$/.test(name))).toBe(true)
}, 600_000)

test('240: the bytes of a secret are cleared once a file is open, and the page says that more cannot be promised', async () => {
  const path = join(folder, 'cleared.jwe')
  const seed = sha256(new TextEncoder().encode('komma-test-issuer'))
  const password = 'correct horse battery staple'
  await createKeyFile(path, { password, seed, now: new Date('2026-01-31T09:00:00Z') })
  const fill = Uint8Array.prototype.fill
  let cleared = 0
  Uint8Array.prototype.fill = function (...args) {
    if (args[0] === 0 && this.length === seed.length && this.every((byte, at) => byte === seed[at])) cleared += 1
    return fill.apply(this, args)
  }
  try {
    await openKeyFile(path, { password })
  } finally {
    Uint8Array.prototype.fill = fill
  }
  // The bytes of the entry, and the copy that was handed to WebCrypto.
  expect(cleared).toBeGreaterThanOrEqual(2)
  const page = readFileSync('docs/keys.md', 'utf8')
  expect(page).toMatch(/## Secrets in memory[\s\S]*heap dump, the swap file or a debugger[\s\S]*promises\s+otherwise/)
})
