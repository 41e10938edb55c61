import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type AwardRow,
  awardOfRow,
  openBadgeFolder,
  openBadgeLines,
  openFailedRows,
  readCsvAwards,
  readJsonlAwards
} from '../../src/batch/files.js'
import { AwardError } from '../../src/encoding/errors.js'
import { collect, inPieces, workFolder } from './support.js'

const folder = workFolder()
const UUID = '6d1c2a31-84e7-4f19-b05d-9c2e7a1f3b41'
const ERROR = new AwardError({ code: 'AWARD_INVALID', message: 'the level\nis too low', path: '/results' })

describe('a folder of badges', () => {
  it('is made, and holds each badge in a file named after its id, readable at once', async () => {
    const badges = await openBadgeFolder(join(folder, 'a/b'), 'json')
    expect(await badges.write(`urn:uuid:${UUID}`, '{"ø":1}')).toBe(`${UUID}.json`)
    await badges.flush()
    expect(readFileSync(join(folder, 'a/b', `${UUID}.json`), 'utf8')).toBe('{"ø":1}')
  })

  it('keeps a badge that lies there, and never puts another in its place', async () => {
    const badges = await openBadgeFolder(join(folder, 'keep'), 'json')
    await badges.write(`urn:uuid:${UUID}`, 'one')
    expect(await badges.write(`urn:uuid:${UUID}`, 'one')).toBe(`${UUID}.json`)
    await expect(badges.write(`urn:uuid:${UUID}`, 'another')).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    expect(readFileSync(join(folder, 'keep', `${UUID}.json`), 'utf8')).toBe('one')
    expect(readdirSync(join(folder, 'keep'))).toEqual([`${UUID}.json`])
  })

  it('gives an id that is no name of a file another name', async () => {
    const badges = await openBadgeFolder(join(folder, 'names'), 'jwt')
    for (const id of ['../../etc/passwd', 'urn:uuid:NO', 'https://academy.example/badges/1', `urn:uuid:${UUID}/..`]) {
      expect(await badges.write(id, id)).toMatch(/^[0-9a-f]{64}\.jwt$/)
    }
    expect(readdirSync(join(folder, 'names'))).toHaveLength(4)
  })

  it('is refused where something else lies, or where the ending is none', async () => {
    writeFileSync(join(folder, 'file'), '')
    await expect(openBadgeFolder(join(folder, 'file'), 'json')).rejects.toMatchObject({ code: 'FILE_IO' })
    await expect(openBadgeFolder(folder, '/../x')).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  })
})

describe('a file of results', () => {
  const line = (n: number) => ({ line: n, id: `urn:uuid:${n}`, idempotencyKey: `key ${n}`, badge: `badge\n${n}` })
  async function write(path: string, ...numbers: number[]): Promise<void> {
    const lines = await openBadgeLines(path)
    for (const n of numbers) await lines.add(line(n))
    await lines.finish()
  }
  const idsIn = (path: string) =>
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text).line)

  it('is there once it is complete, and not before', async () => {
    const path = join(folder, 'results.jsonl')
    const lines = await openBadgeLines(path)
    await lines.add(line(1))
    expect(existsSync(path)).toBe(false)
    await lines.finish()
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(line(1))
    expect(existsSync(`${path}.partial`)).toBe(false)
  })

  it('is written anew by a run that has every badge of the one before, and more', async () => {
    const path = join(folder, 'grows.jsonl')
    await write(path, 1, 3)
    await write(path, 1, 2, 3, 4)
    expect(idsIn(path)).toEqual([1, 2, 3, 4])
    await write(path, 1, 2, 3, 4)
    expect(idsIn(path)).toEqual([1, 2, 3, 4])
  })

  it('is kept where badges of it, or something else, would be lost', async () => {
    const path = join(folder, 'kept.jsonl')
    await write(path, 1, 2)
    await expect(write(path, 1, 3)).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    expect(idsIn(path)).toEqual([1, 2])
    expect(existsSync(`${path}.partial`)).toBe(false)
    for (const foreign of ['notes', '{"id":7}\n', '[]\n']) {
      writeFileSync(path, foreign)
      await expect(write(path, 1, 2)).rejects.toMatchObject({ code: 'FILE_EXISTS' })
      expect(readFileSync(path, 'utf8')).toBe(foreign)
    }
  })

  it('is written anew over what a killed process left, and is gone when it is given up', async () => {
    const path = join(folder, 'left.jsonl')
    writeFileSync(`${path}.partial`, '{"id":"half a li')
    await write(path, 1)
    expect(idsIn(path)).toEqual([1])
    const lines = await openBadgeLines(join(folder, 'given-up.jsonl'))
    await lines.add(line(1))
    await lines.discard()
    await lines.discard()
    expect(readdirSync(folder).filter((name) => name.startsWith('given-up'))).toEqual([])
    await expect(openBadgeLines(join(folder, 'none/x.jsonl'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })
})

describe('a file of results of a named batch', () => {
  const line = (n: number) => ({ line: n, id: `urn:uuid:${n}`, idempotencyKey: `key ${n}` })
  async function write(path: string, batch: string, ...numbers: number[]): Promise<void> {
    const lines = await openBadgeLines(path, { batch })
    for (const n of numbers) await lines.add(line(n))
    await lines.finish()
  }
  const found = (path: string) =>
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text))

  it('keeps every badge of an earlier run, and adds those that are new below', async () => {
    const path = join(folder, 'named.jsonl')
    await write(path, 'spring', 1, 2, 3)
    await write(path, 'spring', 5, 2, 4)
    expect(found(path).map((each) => each.line)).toEqual([1, 2, 3, 5, 4])
    expect(found(path)[0]).toEqual({ ...line(1), batch: 'spring' })
    await write(path, 'spring')
    expect(found(path)).toHaveLength(5)
    expect(readdirSync(folder).filter((name) => name.startsWith('named'))).toEqual(['named.jsonl'])
  })

  it('is refused at once where another batch, none, or something else lies there', async () => {
    const path = join(folder, 'others.jsonl')
    for (const foreign of [
      '{"id":"urn:uuid:1","batch":"spring"}\n',
      '{"id":"urn:uuid:1"}\n',
      'notes',
      '{"batch":"autumn"}'
    ]) {
      writeFileSync(path, foreign)
      await expect(openBadgeLines(path, { batch: 'autumn' })).rejects.toMatchObject({ code: 'FILE_EXISTS' })
      expect(readFileSync(path, 'utf8')).toBe(foreign)
      expect(existsSync(`${path}.partial`)).toBe(false)
    }
  })
})

describe('a file of rows that failed', () => {
  async function write(path: string, rows: readonly AwardRow[]): Promise<void> {
    const failed = await openFailedRows(path)
    for (const row of rows) await failed.add(row, row.error ?? ERROR)
    await failed.finish()
  }

  it('holds the lines of a CSV file as they stood, can be read again, and again', async () => {
    const path = join(folder, 'failed.csv')
    const text = 'email;role;Note\na@example.org;"=1+1;""x""\n2";ø\nb@example.org;x\n'
    const columns = { Note: '' }
    const rows = await collect(readCsvAwards(inPieces(text), { columns }))
    await write(path, rows)
    expect(readFileSync(path, 'utf8').split('\n')[0]).toBe('email;role;Note;komma:fault')
    expect(readFileSync(path, 'utf8')).toContain('AWARD_INVALID: the level is too low at /results')
    const again = await collect(readCsvAwards(path, { columns }))
    expect(awardOfRow(again[0] as AwardRow)).toEqual(awardOfRow(rows[0] as AwardRow))
    await write(path, again)
    const third = await collect(readCsvAwards(path, { columns }))
    expect(awardOfRow(third[0] as AwardRow)).toEqual(awardOfRow(rows[0] as AwardRow))
    // A line that lacks a cell is not completed in passing: somebody has to look at it.
    expect(third[1]?.error?.code).toBe('CSV_MALFORMED')
    expect(third[1]?.source).toMatchObject({ cells: ['b@example.org', 'x', expect.any(String)] })
    expect(readFileSync(path, 'utf8').match(/komma:fault/g)).toHaveLength(1)
  })

  it('holds JSON lines as they stood, those that are no JSON too, and can be read again', async () => {
    const path = join(folder, 'failed.jsonl')
    const text = '{"role":"ø"}\n{"role":\n[7]\n'
    const rows = await collect(readJsonlAwards(inPieces(text)))
    await write(path, rows)
    const again = await collect(readJsonlAwards(path))
    expect(again.map(({ source }) => source)).toEqual(rows.map(({ source }) => source))
    expect(again.map(({ error }) => error?.code)).toEqual([undefined, 'JSON_SYNTAX', undefined])
  })

  it.each(['csv', 'jsonl'])('names its batch in every row, and is replaced by no other: %s', async (kind) => {
    const path = join(folder, `of-batch.${kind}`)
    const text = kind === 'csv' ? 'email,role\na@example.org,"x, ""y"""\nb@example.org\n' : '{"role":"x"}\n{"role":\n'
    const rowsOf = (source: string) => (kind === 'csv' ? readCsvAwards(source) : readJsonlAwards(source))
    const rows = await collect(kind === 'csv' ? readCsvAwards(inPieces(text)) : readJsonlAwards(inPieces(text)))
    for (const [at, given] of [rows, undefined].entries()) {
      const failed = await openFailedRows(path, { batch: 'spring, 2026' })
      for (const row of given ?? (await collect(rowsOf(path)))) await failed.add(row, row.error ?? ERROR)
      await failed.finish()
      const text = readFileSync(path, 'utf8')
      expect([at, text.match(/spring, 2026/g)?.length]).toEqual([at, 2])
      await expect(openFailedRows(path, { batch: 'autumn' })).rejects.toMatchObject({ code: 'FILE_EXISTS' })
      expect(readFileSync(path, 'utf8')).toBe(text)
    }
    const again = await collect(rowsOf(path))
    expect(awardOfRow(again[0] as AwardRow)).toEqual(awardOfRow(rows[0] as AwardRow))
    await write(path, rows)
    await expect(openFailedRows(path, { batch: 'spring, 2026' })).rejects.toMatchObject({ code: 'FILE_EXISTS' })
  })

  it('is removed once no row fails, and replaces nothing but its own kind', async () => {
    const path = join(folder, 'gone.jsonl')
    await write(path, [{ line: 1, award: {}, error: undefined, source: '{}' }])
    expect(existsSync(path)).toBe(true)
    await write(path, [])
    expect(existsSync(path)).toBe(false)
    writeFileSync(path, 'notes')
    await expect(write(path, [])).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    mkdirSync(join(folder, 'folder.csv'))
    await expect(write(join(folder, 'folder.csv'), [])).rejects.toMatchObject({ code: 'FILE_IO' })
  })
})
