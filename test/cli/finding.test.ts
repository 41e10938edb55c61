import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { drawDefaultBadge } from '../../src/cli/default-image.js'
import { bakePng } from '../../src/index.js'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import { NOW } from '../support/issuer.js'
import { AWARD, issueArgs, komma, storeOf, workFolder } from './support.js'

const folder = workFolder()
const home = join(folder, 'issuer')
const json = join(folder, 'badge.json')
const png = join(folder, 'badge.png')
const reason = ['--reason', 'wrong person']

function idOf(path: string): string {
  return JSON.parse(readFileSync(path, 'utf8')).id
}

beforeAll(async () => {
  expect((await komma(['issuer', 'init', home, '--id', 'did:web:nka.example'])).code).toBe(0)
})

describe('komma list', () => {
  it('says so where nothing was issued', async () => {
    expect(await komma(['list', home])).toMatchObject({ code: 0, out: 'No badge was issued yet\n', err: '' })
    expect(await komma(['list', home, '--json'])).toMatchObject({ code: 0, out: '[]\n' })
  })

  it('lists every badge with its state, without a password and without a person', async () => {
    await komma(issueArgs(home, json))
    await komma(issueArgs(home, png, { format: 'png' }))
    const [first, second] = (await storeOf(home)).issuances
    await komma(['revoke', home, second?.credentialId ?? '', ...reason])
    const listed = await komma(['list', home, '--json'], { env: {} })
    const badge = {
      name: 'Meeting facilitation',
      validFrom: '2026-06-01T12:00:00Z',
      validUntil: null,
      state: 'released'
    }
    expect(JSON.parse(listed.out)).toEqual([
      { ...badge, id: first?.credentialId, revokedAt: null, suspendedAt: null },
      { ...badge, id: second?.credentialId, state: 'revoked', revokedAt: '2026-06-01T12:00:00Z', suspendedAt: null }
    ])
    const { out, err } = await komma(['list', home], { env: {} })
    const lines = out.split('\n')
    expect(err).toBe('')
    expect(lines[1]).toMatch(new RegExp(`^${first?.credentialId}  2026-06-01T12:00:00Z  –  +released  Meeting fac`))
    expect(lines[2]).toMatch(new RegExp(`^${second?.credentialId}  2026-06-01T12:00:00Z  –  +revoked   Meeting fac`))
  })

  it('shows an issuance that was never finished', async () => {
    const cut = join(folder, 'cut')
    await komma(['issuer', 'init', cut, '--id', 'did:key'])
    const store = await openSqliteStatusStore(join(cut, 'status.db'))
    await store.reserve({
      idempotencyKey: 'k',
      requestDigest: 'd',
      credentialId: 'urn:x:1',
      keyId: 'k',
      entries: [{ purpose: 'revocation' }],
      listUrl: () => 'urn:x:list',
      at: '2026-06-01T12:00:00Z'
    })
    await store.close()
    const unfinished = { id: 'urn:x:1', name: null, validFrom: null, validUntil: null, state: 'intended' }
    expect(JSON.parse((await komma(['list', cut, '--json'])).out)).toEqual([
      { ...unfinished, revokedAt: null, suspendedAt: null }
    ])
    expect((await komma(['list', cut])).out).toMatch(/^urn:x:1 {2}– +– +intended {2}–$/m)
  })

  it('needs an issuer', async () => {
    expect(await komma(['list', folder])).toMatchObject({ code: 2, err: expect.stringContaining('FILE_NOT_FOUND') })
  })
})

describe('komma revoke takes the file of a badge', () => {
  it.each([
    ['JSON', 'json'],
    ['PNG', 'png']
  ])('%s', async (_, format) => {
    const badge = join(folder, `revoked.${format}`)
    await komma(issueArgs(home, badge, { format }))
    const id = (await storeOf(home)).issuances.at(-1)?.credentialId
    const revoked = await komma(['revoke', home, badge, ...reason], { env: {} })
    expect(revoked).toMatchObject({ code: 0, err: '', out: expect.stringContaining(`Revoked ${id}\n`) })
    expect((await komma(['revoke', home, badge, ...reason])).out).toContain('Was revoked already')
  })

  it('and one that was only laid out anew', async () => {
    const [badge, pretty] = [join(folder, 'plain.json'), join(folder, 'pretty.json')]
    await komma(issueArgs(home, badge))
    writeFileSync(pretty, JSON.stringify(JSON.parse(readFileSync(badge, 'utf8')), null, 2))
    expect((await komma(['revoke', home, pretty, ...reason])).code).toBe(0)
  })

  it('but none that only bears the id of a badge', async () => {
    const [badge, forged] = [join(folder, 'true.json'), join(folder, 'forged.json')]
    await komma(issueArgs(home, badge))
    writeFileSync(forged, JSON.stringify({ ...JSON.parse(readFileSync(badge, 'utf8')), name: 'Another' }))
    const refused = await komma(['revoke', home, forged, ...reason])
    expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('STATUS_UNKNOWN_CREDENTIAL') })
    expect(refused.err).toContain('not the one that was issued')
    const listed = JSON.parse((await komma(['list', home, '--json'])).out)
    expect(listed.find(({ id }: { id: string }) => id === idOf(badge)).revokedAt).toBeNull()
  })

  it.each<[string, string | Uint8Array, 1 | 2, string]>([
    ['a badge of somebody else', '{"id":"urn:uuid:1"}', 1, 'STATUS_UNKNOWN_CREDENTIAL'],
    ['a baked badge of somebody else', bakePng(drawDefaultBadge(), '{"id":"urn:uuid:1"}'), 1, 'STATUS_UNKNOWN_CRED'],
    ['no badge at all', '[]', 1, 'STATUS_UNKNOWN_CREDENTIAL'],
    ['no JSON', 'urn:uuid:1', 1, 'JSON_SYNTAX'],
    ['an image without badge', drawDefaultBadge(), 1, 'BAKED_NOT_FOUND']
  ])('nor %s', async (_, content, code, error) => {
    const path = join(folder, 'wrong')
    writeFileSync(path, content)
    const refused = await komma(['revoke', home, path, ...reason])
    expect(refused).toMatchObject({ code, out: '', err: expect.stringContaining(`komma: ${error}`) })
    expect(refused.err).toContain(path)
  })

  it('nor a file that is not there', async () => {
    const refused = await komma(['revoke', home, join(folder, 'no.json'), ...reason])
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('komma: FILE_NOT_FOUND') })
  })
})

describe('komma verify says which badge it was', () => {
  it('by id, name, issuer, dates and the id of the person, and by nothing personal', async () => {
    const site = join(folder, 'site')
    const verified = async (recipient: object, name: string) => {
      const [award, badge] = [join(folder, `${name}.award.json`), join(folder, `${name}.json`)]
      const validUntil = '2027-06-01T12:00:00Z'
      writeFileSync(award, JSON.stringify({ ...JSON.parse(readFileSync(AWARD, 'utf8')), recipient, validUntil }))
      expect(await komma(issueArgs(home, badge, { award }))).toMatchObject({ code: 0, err: '' })
      await komma(['publish', home, site])
      const { out } = await komma(['verify', badge, '--offline-bundle', site])
      return { out: out.slice(out.indexOf('\n\n') + 2), id: idOf(badge) }
    }
    const known = await verified({ id: 'did:web:kari.example', email: 'kari@example.org' }, 'known')
    const facts = (id: string) => [
      'Accepted: "Meeting facilitation"',
      `  id           ${id}`,
      '  name         Meeting facilitation',
      '  issuer       did:web:nka.example',
      '  valid from   2026-06-01T12:00:00Z',
      '  valid until  2027-06-01T12:00:00Z'
    ]
    expect(known.out.split('\n')).toEqual([...facts(known.id), '  awarded to   did:web:kari.example', ''])
    for (const [name, recipient] of [
      ['hashed', { email: 'kari@example.org' }],
      ['mail', { id: 'mailto:kari@example.org' }]
    ] as const) {
      const { out, id } = await verified(recipient, name)
      expect(out.split('\n')).toEqual([...facts(id), ''])
    }
  })

  it('also where it is not accepted for another reason than its signature', async () => {
    await komma(['publish', home, join(folder, 'late')])
    const now = new Date(NOW.getTime() + 48 * 3_600_000)
    const { code, out } = await komma(['verify', json, '--offline-bundle', join(folder, 'late')], { now })
    expect([code, out.includes(`  id           ${idOf(json)}\n`)]).toEqual([1, true])
  })

  it('and says nothing of one whose signature does not hold', async () => {
    const forged = { ...JSON.parse(readFileSync(json, 'utf8')), name: 'Astronaut' }
    const { code, out } = await komma(['verify', '-', '--offline-bundle', join(folder, 'late')], {
      stdin: JSON.stringify(forged)
    })
    expect([code, out.includes('Astronaut')]).toEqual([1, false])
  })
})
