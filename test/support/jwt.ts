import { createECDH, createPrivateKey, generateKeyPairSync, type KeyObject, sign as signWithNode } from 'node:crypto'
import { materialFromJwk } from '../../src/crypto/jwk.js'
import { didJwkFromMaterial } from '../../src/did/did-jwk.js'
import { didKeyFromMaterial } from '../../src/did/did-key.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { encodeBase64url } from '../../src/encoding/multibase.js'
import { materialOfKey } from '../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { NOW, testSeed } from './issuer.js'
import { plainBadge } from './sign.js'

export interface TestJwtSigner {
  readonly did: string
  readonly kid: string
  readonly header: JsonObject
  /** The public key. */
  readonly jwk: JsonObject
  /** Signs exactly these header and claims, as objects or as their very text or bytes. */
  sign(claims: Part, header?: Part): Promise<string>
}

export interface NodeJwtSigner extends TestJwtSigner {
  readonly key: KeyObject
}

type Part = JsonObject | string | Uint8Array

const CURVES = { ES256: ['P-256', 'prime256v1', 'sha256'], ES384: ['P-384', 'secp384r1', 'sha384'] } as const

/** An issuer with a `did:key` and an Ed25519 key. */
export async function testJwtSigner(label = 'issuer'): Promise<TestJwtSigner> {
  const keys = await createMemoryKeyStore({ seed: testSeed(label), now: NOW })
  const signer = await keys.signer()
  const did = didKeyFromMaterial(materialOfKey(signer))
  const kid = `${did}#${did.slice('did:key:'.length)}`
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(signer.publicKey) }
  return jwtSigner({ did, kid, header: { alg: 'EdDSA', kid, typ: 'JWT' }, jwk }, (input) => signer.sign(input))
}

/** An issuer with a `did:jwk` and an ECDSA key that Node made from the label. */
export function ecdsaSigner(label = 'issuer', alg: keyof typeof CURVES = 'ES256'): NodeJwtSigner {
  const [crv, name, hash] = CURVES[alg]
  const size = crv === 'P-256' ? 32 : 48
  const secret = new Uint8Array(size)
  secret.set(testSeed(label), size - 32)
  const ecdh = createECDH(name)
  ecdh.setPrivateKey(secret)
  const point = Uint8Array.from(ecdh.getPublicKey())
  const jwk = {
    kty: 'EC',
    crv,
    x: encodeBase64url(point.subarray(1, 1 + size)),
    y: encodeBase64url(point.subarray(1 + size))
  }
  const key = createPrivateKey({ key: { ...jwk, d: encodeBase64url(secret) }, format: 'jwk' })
  return nodeSigner(jwk, key, alg, (input) => signWithNode(hash, input, { key, dsaEncoding: 'ieee-p1363' }))
}

/** An issuer with a `did:jwk` and an RSA key. */
export function rsaSigner(alg: 'RS256' | 'PS256', modulusLength = 2048): NodeJwtSigner {
  const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength })
  const { n = '', e = '' } = key.export({ format: 'jwk' })
  const padding = alg === 'PS256' ? { padding: 6, saltLength: 32 } : {}
  return nodeSigner({ kty: 'RSA', n, e }, key, alg, (input) => signWithNode('sha256', input, { key, ...padding }))
}

/** The `did:jwk` of any key that can be written as a JWK, good or bad. */
export function didJwkOfText(jwk: JsonObject): string {
  return `did:jwk:${segment(jwk)}`
}

function nodeSigner(
  jwk: JsonObject,
  key: KeyObject,
  alg: string,
  sign: (input: Uint8Array) => Uint8Array
): NodeJwtSigner {
  const did = jwk['kty'] === 'RSA' ? didJwkOfText(jwk) : didJwkFromMaterial(materialFromJwk(jwk))
  const kid = `${did}#0`
  return { ...jwtSigner({ did, kid, header: { alg, kid, typ: 'JWT' }, jwk }, async (input) => sign(input)), key }
}

function jwtSigner(base: Omit<TestJwtSigner, 'sign'>, sign: (input: Uint8Array) => Promise<Uint8Array>): TestJwtSigner {
  return {
    ...base,
    async sign(claims, header = base.header) {
      const input = `${segment(header)}.${segment(claims)}`
      return `${input}.${encodeBase64url(Uint8Array.from(await sign(new TextEncoder().encode(input))))}`
    }
  }
}

export function segment(part: Part): string {
  if (part instanceof Uint8Array) return encodeBase64url(part)
  return encodeBase64url(new TextEncoder().encode(typeof part === 'string' ? part : JSON.stringify(part)))
}

/** The claims of the JWT that the abuse cases start from: the plain badge, and the four claims about it. */
export function badgeClaims(issuer: string, more: JsonObject = {}): JsonObject {
  const badge = plainBadge(issuer)
  return { ...badge, iss: issuer, sub: 'did:example:learner', jti: badge['id'] ?? null, nbf: 1_704_067_200, ...more }
}
