import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { generate } from '@digitalbazaar/ecdsa-multikey'
import {
  createDiscloseCryptosuite,
  createSignCryptosuite,
  createVerifyCryptosuite
} from '@digitalbazaar/ecdsa-sd-2023-cryptosuite'
import { type CredentialResult, derive, issue, verifyCredential } from '@digitalbazaar/vc'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { NOW } from '../support/issuer.js'
import { documentLoader } from './peer.js'

/** Another implementation of `ecdsa-sd-2023`, in each of its three parts. */
export interface DisclosurePeer {
  /** The `did:key` of the peer. */
  readonly id: string
  sign(credential: object, mandatoryPointers: readonly string[]): Promise<JsonObject>
  derive(credential: object, selectivePointers: readonly string[]): Promise<JsonObject>
  verify(credential: object): Promise<CredentialResult>
}

export async function createDisclosurePeer(): Promise<DisclosurePeer> {
  const key = await generate({ curve: 'P-256' })
  const id = `did:key:${key.publicKeyMultibase}`
  Object.assign(key, { id: `${id}#${key.publicKeyMultibase}`, controller: id })
  const date = '2026-06-01T12:00:00Z'
  // The peer writes into what it is given.
  const own = (credential: object) => structuredClone(credential)
  return {
    id,
    sign: async (credential, mandatoryPointers) => {
      const cryptosuite = createSignCryptosuite({ mandatoryPointers })
      const suite = new DataIntegrityProof({ cryptosuite, signer: key.signer(), date })
      return (await issue({ credential: own(credential), suite, documentLoader })) as JsonObject
    },
    derive: async (credential, selectivePointers) => {
      const suite = new DataIntegrityProof({ cryptosuite: createDiscloseCryptosuite({ selectivePointers }) })
      return (await derive({ verifiableCredential: own(credential), suite, documentLoader })) as JsonObject
    },
    verify: (credential) =>
      verifyCredential({
        credential: own(credential),
        suite: new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() }),
        documentLoader,
        checkStatus: async () => ({ verified: true }),
        now: NOW
      })
  }
}
