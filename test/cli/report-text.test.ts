import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { drawDefaultBadge } from '../../src/cli/default-image.js'
import { reportText } from '../../src/cli/report-text.js'
import { verify } from '../../src/index.js'
import { NOW } from '../support/issuer.js'
import { issueArgs, komma, workFolder } from './support.js'

const folder = workFolder()
const [home, badge, site] = ['issuer', 'badge.json', 'site'].map((name) => join(folder, name)) as [
  string,
  string,
  string
]
const bundled = ['verify', badge, '--offline-bundle', site]

function hoursLater(hours: number): Date {
  return new Date(NOW.getTime() + hours * 3_600_000)
}

beforeAll(async () => {
  await komma(['issuer', 'init', home, '--id', 'did:web:nka.example'])
  await komma(issueArgs(home, badge))
  expect((await komma(['publish', home, site])).code).toBe(0)
})

describe('the text of a report', () => {
  it('tells checks that nobody got to in one line, with the check that stood in the way', async () => {
    const failed = await komma(['verify', '-'], { stdin: '{}' })
    expect(failed.out.split('\n').filter((line) => line.startsWith('?'))).toEqual([
      expect.stringMatching(/^\? not checked: schema, issuer, .*trust \(because shape failed\)$/)
    ])
    const open = await komma(['verify', badge])
    expect(open.out).toMatch(/^\? not checked: proof, .* \(because issuer is unknown\)$/m)
  })

  it('ends no sentence twice', async () => {
    const report = await verify('{}', { now: NOW })
    const [first, ...rest] = report.checks
    if (first === undefined) throw new Error('a report has checks')
    const told = { ...report, checks: [{ ...first, message: 'The status list fails: it is damaged..' }, ...rest] }
    expect(reportText(told, { colour: false, hint: undefined })).toContain('it is damaged.\n')
    for (const [args, world] of [
      [['verify', badge], {}],
      [['verify', '-'], { stdin: '{"@context":7}' }],
      [['verify', '-'], { stdin: '{' }]
    ] as const) {
      expect((await komma(args, world)).out).not.toMatch(/[^.]\.\.(?!\.)/)
    }
  })

  it.each<[string, Uint8Array]>([
    ['a JPEG', new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49, 0x46])],
    ['a large JPEG', new Uint8Array(2 * 1_048_576).fill(0x80).fill(0, 0, 16)],
    ['a ZIP', new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0x14, 0])]
  ])('says of %s that it is neither JSON nor a JWT nor an image', async (_, stdin) => {
    const { code, out } = await komma(['verify', '-'], { stdin })
    expect(code).toBe(1)
    expect(out).toMatch(/\nThe file is neither JSON nor a JWT nor an image.*\n$/)
  })

  it.each<[string, string | Uint8Array]>([
    ['text that is not JSON', 'Dear Kari,\r\n\tcongratulations'],
    ['text in another encoding', Buffer.from('{"name":"Bj\u00f8rn"}', 'latin1')],
    ['text in UTF-16', Buffer.from('\ufeff{"name":"Kari"}', 'utf16le')],
    ['a PNG without badge', drawDefaultBadge()]
  ])('does not say it of %s', async (_, stdin) => {
    const { code, out } = await komma(['verify', '-'], { stdin })
    expect([code, out.includes('neither JSON nor')]).toEqual([1, false])
  })
})

describe('the age of a status list', () => {
  it('is as the caller says, longer or shorter than a day', async () => {
    const verifyAfter = (hours: number, ...args: string[]) => komma([...bundled, ...args], { now: hoursLater(hours) })
    expect((await verifyAfter(25)).code).toBe(1)
    expect((await verifyAfter(25, '--max-status-age', '172800')).code).toBe(0)
    expect((await verifyAfter(2, '--max-status-age', '7200')).code).toBe(0)
    const short = await verifyAfter(2, '--max-status-age', '7199')
    expect(short).toMatchObject({ code: 1, out: expect.stringContaining('relied on for 7199 seconds. Get a newer') })
    expect((await verifyAfter(3, '--max-status-age', '7200')).out).toContain('relied on for 2 hours.')
  })

  it.each(['', '-1', '1.5', '1e3', 'day', '99999999999'])('is whole seconds, not "%s"', async (age) => {
    const refused = await komma([...bundled, `--max-status-age=${age}`])
    expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringContaining('path: --max-status-age') })
  })

  it('is counted from the time of --at, which the report explains', async () => {
    const at = (time: Date) => komma([...bundled, '--at', time.toISOString()])
    expect((await at(hoursLater(48))).out).toContain('with --at, pass the folder as it was published')
    const later = join(folder, 'later')
    await komma(['publish', home, later], { now: hoursLater(72) })
    const early = await komma(['verify', badge, '--offline-bundle', later, '--at', hoursLater(1).toISOString()])
    expect(early).toMatchObject({ code: 1, out: expect.stringContaining('status STATUS_LIST_UNVERIFIED') })
    expect(early.out).toContain('With --at, a status list counts only where it was published by then')
  })
})

describe('help', () => {
  it.each([
    [[]],
    [['issuer', 'init']],
    [['check']],
    [['issue']],
    [['list']],
    [['revoke']],
    [['publish']],
    [['verify']],
    [['serve']]
  ])('of %j says what the exit codes mean, and gives an example', async (args) => {
    const { code, out } = await komma([...args, '--help'])
    expect(code).toBe(0)
    expect(out).toMatch(/^Exit codes: 0 .*, 1 .*, 2 could not (run|run or could not go on)\.$/m)
    expect(out).toMatch(/^Example:\n {2}komma /m)
  })

  it('marks what has to be given, and only that', async () => {
    const words = (await komma(['issue', '--help'])).out.replace(/\n {10,}/g, ' ')
    const required = words.split('\n').filter((line) => line.includes('(required)'))
    expect(required.map((line) => /--\w+/.exec(line)?.[0])).toEqual(['--definition', '--award', '--format', '--out'])
  })

  it('says that --at needs the status list of that day', async () => {
    expect((await komma(['verify', '--help'])).out.replace(/\s+/g, ' ')).toContain('needs the status list of that day')
  })
})

it('komma issuer init says how to back the folder up', async () => {
  const { out } = await komma(['issuer', 'init', join(folder, 'new'), '--id', 'did:key'])
  expect(out).toContain('copy the whole folder while no command runs')
  expect(readFileSync(join(folder, 'new', 'issuer.json'), 'utf8')).toContain('did:key')
})
