import { spawnSync } from 'node:child_process'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'

const HOUR = 3_600_000
let program: string
beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: ['test/support/time-zone-program.ts'],
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    write: false
  })
  program = outputFiles[0]?.text ?? ''
})

function runIn(TZ: string) {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-'], {
    input: program,
    encoding: 'utf8',
    env: { ...process.env, TZ }
  })
  expect(stderr).toBe('')
  return JSON.parse(stdout) as { readonly facts: object; readonly shift: number }
}

describe('the time zone of the machine', () => {
  it.each([
    ['UTC', 0],
    ['Pacific/Kiritimati', -14 * HOUR],
    ['Pacific/Pago_Pago', 11 * HOUR]
  ])('170: changes nothing in %s', (zone, shift) => {
    expect(runIn(zone)).toEqual({
      shift,
      facts: {
        instant: '1709163000',
        order: 0,
        written: '2024-02-28T23:30:00Z',
        later: '2025-03-01T23:30:00.000Z',
        issued: ['2024-02-28T23:30:00Z', '2026-02-28T23:30:00Z'],
        withoutOffset: 'SCHEMA_INVALID',
        untilNow: 'accepted',
        untilJustBefore: 'EXPIRED'
      }
    })
  })
})
