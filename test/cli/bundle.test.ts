import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { NOW } from '../support/issuer.js'
import { AWARD, DEFINITION, komma, workFolder } from './support.js'

const work = workFolder()
const issuer = join(work, 'issuer')
const site = join(work, 'site')
const badge = join(work, 'badge.png')
const file = join(work, 'badge.bundle.json')

beforeAll(async () => {
  await komma(['issuer', 'init', issuer, '--id', 'did:web:academy.example', '--name', 'Academy'])
  await komma(['issue', issuer, '--definition', DEFINITION, '--award', AWARD, '--format', 'png', '--out', badge])
  await komma(['publish', issuer, site])
  expect(await komma(['bundle', badge, '--from', site, '--out', file])).toMatchObject({ code: 0, err: '' })
})

describe('komma verify', () => {
  it.each([
    ['da', 'Godkendt', 'Underskriften passer til dokumentet'],
    ['sv', 'Godkänt', 'Signaturen stämmer med dokumentet']
  ])('tells its report in %s', async (language, verdict, sentence) => {
    const { code, out } = await komma(['verify', '--offline-bundle', file, '--language', language])
    expect(code).toBe(0)
    expect(out).toContain(verdict)
    expect(out).toContain(sentence)
  })
})

describe('komma bundle', () => {
  it('writes one file from which the badge verifies without folder and network', async () => {
    const { code, out } = await komma(['verify', '--offline-bundle', file])
    expect(out).toContain('Accepted')
    expect(code).toBe(0)
    const bundle = JSON.parse(readFileSync(file, 'utf8'))
    expect(bundle.documents.map(({ kind }: { kind: string }) => kind).sort()).toEqual([
      'controllerDocument',
      'statusList'
    ])
  })

  it('serves another copy of the badge too', async () => {
    expect((await komma(['verify', badge, '--offline-bundle', file])).code).toBe(0)
  })

  it('says when the lists in it have grown old', async () => {
    const later = new Date(NOW.getTime() + 3 * 86_400_000)
    const stale = await komma(['verify', '--offline-bundle', file], { now: later })
    expect(stale.code).toBe(1)
    expect(stale.out).toContain('STATUS_LIST_STALE')
    const week = ['verify', '--offline-bundle', file, '--max-status-age', '604800']
    expect((await komma(week, { now: later })).code).toBe(0)
  })

  it('reads from the web where it is told to, and verify does too', async () => {
    const asked: string[] = []
    const fetch = async (url: string | URL) => {
      asked.push(String(url))
      const { pathname } = new URL(url)
      return new Response(readFileSync(join(site, pathname)), { headers: { 'content-type': 'application/json' } })
    }
    const out = join(work, 'web.bundle.json')
    expect((await komma(['bundle', badge, '--web', '--out', out], { fetch: fetch as never })).code).toBe(0)
    expect(asked.length).toBeGreaterThan(1)
    expect((await komma(['verify', badge, '--web'], { fetch: fetch as never })).code).toBe(0)
    const before = asked.length
    expect((await komma(['verify', '--offline-bundle', out], { fetch: fetch as never })).code).toBe(0)
    expect(asked).toHaveLength(before)
  })

  it('writes a bundle of a badge that is not accepted, and says so', async () => {
    const empty = join(work, 'empty')
    await komma(['issuer', 'init', join(work, 'other'), '--id', 'did:web:other.example', '--name', 'Other'])
    await komma(['publish', join(work, 'other'), empty])
    const { code, out } = await komma(['bundle', badge, '--from', empty, '--out', join(work, 'bad.json')])
    expect(code).toBe(1)
    expect(out).toContain('is not accepted')
  })

  it.each<[string, readonly string[], string]>([
    ['nothing to read from', ['bundle', badge, '--out', join(work, 'x.json')], '--from'],
    ['a folder that is not there', ['bundle', badge, '--from', join(work, 'no'), '--out', join(work, 'x.json')], 'no'],
    ['a place that is taken', ['bundle', badge, '--from', site, '--out', file], 'FILE_EXISTS'],
    ['verify without a badge', ['verify', '--offline-bundle', site], 'OPTION_INVALID'],
    ['verify in a language that is none', ['verify', badge, '--language', 'xx'], '--language'],
    ['verify with a policy that is none', ['verify', badge, '--policy', 'kind'], '--policy']
  ])('cannot run with %s', async (_, argv, words) => {
    const { code, err } = await komma(argv)
    expect(code).toBe(2)
    expect(err).toContain(words)
  })

  it('refuses a file that is no bundle', async () => {
    const { code, err } = await komma(['verify', badge, '--offline-bundle', AWARD])
    expect(code).toBe(1)
    expect(err).toContain('BUNDLE_MALFORMED')
  })
})
