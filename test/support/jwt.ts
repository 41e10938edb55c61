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
  /** Signs exactly these header and claims, as objects or as their very text or bytes. */
  sign(claims: Part, header?: Part): Promise<string>
}

type Part = JsonObject | string | Uint8Array

export async function testJwtSigner(label = 'issuer'): Promise<TestJwtSigner> {
  const keys = await createMemoryKeyStore({ seed: testSeed(label), now: NOW })
  const signer = await keys.signer()
  const did = didKeyFromMaterial(materialOfKey(signer))
  const kid = `${did}#${did.slice('did:key:'.length)}`
  const header = { alg: 'EdDSA', kid, typ: 'JWT' }
  return {
    did,
    kid,
    header,
    async sign(claims, ownHeader = header) {
      const input = `${segment(ownHeader)}.${segment(claims)}`
      return `${input}.${encodeBase64url(await signer.sign(new TextEncoder().encode(input)))}`
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
