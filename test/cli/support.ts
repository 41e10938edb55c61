import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { run } from '../../src/cli/program.js'
import type { Terminal } from '../../src/cli/terminal.js'
import type { IssuanceRecord, StatusListInfo } from '../../src/index.js'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import { NOW } from '../support/issuer.js'

export const PASSWORD = 'correct horse battery staple'
export const EXAMPLES = join(import.meta.dirname, '../../examples')
export const DEFINITION = join(EXAMPLES, 'first-badge.definition.json')
export const AWARD = join(EXAMPLES, 'first-badge.award.json')

export interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
  /** What was written to standard output, byte for byte. */
  readonly bytes: Uint8Array
}

export interface World extends Partial<Pick<Terminal, 'env' | 'prompt' | 'fetch' | 'progress'>> {
  readonly now?: Date
  readonly stdin?: string | Uint8Array
  readonly isTTY?: boolean
  /** What happens while the command runs, with what it has written so far; then it is stopped. */
  readonly untilStopped?: (out: string) => Promise<void>
  /** What standard output fails with. */
  readonly broken?: Error
}

/** Runs the command in this process, at a fixed time and with the password in the environment unless told. */
export async function komma(argv: readonly string[], world: World = {}): Promise<Outcome> {
  let err = ''
  const written: Uint8Array[] = []
  const { now = NOW, stdin = '', isTTY = false, env = { KOMMA_PASSWORD: PASSWORD } } = world
  const code = await run(argv, {
    stdin: Object.assign(chunks(stdin), { isTTY }),
    stdout: {
      isTTY,
      write: (data, done) => {
        if (world.broken === undefined) written.push(Buffer.from(data))
        done?.(world.broken)
      }
    },
    stderr: { isTTY, write: (data) => (err += data) },
    env,
    now: () => now,
    fetch: world.fetch ?? (() => Promise.reject(new Error('nobody asked for the web'))),
    prompt: world.prompt ?? (() => Promise.reject(new Error('nobody is there to be asked'))),
    progress: world.progress ?? (() => Promise.reject(new Error('nobody watches'))),
    thread: undefined,
    untilStopped: () => world.untilStopped?.(Buffer.concat(written).toString()) ?? Promise.resolve()
  })
  const bytes = Buffer.concat(written)
  return { code, out: bytes.toString(), err, bytes }
}

/** A folder that is gone when the tests of the file are over. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'komma-cli-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function issueArgs(folder: string, out: string, change: Readonly<Record<string, string>> = {}): string[] {
  const options = { definition: DEFINITION, award: AWARD, format: 'json', out, ...change }
  return ['issue', folder, ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])]
}

/** Everything in a folder and below, by relative name. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

/** What the store of an issuer folder knows. */
export async function storeOf(
  folder: string
): Promise<{ issuances: IssuanceRecord[]; lists: readonly StatusListInfo[] }> {
  const store = await openSqliteStatusStore(join(folder, 'status.db'))
  try {
    const issuances: IssuanceRecord[] = []
    for await (const record of store.issuances()) issuances.push(record)
    return { issuances, lists: await store.lists() }
  } finally {
    await store.close()
  }
}

async function* chunks(input: string | Uint8Array): AsyncGenerator<string | Uint8Array> {
  for (let at = 0; at < input.length; at += 65_536) yield input.slice(at, at + 65_536)
}
