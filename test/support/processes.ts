import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, symlinkSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { build } from 'esbuild'

/** Bundles a program of the tests, with its packages, into a folder, so that it starts fast. Says where it lies. */
export async function bundleProgram(source: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  const outfile = join(folder, 'program.mjs')
  const form = { bundle: true, format: 'esm', target: 'node20', platform: 'node' } as const
  // The package has a part in machine code; pg-native is another, which nobody needs.
  const external = ['@photostructure/sqlite', 'pg-native']
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" }
  await build({ ...form, entryPoints: [resolve(source)], outfile, external, banner, logLevel: 'error' })
  return outfile
}

export interface Talker<Said> {
  readonly process: ChildProcess
  /** Everything it said up to now. */
  readonly said: readonly Said[]
  /** When the process is over and all that it said was read. */
  readonly over: Promise<void>
  tell(value: unknown): void
  /** When it has said so many things. */
  hasSaid(count: number): Promise<void>
}

/** Starts a program that says and is told one JSON value in each line. */
export function startProgram<Said>(
  program: string,
  args: readonly string[] = [],
  onSaid: (said: Said) => void = () => {}
): Talker<Said> {
  const started = spawn(process.execPath, ['--no-warnings', program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const said: Said[] = []
  const checks = new Set<() => void>()
  let rest = ''
  started.stdout.setEncoding('utf8').on('data', (text: string) => {
    // The last line may be cut off by a kill; nothing of it was said.
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const value = JSON.parse(line) as Said
      said.push(value)
      onSaid(value)
      for (const check of checks) check()
    }
  })
  // What is written to a process that was killed is lost, which is what a kill is about.
  started.stdin.on('error', () => {})
  const over = new Promise<void>((done, failed) => {
    started.on('error', failed)
    started.on('close', () => done())
  })
  const hasSaid = (count: number) =>
    new Promise<void>((done) => {
      const check = () => {
        if (said.length >= count) done()
      }
      checks.add(check)
      check()
    })
  return { process: started, said, over, hasSaid, tell: (value) => started.stdin.write(`${JSON.stringify(value)}\n`) }
}

/** Says a value at once, so that what was said is known even if the process is killed. */
export function say(value: unknown): void {
  let rest: Uint8Array = Buffer.from(`${JSON.stringify(value)}\n`)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      // The pipe is full; whoever reads it is about to make room.
      if ((error as { code?: unknown }).code !== 'EAGAIN') throw error
    }
  }
}
