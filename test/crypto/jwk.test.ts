import { generateKeyPairSync } from 'node:crypto'
import { calculateJwkThumbprint } from 'jose'
import { describe, expect, it } from 'vitest'
import { jwkOf, jwkThumbprint, materialFromJwk } from '../../src/crypto/jwk.js'
import type { KeyError } from '../../src/encoding/errors.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { describeShared, readSharedJson } from '../support/shared.js'

const okp = generated('ed25519', {})
const p256 = generated('ec', { namedCurve: 'P-256' })
const p384 = generated('ec', { namedCurve: 'P-384' })
const rsa = generated('rsa', { modulusLength: 2048 })
const all = [okp, p256, p384, rsa]

interface Pair {
  readonly name: string
  readonly publicJwk: Readonly<Record<string, string>>
  readonly privateJwk: Readonly<Record<string, string>>
}

function generated(type: string, options: object): Pair {
  const pair = generateKeyPairSync(type as 'rsa', options as { modulusLength: number })
  const publicJwk = pair.publicKey.export({ format: 'jwk' }) as Record<string, string>
  const privateJwk = pair.privateKey.export({ format: 'jwk' }) as Record<string, string>
  return { name: `${publicJwk['kty']} ${publicJwk['crv'] ?? ''}`.trim(), publicJwk, privateJwk }
}

function refusal(jwk: unknown): KeyError | undefined {
  try {
    materialFromJwk(jwk as JsonObject, '/jwk')
  } catch (error) {
    return error as KeyError
  }
  return undefined
}

function refusedAt(path: string) {
  return expect.objectContaining({ name: 'KeyError', code: 'KEY_INVALID', path })
}

describe('a JSON Web Key', () => {
  it.each(all)('of kind $name is read, written and named alike', async ({ publicJwk }) => {
    const material = materialFromJwk(publicJwk)
    expect(jwkOf(material)).toEqual(publicJwk)
    expect(jwkThumbprint(material)).toBe(await calculateJwkThumbprint(publicJwk))
    expect(materialFromJwk(jwkOf(material))).toEqual(material)
  })

  it.each(all)('of kind $name is the same key whatever else its JWK says', ({ publicJwk }) => {
    const more = { ...publicJwk, kid: 'key-1', use: 'sig', key_ops: ['verify'], x5t: 'AAAA', 'ext.example': null }
    expect(materialFromJwk(more)).toEqual(materialFromJwk(publicJwk))
  })

  it.each([
    [okp, 'EdDSA'],
    [okp, 'Ed25519'],
    [p256, 'ES256'],
    [p384, 'ES384'],
    [rsa, 'RS256'],
    [rsa, 'PS256']
  ])('may name the algorithm that it is used with: %#', ({ publicJwk }, alg) => {
    const material = materialFromJwk({ ...publicJwk, alg })
    expect(material).toEqual({ ...materialFromJwk(publicJwk), ...(publicJwk['kty'] === 'RSA' ? { alg } : {}) })
    expect(jwkThumbprint(material)).toBe(jwkThumbprint(materialFromJwk(publicJwk)))
  })

  it('has the thumbprint of RFC 7638 section 3.1 and RFC 8037 appendix A.3', () => {
    const x = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'
    expect(jwkThumbprint(materialFromJwk({ kty: 'OKP', crv: 'Ed25519', x }))).toBe(
      'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
    )
  })
})

describe('a JSON Web Key that is refused', () => {
  it.each(all)('107: is a private $name key, and the error says that it is exposed', ({ publicJwk, privateJwk }) => {
    const error = refusal(privateJwk)
    expect(error).toMatchObject({ name: 'KeyError', code: 'KEY_INVALID' })
    expect(error?.message).toContain('a private key is exposed')
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']) {
      for (const value of ['AQAB', '', null, []]) {
        const got = refusal({ ...publicJwk, [member]: value })
        expect(got, member).toEqual(refusedAt(`/jwk/${member}`))
        expect(got?.message).toContain('a private key is exposed')
      }
    }
  })

  it('107: does not show the private part in its error', () => {
    for (const { privateJwk } of all) {
      const error = refusal(privateJwk)
      expect(JSON.stringify([error, error?.message, error?.stack])).not.toContain(privateJwk['d'])
    }
  })

  it('129: is of another curve, another kind, or spells its kind in another case', () => {
    const x = okp.publicJwk['x']
    const bad = [
      { ...okp.publicJwk, crv: 'X25519' },
      { ...okp.publicJwk, crv: 'Ed448' },
      { ...p256.publicJwk, crv: 'secp256k1' },
      { ...p256.publicJwk, crv: 'P-521' },
      { ...p256.publicJwk, crv: 'p-256' },
      { ...p256.publicJwk, kty: 'ec' },
      { ...p256.publicJwk, kty: 'OKP' },
      { ...okp.publicJwk, kty: 'okp' },
      { ...okp.publicJwk, crv: 'ed25519' },
      { ...okp.publicJwk, kty: 'EC' },
      { ...rsa.publicJwk, kty: 'rsa' },
      { ...okp.publicJwk, kty: ['OKP'] },
      { crv: 'Ed25519', x },
      { kty: 'OKP', x },
      { kty: 'AKP', alg: 'ML-DSA-44', pub: 'AAAA' },
      { kty: 'constructor' },
      {}
    ]
    for (const jwk of bad) expect(refusal(jwk), JSON.stringify(jwk)).toEqual(refusedAt('/jwk/kty'))
    expect(refusal({ kty: 'oct', k: 'AAAA' })?.faults.map(({ path }) => path)).toEqual(['/jwk/k', '/jwk/kty'])
  })

  it.each([okp, p256, p384, rsa])('is for another use than signatures: $name', ({ publicJwk }) => {
    for (const use of ['enc', 'SIG', '', null, ['sig']]) {
      expect(refusal({ ...publicJwk, use })).toEqual(refusedAt('/jwk/use'))
    }
    for (const key_ops of [
      [],
      ['sign'],
      ['encrypt'],
      ['verify', 'verify'],
      ['Verify'],
      'verify',
      null,
      ['verify', 1]
    ]) {
      expect(refusal({ ...publicJwk, key_ops })).toEqual(refusedAt('/jwk/key_ops'))
    }
    for (const alg of [
      'none',
      'HS256',
      'ES256K',
      'ES521',
      'RS512',
      'RSA1_5',
      'ECDH-ES',
      'eddsa',
      '',
      null,
      ['ES256']
    ]) {
      expect(refusal({ ...publicJwk, alg })).toEqual(refusedAt('/jwk/alg'))
    }
  })

  it('is for the algorithm of another kind of key', () => {
    const bad = [
      [okp, 'ES256'],
      [p256, 'ES384'],
      [p256, 'EdDSA'],
      [p384, 'ES256'],
      [rsa, 'ES256']
    ] as const
    for (const [{ publicJwk }, alg] of bad) expect(refusal({ ...publicJwk, alg })).toEqual(refusedAt('/jwk/alg'))
  })

  it('97: has coordinates off the curve, at infinity, outside the field, of another curve, or shortened', () => {
    const { x = '', y = '' } = p256.publicJwk
    const zero = Buffer.alloc(32).toString('base64url')
    const prime = Buffer.from(`ffffffff00000001${'0'.repeat(24)}${'f'.repeat(24)}`, 'hex').toString('base64url')
    const other = flip(y)
    for (const change of [{ y: other }, { x: zero, y: zero }, { x: prime }, { y: prime }, { x: y, y: x }]) {
      expect(refusal({ ...p256.publicJwk, ...change }), JSON.stringify(change)).toEqual(refusedAt('/jwk'))
    }
    expect(refusal({ ...p256.publicJwk, y: negated(y) })).toBeUndefined()
    expect(refusal({ ...p256.publicJwk, crv: 'P-384' })).toEqual(refusedAt('/jwk/x'))
    expect(refusal({ ...p384.publicJwk, crv: 'P-256' })).toEqual(refusedAt('/jwk/x'))
    for (const bad of [x.slice(4), `AAAA${x}`, undefined, 7]) {
      expect(refusal({ ...p256.publicJwk, x: bad })).toEqual(refusedAt('/jwk/x'))
      expect(refusal({ ...p256.publicJwk, y: bad })).toEqual(refusedAt('/jwk/y'))
    }
  })

  it('writes a member in another base64 than the canonical one', () => {
    for (const { publicJwk } of all) {
      for (const name of Object.keys(publicJwk).filter((each) => ['x', 'y', 'n'].includes(each))) {
        const value = publicJwk[name] ?? ''
        const looseBits = `${value.slice(0, -1)}${String.fromCharCode(value.charCodeAt(value.length - 1) + 1)}`
        const bad = [`${value}=`, `${value} `, `${value}\n`, value.slice(0, -1)]
        for (const each of value.length % 4 === 0 ? bad : [...bad, looseBits]) {
          expect(refusal({ ...publicJwk, [name]: each }), each).toEqual(refusedAt(`/jwk/${name}`))
        }
      }
    }
  })

  it('writes an RSA number with leading zeros, or not at all', () => {
    const { n = '' } = rsa.publicJwk
    const padded = Buffer.concat([Buffer.alloc(1), Buffer.from(n, 'base64url')]).toString('base64url')
    for (const bad of [padded, '', undefined]) {
      expect(refusal({ ...rsa.publicJwk, n: bad })).toEqual(refusedAt('/jwk/n'))
    }
    for (const bad of ['AAEAAQ', '', null]) expect(refusal({ ...rsa.publicJwk, e: bad })).toEqual(refusedAt('/jwk/e'))
  })

  it('has several faults, and is told all of them', () => {
    const error = refusal({ ...p256.publicJwk, d: 'AA', use: 'enc', alg: 'HS256', x: 'AA' })
    expect(error?.faults.map(({ path }) => path)).toEqual(['/jwk/d', '/jwk/use', '/jwk/alg', '/jwk/x'])
  })
})

describeShared('the JWK test vectors of Wycheproof', () => {
  it('97, 99: every key that must be refused for what its JWK says is refused', () => {
    const groups = readSharedJson('vectors/wycheproof/json_web_key_test.json').testGroups
    const refused = groups.flatMap((group: { private: { keys: JsonObject[] }; public?: { keys: JsonObject[] } }) => {
      const { keys } = group.public ?? group.private
      return keys.every((jwk) => refusal(jwk) !== undefined)
        ? (group as never as { tests: { tcId: number }[] }).tests
        : []
    })
    const ids = refused.map(({ tcId }: { tcId: number }) => tcId)
    expect(ids).toEqual(expect.arrayContaining([6, 19, 20, 21, 22, 23, 24]))
    // 5 is good; 1 holds one good key among others; 7 to 9 are RSA keys that importing refuses.
    expect([1, 5, 7, 8, 9].filter((id) => ids.includes(id))).toEqual([])
    // The others are symmetric keys, which komma does not know, the valid ones included.
    expect(ids).toHaveLength(21)
  })
})

function flip(value: string): string {
  const bytes = Buffer.from(value, 'base64url')
  bytes[31] = (bytes[31] ?? 0) ^ 4
  return bytes.toString('base64url')
}

function negated(y: string): string {
  const prime = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
  const value = prime - BigInt(`0x${Buffer.from(y, 'base64url').toString('hex')}`)
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').toString('base64url')
}
