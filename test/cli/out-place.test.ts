import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { unbakePng } from '../../src/index.js'
import { AWARD, DEFINITION, filesIn, issueArgs, komma, storeOf, workFolder } from './support.js'

const folder = workFolder()
const home = join(folder, 'issuer')
const FILES = ['issuer.json', 'keys.jwe', 'status.db']

function contents(place: string): Record<string, string> {
  const files = filesIn(place).filter((name) => statSync(join(place, name), { throwIfNoEntry: false })?.isFile())
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(place, name)).toString('base64')]))
}

beforeAll(async () => {
  expect((await komma(['issuer', 'init', home, '--id', 'did:key'])).code).toBe(0)
  mkdirSync(join(home, 'below'))
  symlinkSync(home, join(folder, 'door'))
  symlinkSync(join(home, 'keys.jwe'), join(folder, 'link.json'))
  symlinkSync(join(folder, 'gone'), join(folder, 'nowhere'))
  linkSync(join(home, 'issuer.json'), join(folder, 'hard.json'))
})

describe('komma issue destroys no file of the issuer', () => {
  it.each<[string, string]>([
    ...FILES.map((name): [string, string] => [name, join(home, name)]),
    ['a new name in the folder', join(home, 'badge.json')],
    ['the log of the store', join(home, 'status.db-wal')],
    ['a folder below', join(home, 'below', 'badge.json')],
    ['a relative name', relative(process.cwd(), join(home, 'keys.jwe'))],
    ['a way around', join(home, 'below', '..', '..', 'issuer', 'keys.jwe')],
    ['a link to the folder', join(folder, 'door', 'keys.jwe')],
    ['a link to the folder, and a new name', join(folder, 'door', 'badge.json')],
    ['a link to a file', join(folder, 'link.json')],
    ['another name of a file', join(folder, 'hard.json')]
  ])('%s', async (_, out) => {
    const before = contents(folder)
    for (const force of [[], ['--force']]) {
      const refused = await komma([...issueArgs(home, out), ...force], { env: {} })
      expect(refused).toMatchObject({ code: 2, out: '' })
      expect(refused.err).toMatch(/^komma: OPTION_INVALID: .*private files of the issuer\n {2}path: --out\n/)
    }
    expect(contents(folder)).toEqual(before)
  })

  it('nor one that lies elsewhere and is linked into the folder', async () => {
    const other = join(folder, 'other')
    await komma(['issuer', 'init', other, '--id', 'did:key'])
    const safe = join(folder, 'safe.jwe')
    renameSync(join(other, 'keys.jwe'), safe)
    symlinkSync(safe, join(other, 'keys.jwe'))
    const before = readFileSync(safe)
    const refused = await komma([...issueArgs(other, safe), '--force'])
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('komma: OPTION_INVALID') })
    expect(readFileSync(safe)).toEqual(before)
    expect((await storeOf(other)).issuances).toEqual([])
  })
})

describe('komma issue destroys nothing that it reads', () => {
  it('whether it is the definition, the award or the image', async () => {
    const [definition, award, image] = ['d.json', 'a.json', 'i.png'].map((name) => join(folder, name)) as [
      string,
      string,
      string
    ]
    copyFileSync(DEFINITION, definition)
    copyFileSync(AWARD, award)
    expect((await komma(issueArgs(home, image, { format: 'png' }))).code).toBe(0)
    symlinkSync(award, join(folder, 'a-link.json'))
    const before = contents(folder)
    const options = { definition, award, image, format: 'png' }
    for (const [out, option] of [
      [definition, '--definition'],
      [award, '--award'],
      [join(folder, 'a-link.json'), '--award'],
      [image, '--image']
    ] as const) {
      const refused = await komma([...issueArgs(home, out, options), '--force'])
      expect(refused).toMatchObject({ code: 2, err: expect.stringContaining(`the file of ${option}\n  path: --out`) })
    }
    expect(contents(folder)).toEqual(before)
  })
})

describe('komma issue replaces a file only when told', () => {
  it('and has issued nothing where it refuses', async () => {
    const badge = join(folder, 'twice.json')
    const first = await komma(issueArgs(home, badge))
    const text = readFileSync(badge, 'utf8')
    const before = await storeOf(home)
    const refused = await komma(issueArgs(home, badge))
    expect(refused).toMatchObject({ code: 2, out: '' })
    expect(refused.err).toContain(`komma: FILE_EXISTS: something lies in the place of the badge\n  path: ${badge}\n`)
    expect(refused.err).toContain('--force')
    expect(readFileSync(badge, 'utf8')).toBe(text)
    expect(await storeOf(home)).toEqual(before)

    const forced = await komma([...issueArgs(home, badge), '--force'])
    expect([first.code, forced.code]).toEqual([0, 0])
    expect(readFileSync(badge, 'utf8')).toBe((await storeOf(home)).issuances.at(-1)?.text)
  })

  it.each<[string, () => string, string]>([
    ['a link that leads nowhere', () => join(folder, 'nowhere'), 'FILE_EXISTS'],
    ['no name', () => '', 'OPTION_INVALID'],
    ['the name of a folder', () => join(folder, 'new/'), 'OPTION_INVALID'],
    ['a name that no file can have', () => join(folder, 'n'.repeat(300)), 'FILE_IO']
  ])('refuses %s', async (_, out, code) => {
    const before = await storeOf(home)
    const refused = await komma(issueArgs(home, out()))
    expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringContaining(`komma: ${code}: `) })
    expect(await storeOf(home)).toEqual(before)
  })
})

describe('komma issue --out -', () => {
  it('writes the badge alone to standard output, byte for byte', async () => {
    const json = await komma(issueArgs(home, '-'))
    const { issuances } = await storeOf(home)
    expect(json).toMatchObject({ code: 0, out: issuances.at(-1)?.text })
    expect(json.err).toContain(`Issued ${issuances.at(-1)?.credentialId}\nWritten to standard output\n`)
    const png = await komma(issueArgs(home, '-', { format: 'png' }))
    expect(unbakePng(png.bytes)).toBe((await storeOf(home)).issuances.at(-1)?.text)
    expect(existsSync('-')).toBe(false)
  })

  it('writes no image to a terminal', async () => {
    const before = await storeOf(home)
    const refused = await komma(issueArgs(home, '-', { format: 'png' }), { isTTY: true })
    expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringContaining('komma: OPTION_INVALID') })
    expect(await storeOf(home)).toEqual(before)
  })

  it('names the badge where nobody takes it', async () => {
    const broken = Object.assign(new Error('closed'), { code: 'EPIPE' })
    const failed = await komma(issueArgs(home, '-'), { broken })
    expect(failed).toMatchObject({ code: 2, out: '', err: expect.stringContaining('komma: FILE_IO') })
    expect(failed.err).toContain(`The badge ${(await storeOf(home)).issuances.at(-1)?.credentialId} was issued`)
  })
})
