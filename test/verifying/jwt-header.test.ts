import { createHmac, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { decodeBase64url } from '../../src/encoding/multibase.js'
import { verify } from '../../src/index.js'
import { badgeClaims, ecdsaSigner, segment } from '../support/jwt.js'
import { noNetwork, refusalOf } from '../support/jwt-refusal.js'

const issuer = ecdsaSigner('issuer')
const claims = badgeClaims(issuer.did)
const control = await issuer.sign(claims)
const withHeader = (more: JsonObject): Promise<string> => issuer.sign(claims, { ...issuer.header, ...more })

describe('the header', () => {
  it.each(['none', 'NoNe', undefined, ['ES256'], 'ES256K', 'EdDSA '])('108: refuses alg %s', async (alg) => {
    const header = JSON.parse(JSON.stringify({ ...issuer.header, alg }))
    expect(await refusalOf(await issuer.sign(claims, header))).toBe('JWT_ALGORITHM_REFUSED')
  })

  it('108: refuses a token without signature', async () => {
    const unsigned = `${segment({ alg: 'none' })}.${segment(claims)}.`
    expect(await refusalOf(unsigned)).toBe('JWS_MALFORMED')
  })

  it.each<[string, Uint8Array | string]>([
    ['the PEM of the key', createPublicKey(issuer.key).export({ type: 'spki', format: 'pem' }) as string],
    ['the JWK of the key', JSON.stringify(issuer.jwk)],
    ['the point of the key', rawPoint()],
    ['nothing', '']
  ])('109: refuses an HMAC keyed with %s', async (_, secret) => {
    const input = `${segment({ ...issuer.header, alg: 'HS256' })}.${segment(claims)}`
    const mac = createHmac('sha256', secret).update(input).digest('base64url')
    expect(await refusalOf(`${input}.${mac}`)).toBe('JWT_ALGORITHM_REFUSED')
  })

  it.each(['EdDSA', 'ES384', 'RS256', 'PS256'])('110: refuses %s with a key of another kind', async (alg) => {
    expect(await refusalOf(await withHeader({ alg }))).toBe('JWT_ALGORITHM_MISMATCH')
    const [header, ...rest] = control.split('.')
    expect(header).toBeDefined()
    expect(await refusalOf([segment({ ...issuer.header, alg }), ...rest].join('.'))).toBe('JWT_ALGORITHM_MISMATCH')
  })

  it('110: accepts only the algorithms that the caller names', async () => {
    expect(await refusalOf(control, { ...noNetwork, algorithms: ['ES384', 'EdDSA'] })).toBe('JWT_ALGORITHM_REFUSED')
    expect(await refusalOf(control, { ...noNetwork, algorithms: [] })).toBe('JWT_ALGORITHM_REFUSED')
    expect((await verify(control, { ...noNetwork, algorithms: ['ES256'] })).accepted).toBe(true)
  })

  it.each(['jku', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit', 'b64', 'zip'])(
    '113, 114, 115, 123: refuses %s strictly and leniently, and fetches nothing',
    async (name) => {
      const token = await withHeader({ [name]: name === 'b64' ? false : 'https://evil.example/' })
      expect(await refusalOf(token)).toBe('JWT_HEADER_REFUSED')
      expect(await refusalOf(token, { ...noNetwork, lenient: true })).toBe('JWT_HEADER_REFUSED')
    }
  )

  it.each([
    { crit: ['x'], x: 1 },
    { crit: [] },
    { crit: ['exp'], exp: 1 },
    { crit: 'x' },
    { crit: ['b64'], b64: false }
  ])('114, 115: refuses %o', async (more) => {
    expect(await refusalOf(await withHeader(more as JsonObject))).toBe('JWT_HEADER_REFUSED')
  })

  it('113: refuses any other header, and in lenient mode ignores it and says so', async () => {
    const token = await withHeader({ nonce: 'x' })
    expect(await refusalOf(token)).toBe('JWT_HEADER_REFUSED')
    const report = await verify(token, { ...noNetwork, lenient: true })
    expect(report.accepted).toBe(true)
    expect(report.warnings).toEqual([
      expect.objectContaining({ code: 'JWT_HEADER_IGNORED', facts: { header: 'nonce' } })
    ])
  })

  it.each(['at+jwt', 'vp+jwt', 'statuslist+jwt', 'application/at+jwt', 'text/jwt', '', 5])(
    '122: refuses typ %s',
    async (typ) => {
      expect(await refusalOf(await withHeader({ typ }))).toBe('JWT_TYPE_REFUSED')
    }
  )

  it.each(['JWT', 'jwt', 'application/jwt', 'vc+jwt', 'VC+JWT', 'application/vc+jwt'])(
    '122: takes typ %s',
    async (typ) => {
      expect((await verify(await withHeader({ typ }), noNetwork)).accepted).toBe(true)
    }
  )

  it('122: takes a token without typ', async () => {
    const { typ: _, ...header } = issuer.header
    expect((await verify(await issuer.sign(claims, header), noNetwork)).accepted).toBe(true)
  })

  it('123: refuses a token in a token', async () => {
    expect(await refusalOf(await withHeader({ cty: 'JWT' }))).toBe('JWT_HEADER_REFUSED')
    expect(await refusalOf(await issuer.sign(control, { ...issuer.header, cty: 'JWT' }))).toBe('JSON_SYNTAX')
  })

  it.each<[string, JsonObject]>([
    ['an empty kid', { kid: '' }],
    ['a kid that is no text', { kid: 5 }],
    ['a kid of 3,000 characters', { kid: 'x'.repeat(3000) }],
    ['a jwk that is no object', { jwk: 'x' }]
  ])('130: refuses %s', async (_, more) => {
    expect(await refusalOf(await withHeader(more))).toBe('JWT_HEADER_REFUSED')
  })

  it('refuses a token that names no key', async () => {
    expect(await refusalOf(await issuer.sign(claims, { alg: 'EdDSA' }))).toBe('JWT_HEADER_REFUSED')
  })
})

function rawPoint(): Uint8Array {
  const { x, y } = issuer.jwk
  return Uint8Array.of(4, ...decodeBase64url(String(x)), ...decodeBase64url(String(y)))
}
