import { generateKeyPairSync, sign as signWithNode } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { decodeBase64url, encodeBase64url } from '../../src/encoding/multibase.js'
import { createKeyCache, createMapResolver, type KeyCache, verify, verifyMany } from '../../src/index.js'
import { NOW } from '../support/issuer.js'
import {
  badgeClaims,
  didJwkOfText,
  ecdsaSigner,
  type NodeJwtSigner,
  rsaSigner,
  segment,
  testJwtSigner
} from '../support/jwt.js'
import { codesOf, noNetwork, refusalOf } from '../support/jwt-refusal.js'

const issuer = ecdsaSigner('issuer')
const mallory = ecdsaSigner('mallory')
const claims = badgeClaims(issuer.did)
const control = await issuer.sign(claims)
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

const withSignature = (token: string, signature: Uint8Array): string =>
  `${token.slice(0, token.lastIndexOf('.'))}.${encodeBase64url(signature)}`
const signatureOf = (token: string): Uint8Array => decodeBase64url(token.slice(token.lastIndexOf('.') + 1))

describe('every kind of key', () => {
  it.each([
    ['EdDSA', () => testJwtSigner()],
    ['ES256', async () => issuer],
    ['ES384', async () => ecdsaSigner('issuer', 'ES384')],
    ['RS256', async () => rsaSigner('RS256')],
    ['PS256', async () => rsaSigner('PS256')]
  ])('signs with %s, by kid, by jwk and by both', async (alg, make) => {
    const signer = await make()
    for (const key of [{ kid: signer.kid }, { jwk: signer.jwk }, { kid: signer.kid, jwk: signer.jwk }]) {
      const report = await verify(await signer.sign(badgeClaims(signer.did), { alg, ...key }), noNetwork)
      expect(codesOf(report)).toEqual([])
      expect(report.proofs).toEqual([expect.objectContaining({ algorithm: alg, holds: true })])
    }
  })

  it('110: an RSA key that is for one algorithm does not verify another', async () => {
    const signer = rsaSigner('PS256')
    const did = didJwkOfText({ ...signer.jwk, alg: 'RS256' })
    const token = await signer.sign(badgeClaims(did), { alg: 'PS256', kid: `${did}#0` })
    expect(await refusalOf(token)).toBe('JWT_ALGORITHM_MISMATCH')
  })
})

describe('keys that are none', () => {
  it('89: refuses the key with which one signature fits every message', async () => {
    const did = didJwkOfText({
      kty: 'OKP',
      crv: 'Ed25519',
      x: encodeBase64url(Uint8Array.of(1, ...new Uint8Array(31)))
    })
    const input = `${segment({ alg: 'EdDSA', kid: `${did}#0` })}.${segment(badgeClaims(did))}`
    const token = `${input}.${encodeBase64url(Uint8Array.of(1, ...new Uint8Array(63)))}`
    expect(await refusalOf(token)).toBe('ISSUER_KEY_INVALID')
  })

  it('99: refuses an RSA key of 1,024 bits that signed correctly', async () => {
    const signer = rsaSigner('RS256', 1024)
    expect(await refusalOf(await signer.sign(badgeClaims(signer.did)))).toBe('ISSUER_KEY_INVALID')
  })

  it('99: refuses an RSA key with which the padded digest is its own signature', async () => {
    const { n = '' } = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })
    const did = didJwkOfText({ kty: 'RSA', n, e: 'AQ' })
    expect(await refusalOf(`${segment({ alg: 'RS256', kid: `${did}#0` })}.${segment(badgeClaims(did))}.AAAA`)).toBe(
      'ISSUER_KEY_INVALID'
    )
  })

  it('107: refuses a private key in the header, and says that it is exposed', async () => {
    const jwk = { ...issuer.jwk, d: String(issuer.key.export({ format: 'jwk' }).d) }
    const report = await verify(await issuer.sign(claims, { ...issuer.header, jwk }), noNetwork)
    expect(codesOf(report)[0]).toBe('ISSUER_KEY_INVALID')
    expect(report.checks.find(({ id }) => id === 'issuer')?.message).toContain('exposed')
  })
})

describe('keys of somebody else', () => {
  it('51, 111: refuses a key in the header that the issuer does not have', async () => {
    const forged: readonly JsonObject[] = [
      { alg: 'ES256', jwk: mallory.jwk, typ: 'JWT' },
      { alg: 'ES256', kid: issuer.kid, jwk: mallory.jwk, typ: 'JWT' }
    ]
    for (const header of forged) expect(await refusalOf(await mallory.sign(claims, header))).toBe('ISSUER_KEY_MISMATCH')
    expect(await refusalOf(await mallory.sign(claims, issuer.header))).toBe('SIGNATURE_INVALID')
  })

  it.each([mallory.kid, 'https://evil.example/key', 'https://evil.example/issuer#key'])(
    '112: refuses the kid %s in the name of the issuer',
    async (kid) => {
      expect(await refusalOf(await mallory.sign(claims, { ...mallory.header, kid }))).toMatch(
        /^ISSUER_KEY_(MISMATCH|INVALID)$/
      )
    }
  )

  it('112: an https issuer has its keys in the key set of its authority, and nowhere else', async () => {
    const id = 'https://academy.example/issuers/7'
    const kid = 'https://academy.example/keys/1'
    const set = (signer: NodeJwtSigner, iss = id) => ({ keys: [{ ...signer.jwk, kid, iss }] })
    const token = await issuer.sign(badgeClaims(id), { alg: 'ES256', kid, typ: 'JWT' })
    const verifyWith = (body: JsonObject, url = 'https://academy.example/.well-known/jwks.json') =>
      verify(token, { now: NOW, resolver: createMapResolver({ [url]: body }) })
    expect((await verifyWith(set(issuer))).accepted).toBe(true)
    expect(codesOf(await verifyWith(set(mallory)))[0]).toBe('SIGNATURE_INVALID')
    expect(codesOf(await verifyWith(set(issuer, 'https://academy.example/issuers/8')))[0]).toBe('ISSUER_KEY_MISMATCH')
    expect(codesOf(await verifyWith(set(issuer), kid))[0]).toBe('ISSUER_KEY_UNRESOLVED')
    expect(codesOf(await verify(token, { now: NOW }))[0]).toBe('ISSUER_KEY_UNRESOLVED')
  })
})

describe('signatures that are none', () => {
  it('refuses a token of which the claims were changed', async () => {
    const other = await issuer.sign({ ...claims, name: 'Doctorate' })
    const spliced = [control.split('.')[0], other.split('.')[1], control.split('.')[2]].join('.')
    expect(await refusalOf(spliced)).toBe('SIGNATURE_INVALID')
  })

  it.each<[string, () => Uint8Array]>([
    ['64 zero bytes', () => new Uint8Array(64)],
    ['r and s as they are, and a byte more', () => Uint8Array.of(...signatureOf(control), 0)],
    ['r alone', () => signatureOf(control).subarray(0, 32)],
    [
      'the DER form',
      () => signWithNode('sha256', Buffer.from(control.slice(0, control.lastIndexOf('.'))), { key: issuer.key })
    ]
  ])('93, 94, 95: refuses %s', async (_, make) => {
    expect(await refusalOf(withSignature(control, Uint8Array.from(make())))).toBe('SIGNATURE_INVALID')
  })

  it('94, 96, 125: takes the twin with the other s, so the text of a token is no name for it', async () => {
    const signature = signatureOf(control)
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)
    const other = Buffer.from((P256_ORDER - s).toString(16).padStart(64, '0'), 'hex')
    const twin = withSignature(control, Uint8Array.of(...signature.subarray(0, 32), ...other))
    expect(twin).not.toBe(control)
    const reports = [await verify(control, noNetwork), await verify(twin, noNetwork)]
    expect(reports[1]).toEqual(reports[0])
    expect(reports[0]?.accepted).toBe(true)
  })

  it('125: is judged anew each time, whatever was said of the same text or claims before', async () => {
    let signatures = 0
    const keys = createKeyCache()
    const keyCache: KeyCache = {
      async importKey(material) {
        const key = await keys.importKey(material)
        return { ...key, verify: (...given) => key.verify(...given).finally(() => (signatures += 1)) }
      }
    }
    const forged = withSignature(control, new Uint8Array(64))
    const tokens = [control, forged, control, forged, control]
    const verdicts: boolean[] = []
    for await (const { accepted } of verifyMany(tokens, { ...noNetwork, keyCache })) verdicts.push(accepted)
    for (const token of tokens) verdicts.push((await verify(token, { ...noNetwork, keyCache })).accepted)
    expect(verdicts).toEqual([...tokens, ...tokens].map((token) => token === control))
    expect(signatures).toBe(verdicts.length)
  })
})
