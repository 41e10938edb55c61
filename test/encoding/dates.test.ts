import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compareInstants,
  dateFromInstant,
  instantFromDate,
  isIssuableYear,
  parseDateTimeStamp,
  toWholeSeconds
} from '../../src/encoding/dates.js'
import { KommaError } from '../../src/encoding/errors.js'

const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof KommaError) return error.code
    throw error
  }
  return 'accepted'
}

describe('a dateTimeStamp is read', () => {
  it.each([
    ['2024-01-01T00:00:00Z', 1704067200n, ''],
    ['2024-01-01T00:00:00+14:00', 1704016800n, ''],
    ['2024-01-01T00:00:00-14:00', 1704117600n, ''],
    ['2024-01-01T00:00:00-00:00', 1704067200n, ''],
    ['2024-01-01T00:00:00.123456789Z', 1704067200n, '123456789'],
    ['2024-01-01T00:00:00.500Z', 1704067200n, '5'],
    ['2024-01-01T00:00:00.000Z', 1704067200n, ''],
    ['2024-01-01T24:00:00Z', 1704153600n, ''],
    ['2024-01-01T24:00:00.000Z', 1704153600n, ''],
    ['2024-02-29T23:59:59Z', 1709251199n, ''],
    ['2000-02-29T00:00:00Z', 951782400n, ''],
    ['1970-01-01T00:00:00Z', 0n, ''],
    ['1969-12-31T23:59:59.9Z', -1n, '9'],
    ['0001-01-01T00:00:00Z', -62135596800n, ''],
    ['0000-01-01T00:00:00Z', -62167219200n, ''],
    ['-0001-01-01T00:00:00Z', -62198755200n, ''],
    ['12024-01-01T00:00:00Z', 317273587200n, '']
  ])('171, 172: %s', (text, seconds, fraction) => {
    expect(parseDateTimeStamp(text)).toEqual({ seconds, fraction })
  })

  it.each([
    '2024-06-30T23:59:60Z',
    '2024-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2024-04-31T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-00-01T00:00:00Z',
    '2024-01-00T00:00:00Z',
    '2024-01-01T24:00:01Z',
    '2024-01-01T24:00:00.1Z',
    '2024-01-01T25:00:00Z',
    '2024-01-01T00:60:00Z',
    '2024-01-01T00:00:00+15:00',
    '2024-01-01T00:00:00+14:01',
    '2024-01-01T00:00:00+01:60',
    '2024-01-01T00:00:00+0100',
    '+012024-01-01T00:00:00Z',
    '012024-01-01T00:00:00Z',
    '2024-01-01t00:00:00z',
    '2024-01-01T00:00:00z',
    '2024-01-01 00:00:00Z',
    '2024-01-01T00:00:00 Z',
    ' 2024-01-01T00:00:00Z',
    '2024-01-01T00:00:00Z\n',
    '2024-01-01T00:00Z',
    '2024-01-01T00:00:00.Z',
    '2024-1-1T0:0:0Z',
    '2024-01-01',
    'Mon, 01 Jan 2024 00:00:00 GMT',
    '1704067200000',
    '٢٠٢٤-01-01T00:00:00Z',
    ''
  ])('171, 172: and refused where it is not one: %j', (text) => {
    expect(codeOf(() => parseDateTimeStamp(text))).toBe('DATE_INVALID')
  })

  it('170: and refused without a time zone, with advice', () => {
    expect(() => parseDateTimeStamp('2024-01-01T00:00:00', '/validFrom')).toThrow(
      expect.objectContaining({ code: 'DATE_NO_OFFSET', path: '/validFrom', hint: expect.stringContaining('Z') })
    )
  })

  it('and refused at once where it is endless, without repeating it', () => {
    const endless = `2024-01-01T00:00:00.${'1'.repeat(1_000_000)}Z`
    expect(() => parseDateTimeStamp(endless)).toThrow(
      expect.objectContaining({ code: 'DATE_INVALID', message: expect.not.stringMatching(/.{400}/) })
    )
  })

  it('and refused where it is no text', () => {
    expect(codeOf(() => parseDateTimeStamp(1704067200000 as unknown as string))).toBe('DATE_INVALID')
  })

  it('the same as Date does, for every instant a Date can hold in four-digit years', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          const instant = parseDateTimeStamp(date.toISOString())
          expect(instant).toEqual(instantFromDate(date))
          expect(dateFromInstant(instant)).toEqual(date)
        }
      )
    )
  })
})

describe('instants are ordered', () => {
  it('171: by time, not by text, in unusual years and beyond milliseconds', () => {
    const ordered = [
      '-12024-01-01T00:00:00Z',
      '-0001-01-01T00:00:00Z',
      '0000-01-01T00:00:00Z',
      '2024-01-01T00:00:00+14:00',
      '2024-01-01T00:00:00Z',
      '2024-01-01T00:00:00.09Z',
      '2024-01-01T00:00:00.1Z',
      '2024-01-01T00:00:00.1000000001Z',
      '2024-01-01T00:00:00.2Z',
      '2024-01-01T00:00:00-14:00',
      '2024-01-01T24:00:00Z',
      '9999-12-31T23:59:59Z',
      '12024-01-01T00:00:00Z',
      '99999999999999999999-01-01T00:00:00Z'
    ]
    for (const [index, earlier] of ordered.entries()) {
      for (const later of ordered.slice(index + 1)) {
        expect(
          compareInstants(parseDateTimeStamp(earlier), parseDateTimeStamp(later)),
          `${earlier} ${later}`
        ).toBeLessThan(0)
        expect(
          compareInstants(parseDateTimeStamp(later), parseDateTimeStamp(earlier)),
          `${later} ${earlier}`
        ).toBeGreaterThan(0)
      }
    }
  })

  it.each([
    ['2024-01-01T00:00:00Z', '2024-01-01T02:00:00+02:00'],
    ['2024-01-01T24:00:00Z', '2024-01-02T00:00:00.000Z'],
    ['2024-01-01T00:00:00.5Z', '2024-01-01T00:00:00.500000Z']
  ])('171, 172: as equal where they are the same point: %s %s', (a, b) => {
    expect(compareInstants(parseDateTimeStamp(a), parseDateTimeStamp(b))).toBe(0)
  })
})

describe('a Date is written', () => {
  it('in whole seconds, rounded towards the past', () => {
    expect(toWholeSeconds(new Date('2026-11-21T09:00:00.999Z'))).toBe('2026-11-21T09:00:00Z')
    expect(toWholeSeconds(new Date('1969-12-31T23:59:59.001Z'))).toBe('1969-12-31T23:59:59Z')
    expect(toWholeSeconds(new Date('0001-01-01T00:00:00Z'))).toBe('0001-01-01T00:00:00Z')
  })

  it.each([new Date(Number.NaN), new Date('+010000-01-01T00:00:00Z'), new Date('0000-12-31T23:59:59Z')])(
    '171: only where it holds a time in the years 0001 to 9999',
    (date) => {
      expect(codeOf(() => toWholeSeconds(date))).toBe('DATE_INVALID')
    }
  )

  it('from an instant only where a Date can hold it', () => {
    expect(codeOf(() => dateFromInstant(parseDateTimeStamp('999999-01-01T00:00:00Z')))).toBe('DATE_INVALID')
  })

  it.each([
    ['0000-12-31T23:59:59Z', false],
    ['0001-01-01T00:00:00Z', true],
    ['9999-12-31T23:59:59.999Z', true],
    ['9999-12-31T24:00:00Z', false],
    ['9999-12-31T23:30:00-01:00', false]
  ])('171: %s may be issued: %s', (text, expected) => {
    expect(isIssuableYear(parseDateTimeStamp(text))).toBe(expected)
  })
})
