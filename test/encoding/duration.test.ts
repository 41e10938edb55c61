import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDuration, isDuration } from '../../src/encoding/duration.js'

describe('adding a duration', () => {
  it.each([
    ['2024-02-29T00:00:00.000Z', 'P3Y', '2027-02-28T00:00:00.000Z'],
    ['2024-02-29T00:00:00.000Z', 'P4Y', '2028-02-29T00:00:00.000Z'],
    ['2026-11-21T09:30:15.123Z', 'P3Y', '2029-11-21T09:30:15.123Z'],
    ['2026-01-31T00:00:00.000Z', 'P1M', '2026-02-28T00:00:00.000Z'],
    ['2026-08-31T12:00:00.000Z', 'P18M', '2028-02-29T12:00:00.000Z'],
    ['2026-03-28T01:30:00.000Z', 'P1D', '2026-03-29T01:30:00.000Z'],
    ['2026-12-28T00:00:00.000Z', 'P2W', '2027-01-11T00:00:00.000Z'],
    ['2026-12-31T23:30:00.000Z', 'PT45M', '2027-01-01T00:15:00.000Z'],
    ['2026-01-31T00:00:00.000Z', 'P1Y1M1DT1H1M1S', '2027-03-01T01:01:01.000Z'],
    ['0050-01-01T00:00:00.000Z', 'P1Y', '0051-01-01T00:00:00.000Z']
  ])('%s + %s = %s', (start, duration, end) => {
    expect(addDuration(new Date(start), duration).toISOString()).toBe(end)
  })

  it('leaves the given Date alone', () => {
    const start = new Date('2026-11-21T00:00:00Z')
    addDuration(start, 'P3Y')
    expect(start.toISOString()).toBe('2026-11-21T00:00:00.000Z')
  })

  it('always moves forward', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
        fc.integer({ min: 1, max: 600 }),
        (date, months) => {
          expect(addDuration(date, `P${months}M`).getTime()).toBeGreaterThan(date.getTime())
        }
      )
    )
  })

  it.each([
    '',
    'P',
    'PT',
    'P3',
    '3Y',
    'p3y',
    '-P3Y',
    '+P3Y',
    'P-3Y',
    'P1.5Y',
    'P1H',
    'PT1D',
    'P1M1Y',
    'P0D',
    'PT0S',
    'P3YT',
    'P3Y ',
    'P٣Y',
    'P9999999Y'
  ])('refuses %j', (duration) => {
    expect(isDuration(duration)).toBe(false)
    expect(() => addDuration(new Date(0), duration)).toThrow(expect.objectContaining({ code: 'DURATION_INVALID' }))
  })

  it('refuses a sum that nobody could write down', () => {
    for (const duration of ['P9000Y', 'P999999Y', 'P999999Y999999M999999D']) {
      expect(() => addDuration(new Date('2026-11-21T00:00:00Z'), duration)).toThrow(
        expect.objectContaining({ code: 'DURATION_INVALID' })
      )
    }
  })

  it('refuses a Date without a time and a duration that is no text', () => {
    expect(() => addDuration(new Date(Number.NaN), 'P3Y')).toThrow(expect.objectContaining({ code: 'DATE_INVALID' }))
    expect(() => addDuration(new Date(0), 3 as unknown as string)).toThrow(
      expect.objectContaining({ code: 'DURATION_INVALID' })
    )
  })
})
