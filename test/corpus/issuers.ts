import { buildControllerDocument } from '../../src/did/build-controller-document.js'
import { verificationMethodUrl } from '../../src/did/method-url.js'
import { didJwkOf, didKeyOf } from '../../src/did/own-did.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import type { Signer, SigningKeyAlgorithm } from '../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { createContextSet } from '../../src/model/contexts.js'
import { addProof } from '../../src/securing/add-proof.js'
import type { Cryptosuite } from '../../src/securing/cryptosuite.js'
import { signJwt } from '../../src/securing/jwt/sign-jwt.js'
import { expandUnsecured } from '../../src/securing/unsecured-document.js'
import { NOW } from '../support/issuer.js'
import { segment } from '../support/jwt.js'
import { testSecret } from '../support/sign.js'

/** When everything in a corpus was signed, unless told. */
export const SIGNED = '2026-06-01T11:00:00Z'

/** Signs in every format, with a key that everybody can make again from its label. */
export interface CorpusIssuer {
  readonly id: string
  readonly signer: Signer
  readonly verificationMethod: string
  /** Its controller document, where the id is an address. */
  readonly controllerDocument: JsonObject
  /** Text of JSON with an embedded proof. */
  embed(document: JsonObject, suite?: Cryptosuite): Promise<string>
  jwt(document: JsonObject, format: 'JWT' | 'vc+jwt'): Promise<string>
  /** A JWT with exactly these claims. */
  token(claims: JsonObject, header?: JsonObject): Promise<string>
}

/** @param id an address; where undefined, the `did:key` of the key, and its `did:jwk` where that is asked for */
export async function corpusIssuer(
  label: string,
  algorithm: SigningKeyAlgorithm = 'Ed25519',
  id?: string
): Promise<CorpusIssuer> {
  const keys = await createMemoryKeyStore({ algorithm, seed: testSecret(label, algorithm), now: NOW })
  const own = id === 'did:jwk' ? await didJwkOf(keys) : (id ?? (await didKeyOf(keys)))
  return issuerWith(own, await keys.signer(), buildControllerDocument({ id: own, keys: await keys.keys() }))
}

function issuerWith(id: string, signer: Signer, controllerDocument: JsonObject): CorpusIssuer {
  const kid = verificationMethodUrl(id, signer)
  const alg = { Ed25519: 'EdDSA', 'P-256': 'ES256', 'P-384': 'ES384' }[signer.algorithm]
  return {
    id,
    signer,
    verificationMethod: kid,
    controllerDocument,
    async embed(document, suite) {
      const secured = await expandUnsecured(document, createContextSet())
      return JSON.stringify(await addProof(secured, { signer, suite, verificationMethod: kid, created: SIGNED }))
    },
    jwt: (document, format) => signJwt(document, { signer, kid, format, created: SIGNED }),
    async token(claims, header = { alg, kid, typ: 'JWT' }) {
      const input = `${segment(header)}.${segment(claims)}`
      return `${input}.${segment(await signer.sign(new TextEncoder().encode(input)))}`
    }
  }
}
