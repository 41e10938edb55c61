import { sha256 } from '../../src/crypto/digest.js'
import { buildControllerDocument } from '../../src/did/build-controller-document.js'
import type { CborValue } from '../../src/encoding/cbor.js'
import { decodeCbor, encodeCbor } from '../../src/encoding/cbor.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { defaultSuites } from '../../src/index.js'
import type { KeyStore } from '../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { createContextSet } from '../../src/model/contexts.js'
import { addProof } from '../../src/securing/add-proof.js'
import type { Cryptosuite } from '../../src/securing/cryptosuite.js'
import { disclose } from '../../src/securing/sd/disclosure.js'
import { expandUnsecured } from '../../src/securing/unsecured-document.js'
import { createEcdsaSd2023, ecdsaSd2023 } from '../../src/selective-disclosure.js'
import { NOW, testSeed } from './issuer.js'

/** A key store with the P-256 key of the test label. */
export async function p256Keys(label: string): Promise<KeyStore> {
  return createMemoryKeyStore({ algorithm: 'P-256', seed: testSeed(label), now: NOW })
}

/** Gives bytes that follow from a label, never the same twice. */
export function countingRandom(label: string): (length: number) => Uint8Array {
  let count = 0
  const block = () => {
    count += 1
    return sha256(new TextEncoder().encode(`${label} ${count}`))
  }
  return (length) => {
    const bytes: number[] = []
    while (bytes.length < length) bytes.push(...block())
    return Uint8Array.from(bytes.slice(0, length))
  }
}

export interface DisclosureSigner {
  /** The `https` id of the issuer. */
  readonly id: string
  readonly controllerDocument: readonly [string, string]
  /** Signs any document with a base proof, without the checks of an issuer. */
  sign(document: JsonObject, suite?: Cryptosuite): Promise<JsonObject>
}

export async function disclosureSigner(label = 'issuer'): Promise<DisclosureSigner> {
  const keys = await p256Keys(label)
  const [key] = await keys.keys()
  const id = `https://${label}.example/issuer`
  const verificationMethod = `${id}#${key?.id}`
  const contexts = createContextSet()
  const usual = createEcdsaSd2023({ random: countingRandom(label) })
  return {
    id,
    controllerDocument: [id, JSON.stringify(buildControllerDocument({ id, keys: await keys.keys() }))],
    async sign(document, suite = usual) {
      return addProof(await expandUnsecured(document, contexts), {
        signer: await keys.signer(),
        suite,
        verificationMethod,
        created: '2024-06-01T00:00:00Z'
      })
    }
  }
}

/** Suites that read derived proofs as well. */
export const suites: readonly Cryptosuite[] = [...defaultSuites, ecdsaSd2023]

/** The value of a proof, taken apart and put together again. */
export function editProofValue(document: JsonObject, edit: (components: CborValue[]) => CborValue): JsonObject {
  const { header, components } = componentsOf(document)
  return withProofValue(document, Uint8Array.from([...header, ...encodeCbor(edit(components))]))
}

export function componentsOf(document: JsonObject): { readonly header: Uint8Array; readonly components: CborValue[] } {
  const bytes = proofBytes(document)
  return { header: bytes.slice(0, 3), components: [...(decodeCbor(bytes.subarray(3)) as readonly CborValue[])] }
}

export function proofBytes(document: JsonObject): Uint8Array {
  const [proof] = [document['proof']].flat() as readonly JsonObject[]
  return new Uint8Array(Buffer.from(String(proof?.['proofValue']).slice(1), 'base64url'))
}

export function withProofValue(document: JsonObject, bytes: Uint8Array): JsonObject {
  return withProofText(document, `u${Buffer.from(bytes).toString('base64url')}`)
}

export function withProofText(document: JsonObject, proofValue: string): JsonObject {
  const [proof] = [document['proof']].flat() as readonly JsonObject[]
  return { ...document, proof: { ...proof, proofValue } }
}

/** What a holder without our gates would show. */
export async function discloseFreely(base: JsonObject, reveal: readonly string[]): Promise<JsonObject> {
  const { proof: proofs, ...document } = base
  const [proof] = [proofs].flat() as unknown as readonly [JsonObject]
  const contexts = createContextSet()
  const { shown, derive } = await disclose(
    await expandUnsecured(document, contexts),
    String(proof['proofValue']),
    reveal
  )
  return { ...shown, proof: { ...proof, proofValue: await derive(await expandUnsecured(shown, contexts)) } }
}
