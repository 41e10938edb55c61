import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AWARD, DEFINITION, komma, workFolder } from './support.js'

const folder = workFolder()
const home = join(folder, 'academy')
const out = join(folder, 'public')

async function issue(file: string, hour: number): Promise<string> {
  const path = join(folder, file)
  const now = new Date(`2026-06-01T${hour}:00:00Z`)
  const issued = await komma(
    ['issue', home, '--definition', DEFINITION, '--award', AWARD, '--format', 'json', '--out', path],
    { now }
  )
  expect(issued).toMatchObject({ code: 0 })
  return path
}

async function statusOf(badge: string): Promise<string> {
  const now = new Date('2026-06-01T18:00:00Z')
  const { out: report } = await komma(['verify', badge, '--offline-bundle', out, '--json'], { now })
  const { checks } = JSON.parse(report) as { checks: { id: string; code: string }[] }
  return checks.find(({ id }) => id === 'status')?.code ?? ''
}

describe('komma reconcile', () => {
  it('219: makes the store whole after an old backup was put back', async () => {
    expect((await komma(['issuer', 'init', home, '--id', 'did:web:academy.example'])).code).toBe(0)
    const early = await issue('early.json', 12)
    copyFileSync(join(home, 'status.db'), join(folder, 'backup.db'))
    const lost = await issue('lost.json', 13)
    const reason = ['--reason', 'issued by mistake']
    await komma(['revoke', home, lost, ...reason], { now: new Date('2026-06-01T14:00:00Z') })
    expect((await komma(['publish', home, out], { now: new Date('2026-06-01T15:00:00Z') })).code).toBe(0)

    copyFileSync(join(folder, 'backup.db'), join(home, 'status.db'))
    const now = new Date('2026-06-01T16:00:00Z')
    const refused = await komma(['revoke', home, lost, ...reason], { now })
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('STATUS_UNKNOWN_CREDENTIAL') })
    const done = await komma(['reconcile', home, lost, '--published', out], { now })
    expect(done).toMatchObject({ code: 0, err: '' })
    expect(done.out).toContain('Statuses carried over: 1\nBadges recorded: 1\nLists added: 0\nLists closed: 1\n')
    expect((await komma(['publish', home, out], { now })).code).toBe(0)
    expect(await statusOf(lost)).toBe('REVOKED')
    expect(await statusOf(early)).toBe('STATUS_GOOD')
    expect((await komma(['list', home])).out).toMatch(/revoked/)
  })

  it('needs the published folder', async () => {
    const missing = await komma(['reconcile', home, '--published', join(folder, 'nowhere')])
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('FILE_NOT_FOUND') })
  })
})
