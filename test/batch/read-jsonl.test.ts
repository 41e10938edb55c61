import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { awardOfRow, readJsonlAwards } from '../../src/batch/files.js'
import { collect, inPieces } from './support.js'

async function read(text: string | Uint8Array, size?: number) {
  return collect(readJsonlAwards(inPieces(text, size)))
}

describe('awards in JSON lines', () => {
  it('are one on each line; empty lines are passed over, and any line end will do', async () => {
    const rows = await read('\ufeff{"role":"a"}\r\n\r\n{"role":"ø"}\n  \n{"role":"c"}')
    expect(rows.map((row) => [row.line, awardOfRow(row)])).toEqual([
      [1, { role: 'a' }],
      [3, { role: 'ø' }],
      [5, { role: 'c' }]
    ])
  })

  it('are read the same whatever the pieces are that a stream comes in', async () => {
    const bytes = new TextEncoder().encode('{"role":"ø"}\r\n\n{"role":"é\\n"}\n{"role"\n')
    const whole = await read(bytes, bytes.length)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: bytes.length }), async (size) => {
        expect(await read(bytes, size)).toEqual(whole)
      })
    )
  })

  it('have an error with the line where one is no JSON, names a member twice or is too long; the others are read', async () => {
    const rows = await read(`{"role":\n{"role":"a","role":"b"}\n"${'x'.repeat(1_048_577)}"\n{"role":"d"}\n`, 65_536)
    expect(rows.map(({ line, error }) => [line, error?.code])).toEqual([
      [1, 'JSON_SYNTAX'],
      [2, 'JSON_DUPLICATE_MEMBER'],
      [3, 'INPUT_TOO_LARGE'],
      [4, undefined]
    ])
    expect(rows[0]?.error?.path).toMatch(/^line 1/)
    expect(() => awardOfRow(rows[0] as never)).toThrowError(expect.objectContaining({ name: 'AwardError' }))
  })

  it('hand on what is no award, so that it is refused with the reason', async () => {
    expect((await read('[]\n7\n')).map(awardOfRow)).toEqual([[], 7])
  })

  it('lose what an earlier run said of them', async () => {
    const rows = await read('{"role":"a","komma:fault":"x"}\n{"komma:line":"{\\"role\\":","komma:fault":"x"}\n')
    expect(rows[0]).toMatchObject({ award: { role: 'a' }, source: '{"role":"a"}' })
    expect(rows[1]).toMatchObject({ line: 2, error: { code: 'JSON_SYNTAX' }, source: '{"role":' })
  })

  it('that are not UTF-8 end the reading', async () => {
    await expect(read(Uint8Array.from([0xff, 0x0a]))).rejects.toMatchObject({ code: 'INPUT_NOT_UTF8' })
  })
})
