import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NOW } from '../support/issuer.js'
import { issueArgs, komma, workFolder } from './support.js'

const folder = workFolder()
const day = (count: number) => new Date(NOW.getTime() + count * 86_400_000)

async function newIssuer(name: string, id = 'did:web:academy.example') {
  const home = join(folder, name)
  expect(await komma(['issuer', 'init', home, '--id', id])).toMatchObject({ code: 0 })
  const keys = async () => JSON.parse((await komma(['key', 'list', home, '--json'])).out)
  return { home, out: join(folder, `${name}-public`), badge: (count: number) => join(folder, `${name}-${count}`), keys }
}

describe('komma key', () => {
  it('rotates, retires and declares compromised, and badges verify accordingly', async () => {
    const { home, out, badge, keys } = await newIssuer('way')
    const judge = async (count: number, now: Date) =>
      (await komma(['verify', badge(count), '--offline-bundle', out], { now })).code
    const publish = (now: Date) => komma(['publish', home, out], { now })
    await komma(issueArgs(home, badge(1)))
    const rotated = await komma(['key', 'rotate', home, '--algorithm', 'P-256'], { now: day(1) })
    expect(rotated).toMatchObject({ code: 0, err: '' })
    expect(rotated.out).toMatch(/^zDn\w+: signs\nOthers see it after the next publish/)
    await komma(issueArgs(home, badge(2)), { now: day(1) })
    await publish(day(1))
    expect([await judge(1, day(1)), await judge(2, day(1))]).toEqual([0, 0])

    const [first, second] = await keys()
    expect([first, second]).toMatchObject([
      { algorithm: 'Ed25519', current: false, signsUntil: '2026-06-02T12:00:00Z', issuer: 'did:web:academy.example' },
      { algorithm: 'P-256', current: true, created: '2026-06-02T12:00:00Z' }
    ])
    const lost = await komma(['key', 'compromised', home, first.id], { now: day(2) })
    expect(lost.out).toContain('compromised since 2026-06-03T12:00:00Z')
    await publish(day(2))
    expect([await judge(1, day(2)), await judge(2, day(2))]).toEqual([1, 0])

    const ended = await komma(['key', 'retire', home, second.id], { now: day(3) })
    expect(ended.out).toContain('Nothing is signed until another key does: komma key rotate')
    const refused = await komma(issueArgs(home, badge(3)), { now: day(3) })
    expect(refused.code).not.toBe(0)
    expect(refused.err).toContain('KEY_EXPIRED')
    const listed = await komma(['key', 'list', home], { now: day(3) })
    expect(listed.out.trim().split('\n')).toEqual([
      expect.stringMatching(/ Ed25519 {2}made 2026-06-01T12:00:00Z {2}compromised since 2026-06-03T12:00:00Z$/),
      expect.stringMatching(/ P-256 {2}made .* {2}retired since 2026-06-04T12:00:00Z$/)
    ])
  })

  it('makes a key that waits until it is published, and then signs', async () => {
    const { home, keys } = await newIssuer('wait')
    expect((await komma(['key', 'rotate', home, '--wait'])).out).toMatch(/: waits\n/)
    const [, next] = await keys()
    expect(next).toMatchObject({ current: false, algorithm: 'Ed25519' })
    expect((await komma(['key', 'rotate', home, '--to', next.id])).out).toMatch(/: signs\n/)
    const plan = await komma(['key', 'retire', home, next.id, '--at', '2027-01-31T00:00:00+01:00'])
    expect(plan.out).toContain('signs, until 2027-01-30T23:00:00Z')
    const end = await komma([
      'key',
      'retire',
      home,
      next.id,
      '--at',
      '2027-01-31T00:00:00Z',
      '--expires',
      '2030-01-31T00:00:00Z'
    ])
    expect(end.out).toContain('signs, until 2027-01-31T00:00:00Z, expires 2030-01-31T00:00:00Z')
    expect((await keys())[0]).toMatchObject({ current: false, signsUntil: '2026-06-01T12:00:00Z' })
  })

  it('refuses what cannot be, and changes nothing', async () => {
    const { home, keys } = await newIssuer('refusals')
    const before = await keys()
    const refusals: readonly [args: readonly string[], code: number, text: string][] = [
      [['retire', home, 'no-such-key'], 1, 'KEY_NOT_FOUND'],
      [['compromised', home, 'no-such-key'], 1, 'KEY_NOT_FOUND'],
      [['retire', home, before[0].id, '--at', 'tomorrow'], 2, 'OPTION_INVALID'],
      [['retire', home, before[0].id, '--expires', '2027-01-31'], 2, 'OPTION_INVALID'],
      [['rotate', home, '--algorithm', 'RSA'], 2, 'OPTION_INVALID'],
      [['rotate', home, '--to', 'x', '--wait'], 2, 'OPTION_INVALID'],
      [['rotate', home, '--to', 'no-such-key'], 1, 'KEY_NOT_FOUND'],
      [['list', join(folder, 'nowhere')], 2, 'FILE_NOT_FOUND']
    ]
    for (const [args, code, text] of refusals) {
      const outcome = await komma(['key', ...args])
      expect(outcome.err, args.join(' ')).toContain(text)
      expect(outcome.code, args.join(' ')).toBe(code)
    }
    expect(await keys()).toEqual(before)
  })

  it('does not rotate an issuer that is its key', async () => {
    const { home } = await newIssuer('own-key', 'did:key')
    const outcome = await komma(['key', 'rotate', home])
    expect(outcome).toMatchObject({ code: 2 })
    expect(outcome.err).toContain('with another key it would be another issuer')
  })
})
