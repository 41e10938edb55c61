import { jwkOf } from '../../src/crypto/jwk.js'
import { materialFromMultikey } from '../../src/crypto/multikey.js'
import type { PublicKeyMaterial } from '../../src/crypto/public-key.js'
import type { JsonObject } from '../../src/encoding/json-types.js'

/** Public keys of every kind, from examples of standards; nobody here has their secrets. */
export const MULTIKEYS = {
  Ed25519: 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK',
  'P-256': 'zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv',
  'P-384': 'z82LkvCwHNreneWpsgPEbV3gu1C6NFJEBg4srfJ5gdxEsMGRJUz2sG9FE42shbn2xkZJh54'
} as const

export const EC_KINDS = Object.keys(MULTIKEYS) as readonly (keyof typeof MULTIKEYS)[]

export function exampleKey(kind: keyof typeof MULTIKEYS): PublicKeyMaterial {
  return materialFromMultikey(MULTIKEYS[kind])
}

/** The same keys as JSON Web Keys. */
export function exampleJwk(kind: keyof typeof MULTIKEYS): JsonObject {
  return jwkOf(exampleKey(kind))
}

/** The RSA public key of RFC 7517, appendix A.1. */
export const RSA_JWK: JsonObject = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB'
}
