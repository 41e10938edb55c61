import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { AWARD, DEFINITION, komma, workFolder } from './support.js'

const folder = workFolder()
const home = join(folder, 'academy')
const badge = join(folder, 'badge.json')
const out = join(folder, 'public')
const reason = ['--reason', 'the drill is being looked into']

async function statusOf(): Promise<string> {
  await komma(['publish', home, out])
  const { out: report } = await komma(['verify', badge, '--offline-bundle', out, '--json'])
  const { checks } = JSON.parse(report) as { checks: { id: string; code: string }[] }
  return checks.find(({ id }) => id === 'status')?.code ?? ''
}

async function listed(): Promise<unknown> {
  const [one] = JSON.parse((await komma(['list', home, '--json'])).out) as {
    state: string
    suspendedAt: string | null
  }[]
  return [one?.state, one?.suspendedAt]
}

beforeAll(async () => {
  const init = await komma(['issuer', 'init', home, '--id', 'did:key', '--status-entry', 'suspension'])
  expect(init).toMatchObject({ code: 0 })
  const issued = await komma([
    'issue',
    home,
    '--definition',
    DEFINITION,
    '--award',
    AWARD,
    '--format',
    'json',
    '--out',
    badge
  ])
  expect(issued).toMatchObject({ code: 0 })
})

describe('komma suspend and komma lift', () => {
  it('take a badge out of force and back, as verify and list show', async () => {
    expect(await statusOf()).toBe('STATUS_GOOD')
    const suspended = await komma(['suspend', home, badge, ...reason], { env: {} })
    expect(suspended).toMatchObject({ code: 0, out: expect.stringMatching(/^Suspended urn:uuid:/) })
    expect(await statusOf()).toBe('SUSPENDED')
    expect(await listed()).toEqual(['suspended', '2026-06-01T12:00:00Z'])
    expect((await komma(['suspend', home, badge, ...reason])).out).toContain('Was suspended already, since 2026-06-01')

    const later = new Date('2026-06-01T13:00:00Z')
    expect((await komma(['lift', home, badge, ...reason], { now: later })).out).toContain(
      'Lifted the suspension of urn'
    )
    expect(await listed()).toEqual(['released', null])
    expect((await komma(['lift', home, badge, ...reason])).out).toContain('Was not suspended')
    expect(await statusOf()).toBe('STATUS_GOOD')
  })

  it('say what is missing where the badge has no entry for it', async () => {
    const refused = await komma(['revoke', home, badge, ...reason])
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('STATUS_NO_ENTRY') })
    expect(refused.err).toMatch(
      /expected: suspension\n {2}got: revocation\n {2}hint: .*komma issuer init --status-entry/
    )
  })
})

describe('komma issuer init --status-entry', () => {
  it.each([
    ['a second one', ['--status-entry', 'revocation', '--status-entry', 'suspension'], 'OB_SINGLE_STATUS'],
    ['one that is none', ['--status-entry', 'revoked'], 'OPTION_INVALID'],
    ['an issuer without any letter in its name', ['--name', ''], 'path: profile/name']
  ])('refuses %s', async (_what, options, code) => {
    const refused = await komma(['issuer', 'init', join(folder, 'other'), '--id', 'did:key', ...options])
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining(`${code}`) })
  })

  it('takes several where they are asked for', async () => {
    const place = join(folder, 'several')
    const both = ['--status-entry', 'revocation', '--status-entry', 'suspension', '--several-status-entries']
    expect(await komma(['issuer', 'init', place, '--id', 'did:key', ...both])).toMatchObject({ code: 0 })
    const file = join(folder, 'several.json')
    expect(
      await komma(['issue', place, '--definition', DEFINITION, '--award', AWARD, '--format', 'json', '--out', file])
    ).toMatchObject({
      code: 0
    })
    expect((await komma(['suspend', place, file, ...reason])).code).toBe(0)
    expect((await komma(['revoke', place, file, ...reason])).code).toBe(0)
    expect((await komma(['list', place])).out).toContain('revoked')
  })
})
