import { writeFileSync } from 'node:fs'
import type * as FileSystem from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { filesIn, issueArgs, komma, storeOf, workFolder } from './support.js'

const disk = vi.hoisted(() => ({ failsAt: '' as '' | 'open' | 'room' | 'fill' | 'rename' }))

// A disk that fails at a step of writing the badge, as one that is full, read-only or unplugged does.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof FileSystem>()
  const fail = (code: string) => Promise.reject(Object.assign(new Error(code), { code }))
  const open: typeof real.open = async (path, flags, mode) => {
    const isBadge = /\.badge\.json\.[0-9a-f]+\.tmp$/.test(String(path))
    if (isBadge && disk.failsAt === 'open') return fail('EROFS')
    const handle = await real.open(path, flags, mode)
    const step = flags === 'wx' ? 'room' : 'fill'
    if (isBadge && disk.failsAt === step) handle.writeFile = () => fail('ENOSPC')
    return handle
  }
  const rename: typeof real.rename = (from, to) =>
    disk.failsAt === 'rename' && String(to).endsWith('badge.json') ? fail('EIO') : real.rename(from, to)
  return { ...real, open, rename }
})

const folder = workFolder()
const home = join(folder, 'issuer')
const badge = join(folder, 'badge.json')

beforeAll(async () => {
  expect((await komma(['issuer', 'init', home, '--id', 'did:key'])).code).toBe(0)
})

afterEach(() => {
  disk.failsAt = ''
})

describe('a disk that cannot be written to', () => {
  it.each([
    ['open', 'EROFS'],
    ['room', 'ENOSPC']
  ] as const)('is noticed before a badge is issued (%s)', async (step, system) => {
    disk.failsAt = step
    const before = await storeOf(home)
    const refused = await komma(issueArgs(home, badge))
    expect(refused).toMatchObject({ code: 2, out: '' })
    expect(refused.err).toMatch(/^komma: FILE_IO: /)
    expect(refused.err).toContain(`path: ${badge}\n  got: ${system}\n`)
    expect(filesIn(folder).filter((name) => name.includes('badge'))).toEqual([])
    expect(await storeOf(home)).toEqual(before)
  })

  it.each(['fill', 'rename'] as const)(
    'at the last moment: the badge is named, so that it can be revoked (%s)',
    async (step) => {
      disk.failsAt = step
      const failed = await komma(issueArgs(home, badge))
      expect(failed).toMatchObject({ code: 2, out: '' })
      const id = /The badge (urn:uuid:\S+) was issued, but its file was not written/.exec(failed.err)?.[1] ?? ''
      expect((await storeOf(home)).issuances.at(-1)).toMatchObject({ credentialId: id, state: 'released' })
      expect(filesIn(folder).filter((name) => name.includes('badge'))).toEqual([])
      expect((await komma(['revoke', home, id, '--reason', 'its file was not written'])).code).toBe(0)
    }
  )

  it('at the last moment: with an idempotency key the same command brings the badge', async () => {
    const award = join(folder, 'keyed.award.json')
    writeFileSync(
      award,
      JSON.stringify({
        recipient: { email: 'kari@example.org' },
        idempotencyKey: 'k',
        results: [{ resultDescription: 'practice', achievedLevel: 'independent' }]
      })
    )
    disk.failsAt = 'fill'
    expect((await komma(issueArgs(home, badge, { award }))).err).toContain('run the same command again')
    disk.failsAt = ''
    expect(await komma(issueArgs(home, badge, { award }))).toMatchObject({
      code: 0,
      out: expect.stringContaining('Issued before')
    })
    expect(filesIn(folder)).toContain('badge.json')
  })
})
