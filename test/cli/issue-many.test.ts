import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { unbakePng } from '../../src/baking/png.js'
import { FIRST_AID } from '../support/issuer.js'
import { komma, type Outcome, storeOf, type World, workFolder } from './support.js'

const folder = workFolder()
const definition = join(folder, 'first-aid.json')
const never = () => new Promise<void>(() => {})
let count = 0

beforeAll(() => writeFileSync(definition, JSON.stringify(FIRST_AID)))

function nextNumber(): number {
  count += 1
  return count
}

async function makeIssuer(): Promise<string> {
  const home = join(folder, `academy-${nextNumber()}`)
  expect((await komma(['issuer', 'init', home, '--id', 'did:key', '--name', 'Academy'])).code).toBe(0)
  return home
}

function csv(...people: readonly string[]): string {
  const path = join(folder, `awards-${nextNumber()}.csv`)
  const lines = people.map((person) => `${person}@example.org,${person === 'bad' ? 'helped' : 'safe'}`)
  writeFileSync(path, `email,results.drill.achievedLevel\n${lines.map((line) => `${line}\n`).join('')}`)
  return path
}

function issueMany(home: string, awards: string, out: string, args: readonly string[] = [], world: World = {}) {
  const fixed = ['--definition', definition, '--awards', awards, '--batch', 'spring', '--out', out]
  return komma(['issue-many', home, ...fixed, ...args], { untilStopped: never, ...world })
}

function resultsIn(
  path: string
): { line: number; id: string; idempotencyKey: string; file?: string; badge?: string }[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe('komma issue-many', () => {
  it('writes a file for each row, lists them, and says what it did', async () => {
    const home = await makeIssuer()
    const out = join(folder, 'badges-1')
    const outcome = await issueMany(home, csv('kari', 'ola', 'siri'), out)
    expect(outcome).toMatchObject({ code: 0, err: '' })
    expect(outcome.out).toContain('Issued 3 badges for 3 rows, 0 of them before')
    const results = resultsIn(join(out, 'badges.jsonl'))
    expect(results.map(({ line }) => line)).toEqual([2, 3, 4])
    expect(readdirSync(out).sort()).toEqual(['badges.jsonl', ...results.map(({ file }) => file ?? '')].sort())
    for (const { id, file } of results) {
      expect(JSON.parse(readFileSync(join(out, file ?? ''), 'utf8')).id).toBe(id)
    }
    expect((await storeOf(home)).issuances.map(({ state }) => state)).toEqual(['released', 'released', 'released'])
  })

  it('writes the badges as lines of one file, or to standard output, where nothing else then stands', async () => {
    const home = await makeIssuer()
    const awards = csv('kari', 'ola')
    const out = join(folder, 'lines.jsonl')
    expect((await issueMany(home, awards, out, ['--format', 'json'])).code).toBe(0)
    const outcome = await issueMany(home, awards, '-')
    expect(outcome.out).toBe(readFileSync(out, 'utf8'))
    expect(outcome.err).toContain('Issued 2 badges for 2 rows, 2 of them before\n')
    const [first] = resultsIn(out)
    expect(JSON.parse(first?.badge ?? '').id).toBe(first?.id)
  })

  it('bakes each badge into an image', async () => {
    const home = await makeIssuer()
    const out = join(folder, 'images')
    expect((await issueMany(home, csv('kari'), out, ['--format', 'png'])).code).toBe(0)
    const [{ id, file = '' } = { id: '' }] = resultsIn(join(out, 'badges.jsonl'))
    expect(JSON.parse(unbakePng(readFileSync(join(out, file)))).id).toBe(id)
    expect((await issueMany(home, csv('kari'), join(folder, 'x.jsonl'), ['--format', 'svg'])).code).toBe(2)
  })

  it('takes JSON lines, from a file or standard input', async () => {
    const home = await makeIssuer()
    const text = `${JSON.stringify({ recipient: { email: 'kari@example.org' }, results: [{ resultDescription: 'drill', achievedLevel: 'safe' }] })}\n`
    const path = join(folder, 'awards.jsonl')
    writeFileSync(path, text)
    const [file, stdin] = [await issueMany(home, path, '-'), await issueMany(home, '-', '-', [], { stdin: text })]
    expect(file.code).toBe(0)
    expect(stdin.out).toBe(file.out)
  })

  it('exits with 1 where rows failed, names them without quoting anybody, and keeps them to be mended', async () => {
    const home = await makeIssuer()
    const out = join(folder, 'partial')
    const awards = csv('kari', 'bad', 'siri')
    const outcome = await issueMany(home, awards, out)
    expect(outcome.code).toBe(1)
    expect(outcome.err).toMatch(/^line 3: AWARD_INVALID: the level is below the required one/)
    expect(outcome.err).not.toContain('@example.org')
    const failed = join(out, 'failed.csv')
    expect(outcome.out).toContain(failed)
    const [header, row] = readFileSync(failed, 'utf8').split('\n')
    expect(header).toBe('email,results.drill.achievedLevel,komma:fault,komma:batch')
    expect(row).toMatch(/^bad@example.org,helped,/)

    writeFileSync(failed, readFileSync(failed, 'utf8').replace(',helped,', ',safe,'))
    const mended = await issueMany(home, failed, join(folder, 'mended'))
    expect(mended).toMatchObject({ code: 0, err: '' })
    expect((await storeOf(home)).issuances).toHaveLength(3)
    const again = await issueMany(home, awards, out)
    expect(again.out).toContain('Issued 2 badges for 3 rows, 2 of them before')
  })

  it('takes mended rows from where they lie, into the same folder, and loses none that it does not reach', async () => {
    const home = await makeIssuer()
    const out = join(folder, 'same-folder')
    const failed = join(out, 'failed.csv')
    expect((await issueMany(home, csv('kari', 'bad', 'siri', 'bad'), out)).code).toBe(1)
    writeFileSync(failed, readFileSync(failed, 'utf8').replace('bad@example.org,helped', 'ola@example.org,safe'))
    const mended = readFileSync(failed, 'utf8')

    const stopped = await issueMany(home, failed, out, [], { untilStopped: async () => {} })
    expect(stopped.err).toContain('BATCH_STOPPED')
    expect(readFileSync(failed, 'utf8')).toBe(mended)

    const some = await issueMany(home, failed, out)
    expect(some.code).toBe(1)
    expect(some.out).toContain('Issued 1 badge for 2 rows, 0 of them before\n')
    expect(readFileSync(failed, 'utf8').split('\n')).toHaveLength(3)
    expect(resultsIn(join(out, 'badges.jsonl')).map(({ line }) => line)).toEqual([2, 4, 2])

    writeFileSync(failed, readFileSync(failed, 'utf8').replace('bad@example.org,helped', 'per@example.org,safe'))
    expect(await issueMany(home, failed, out)).toMatchObject({ code: 0, err: '' })
    expect(existsSync(failed)).toBe(false)
    const listed = resultsIn(join(out, 'badges.jsonl'))
    expect(new Set(listed.map(({ id }) => id)).size).toBe(4)
    expect(readdirSync(out).sort()).toEqual(['badges.jsonl', ...listed.map(({ file }) => file ?? '')].sort())
  })

  it('refuses the place of another batch or issuer before anything is issued, and leaves all there as it was', async () => {
    const home = await makeIssuer()
    const other = await makeIssuer()
    const out = join(folder, 'taken')
    await issueMany(home, csv('kari', 'bad'), out)
    const before = readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')])
    const lines = join(folder, 'taken.jsonl')
    await issueMany(home, csv('kari'), lines)
    const apart = join(folder, 'taken-failed.csv')
    await issueMany(home, csv('bad'), join(folder, 'apart'), ['--failed', apart])

    const autumn = ['--batch', 'autumn']
    const refusals = [
      await issueMany(home, csv('ola'), out, autumn),
      await issueMany(home, csv('ola', 'bad'), out, autumn),
      await issueMany(home, csv('ola'), lines, autumn),
      await issueMany(home, csv('ola'), join(folder, 'free'), [...autumn, '--failed', apart]),
      await issueMany(other, csv('ola'), out),
      await issueMany(other, csv('ola'), lines)
    ]
    for (const refused of refusals)
      expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('FILE_EXISTS'), out: '' })
    expect(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')])).toEqual(before)
    expect(resultsIn(lines)).toHaveLength(1)
    expect(readFileSync(apart, 'utf8')).toContain('bad@example.org')
    expect((await storeOf(home)).issuances).toHaveLength(1)
    expect((await storeOf(other)).issuances).toEqual([])
  })

  it('refuses the place of another batch also where that one was stopped before it had a list', async () => {
    const home = await makeIssuer()
    const out = join(folder, 'stopped-before')
    await issueMany(home, csv('kari', 'bad', 'ola'), out, ['--stop-after', '1'])
    expect(await issueMany(home, csv('ola'), out, ['--batch', 'autumn'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('FILE_EXISTS')
    })
    expect(readFileSync(join(out, 'failed.csv'), 'utf8')).toContain('bad@example.org')
  })

  it('counts a badge once, whichever of its rows made it', async () => {
    const home = await makeIssuer()
    const awards = csv('kari', 'kari', 'ola', 'kari')
    const out = join(folder, 'repeats')
    const first = await issueMany(home, awards, out)
    expect(first.out).toContain('Issued 2 badges for 4 rows, 0 of them before\n2 rows are repeats of another row\n')
    const again = JSON.parse((await issueMany(home, awards, out, ['--json'])).out)
    expect(again).toMatchObject({ rows: 4, issued: 2, repeated: 2, sameAsOther: 2, failed: 0 })
    const one = await issueMany(home, csv('siri', 'siri'), join(folder, 'repeat'))
    expect(one.out).toContain('Issued 1 badge for 2 rows, 0 of them before\n1 row is a repeat of another row\n')
  })

  it('prints a summary as JSON', async () => {
    const home = await makeIssuer()
    const out = join(folder, 'summary')
    const outcome = await issueMany(home, csv('kari', 'bad'), out, ['--json'])
    expect(outcome.code).toBe(1)
    expect(JSON.parse(outcome.out)).toEqual({
      rows: 2,
      issued: 1,
      repeated: 0,
      sameAsOther: 0,
      failed: 1,
      results: join(out, 'badges.jsonl'),
      failedRows: join(out, 'failed.csv')
    })
  })

  it('run again writes the same files again, also where some are gone, and never over another', async () => {
    const home = await makeIssuer()
    const out = join(folder, 'again')
    const awards = csv('kari', 'ola')
    await issueMany(home, awards, out)
    const before = readFileSync(join(out, 'badges.jsonl'), 'utf8')
    const [first, second] = resultsIn(join(out, 'badges.jsonl'))
    const lost = join(out, first?.file ?? '')
    const badge = readFileSync(lost, 'utf8')
    writeFileSync(lost, '')
    const refused = await issueMany(home, awards, out)
    expect(refused).toMatchObject({ code: 2 })
    expect(refused.err).toMatch(/FILE_EXISTS[\s\S]*same command again/)
    rmSync(lost)
    expect((await issueMany(home, awards, out)).code).toBe(0)
    expect(readFileSync(lost, 'utf8')).toBe(badge)
    expect(readFileSync(join(out, 'badges.jsonl'), 'utf8')).toBe(before)
    expect(existsSync(join(out, second?.file ?? ''))).toBe(true)
  })

  it('issues nothing where the file of awards, an option or a place is wrong', async () => {
    const home = await makeIssuer()
    const awards = csv('kari')
    const broken = join(folder, 'broken.csv')
    writeFileSync(broken, 'email,results.drill.achievedLevel\nkari@example.org,safe\n"ola@example.org,safe\n')
    const header = join(folder, 'header.csv')
    writeFileSync(header, 'Mail,results.drill.achievedLevel\nkari@example.org,safe\n')
    const latin = join(folder, 'latin.csv')
    writeFileSync(latin, Buffer.from('email,name\nkari@example.org,K\u00e5re\n', 'latin1'))
    const wrong = join(folder, 'wrong.json')
    writeFileSync(wrong, JSON.stringify({ ...FIRST_AID, name: 7 }))
    const out = join(folder, 'nothing')
    const cases: [number, string, Promise<Outcome>][] = [
      [2, 'CSV_MALFORMED', issueMany(home, broken, out)],
      [2, 'CSV_MALFORMED', issueMany(home, header, out)],
      [2, 'INPUT_NOT_UTF8', issueMany(home, latin, out)],
      [2, 'DEFINITION_INVALID', issueMany(home, awards, out, ['--definition', wrong])],
      [2, 'KEY_FILE_UNLOCK', issueMany(home, awards, out, [], { env: { KOMMA_PASSWORD: 'a wrong one, but long' } })],
      [2, 'FILE_NOT_FOUND', issueMany(home, join(folder, 'missing.csv'), out)],
      [2, 'OPTION_INVALID', issueMany(home, definition, out)],
      [2, 'OPTION_INVALID', issueMany(home, awards, out, ['--stop-after', '0'])],
      [2, 'OPTION_INVALID', issueMany(home, awards, out, ['--column', 'Mail'])],
      [2, 'OPTION_INVALID', issueMany(home, awards, join(home, 'badges'))],
      [2, 'OPTION_INVALID', issueMany(home, awards, out, ['--failed', awards])],
      [2, 'FILE_IO', issueMany(home, awards, join(definition, 'x'))]
    ]
    for (const [code, error, running] of cases) {
      const outcome = await running
      expect([outcome.code, /[A-Z]+_[A-Z_0-9]+/.exec(outcome.err)?.[0]], outcome.err).toEqual([code, error])
    }
    expect((await storeOf(home)).issuances).toEqual([])
    const named = await issueMany(home, header, out, ['--column', 'Mail=email'])
    expect(named).toMatchObject({ code: 0, err: '' })
  })

  it('stops once so many rows failed, or once a person asks, and goes on with the same command', async () => {
    const home = await makeIssuer()
    const out = join(folder, 'stopped')
    const awards = csv('kari', 'bad', 'ola', 'bad', 'siri')
    const stopped = await issueMany(home, awards, out, ['--stop-after', '1'])
    expect(stopped.code).toBe(2)
    expect(stopped.err).toMatch(/BATCH_STOPPED: the batch stopped after 2 rows, 1 of which failed/)
    const asked = await issueMany(home, awards, out, [], { untilStopped: async () => {} })
    expect(asked.code).toBe(2)
    expect(asked.err).toMatch(/BATCH_STOPPED: somebody stopped the batch[\s\S]*same command again/)
    expect(existsSync(join(out, 'badges.jsonl'))).toBe(false)
    const last = await issueMany(home, awards, out)
    expect(last.out).toContain('Issued 3 badges for 5 rows')
    expect((await storeOf(home)).issuances).toHaveLength(3)
  })

  it('shows a bar to a person who watches', async () => {
    const home = await makeIssuer()
    const told: string[] = []
    const progress = async (most: number, message: string) => {
      told.push(`${most} ${message}`)
      return { advance: (_: number, text: string) => told.push(text), stop: (text: string) => told.push(text) }
    }
    await issueMany(home, csv('kari', 'bad'), join(folder, 'bar'), [], { isTTY: true, progress })
    expect(told).toEqual(['2 Issuing', '1 of 2 rows, 0 failed', '2 of 2 rows, 1 failed', '2 rows'])
  })
})
