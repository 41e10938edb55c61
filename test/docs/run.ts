import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'
import ts from 'typescript'
import { type Block, compilerOptions, ENTRIES } from './blocks.js'
import { PASSWORD, type Scratch } from './scratch.js'

export interface Outcome {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

const LONGEST_RUN_MS = 60_000

/** The examples that talk to a key service: a fake one answers them. */
const KEY_SERVICES = /'komma\/keys\/(?:aws-kms|google-kms|azure-key-vault|vault)'/

/**
 * Type-checks every block as a file of its own, in one program. Gives back the messages by the name of the block.
 *
 * @param lib the libraries of types, where they are not those of the project
 */
export function checkTypes(
  blocks: readonly Block[],
  folder: string,
  lib?: readonly string[]
): ReadonlyMap<string, readonly string[]> {
  const files = writeBlocks(blocks, folder)
  const ambient = ts.sys.readDirectory(resolve('src'), ['.d.ts'])
  const options = { ...compilerOptions(), ...(lib === undefined ? {} : { lib: [...lib] }) }
  const program = ts.createProgram([...files.values(), ...ambient], options)
  return new Map(
    [...files].map(([name, path]) => {
      const source = program.getSourceFile(path)
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      return [name, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))]
    })
  )
}

/** Bundles every block and the command, with shared parts once. Packages stay outside. */
export async function bundleAll(blocks: readonly Block[], folder: string): Promise<void> {
  const entryPoints = {
    ...Object.fromEntries(writeBlocks(blocks, folder)),
    'komma-command': 'src/cli/main.ts',
    'key-services': 'test/keys/fakes/for-examples.ts'
  }
  await build({
    entryPoints,
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    packages: 'external',
    plugins: [mapNames],
    outExtension: { '.js': '.mjs' },
    logLevel: 'error'
  })
}

/** Runs the bundles of some blocks, two at a time, each in its own copy of the prepared files. */
export async function runBlocks(
  blocks: readonly Block[],
  scratch: Scratch,
  env: Readonly<Record<string, string>> = {}
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>()
  const waiting = [...blocks]
  const worker = async (): Promise<void> => {
    for (let block = waiting.shift(); block !== undefined; block = waiting.shift()) {
      const bundle = join(scratch.root, `${block.name}.mjs`)
      const services = KEY_SERVICES.test(block.text) ? ['--import', join(scratch.root, 'key-services.mjs')] : []
      outcomes.set(block.name, await runProcess(process.execPath, [...services, bundle], scratch.copy(block.name), env))
    }
  }
  await Promise.all([worker(), worker()])
  return outcomes
}

/** A line of a shell block, and how it ended. */
export interface CommandOutcome extends Outcome {
  readonly line: string
  /** Stated by a comment at its end, `# exits with 1`; 0 otherwise. */
  readonly expected: number
}

/**
 * Runs the lines of shell blocks in order, in one folder, with `komma` and `npx komma` as the bundled command. The id
 * of the badge that was issued last takes the place of `urn:uuid:…` and `CREDENTIAL-ID`.
 */
export async function runCommands(blocks: readonly Block[], scratch: Scratch): Promise<CommandOutcome[]> {
  const folder = scratch.copy('shell')
  const path = `${commandFolder(scratch.root)}${delimiter}${process.env['PATH'] ?? ''}`
  const settings: string[] = []
  const outcomes: CommandOutcome[] = []
  let issued = 'CREDENTIAL-ID'
  for (const line of blocks.flatMap(commandLines)) {
    if (/^(export|cd) /.test(line)) {
      settings.push(line)
      continue
    }
    const filled = line.replaceAll('urn:uuid:…', issued).replaceAll('CREDENTIAL-ID', issued)
    const script = ['set -e', ...settings, filled].join('\n')
    const outcome = await runProcess('sh', ['-c', script], folder, { PATH: path, KOMMA_PASSWORD: PASSWORD })
    issued = /Issued (?:before )?(urn:uuid:\S+)/.exec(outcome.stdout)?.[1] ?? issued
    outcomes.push({ line, expected: Number(/#.*\bexits? (?:with )?(\d)/.exec(line)?.[1] ?? 0), ...outcome })
  }
  return outcomes
}

function commandLines({ text }: Block): string[] {
  return text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.replace(/^\$ /, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

/** `npx` runs nothing else here, so that no example fetches a package. */
function commandFolder(root: string): string {
  const folder = join(root, 'bin')
  mkdirSync(folder, { recursive: true })
  const run = `exec "${process.execPath}" --no-warnings "${join(root, 'komma-command.mjs')}"`
  writeFileSync(join(folder, 'komma'), `#!/bin/sh\n${run} "$@"\n`)
  writeFileSync(join(folder, 'npx'), `#!/bin/sh\n[ "$1" = komma ] || exit 90\nshift\n${run} "$@"\n`)
  for (const name of ['komma', 'npx']) chmodSync(join(folder, name), 0o755)
  return folder
}

const mapNames: Plugin = {
  name: 'map-names',
  setup(builder) {
    builder.onResolve({ filter: /^komma(\/|$)/ }, ({ path }) => {
      const source = ENTRIES[path]
      return source === undefined ? { errors: [{ text: `nothing exports ${path}` }] } : { path: resolve(source) }
    })
  }
}

function writeBlocks(blocks: readonly Block[], folder: string): Map<string, string> {
  const sources = join(folder, 'blocks')
  mkdirSync(sources, { recursive: true })
  return new Map(
    blocks.map(({ name, text }) => {
      const path = join(sources, `${name}.ts`)
      writeFileSync(path, text)
      return [name, path]
    })
  )
}

function runProcess(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {}
): Promise<Outcome> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, {
      cwd,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONGEST_RUN_MS
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', failed)
    child.on('close', (exitCode) => done({ exitCode, stdout, stderr }))
  })
}
