import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { verify } from '../../src/index.js'
import { NOW } from '../support/issuer.js'
import { codesOf, noNetwork } from '../support/jwt-refusal.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'

let issuer: TestSigner
beforeAll(async () => {
  issuer = await testSigner('issuer')
})

/** What a verifier says of a badge with these dates; nothing where it is accepted. */
async function codesFor(dates: JsonObject, options = noNetwork): Promise<string[]> {
  const report = await verify((await issuer.sign(plainBadge(issuer.did, dates))) as never, options)
  const codes = codesOf(report).filter((code) => code !== 'NOT_REACHED')
  expect(report.accepted).toBe(codes.length === 0)
  return codes
}

describe('the start of a badge', () => {
  it.each([
    ['171: the end of a day', '2023-12-31T24:00:00Z'],
    ['172: the furthest offset', '2024-01-01T00:00:00+14:00'],
    ['172: an offset of minus nothing', '2024-01-01T00:00:00-00:00'],
    ['172: nanoseconds', '2024-01-01T00:00:00.123456789Z'],
    ['171: the year 0', '0000-01-01T00:00:00Z'],
    ['171: a year before it', '-0001-01-01T00:00:00Z']
  ])('is read as %s', async (_, validFrom) => {
    expect(await codesFor({ validFrom })).toEqual([])
  })

  it.each([
    ['170: a time without offset', '2024-01-01T00:00:00'],
    ['170: a date alone', '2024-01-01'],
    ['171: a leap second', '2024-06-30T23:59:60Z'],
    ['171: the 30th of February', '2024-02-30T00:00:00Z'],
    ['171: an hour after 24:00:00', '2024-01-01T24:00:01Z'],
    ['172: an offset of 15 hours', '2024-01-01T00:00:00+15:00'],
    ['171: a year with a plus', '+012024-01-01T00:00:00Z'],
    ['172: small letters', '2024-01-01t00:00:00z'],
    ['172: a space for T', '2024-01-01 00:00:00Z'],
    ['172: a space in front of Z', '2024-01-01T00:00:00 Z'],
    ['172: no seconds', '2024-01-01T00:00Z'],
    ['172: single digits', '2024-1-1T0:0:0Z'],
    ['172: the form of RFC 2822', 'Mon, 01 Jan 2024 00:00:00 GMT'],
    ['172: milliseconds since 1970', '1704067200000'],
    ['172: digits of another script', '٢٠٢٤-01-01T00:00:00Z']
  ])('is refused as %s, strictly and leniently', async (_, validFrom) => {
    expect(await codesFor({ validFrom })).toEqual(['SCHEMA_INVALID'])
    expect(await codesFor({ validFrom }, { ...noNetwork, lenient: true })).toEqual(['SCHEMA_INVALID'])
  })
})

describe('a period', () => {
  it.each([
    ['174: from 60 seconds ahead', { validFrom: '2026-06-01T12:01:00Z' }, []],
    ['174: from 61 seconds ahead', { validFrom: '2026-06-01T12:01:01Z' }, ['NOT_YET_VALID']],
    ['172: from a nanosecond too far ahead', { validFrom: '2026-06-01T12:01:00.000000001Z' }, ['NOT_YET_VALID']],
    ['174: until now', { validUntil: '2026-06-01T12:00:00Z' }, []],
    ['174: until a second ago', { validUntil: '2026-06-01T11:59:59Z' }, ['EXPIRED']],
    ['172, 174: until a nanosecond ago', { validUntil: '2026-06-01T11:59:59.999999999Z' }, ['EXPIRED']],
    ['170: until now, told by clocks far away', { validUntil: '2026-06-02T02:00:00+14:00' }, []],
    ['170: until a second ago, told there', { validUntil: '2026-06-02T01:59:59+14:00' }, ['EXPIRED']],
    ['171: until a year of five digits, which is later than it reads', { validUntil: '12024-01-01T00:00:00Z' }, []],
    ['171: from a year of five digits', { validFrom: '12024-01-01T00:00:00Z' }, ['NOT_YET_VALID']],
    ['173: whose end is before its start', { validUntil: '2023-01-01T00:00:00Z' }, ['VALIDITY_ORDER']],
    [
      '171, 173: whose end is before its start, but not as text',
      { validFrom: '0000-01-01T00:00:00Z', validUntil: '-0001-01-01T00:00:00Z' },
      ['VALIDITY_ORDER']
    ],
    [
      '173: of one moment, which has passed',
      { validFrom: '2024-01-01T00:00:00Z', validUntil: '2024-01-01T01:00:00+01:00' },
      ['EXPIRED']
    ]
  ])('%s', async (_, dates, codes) => {
    expect(await codesFor(dates)).toEqual(codes)
  })

  it('174: is as long for its end, however much tolerance a caller asks for', async () => {
    const options = { ...noNetwork, clockTolerance: 300 }
    expect(await codesFor({ validFrom: '2026-06-01T12:05:00Z' }, options)).toEqual([])
    expect(await codesFor({ validFrom: '2026-06-01T12:05:01Z' }, options)).toEqual(['NOT_YET_VALID'])
    expect(await codesFor({ validUntil: '2026-06-01T11:59:59Z' }, options)).toEqual(['EXPIRED'])
    expect(await codesFor({ validFrom: '2026-06-01T12:00:01Z' }, { ...noNetwork, clockTolerance: 0 })).toEqual([
      'NOT_YET_VALID'
    ])
  })

  it('175: is judged for the time that the caller gives', async () => {
    const dates = { validUntil: '2025-01-01T00:00:00Z' }
    const at = (time: string) => codesFor(dates, { ...noNetwork, now: new Date(time) })
    expect(await at('2024-05-31T23:58:59Z')).toEqual(['PROOF_CREATED_IN_FUTURE'])
    expect(await at('2024-12-31T23:59:59Z')).toEqual([])
    expect(await at('2025-01-01T00:00:01Z')).toEqual(['EXPIRED'])
    expect(await codesFor(dates, { ...noNetwork, now: NOW })).toEqual(['EXPIRED'])
  })

  it('174: reads the earlier end of a credential that states two', async () => {
    const first = plainBadge(issuer.did)
    const { validFrom: _, ...unstarted } = first
    const badge = {
      ...unstarted,
      '@context': [
        'https://www.w3.org/2018/credentials/v1',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
        'https://w3id.org/security/data-integrity/v2'
      ],
      issuanceDate: '2024-01-01T00:00:00Z',
      expirationDate: '2025-01-01T00:00:00Z',
      validUntil: '2030-01-01T00:00:00Z'
    }
    const report = await verify(await issuer.sign(badge), noNetwork)
    expect(codesOf(report)).toEqual(['EXPIRED'])
  })
})
