import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expand } from '../../src/canonical/json-ld.js'
import { openFolderResolver } from '../../src/did/folder-resolver.js'
import { unbakePng, verify } from '../../src/index.js'
import { CHECK_IDS } from '../../src/model/check-ids.js'
import { createContextSet } from '../../src/model/contexts.js'
import { checkSchema } from '../../src/model/schema-check.js'
import { NOW } from '../support/issuer.js'
import { AWARD, EXAMPLES, filesIn, issueArgs, komma, storeOf, workFolder } from './support.js'

const folder = workFolder()
let count = 0

async function newIssuer(...options: readonly string[]): Promise<{ home: string; out: string; badge: string }> {
  count += 1
  const home = join(folder, `issuer-${count}`)
  expect(await komma(['issuer', 'init', home, '--id', 'did:key', ...options])).toMatchObject({ code: 0, err: '' })
  return { home, out: join(folder, `public-${count}`), badge: join(folder, `badge-${count}`) }
}

function readJson(path: string): ReturnType<typeof JSON.parse> {
  return JSON.parse(readFileSync(path, 'utf8'))
}

function idIn(out: string): string {
  return /urn:uuid:[0-9a-f-]{36}/.exec(out)?.[0] ?? ''
}

describe.each([
  ['did:key', 'did:key'],
  ['did:web', 'did:web:nka.example'],
  ['did:web with a path', 'did:web:nka.example:schools:7'],
  ['https', 'https://nka.example/issuers/7']
])('the whole way of a badge, with an issuer that is a %s', (_, id) => {
  it('issues, publishes, verifies, revokes, and verifies no more', async () => {
    const { home, out, badge } = await newIssuer('--id', id, '--name', 'Nordisk Kvalitetsakademi')
    const issued = await komma(issueArgs(home, badge, { format: 'png' }))
    expect(issued).toMatchObject({ code: 0, err: '' })
    expect(issued.out).toContain(badge)
    const credentialId = idIn(issued.out)

    const blind = await komma(['verify', badge])
    expect(blind.code).toBe(1)
    expect(blind.out).toContain('--offline-bundle')

    expect((await komma(['publish', home, out])).code).toBe(0)
    const good = await komma(['verify', badge, '--offline-bundle', out, '--recipient', 'kari@example.org'])
    expect(good).toMatchObject({ code: 0, err: '' })
    expect(good.out).toMatch(/✓ status {2,}The status list of/)
    expect(good.out).toContain('Accepted: "Meeting facilitation"')

    const later = new Date(NOW.getTime() + 60_000)
    const revoked = await komma(['revoke', home, credentialId, '--reason', 'wrong person'], { now: later, env: {} })
    expect(revoked.out).toContain('after the next publish')
    expect((await komma(['verify', badge, '--offline-bundle', out])).code).toBe(0)

    expect((await komma(['publish', home, out], { now: later })).code).toBe(0)
    const bad = await komma(['verify', badge, '--offline-bundle', out, '--json'], { now: later })
    expect(bad.code).toBe(1)
    const report = JSON.parse(bad.out)
    expect(Object.keys(report)[0]).toBe('accepted')
    expect(report.accepted).toBe(false)
    expect(report.checks.find((check: { id: string }) => check.id === 'status')).toEqual({
      id: 'status',
      outcome: 'fail',
      code: 'REVOKED',
      message: 'The issuer has revoked the credential.',
      spec: expect.stringContaining('Bitstring Status List')
    })
    for (const check of report.checks) expect(Object.keys(check)).toEqual(['id', 'outcome', 'code', 'message', 'spec'])

    const again = await komma(['revoke', home, credentialId, '--reason', 'once more'], { now: later })
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('revoked already') })
  })
})

describe('komma issuer init', () => {
  it('makes a folder that is closed to others', async () => {
    const { home } = await newIssuer()
    expect(filesIn(home)).toEqual(expect.arrayContaining(['issuer.json', 'keys.jwe', 'status.db']))
    expect(statSync(home).mode & 0o777).toBe(0o700)
    for (const name of filesIn(home)) expect(statSync(join(home, name)).mode & 0o077).toBe(0)
  })

  it('says that a did:key without an address for its lists can be read from a folder only', async () => {
    const home = join(folder, 'said')
    const { out } = await komma(['issuer', 'init', home, '--id', 'did:key'])
    expect(out).toContain('published folder only')
    const listed = await komma([
      'issuer',
      'init',
      `${home}-2`,
      '--id',
      'did:key',
      '--status-lists',
      'https://lists.example/status/'
    ])
    expect(listed.code).toBe(0)
    expect(listed.out).not.toContain('published folder only')
  })

  it('makes an issuer in a folder that is there and empty', async () => {
    const home = join(folder, 'empty')
    mkdirSync(home)
    expect((await komma(['issuer', 'init', home, '--id', 'did:key'])).code).toBe(0)
    expect(statSync(home).mode & 0o777).toBe(0o700)
  })

  it('asks for a new password twice on a terminal', async () => {
    const home = join(folder, 'asked')
    const asked: string[] = []
    const prompt = async (message: string) => `secret ${asked.push(message) > 0}`
    expect((await komma(['issuer', 'init', home, '--id', 'did:key'], { env: {}, isTTY: true, prompt })).code).toBe(0)
    expect(asked).toHaveLength(2)
    expect((await komma(issueArgs(home, join(folder, 'asked.json')), { env: {}, isTTY: true, prompt })).code).toBe(0)
    expect(asked).toHaveLength(3)
  })
})

describe('komma issue', () => {
  it('writes the exact text that the store recorded, as JSON or into an image', async () => {
    const { home, badge } = await newIssuer()
    await komma(issueArgs(home, `${badge}.json`))
    await komma(issueArgs(home, `${badge}.png`, { format: 'png' }))
    const { issuances } = await storeOf(home)
    expect(readFileSync(`${badge}.json`, 'utf8')).toBe(issuances[0]?.text)
    expect(unbakePng(readFileSync(`${badge}.png`))).toBe(issuances[1]?.text)
  })

  it('bakes into the image of the caller', async () => {
    const { home, badge } = await newIssuer()
    await komma(issueArgs(home, badge, { format: 'png' }))
    const baked = await komma(issueArgs(home, `${badge}-2`, { format: 'png', image: badge }))
    expect(baked.code).toBe(0)
    expect(JSON.parse(unbakePng(readFileSync(`${badge}-2`))).id).toBe(idIn(baked.out))
  })

  it('gives the same badge for the same idempotency key', async () => {
    const { home, badge } = await newIssuer()
    const award = join(folder, 'keyed.award.json')
    writeFileSync(award, JSON.stringify({ ...readJson(AWARD), idempotencyKey: 'course-42/kari' }))
    const first = await komma(issueArgs(home, `${badge}.1`, { award }))
    const second = await komma(issueArgs(home, `${badge}.2`, { award }), { now: new Date(NOW.getTime() + 5000) })
    expect(second.out).toContain('Issued before')
    expect(idIn(second.out)).toBe(idIn(first.out))
    expect(readFileSync(`${badge}.2`)).toEqual(readFileSync(`${badge}.1`))
    expect((await storeOf(home)).issuances).toHaveLength(1)
  })

  it('issues in another language of the definition', async () => {
    const { home, badge } = await newIssuer()
    const definition = join(EXAMPLES, 'iso9001-module-1.definition.json')
    const award = join(EXAMPLES, 'iso9001-module-1.award.json')
    expect(await komma(issueArgs(home, badge, { definition, award, language: 'sv' }))).toMatchObject({
      code: 0,
      err: ''
    })
    expect(readJson(badge).credentialSubject.achievement.inLanguage).toBe('sv')
    expect((await komma(issueArgs(home, badge, { definition, award, language: 'fi' }))).code).toBe(2)
  })
})

describe('komma publish', () => {
  it('lays every document where its own address leads, and lists them', async () => {
    const { home, out, badge } = await newIssuer('--id', 'did:web:nka.example')
    await komma(issueArgs(home, badge))
    await komma(['publish', home, out])
    expect(filesIn(out)).toEqual([
      '.well-known/did.json',
      '.well-known/jwks.json',
      'achievements/meeting-facilitation/v1.json',
      'index.json',
      'status/revocation-1.json'
    ])
    const index = readJson(join(out, 'index.json'))
    expect(index).toEqual({
      'did:web:nka.example': '.well-known/did.json',
      'https://nka.example/.well-known/jwks.json': '.well-known/jwks.json',
      'https://nka.example/status/revocation-1.json': 'status/revocation-1.json',
      'https://nka.example/achievements/meeting-facilitation/v1': 'achievements/meeting-facilitation/v1.json'
    })
    for (const [id, path] of Object.entries(index)) {
      const { id: own, keys } = readJson(join(out, String(path)))
      if (path === '.well-known/jwks.json') expect(keys).toMatchObject([{ iss: 'did:web:nka.example' }])
      else expect(own).toBe(id)
    }
  })

  it('names the lists and achievements of an issuer without a host in folders of their own', async () => {
    const { home, out, badge } = await newIssuer()
    await komma(issueArgs(home, badge))
    await komma(['publish', home, out])
    const { lists } = await storeOf(home)
    const uuid = lists[0]?.id.slice('urn:uuid:'.length)
    const [achievement, ...others] = filesIn(out)
    expect(achievement).toMatch(/^achievements\/achievements-meeting-facilitation-v1-[0-9a-f]{12}\.json$/)
    expect(others).toEqual(['index.json', `status/${uuid}.json`])
  })

  it('can be read by the library as it lies', async () => {
    const { home, out, badge } = await newIssuer('--id', 'did:web:nka.example')
    await komma(issueArgs(home, badge))
    await komma(['publish', home, out])
    const report = await verify(readFileSync(badge), { resolver: await openFolderResolver(out), now: NOW })
    expect(report.accepted).toBe(true)
  })

  it('writes achievements as documents that mean the same on their own', async () => {
    const { home, out, badge } = await newIssuer('--id', 'did:web:nka.example')
    await komma(issueArgs(home, badge))
    await komma(['publish', home, out])
    const { '@context': _, ...achievement } = readJson(join(out, 'achievements/meeting-facilitation/v1.json'))
    expect(achievement).toEqual(readJson(badge).credentialSubject.achievement)
    const document = readJson(join(out, 'achievements/meeting-facilitation/v1.json'))
    const { nodes } = await expand(document, createContextSet())
    expect(nodes).toMatchObject([
      { '@id': achievement.id, '@type': ['https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement'] }
    ])
  })

  it('signs lists afresh, so that a copy that is published daily is always good', async () => {
    const { home, out, badge } = await newIssuer('--id', 'did:web:nka.example')
    await komma(issueArgs(home, badge))
    await komma(['publish', home, out])
    const nextDay = new Date(NOW.getTime() + 25 * 3_600_000)
    const stale = await komma(['verify', badge, '--offline-bundle', out], { now: nextDay })
    expect(stale.code).toBe(1)
    expect(stale.out).toContain('STATUS_LIST_STALE')
    expect(stale.out).toContain('24 hours')
    await komma(['publish', home, out], { now: nextDay })
    expect((await komma(['verify', badge, '--offline-bundle', out], { now: nextDay })).code).toBe(0)
  })

  it('writes nothing again that did not change', async () => {
    const { home, out, badge } = await newIssuer('--id', 'did:web:nka.example')
    await komma(issueArgs(home, badge))
    expect((await komma(['publish', home, out])).out.match(/^wrote/gm)).toHaveLength(5)
    expect((await komma(['publish', home, out])).out.match(/^wrote/gm)).toBeNull()
  })

  it('replaces nothing where a status list that lies there is newer', async () => {
    const { home, out, badge } = await newIssuer('--id', 'did:web:nka.example')
    await komma(issueArgs(home, badge))
    await komma(['publish', home, out])
    const path = join(out, 'status/revocation-1.json')
    writeFileSync(path, JSON.stringify({ ...readJson(path), validFrom: '2026-06-02T00:00:00Z' }))
    writeFileSync(join(out, '.well-known/did.json'), 'damaged')
    const before = filesIn(out).map((name) => readFileSync(join(out, name), 'utf8'))
    const refused = await komma(['publish', home, out])
    expect(refused.code).toBe(1)
    expect(refused.err).toContain('komma: STATUS_CONFLICT')
    expect(refused.err).toContain(`path: ${path}`)
    expect(filesIn(out).map((name) => readFileSync(join(out, name), 'utf8'))).toEqual(before)
  })

  it('replaces no document of another issuer, and never publishes the private folder', async () => {
    const { home, out } = await newIssuer('--id', 'did:web:nka.example')
    const other = await newIssuer('--id', 'did:web:other.example')
    await komma(['publish', other.home, out])
    const refused = await komma(['publish', home, out])
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('komma: FILE_EXISTS') })
    expect(readJson(join(out, '.well-known/did.json')).id).toBe('did:web:other.example')
    // An issuer of the same host, whose own document lies elsewhere.
    const neighbour = await newIssuer('--id', 'did:web:other.example:neighbour')
    const kept = readJson(join(out, '.well-known/jwks.json'))
    expect(await komma(['publish', neighbour.home, out])).toMatchObject({
      code: 2,
      err: expect.stringContaining('keys of another issuer')
    })
    expect(readJson(join(out, '.well-known/jwks.json'))).toEqual(kept)
    for (const place of [home, folder]) {
      expect(await komma(['publish', home, place])).toMatchObject({ code: 2, err: expect.stringContaining('private') })
    }
  })
})

describe('komma publish into a folder that is in use', () => {
  it.each([
    ['index.json', '{"name":"my site"}'],
    ['index.json', '<html></html>'],
    ['.well-known/did.json', '{"services":[]}'],
    ['achievements/meeting-facilitation/v1.json', '{"title":"Meeting facilitation"}']
  ])('replaces nothing that it did not write, such as %s, and writes nothing beside it', async (place, text) => {
    const { home, out, badge } = await newIssuer('--id', 'did:web:nka.example')
    await komma(issueArgs(home, badge))
    mkdirSync(join(out, place, '..'), { recursive: true })
    writeFileSync(join(out, place), text)
    const refused = await komma(['publish', home, out])
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('komma: FILE_EXISTS') })
    expect(refused.err).toContain(`path: ${join(out, place)}`)
    expect(filesIn(out)).toEqual([place])
    expect(readFileSync(join(out, place), 'utf8')).toBe(text)
  })

  it('leaves the folder of the issuer as it was, with one file for the store', async () => {
    const { home, out, badge } = await newIssuer('--id', 'did:web:nka.example')
    await komma(issueArgs(home, badge))
    const before = filesIn(home)
    await komma(['publish', home, out])
    expect(filesIn(home)).toEqual(before)
    expect(filesIn(out).filter((name) => name.startsWith('.komma') || name.endsWith('.tmp'))).toEqual([])
  })

  it('mends a file of its own that was damaged', async () => {
    const { home, out } = await newIssuer('--id', 'did:web:nka.example')
    await komma(['publish', home, out])
    writeFileSync(join(out, '.well-known/did.json'), 'damaged')
    expect((await komma(['publish', home, out])).out).toContain(`wrote ${join(out, '.well-known/did.json')}`)
    expect(readJson(join(out, '.well-known/did.json')).id).toBe('did:web:nka.example')
  })

  it('says what the host has to answer where addresses do not end in .json', async () => {
    const { home, out, badge } = await newIssuer('--id', 'https://nka.example/issuers/1')
    const alone = await komma(['publish', home, out])
    expect(alone.out).toContain('Let the host answer https://nka.example/issuers/1 with issuers/1.json\n')
    await komma(issueArgs(home, badge))
    const more = await komma(['publish', home, out])
    expect(more.out).toContain('with issuers/1.json, and 1 more addresses without .json (see index.json)')
    const web = await newIssuer('--id', 'did:web:nka.example')
    expect((await komma(['publish', web.home, web.out])).out).not.toContain('Let the host')
  })

  it('watches with --watch until it is stopped, and leaves with 0', async () => {
    const { home, out } = await newIssuer('--id', 'did:web:nka.example')
    let shown = ''
    const watched = await komma(['publish', home, out, '--watch'], {
      untilStopped: async (sofar) => {
        shown = sofar
      }
    })
    expect(watched).toMatchObject({ code: 0, err: '' })
    expect(shown).toContain('Watching for changes')
    expect(shown).toContain(`wrote ${join(out, '.well-known/did.json')}`)
  })
})

describe('komma verify', () => {
  it.each([
    ['jwt', [], 'a JWT'],
    ['png', ['--jwt'], 'a JWT in a baked PNG, whose picture is not signed'],
    ['svg', ['--jwt'], 'a JWT in a baked SVG, whose picture is not signed'],
    ['svg', [], 'a baked SVG, whose picture is not signed']
  ])('writes %s with %o, and finds and verifies it again', async (format, options, words) => {
    const { home, out, badge } = await newIssuer()
    const award = `${badge}.award.json`
    const { recipient, ...rest } = readJson(AWARD)
    writeFileSync(award, JSON.stringify({ ...rest, recipient: { ...recipient, id: 'did:example:kari' } }))
    expect(await komma([...issueArgs(home, badge, { format, award }), ...options])).toMatchObject({ code: 0, err: '' })
    await komma(['publish', home, out])
    const verified = await komma(['verify', badge, '--offline-bundle', out])
    expect(verified.out).toContain(`The input was read as ${words}.`)
    expect(verified.code).toBe(0)
    expect((await komma(['list', home])).out).toContain('Meeting facilitation')
    expect((await komma(['revoke', home, badge, '--reason', 'test'])).code).toBe(0)
  })

  it('does not revoke another JWT that names the id of a badge', async () => {
    const { home, badge } = await newIssuer()
    const award = `${badge}.award.json`
    const { recipient, ...rest } = readJson(AWARD)
    writeFileSync(award, JSON.stringify({ ...rest, recipient: { ...recipient, id: 'did:example:kari' } }))
    await komma(issueArgs(home, badge, { format: 'jwt', award }))
    writeFileSync(`${badge}-2`, `${readFileSync(badge, 'utf8').slice(0, -86)}${'A'.repeat(86)}`)
    const refused = await komma(['revoke', home, `${badge}-2`, '--reason', 'test'])
    expect(refused.err).toContain('STATUS_UNKNOWN_CREDENTIAL')
  })

  it('reads a badge from standard input, JSON or PNG', async () => {
    const { home, out, badge } = await newIssuer()
    await komma(issueArgs(home, `${badge}.json`))
    await komma(issueArgs(home, `${badge}.png`, { format: 'png' }))
    await komma(['publish', home, out])
    for (const name of [`${badge}.json`, `${badge}.png`]) {
      const stdin = new Uint8Array(readFileSync(name))
      expect(await komma(['verify', '-', '--offline-bundle', out], { stdin })).toMatchObject({ code: 0, err: '' })
    }
  })

  it('knows the recipient by id, e-mail address or typed identity', async () => {
    const { home, out, badge } = await newIssuer()
    const award = join(folder, 'who.award.json')
    const recipient = {
      id: 'did:web:kari.example',
      email: 'kari@example.org',
      identifier: [{ identityType: 'ext:badgeNumber', identity: '7' }]
    }
    writeFileSync(award, JSON.stringify({ ...readJson(AWARD), recipient }))
    expect(await komma(issueArgs(home, badge, { award }))).toMatchObject({ code: 0, err: '' })
    await komma(['publish', home, out])
    const ask = async (who: string) =>
      (await komma(['verify', badge, '--offline-bundle', out, '--recipient', who])).code
    for (const who of [
      'did:web:kari.example',
      'kari@example.org',
      'emailAddress=kari@example.org',
      'ext:badgeNumber=7'
    ]) {
      expect([who, await ask(who)]).toEqual([who, 0])
    }
    for (const who of ['did:web:ola.example', 'ola@example.org', 'ext:badgeNumber=8']) {
      expect([who, await ask(who)]).toEqual([who, 1])
    }
    for (const who of ['Kari', 'shoeSize=43']) expect([who, await ask(who)]).toEqual([who, 2])
  })

  it('checks for another time', async () => {
    const { home, out, badge } = await newIssuer()
    await komma(issueArgs(home, badge))
    await komma(['publish', home, out])
    const args = ['verify', badge, '--offline-bundle', out, '--at']
    expect((await komma([...args, '2026-06-01T14:00:00+02:00'], { now: new Date('2030-01-01T00:00:00Z') })).code).toBe(
      0
    )
    const early = await komma([...args, '2026-05-01T00:00:00Z', '--json'])
    expect(early.code).toBe(1)
    expect(early.out).toContain('2026-05-01T00:00:00.000Z')
    for (const time of ['yesterday', '2026-06-01T12:00:00', '2026-06-31T12:00:00Z', '999999-01-01T00:00:00Z']) {
      const refused = await komma([...args, time])
      expect(refused).toMatchObject({ code: 2, out: '', err: expect.stringContaining('path: --at') })
    }
  })

  it('reports what cannot be read at all, and leaves with 1', async () => {
    for (const [stdin, code] of [
      ['', 'JSON_SYNTAX'],
      ['{"a":1', 'JSON_SYNTAX'],
      ['{"a":1,"a":2}', 'JSON_DUPLICATE_MEMBER'],
      ['[]', 'INPUT_TYPE'],
      [new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), 'BAKED_MALFORMED'],
      [' '.repeat(9 * 1_048_576), 'INPUT_TOO_LARGE']
    ] as const) {
      const { code: exit, out, err } = await komma(['verify', '-', '--json'], { stdin })
      expect([exit, err]).toEqual([1, ''])
      const report = JSON.parse(out)
      expect(report.credential).toBeNull()
      expect(report.checks[0]).toMatchObject({ id: 'input', outcome: 'fail', code })
      expect(report.checks).toHaveLength(CHECK_IDS.length)
    }
  })

  it('cannot be made to write control characters to a terminal', async () => {
    const hostile = JSON.stringify('\u001b[2J\u009b2J\u202eevil')
    const stdin = `{${hostile}: 1, ${hostile}: 2}`
    for (const options of [[], ['--json']]) {
      const { out } = await komma(['verify', '-', ...options], { stdin })
      for (const character of ['\u001b', '\u009b', '\u202e']) expect(out).not.toContain(character)
      expect(out).toContain('\\u001b[2J')
    }
  })

  it('uses colours on a terminal only, and not where NO_COLOR forbids them', async () => {
    const world = { stdin: '{}', env: {} }
    expect((await komma(['verify', '-'], { ...world, isTTY: true })).out).toContain('\u001b[31m✗')
    expect((await komma(['verify', '-'], { ...world, isTTY: true, env: { NO_COLOR: '1' } })).out).not.toContain(
      '\u001b'
    )
    expect((await komma(['verify', '-'], world)).out).not.toContain('\u001b')
  })
})

it('issues what the schema of an AchievementCredential allows', async () => {
  const { home, badge } = await newIssuer('--url', 'https://nka.example/')
  await komma(issueArgs(home, badge))
  expect(checkSchema(readJson(badge), 'AchievementCredential')).toEqual([])
})
