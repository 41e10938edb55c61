import { describe, expect, it } from 'vitest'
import { equalSecrets } from '../../src/crypto/equal-secrets.js'
import { createBearerAuthorization } from '../../src/http/vc-api.js'

const TOKEN = 'f2b1c0d97a4e4c55b6f2e8a1'
const authorize = createBearerAuthorization(TOKEN)
const asked = (header?: string) =>
  authorize(
    new Request('https://vc.example/', header === undefined ? {} : { headers: { Authorization: header } }),
    'verifyCredential'
  )

describe('an authorisation by a token', () => {
  it.each([`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER   ${TOKEN}`])('takes %j', (header) => {
    expect(asked(header)).toBe(true)
  })

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    TOKEN,
    `Basic ${TOKEN}`,
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    `Bearer ${TOKEN.toUpperCase()}`,
    `Bearer ${TOKEN}, Bearer ${TOKEN}`,
    `Bearer x ${TOKEN}`
  ])('does not take %j', (header) => {
    expect(asked(header)).toBe('unauthenticated')
  })

  it.each(['', 'short', 'with a space in the middle', 'ø'.repeat(20), 7])('is not made with the token %j', (token) => {
    expect(() => createBearerAuthorization(token as string)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', path: 'token' })
    )
  })

  it('does not name the token that it refuses', () => {
    expect(() => createBearerAuthorization('a secret with spaces')).toThrow(/^((?!secret).)*$/)
  })
})

it('secrets are equal where every character is', () => {
  const pairs = [
    ['', ''],
    ['a', 'a'],
    ['a', 'b'],
    ['a', ''],
    ['ab', 'a'],
    ['é', 'e\u0301']
  ] as const
  expect(pairs.map(([left, right]) => equalSecrets(left, right))).toEqual([true, true, false, false, false, false])
})
