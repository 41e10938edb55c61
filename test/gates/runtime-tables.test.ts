import { describe, expect, it } from 'vitest'
import { compareRows, judgeRows } from '../../scripts/runtimes/compare.mjs'

const rows = [
  {
    name: 'good',
    verdict: 'accepted status=pass:STATUS_GOOD',
    details: { warnings: [{ code: 'A', message: 'words' }] }
  },
  { name: 'bad', verdict: 'refused KEY_INVALID' }
]
const changed = (index: number, more: object) => rows.map((row, at) => (at === index ? { ...row, ...more } : row))

describe('the tables of two runtimes', () => {
  it('that are equal have no difference', () => {
    expect(compareRows(rows, structuredClone(rows))).toEqual([])
  })

  it('differ by a verdict, by a code, by a word, and by a case too few or too many', () => {
    expect(compareRows(rows, changed(1, { verdict: 'accepted' }))).toEqual(['bad: accepted, not refused KEY_INVALID'])
    expect(compareRows(rows, changed(0, { verdict: 'accepted status=unknown:STATUS_NONE' }))).toHaveLength(1)
    expect(compareRows(rows, changed(0, { details: { warnings: [{ code: 'A', message: 'word' }] } }))).toEqual([
      'good: /warnings/0/message: "word", not "words"'
    ])
    expect(compareRows(rows, changed(0, { details: { warnings: [] } }))).toHaveLength(1)
    expect(compareRows(rows, rows.slice(1))).toEqual(['good: no verdict'])
    expect(compareRows(rows, [...rows, { name: 'more', verdict: 'accepted' }])).toEqual([
      'more: the reference has no such case'
    ])
  })

  it('are judged by what each case expects', () => {
    const cases = [
      { name: 'good', expected: 'accepted' },
      { name: 'bad', expected: 'refused' }
    ]
    expect(judgeRows(cases, rows)).toEqual([])
    expect(judgeRows(cases, changed(0, { verdict: 'refused' }))).toEqual(['good: expected accepted, got refused'])
    expect(judgeRows(cases, changed(1, { verdict: 'threw TypeError undefined' }))).toHaveLength(1)
    expect(judgeRows(cases, rows.slice(1))).toEqual(['good: expected accepted, got no verdict'])
  })
})
