import { describe, expect, test } from 'vitest'
import { readFreshness, readListLifetime } from '../../src/did/http-freshness.js'
import { encodeBase64url } from '../../src/encoding/multibase.js'

const LIMIT = 300_000
const fresh = (headers: Record<string, string>) => readFreshness(new Headers(headers), LIMIT, NOW)
const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
const NOW = Date.UTC(2026, 10, 21)

describe('readFreshness', () => {
  test.each([
    [{}, LIMIT],
    [{ 'cache-control': 'public' }, LIMIT],
    [{ 'cache-control': 'max-age=60' }, 60_000],
    [{ 'cache-control': 'Public, Max-Age=60' }, 60_000],
    [{ 'cache-control': 'max-age="60"' }, 60_000],
    [{ 'cache-control': 'max-age=60, max-age=30' }, 30_000],
    [{ 'cache-control': 'max-age=31536000, immutable' }, LIMIT],
    [{ 'cache-control': 's-maxage=5, max-age=60' }, 60_000],
    [{ 'cache-control': 'max-age=60', age: '45' }, 15_000],
    [{ 'cache-control': 'max-age=60', age: '600' }, 0],
    [{ 'cache-control': 'max-age=60', age: 'x' }, 0],
    [{ expires: 'Sat, 21 Nov 2026 00:01:00 GMT' }, 60_000],
    [{ expires: 'Sat, 21 Nov 2026 00:01:00 GMT', date: 'Sat, 21 Nov 2026 00:00:30 GMT' }, 30_000],
    [{ expires: 'Sat, 21 Nov 2026 00:01:00 GMT', age: '45' }, 15_000],
    [{ expires: 'Sat, 21 Nov 2026 00:01:00 GMT', date: 'x' }, 0],
    [{ expires: 'Fri, 20 Nov 2026 00:00:00 GMT' }, 0],
    [{ expires: 'Mon, 21 Nov 2027 00:00:00 GMT' }, LIMIT],
    [{ expires: '0' }, 0],
    [{ expires: '' }, 0],
    [{ expires: 'Sat, 21 Nov 2026 00:01:00 GMT', 'cache-control': 'max-age=5' }, 5000],
    [{ 'cache-control': 'max-age=0' }, 0],
    [{ 'cache-control': 'max-age=-1' }, 0],
    [{ 'cache-control': 'max-age=1e9' }, 0],
    [{ 'cache-control': 'max-age' }, 0],
    [{ 'cache-control': 'no-cache, max-age=60' }, 0],
    [{ 'cache-control': 'no-cache="set-cookie", max-age=60' }, 0]
  ])('145: %j may be used for %i ms', (headers, lifetime) => {
    expect(fresh(headers as Record<string, string>)).toMatchObject({ lifetime, store: true })
  })

  test('145: no-store is not kept', () => {
    expect(fresh({ 'cache-control': 'max-age=60, No-Store' }).store).toBe(false)
  })

  test.each([
    ['"a"', '"a"'],
    ['W/"a b"', undefined],
    ['W/"ab"', 'W/"ab"'],
    ['ab', undefined],
    ['"a"b"', undefined],
    [`"${'x'.repeat(201)}"`, undefined]
  ])('the tag %s is read as %s', (etag, expected) => {
    expect(fresh({ etag }).etag).toBe(expected)
  })
})

describe('readListLifetime', () => {
  const jwt = (claims: unknown) => `e30.${encodeBase64url(bytes(claims))}.c2ln`

  test.each([
    [{ credentialSubject: { ttl: 60_000 } }, 60_000],
    [{ credentialSubject: { ttl: 0 } }, 0],
    [{ credentialSubject: { ttl: -5 } }, 0],
    [{ credentialSubject: { ttl: 900_000 }, validUntil: '2026-11-21T00:01:00Z' }, 60_000],
    [{ validUntil: '2026-11-20T00:00:00Z' }, 0],
    [jwt({ credentialSubject: { ttl: 5000 }, exp: NOW / 1000 + 60 }), 5000],
    [jwt({ vc: { credentialSubject: { ttl: 5000 } }, exp: NOW / 1000 + 2 }), 2000]
  ])('164: %j may be kept for %i ms', (body, lifetime) => {
    expect(readListLifetime(bytes(body), NOW)).toBe(lifetime)
  })

  test.each([
    [{}],
    [{ credentialSubject: { ttl: '60000' } }],
    [{ credentialSubject: [] }],
    [{ credentialSubject: null, validUntil: 'soon' }],
    ['not JSON'],
    ['{"credentialSubject":{"ttl":1'],
    ['a.b.c'],
    ['null'],
    ['']
  ])('%j says nothing, so nothing is shortened', (body) => {
    expect(readListLifetime(bytes(body), NOW)).toBe(Number.POSITIVE_INFINITY)
  })
})
