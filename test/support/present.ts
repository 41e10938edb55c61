import { didKeyFromMaterial } from '../../src/did/did-key.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { encodeMultibase } from '../../src/encoding/multibase.js'
import { materialOfKey } from '../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { createContextSet } from '../../src/model/contexts.js'
import { eddsaRdfc2022 } from '../../src/securing/eddsa-rdfc-2022.js'
import { expandUnsecured } from '../../src/securing/unsecured-document.js'
import { NOW, testSeed } from './issuer.js'

export interface TestHolder {
  readonly did: string
  /** Signs any presentation; members of the proof can be changed. */
  present(presentation: JsonObject, proof?: JsonObject): Promise<JsonObject>
}

export async function testHolder(label = 'holder'): Promise<TestHolder> {
  const keys = await createMemoryKeyStore({ seed: testSeed(label), now: NOW })
  const signer = await keys.signer()
  const did = didKeyFromMaterial(materialOfKey(signer))
  return {
    did,
    async present(presentation, more = {}) {
      const proof = {
        type: 'DataIntegrityProof',
        cryptosuite: 'eddsa-rdfc-2022',
        created: '2026-05-01T00:00:00Z',
        verificationMethod: `${did}#${did.slice('did:key:'.length)}`,
        proofPurpose: 'authentication',
        challenge: 'c-1',
        domain: 'jobs.example',
        ...more
      }
      const secured = await expandUnsecured(presentation, createContextSet())
      const { bytes } = await eddsaRdfc2022.hash(secured, proof, 'Ed25519')
      const proofValue = encodeMultibase('base58btc', await signer.sign(bytes))
      return { ...presentation, proof: { ...proof, proofValue } }
    }
  }
}

export function presentationOf(holder: string | undefined, ...credentials: readonly JsonObject[]): JsonObject {
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiablePresentation'],
    ...(holder === undefined ? {} : { holder }),
    ...(credentials.length === 0 ? {} : { verifiableCredential: [...credentials] })
  }
}
