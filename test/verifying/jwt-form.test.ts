import { describe, expect, it } from 'vitest'
import { verify } from '../../src/index.js'
import { badgeClaims, ecdsaSigner, segment } from '../support/jwt.js'
import { codesOf, noNetwork, refusalOf } from '../support/jwt-refusal.js'
import { plainBadge } from '../support/sign.js'

const issuer = ecdsaSigner('issuer')
const claims = badgeClaims(issuer.did)
const control = await issuer.sign(claims)

describe('the control', () => {
  it('is accepted as text and as bytes, and said to be a JWT', async () => {
    for (const form of [control, new TextEncoder().encode(control)]) {
      const report = await verify(form, noNetwork)
      expect(codesOf(report)).toEqual([])
      expect(report.accepted).toBe(true)
      expect(report.checks[0]?.message).toBe('The input was read as a JWT.')
      expect(report.proofs).toEqual([
        expect.objectContaining({ type: 'JWT', algorithm: 'ES256', kid: issuer.kid, checked: true, holds: true })
      ])
    }
  })

  it('hands out the credential that was signed, without the claims of the token, frozen', async () => {
    const { credential } = await verify(control, noNetwork)
    expect(credential).toEqual(plainBadge(issuer.did))
    expect(Object.isFrozen(credential?.['credentialSubject'])).toBe(true)
  })
})

describe('the form of the token', () => {
  it('115: refuses a detached payload, the JSON serialisation and an encrypted token', async () => {
    const [header, payload, signature] = control.split('.') as [string, string, string]
    expect(await refusalOf(`${header}..${signature}`)).toBe('JWS_MALFORMED')
    expect(await refusalOf({ payload, protected: header, signature })).toBe('JWS_MALFORMED')
    expect(await refusalOf({ payload, signatures: [{ protected: header, signature }] })).toBe('JWS_MALFORMED')
    expect(await refusalOf(`${header}.a.b.c.d`)).toBe('JWS_MALFORMED')
  })

  it.each<[string, (token: string) => string]>([
    ['a flipped trailing bit', flipTrailingBit],
    ['padding', (token) => `${token}==`],
    ['a line break', (token) => `${token.slice(0, -6)}\n${token.slice(-6)}`],
    ['a line break at the end', (token) => `${token}\n`],
    ['a space in front', (token) => ` ${token}`],
    ['the alphabet of base64', (token) => token.replace(/.(?=[^.]*$)/, '+')],
    ['a fourth segment', (token) => `${token}.x`],
    ['no signature', (token) => token.replace(/\.[^.]*$/, '')],
    ['an empty signature', (token) => token.replace(/\.[^.]*$/, '.')],
    ['an empty header', (token) => token.replace(/^[^.]*/, '')],
    ['six segments and more', (token) => `${token}...........`]
  ])('116: refuses %s', async (_, edit) => {
    expect(await refusalOf(edit(control))).toMatch(/^(JWS_MALFORMED|JSON_SYNTAX)$/)
    expect(await refusalOf(new TextEncoder().encode(edit(control)))).toMatch(/^(JWS_MALFORMED|JSON_SYNTAX)$/)
  })

  it('1, 117: refuses duplicate members in header and claims', async () => {
    const header = `{"alg":"none",${JSON.stringify(issuer.header).slice(1)}`
    expect(await refusalOf(await issuer.sign(claims, header))).toBe('JSON_DUPLICATE_MEMBER')
    const twice = `{"iss":"did:example:evil",${JSON.stringify(claims).slice(1)}`
    const report = await verify(await issuer.sign(twice), noNetwork)
    expect(codesOf(report)[0]).toBe('JSON_DUPLICATE_MEMBER')
    expect(report.checks[0]?.faults?.[0]?.path).toBe('payload/iss')
  })

  it('2: refuses a claim called __proto__', async () => {
    const polluted = `{"__proto__":{"admin":true},${JSON.stringify(claims).slice(1)}`
    expect(await refusalOf(await issuer.sign(polluted))).toBe('JSON_FORBIDDEN_MEMBER')
  })

  it('4, 5: refuses a byte order mark, and bytes that are not UTF-8', async () => {
    expect(await refusalOf(`\ufeff${control}`)).toBe('INPUT_NOT_UTF8')
    expect(await refusalOf(await issuer.sign(`\ufeff${JSON.stringify(claims)}`))).toBe('INPUT_NOT_UTF8')
    expect(await refusalOf(await issuer.sign(claims, `\ufeff${JSON.stringify(issuer.header)}`))).toBe('INPUT_NOT_UTF8')
    const bytes = new TextEncoder().encode(JSON.stringify(claims))
    bytes[bytes.indexOf(0x42)] = 0xff
    expect(await refusalOf(await issuer.sign(bytes))).toBe('INPUT_NOT_UTF8')
  })

  it('7: refuses claims that are nested too deep', async () => {
    const deep = JSON.stringify(claims).replace('"Badge"', `${'['.repeat(5000)}${']'.repeat(5000)}`)
    expect(await refusalOf(await issuer.sign(deep))).toBe('JSON_TOO_DEEP')
  })

  it.each(['[]', '"x"', 'hello', '5', 'null'])('121: refuses the payload %s', async (payload) => {
    expect(await refusalOf(await issuer.sign(payload))).toMatch(/^(INPUT_TYPE|JSON_SYNTAX)$/)
  })

  it('8, 130: refuses a token above the limit before it is decoded, and takes one at the limit', async () => {
    const long = `${segment({ ...issuer.header, kid: 'x'.repeat(1_048_576) })}.${segment(claims)}.AAAA`
    expect(await refusalOf(long)).toBe('INPUT_TOO_LARGE')
    expect(await refusalOf(new TextEncoder().encode(long))).toBe('INPUT_TOO_LARGE')
    const at = { ...noNetwork, limits: { maxLength: control.length } }
    expect((await verify(control, at)).accepted).toBe(true)
    expect(await refusalOf(control, { ...at, limits: { maxLength: control.length - 1 } })).toBe('INPUT_TOO_LARGE')
  })
})

/** An Ed25519 signature of 64 bytes leaves four loose bits in its last character. */
function flipTrailingBit(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return `${token.slice(0, -1)}${alphabet[alphabet.indexOf(token.at(-1) ?? '') ^ 1]}`
}
