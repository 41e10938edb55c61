import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { generate } from '@digitalbazaar/ed25519-multikey'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { type CredentialResult, issue, type Loader, verifyCredential } from '@digitalbazaar/vc'
import { createContextSet } from '../../src/model/contexts.js'
import { NOW, testSeed } from '../support/issuer.js'

const DID_CONTEXT = 'https://www.w3.org/ns/did/v1'
const MULTIKEY_CONTEXT = 'https://w3id.org/security/multikey/v1'

/** Another implementation of the same standards, with the test key of `label`. */
export interface Peer {
  /** The `did:key` of the peer. */
  readonly id: string
  sign(credential: object, created?: string): Promise<Record<string, unknown>>
  /** The peer's verdict on a signature. It is not asked about status: it calls revoked credentials verified. */
  verify(credential: object): Promise<CredentialResult>
}

export async function createPeer(label: string): Promise<Peer> {
  const seed = testSeed(label)
  const { publicKeyMultibase } = await generate({ seed })
  const id = `did:key:${publicKeyMultibase}`
  const key = await generate({ seed, id: `${id}#${publicKeyMultibase}`, controller: id })
  return {
    id,
    sign: (credential, date = '2026-06-01T12:00:00Z') =>
      issue({
        // The peer writes the proof into the object that it is given.
        credential: structuredClone(credential),
        suite: new DataIntegrityProof({ cryptosuite, signer: key.signer(), date }),
        documentLoader
      }),
    verify: (credential) =>
      verifyCredential({
        credential,
        suite: new DataIntegrityProof({ cryptosuite }),
        documentLoader,
        checkStatus: async () => ({ verified: true }),
        now: NOW
      })
  }
}

const contexts = createContextSet()

/** Contexts from memory and `did:key` written out; never the tag `static`, which would fill a cache that all share. */
export const documentLoader: Loader = async (url) => {
  const document = contexts.get(url) ?? didKeyDocument(url)
  if (document === undefined) throw new Error(`not at hand: ${url}`)
  return { contextUrl: null, documentUrl: url, document }
}

function didKeyDocument(url: string): object | undefined {
  const [, did, publicKeyMultibase, fragment] = /^(did:key:(z[A-Za-z0-9]+))(#.+)?$/.exec(url) ?? []
  if (did === undefined || publicKeyMultibase === undefined) return undefined
  const method = { id: `${did}#${publicKeyMultibase}`, type: 'Multikey', controller: did, publicKeyMultibase }
  if (fragment !== undefined) return { '@context': MULTIKEY_CONTEXT, ...method }
  return {
    '@context': [DID_CONTEXT, MULTIKEY_CONTEXT],
    id: did,
    verificationMethod: [method],
    assertionMethod: [method.id]
  }
}
