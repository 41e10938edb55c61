import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'

describe('docs/security-cases.md', () => {
  it('has a test or a reason for each case from 1 to 241, and is what the tests say today', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/security-cases.mjs', '--check'], {
      encoding: 'utf8'
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})
