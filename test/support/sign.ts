import { sha384 } from '../../src/crypto/digest.js'
import { didKeyFromMaterial } from '../../src/did/did-key.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { type KeyStore, materialOfKey, type Signer, type SigningKeyAlgorithm } from '../../src/keys/key-store.js'

import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { type ContextDocument, createContextSet } from '../../src/model/contexts.js'
import { addProof } from '../../src/securing/add-proof.js'
import type { Cryptosuite } from '../../src/securing/cryptosuite.js'
import { eddsaRdfc2022 } from '../../src/securing/eddsa-rdfc-2022.js'
import { expandUnsecured } from '../../src/securing/unsecured-document.js'
import { NOW, testSeed } from './issuer.js'

export interface TestSigner {
  readonly did: string
  readonly verificationMethod: string
  readonly keys: KeyStore
  readonly signer: Signer
  /** Signs any document, without the checks of an issuer. */
  sign(document: JsonObject, options?: SignOptions): Promise<JsonObject>
}

export interface SignOptions {
  readonly created?: string
  readonly contexts?: readonly ContextDocument[]
  readonly verificationMethod?: string
  readonly suite?: Cryptosuite
}

export async function testSigner(label = 'issuer', algorithm: SigningKeyAlgorithm = 'Ed25519'): Promise<TestSigner> {
  const keys = await createMemoryKeyStore({ algorithm, seed: testSecret(label, algorithm), now: NOW })
  const signer = await keys.signer()
  const did = didKeyFromMaterial(materialOfKey(signer))
  const verificationMethod = `${did}#${did.slice('did:key:'.length)}`
  return {
    did,
    verificationMethod,
    keys,
    signer,
    async sign(document, options = {}) {
      const contexts = createContextSet(options.contexts)
      return addProof(await expandUnsecured(document, contexts), {
        signer,
        suite: options.suite ?? eddsaRdfc2022,
        verificationMethod: options.verificationMethod ?? verificationMethod,
        created: options.created ?? '2024-06-01T00:00:00Z'
      })
    }
  }
}

export function testSecret(label: string, algorithm: SigningKeyAlgorithm): Uint8Array {
  return algorithm === 'P-384' ? sha384(testSeed(label)) : testSeed(label)
}

/** The plain badge that the abuse cases start from. */
export function plainBadge(issuer: string, more: JsonObject = {}): JsonObject {
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
    id: 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000001',
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    issuer: { id: issuer, type: ['Profile'], name: 'Example University' },
    validFrom: '2024-01-01T00:00:00Z',
    name: 'Badge',
    credentialSubject: {
      id: 'did:example:learner',
      type: ['AchievementSubject'],
      achievement: {
        id: 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000002',
        type: ['Achievement'],
        name: 'Algebra I',
        description: 'Passed',
        criteria: { narrative: 'Exam' }
      }
    },
    ...more
  }
}

/** A deep copy that a test may edit. */
// biome-ignore lint/suspicious/noExplicitAny: abuse cases put anything anywhere.
export function editable(document: JsonObject): any {
  return structuredClone(document)
}
