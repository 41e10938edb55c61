import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const PROGRAM = `
import { describe, it } from 'RUNNER'
import { createMemoryKeyStore } from '${resolve('src/index.ts')}'
import { testKeyStore } from '${resolve('src/testing/index.ts')}'

const kit = { describe, it, algorithms: ['Ed25519'], makesKeys: true }
testKeyStore(() => createMemoryKeyStore(), { ...kit, name: 'a good store' })
if (FAULTY) {
  const open = async () => ({ ...(await createMemoryKeyStore()), signer: async () => ({}) })
  testKeyStore(open, { ...kit, name: 'a faulty store' })
}
`

let folder = ''
beforeAll(() => {
  mkdirSync('.tmp', { recursive: true })
  folder = mkdtempSync(resolve('.tmp', 'kit-'))
  // Otherwise vitest takes the configuration of this project.
  writeFileSync(join(folder, 'vitest.config.mjs'), 'export default {}')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function write(runner: string, file: string, faulty: boolean): Promise<string> {
  const source = join(folder, `${file}.ts`)
  const outfile = join(folder, `${file}.mjs`)
  writeFileSync(source, PROGRAM.replace('RUNNER', runner).replace('FAULTY', String(faulty)))
  await build({ entryPoints: [source], outfile, bundle: true, format: 'esm', packages: 'external', platform: 'node' })
  return outfile
}

function run(args: readonly string[]): { readonly status: number | null; readonly output: string } {
  const { NODE_OPTIONS: _, ...env } = process.env
  const quiet = Object.fromEntries(Object.entries(env).filter(([name]) => !/^(VITEST|NODE_TEST)/.test(name)))
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: quiet })
  return { status, output: `${stdout}${stderr}` }
}

const RUNNERS = {
  'node:test': (file: string) => ['--test', '--test-reporter=tap', file],
  vitest: (file: string) => [
    'node_modules/vitest/vitest.mjs',
    'run',
    `--root=${folder}`,
    '--reporter=tap-flat',
    basename(file)
  ]
}

describe.each(Object.entries(RUNNERS))('the kits under %s', (runner, command) => {
  const name = runner.replace(':', '-')

  it('run, and pass for a driver that keeps the contract', async () => {
    const { status, output } = run(command(await write(runner, `${name}-good.test`, false)))
    expect(status, output).toBe(0)
    expect(output).toMatch(/\bok \d+ - .*keeps all keys that are made at the same time/)
    expect(output).not.toContain('not ok')
  })

  it('fail for a driver that does not, and say what is wrong', async () => {
    const { status, output } = run(command(await write(runner, `${name}-faulty.test`, true)))
    expect(status).toBe(1)
    expect(output).toMatch(/not ok \d+ - .*has one current key, which is the one that signs/)
    expect(output).toContain('the id of the current signer: expected ')
  })
})
