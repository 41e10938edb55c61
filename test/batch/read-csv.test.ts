import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { awardOfRow, type CsvAwardsOptions, readCsvAwards } from '../../src/batch/files.js'
import { InputError } from '../../src/encoding/errors.js'
import { collect, inPieces, workFolder } from './support.js'

const folder = workFolder()

async function read(text: string | Uint8Array, options?: CsvAwardsOptions) {
  return collect(readCsvAwards(inPieces(text), options))
}

async function awards(text: string | Uint8Array, options?: CsvAwardsOptions): Promise<unknown[]> {
  return (await read(text, options)).map(awardOfRow)
}

async function fault(text: string | Uint8Array, options?: CsvAwardsOptions): Promise<InputError> {
  try {
    await read(text, options)
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
  throw new Error('it was read')
}

describe('awards in a CSV file', () => {
  it('are made of the columns of the header, with every member that a column can stand for', async () => {
    const columns: [string, string][] = [
      ['email', 'kari@example.org'],
      ['name', 'Kari Nordmann'],
      ['id', 'did:example:kari'],
      ['recipient.identifier.ext:employeeId', '0042'],
      ['validFrom', '2026-06-01T09:00:00Z'],
      ['role', 'Guide'],
      ['creditsEarned', '2.5'],
      ['idempotencyKey', 'course-42/kari'],
      ['results.drill.achievedLevel', 'safe'],
      ['results.drill.status', 'Completed'],
      ['results.test.1.value', '17'],
      ['evidence.2.name', 'Second'],
      ['evidence.1.name', 'First'],
      ['evidence.1.genre', 'Portfolio'],
      ['source.id', 'did:web:nordvaerk.example'],
      ['source.name', 'Nordværk A/S']
    ]
    const line = (at: 0 | 1) => columns.map((column) => column[at]).join(',')
    expect(await awards(`${line(0)}\n${line(1)}\n`)).toEqual([
      {
        recipient: {
          email: 'kari@example.org',
          name: 'Kari Nordmann',
          id: 'did:example:kari',
          identifier: [{ identityType: 'ext:employeeId', identity: '0042' }]
        },
        validFrom: '2026-06-01T09:00:00Z',
        role: 'Guide',
        creditsEarned: 2.5,
        idempotencyKey: 'course-42/kari',
        results: [
          { resultDescription: 'drill', achievedLevel: 'safe', status: 'Completed' },
          { resultDescription: 'test.1', value: '17' }
        ],
        evidence: [{ name: 'First', genre: 'Portfolio' }, { name: 'Second' }],
        source: { id: 'did:web:nordvaerk.example', name: 'Nordværk A/S' }
      }
    ])
  })

  it('come from a file as well as from a stream', async () => {
    const path = join(folder, 'awards.csv')
    writeFileSync(path, 'email\nkari@example.org\n')
    expect((await collect(readCsvAwards(path))).map(awardOfRow)).toEqual([{ recipient: { email: 'kari@example.org' } }])
    await expect(collect(readCsvAwards(join(folder, 'missing.csv')))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })

  it('leave out what an empty cell stands for', async () => {
    const text = 'email,role,results.drill.value,evidence.1.name,source.id\nkari@example.org,,,,\n'
    expect(await awards(text)).toEqual([{ recipient: { email: 'kari@example.org' } }])
  })

  it('are read with every line end, with a byte order mark, with comma, semicolon or tab, and without a last line end', async () => {
    const expected = [{ recipient: { email: 'kari@example.org' }, role: 'Guide' }]
    for (const end of ['\n', '\r\n', '\r']) {
      for (const between of [',', ';', '\t']) {
        const text = `email${between}role${end}kari@example.org${between}Guide`
        for (const whole of [text, `${text}${end}`, `\ufeff${text}${end}`, `${end}${end}${text}${end}${end}`]) {
          expect(await awards(new TextEncoder().encode(whole)), JSON.stringify(whole)).toEqual(expected)
        }
      }
    }
  })

  it('know the line where they begin, whatever the cells before hold', async () => {
    const text = 'email,narrative\r\na@example.org,"two\r\nlines"\r\n\r\nb@example.org,"say ""hi"""\r\nc@example.org,x'
    const rows = await read(text)
    expect(rows.map(({ line }) => line)).toEqual([2, 5, 6])
    expect(rows.map(awardOfRow)).toMatchObject([{ narrative: 'two\r\nlines' }, { narrative: 'say "hi"' }, {}])
  })

  it('are taken as they stand: spaces, leading zeros, and what a spreadsheet would run', async () => {
    for (const cell of ['=HYPERLINK("x")', '+1', '-1', '@SUM(1)', ' 007 ', '1e5', 'true', '__proto__', 'null']) {
      const [award] = await awards(`email,role\nkari@example.org,"${cell.replaceAll('"', '""')}"\n`)
      expect(award).toEqual({ recipient: { email: 'kari@example.org' }, role: cell })
    }
  })

  it('say the number only where it is one, so that the award is refused otherwise', async () => {
    const cells = ['3', '0.5', '2,5', '1e3', '0x10', '-1', 'Infinity', '1234567890']
    const got = await awards(`email;creditsEarned\n${cells.map((cell) => `k@example.org;${cell}\n`).join('')}`)
    expect(got.map((award) => (award as { creditsEarned: unknown }).creditsEarned)).toEqual([
      ...[3, 0.5],
      ...cells.slice(2)
    ])
  })

  it('are read the same whatever the pieces are that a stream comes in', async () => {
    const text = 'email;narrative\r\na@example.org;"ø\r\n;""é"\r\n\r\nb@example.org;x\r\n'
    const bytes = new TextEncoder().encode(text)
    const whole = await collect(readCsvAwards(inPieces(bytes, bytes.length)))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: bytes.length }), async (size) => {
        expect(await collect(readCsvAwards(inPieces(bytes, size)))).toEqual(whole)
      })
    )
  })
})

describe('the header of a CSV file', () => {
  it('may call the columns anything, where somebody says what they stand for', async () => {
    const columns = { 'E-mail': 'email', Note: '', 'Level reached': 'results.drill.achievedLevel' }
    expect(await awards('E-mail,Note,Level reached\nkari@example.org,nice,safe\n', { columns })).toEqual([
      { recipient: { email: 'kari@example.org' }, results: [{ resultDescription: 'drill', achievedLevel: 'safe' }] }
    ])
  })

  it('is refused with every column that stands for nothing, or for the same as another', async () => {
    const error = await fault('Email,email,recipient.email,results.drill,evidence.0.name,,__proto__\n')
    expect(error.code).toBe('CSV_MALFORMED')
    expect(error.faults.map(({ path, message }) => [path, message])).toEqual([
      ['line 1, column "Email"', 'the column stands for nothing in an award'],
      ['line 1, column "recipient.email"', 'two columns stand for the same'],
      ['line 1, column "results.drill"', 'the column stands for nothing in an award'],
      ['line 1, column "evidence.0.name"', 'the column stands for nothing in an award'],
      ['line 1, column ""', 'a column has no name'],
      ['line 1, column "__proto__"', 'the column stands for nothing in an award']
    ])
    expect((await fault('email\n', { columns: { Mail: 'email' } })).message).toMatch(/no such column/)
  })

  it('is missed, and bounded', async () => {
    expect((await fault('')).message).toMatch(/no header/)
    expect((await fault('\n\n')).message).toMatch(/no header/)
    expect((await fault(`${Array.from({ length: 501 }, (_, n) => `c${n}`).join(',')}\n`)).message).toMatch(/too many/)
  })

  it('may have columns of ours, which are passed over', async () => {
    expect(await awards('email,komma:fault\nkari@example.org,AWARD_INVALID: …\n')).toEqual([
      { recipient: { email: 'kari@example.org' } }
    ])
  })
})

describe('what is wrong in a CSV file', () => {
  it('is an error of its row, with the line, where cells are missing or too many; the rows after it are read', async () => {
    const rows = await read('email,role\na@example.org\nb@example.org,x,y\nc@example.org,z\n')
    expect(rows.map(({ line, error }) => [line, error?.code, error?.path])).toEqual([
      [2, 'CSV_MALFORMED', 'line 2'],
      [3, 'CSV_MALFORMED', 'line 3'],
      [4, undefined, undefined]
    ])
    expect(() => awardOfRow(rows[0] as never)).toThrowError(expect.objectContaining({ name: 'AwardError' }))
  })

  it('ends the reading where quotes are broken or a line is endless, and says where without quoting it', async () => {
    const broken = ['"secret', '"secret"x', 'se"cret', `"${'secret'.repeat(200_000)}"`]
    for (const cell of broken) {
      const error = await fault(`email,role\na@example.org,x\nb@example.org,${cell}\n`)
      expect(error.code).toBe('CSV_MALFORMED')
      expect(error.path).toMatch(/^line [34]$/)
      expect(error.message).not.toContain('secret')
    }
  })

  it('is told of bytes that are not UTF-8, with what to do', async () => {
    const latin1 = Uint8Array.from([...Buffer.from('email,role\na@example.org,Fører\n', 'latin1')])
    expect(await fault(latin1)).toMatchObject({ code: 'INPUT_NOT_UTF8', hint: expect.stringContaining('UTF-8') })
    const utf16 = Buffer.from('\ufeffemail\na@example.org\n', 'utf16le')
    expect((await fault(utf16)).code).toBe('INPUT_NOT_UTF8')
  })
})
