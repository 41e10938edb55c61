import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { AWARD, DEFINITION, filesIn, issueArgs, komma, storeOf, workFolder } from './support.js'

const folder = workFolder()
const home = join(folder, 'issuer')
const badge = join(folder, 'badges', 'badge.json')

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

function changed(path: string, change: (value: ReturnType<typeof JSON.parse>) => void): string {
  const value = JSON.parse(readFileSync(path, 'utf8'))
  change(value)
  return JSON.stringify(value)
}

beforeAll(async () => {
  mkdirSync(join(folder, 'badges'))
  expect((await komma(['issuer', 'init', home, '--id', 'did:key'])).code).toBe(0)
})

describe('a command that is refused leaves nothing half-issued', () => {
  const award = readFileSync(AWARD, 'utf8')
  const definition = readFileSync(DEFINITION, 'utf8')

  it.each<[string, string, string, string, string]>([
    ['a truncated award', 'award', award.slice(0, 60), 'JSON_SYNTAX', ', line'],
    [
      'an award with a member twice',
      'award',
      '{"recipient":{},"recipient":{}}',
      'JSON_DUPLICATE_MEMBER',
      '#/recipient'
    ],
    ['an award that is a list', 'award', '[]', 'AWARD_INVALID', ''],
    [
      'a recipient of the wrong type',
      'award',
      changed(AWARD, (v) => (v.recipient = 7)),
      'AWARD_INVALID',
      '#/recipient'
    ],
    [
      'an award without recipient',
      'award',
      changed(AWARD, (v) => delete v.recipient),
      'AWARD_INCOMPLETE',
      '#/recipient'
    ],
    ['an award without its results', 'award', changed(AWARD, (v) => delete v.results), 'AWARD_INCOMPLETE', '#/results'],
    [
      'an unknown rubric level',
      'award',
      changed(AWARD, (v) => (v.results[0].achievedLevel = 'wizard')),
      'AWARD_INVALID',
      '#/results/0/achievedLevel'
    ],
    ['bytes that are no text', 'award', '\ufeff{}', 'INPUT_NOT_UTF8', ''],
    ['an award that is too long', 'award', `${award}${' '.repeat(1_048_576)}`, 'INPUT_TOO_LARGE', ''],
    ['a truncated definition', 'definition', definition.slice(0, 100), 'JSON_SYNTAX', ', line'],
    ['a definition with a member twice', 'definition', '{"id":"a","id":"b"}', 'JSON_DUPLICATE_MEMBER', '#/id'],
    [
      'a name of the wrong type',
      'definition',
      changed(DEFINITION, (v) => (v.name = 7)),
      'DEFINITION_INVALID',
      '#/name'
    ],
    ['a definition without id', 'definition', changed(DEFINITION, (v) => delete v.id), 'DEFINITION_INVALID', '#/id']
  ])('%s', async (_, option, content, code, place) => {
    const path = file(`bad.${option}.json`, content)
    const before = await storeOf(home)
    const { code: exit, out, err } = await komma(issueArgs(home, badge, { [option]: path }))
    expect([exit, out]).toEqual([1, ''])
    expect(err).toMatch(new RegExp(`^komma: ${code}: `))
    expect(err).toContain(`path: ${path}${place}`)
    expect(err.match(/^komma: /gm)).toHaveLength(1)
    expect(filesIn(join(folder, 'badges'))).toEqual([])
    expect(await storeOf(home)).toEqual(before)
  })

  it('names every fault of an award at once', async () => {
    const path = file('many.award.json', JSON.stringify({ recipient: {}, results: [{ resultDescription: 'nothing' }] }))
    const { code, err } = await komma(issueArgs(home, badge, { award: path }))
    expect(code).toBe(1)
    expect(err).toMatch(/^komma: \w+: 3 faults\n {2}- /)
    for (const place of ['/recipient', '/results/0/resultDescription', '/results'])
      expect(err).toContain(`${path}#${place}\n`)
  })

  it.each<[string, () => string[], 1 | 2, string, object]>([
    ['a wrong password', () => issueArgs(home, badge), 1, 'KEY_FILE_UNLOCK', { env: { KOMMA_PASSWORD: 'wrong' } }],
    ['an empty password', () => issueArgs(home, badge), 1, 'PASSWORD_INVALID', { env: { KOMMA_PASSWORD: '' } }],
    ['no password and no terminal', () => issueArgs(home, badge), 2, 'PASSWORD_REQUIRED', { env: {} }],
    [
      'a person who gives no password',
      () => issueArgs(home, badge),
      2,
      'PASSWORD_REQUIRED',
      { env: {}, isTTY: true, prompt: async () => undefined }
    ],
    ['a place in a folder that is not there', () => issueArgs(home, join(folder, 'no', 'b')), 2, 'FILE_NOT_FOUND', {}],
    ['a place under a file', () => issueArgs(home, join(AWARD, 'b')), 2, 'FILE_IO', {}],
    ['a place that is a folder', () => issueArgs(home, folder), 2, 'FILE_EXISTS', {}],
    [
      'a definition that is not there',
      () => issueArgs(home, badge, { definition: 'no.json' }),
      2,
      'FILE_NOT_FOUND',
      {}
    ],
    ['a definition that is a folder', () => issueArgs(home, badge, { definition: folder }), 2, 'FILE_IO', {}],
    ['an unknown format', () => issueArgs(home, badge, { format: 'gif' }), 2, 'OPTION_INVALID', {}],
    ['a JWT in JSON', () => [...issueArgs(home, badge), '--jwt'], 2, 'OPTION_INVALID', {}],
    ['an image for a JWT', () => issueArgs(home, badge, { format: 'jwt', image: AWARD }), 2, 'OPTION_INVALID', {}],
    ['a PNG for an SVG', () => issueArgs(home, badge, { format: 'svg', image: AWARD }), 1, 'BAKED_NOT_SVG', {}],
    ['a JWT for nobody', () => issueArgs(home, badge, { format: 'jwt' }), 1, 'JWT_SUBJECT_REQUIRED', {}],
    ['an image for JSON', () => issueArgs(home, badge, { image: AWARD }), 2, 'OPTION_INVALID', {}],
    ['an image that is none', () => issueArgs(home, badge, { format: 'png', image: AWARD }), 1, 'BAKED_NOT_PNG', {}],
    [
      'an image that is too large',
      () => issueArgs(home, badge, { format: 'png', image: file('large', new Uint8Array(7 * 1_048_576 + 1)) }),
      1,
      'INPUT_TOO_LARGE',
      {}
    ],
    ['a language that the definition lacks', () => issueArgs(home, badge, { language: 'fi' }), 2, 'OPTION_INVALID', {}],
    ['a folder without issuer', () => issueArgs(folder, badge), 2, 'FILE_NOT_FOUND', {}]
  ])('%s', async (_, args, exit, code, world) => {
    const before = await storeOf(home)
    const refused = await komma(args(), world)
    expect(refused.err).toMatch(new RegExp(`^komma: ${code}: `))
    expect(refused).toMatchObject({ code: exit, out: '' })
    expect(filesIn(folder).filter((name) => name.endsWith('.tmp') || name.startsWith('badges'))).toEqual([])
    expect(await storeOf(home)).toEqual(before)
  })

  it('a status store that is lost is not replaced by an empty one', async () => {
    const lost = join(folder, 'lost')
    await komma(['issuer', 'init', lost, '--id', 'did:key'])
    rmSync(join(lost, 'status.db'))
    for (const args of [
      issueArgs(lost, badge),
      ['publish', lost, join(folder, 'out')],
      ['revoke', lost, 'urn:x', '--reason', 'r']
    ]) {
      const refused = await komma(args)
      expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('FILE_NOT_FOUND: the status store') })
    }
    expect(existsSync(join(lost, 'status.db'))).toBe(false)
    expect(filesIn(join(folder, 'badges'))).toEqual([])
  })

  it('a key file that was swapped for that of another did:key', async () => {
    const [mine, other] = [join(folder, 'mine'), join(folder, 'other')]
    for (const each of [mine, other]) await komma(['issuer', 'init', each, '--id', 'did:key'])
    copyFileSync(join(other, 'keys.jwe'), join(mine, 'keys.jwe'))
    const refused = await komma(issueArgs(mine, badge))
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('komma: ISSUER_KEY_MISMATCH') })
    expect((await storeOf(mine)).issuances).toEqual([])
  })
})

describe('komma issuer init refuses and leaves nothing behind:', () => {
  it.each<[string, string[], string]>([
    ['an id that is no id', ['--id', 'nka.example'], 'OPTION_INVALID'],
    ['http', ['--id', 'http://nka.example/'], 'OPTION_INVALID'],
    ['a query', ['--id', 'https://nka.example/?a'], 'OPTION_INVALID'],
    ['a fragment', ['--id', 'https://nka.example/#a'], 'OPTION_INVALID'],
    ['an IP address', ['--id', 'did:web:127.0.0.1'], 'DID_INVALID'],
    ['a ready did:key', ['--id', 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'], 'OPTION_INVALID'],
    ['lists without https', ['--id', 'did:key', '--status-lists', 'http://nka.example/'], 'OPTION_INVALID'],
    ['a url that is none', ['--id', 'did:key', '--url', 'not a url'], 'OPTION_INVALID'],
    ['no id', [], 'OPTION_INVALID'],
    ['an option that is not known', ['--id', 'did:key', '--colour', 'red'], 'OPTION_INVALID']
  ])('%s', async (_, options, code) => {
    const before = filesIn(folder)
    const refused = await komma(['issuer', 'init', join(folder, 'new'), ...options])
    expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringContaining(`komma: ${code}: `) })
    expect(filesIn(folder)).toEqual(before)
  })

  it('a folder that holds an issuer, or anything else', async () => {
    const before = readFileSync(join(home, 'keys.jwe'))
    for (const place of [home, folder, AWARD, join(folder, 'no', 'where')]) {
      const refused = await komma(['issuer', 'init', place, '--id', 'did:key'])
      expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^komma: FILE_/) })
    }
    expect(readFileSync(join(home, 'keys.jwe'))).toEqual(before)
    expect(filesIn(folder).filter((name) => name.includes('.tmp'))).toEqual([])
  })

  it('two passwords that differ', async () => {
    const answers = ['one', 'two']
    const world = { env: {}, isTTY: true, prompt: async () => answers.shift() }
    const refused = await komma(['issuer', 'init', join(folder, 'new'), '--id', 'did:key'], world)
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('PASSWORD_INVALID') })
    expect(existsSync(join(folder, 'new'))).toBe(false)
  })
})

describe('the settings of an issuer', () => {
  it.each<[string, string, 1 | 2, string, string]>([
    ['that are cut off', '{"version":1', 1, 'JSON_SYNTAX', ', line 1'],
    ['that are no object', '[]', 2, 'OPTION_INVALID', ''],
    ['of another version', '{"version":2,"profile":{"id":"did:key"}}', 2, 'OPTION_INVALID', '#/version'],
    ['with a foreign member', '{"version":1,"key":"x"}', 2, 'OPTION_INVALID', '#/key'],
    ['without profile', '{"version":1}', 2, 'OPTION_INVALID', '#/profile'],
    [
      'with lists that are no text',
      '{"version":1,"profile":{"id":"a"},"statusLists":1}',
      2,
      'OPTION_INVALID',
      '#/statusLists'
    ]
  ])('%s are refused', async (_, text, exit, code, place) => {
    const broken = join(folder, 'broken')
    mkdirSync(broken, { recursive: true })
    const path = join(broken, 'issuer.json')
    writeFileSync(path, text)
    const refused = await komma(['publish', broken, join(folder, 'out')])
    expect(refused).toMatchObject({ code: exit, err: expect.stringMatching(new RegExp(`^komma: ${code}: `)) })
    expect(refused.err).toContain(`path: ${path}${place}`)
  })
})

describe('exit codes', () => {
  it.each<[string, string[], number]>([
    ['help', ['--help'], 0],
    ['help of a command', ['verify', '--help'], 0],
    ['version', ['--version'], 0],
    ['nothing', [], 2],
    ['half a command', ['issuer'], 2],
    ['an unknown command', ['verfiy'], 2],
    ['a missing argument', ['verify'], 2],
    ['an argument too many', ['verify', 'a', 'b'], 2],
    ['an unknown option', ['verify', 'a', '--online'], 2],
    ['a missing file', ['verify', 'nowhere.json'], 2],
    ['a folder', ['verify', folder], 2],
    ['a missing bundle', ['verify', AWARD, '--offline-bundle', 'nowhere'], 2],
    ['something that is no badge', ['verify', AWARD], 1],
    ['a badge that was never issued', ['revoke', home, 'urn:uuid:1', '--reason', 'r'], 1],
    ['no reason', ['revoke', home, 'urn:uuid:1'], 2]
  ])('%s', async (_, args, code) => {
    const outcome = await komma(args)
    expect(outcome.code).toBe(code)
    expect(outcome.err).not.toMatch(/\n\s+at /)
    if (code === 2) expect(outcome.out).toBe('')
  })

  it('shows where an error comes from only when asked', async () => {
    const args = ['revoke', home, 'urn:uuid:1', '--reason', 'r', '--debug']
    expect((await komma(args)).err).toMatch(/\n\s+at /)
  })

  it('says nothing about what it did not expect, unless asked', async () => {
    const world = { isTTY: true, env: {}, prompt: () => Promise.reject(new TypeError('a secret')) }
    const failed = await komma(issueArgs(home, badge), world)
    expect(failed.code).toBe(2)
    expect(failed.err).toContain('komma: INTERNAL_ERROR')
    expect(failed.err).not.toContain('a secret')
    expect((await komma([...issueArgs(home, badge), '--debug'], world)).err).toContain('a secret')
  })
})
