import { describe, expect, it } from 'vitest'
import { expand } from '../../src/canonical/json-ld.js'
import { canonicalize } from '../../src/canonical/rdfc.js'
import { type DigestAlgorithm, digest } from '../../src/crypto/digest.js'
import { materialFromMultikey } from '../../src/crypto/multikey.js'
import { importPublicKey } from '../../src/crypto/public-key.js'
import { canonicalJson } from '../../src/encoding/canonical-json.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { decodeMultibase, encodeHex, encodeMultibase } from '../../src/encoding/multibase.js'
import type { Signer } from '../../src/keys/key-store.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { createContextSet } from '../../src/model/contexts.js'
import { canonicalProofOptions } from '../../src/securing/proof-options.js'
import { unsecured } from '../../src/securing/unsecured-document.js'
import { describeShared, readSharedJson } from '../support/shared.js'
import { signedOf, stepOf, VECTORS, type Vector, vectorContexts } from '../support/w3c-vectors.js'

async function prepare(vector: Vector) {
  const contexts = createContextSet(vectorContexts())
  const { proof, ...document } = signedOf(vector)
  return { contexts, proof, document, secured: unsecured(document, await expand(document, contexts), contexts) }
}

async function signerOf({ algorithm, keyPair }: Vector): Promise<Signer> {
  const { privateKeyMultibase, secretKeyMultibase } = readSharedJson(keyPair)
  const seed = decodeMultibase(privateKeyMultibase ?? secretKeyMultibase).slice(2)
  return (await createMemoryKeyStore({ algorithm, seed })).signer()
}

async function canonicalForms(vector: Vector): Promise<readonly [document: string, options: string]> {
  const { contexts, proof, document, secured } = await prepare(vector)
  const { proofValue: _, ...options } = proof
  if (vector.suite.proofContext) return [canonicalJson(document), canonicalJson(options)]
  const algorithm = digestOf(vector)
  const { text } = await canonicalize(secured.expanded, { digest: algorithm })
  return [text, await canonicalProofOptions(proof, document['@context'] ?? null, contexts, algorithm)]
}

function digestOf({ algorithm }: Vector): DigestAlgorithm {
  return algorithm === 'P-384' ? 'SHA-384' : 'SHA-256'
}

describeShared('the W3C vectors of the suites that sign two hashes', () => {
  it('are ten, over five suites and three kinds of key', () => {
    expect(VECTORS).toHaveLength(10)
    expect(new Set(VECTORS.map(({ suite }) => suite.name)).size).toBe(5)
  })

  describe.each(VECTORS)('$name', (vector) => {
    const step = (name: string) => stepOf(vector, name).trim()

    it('has the canonical forms and hashes that were published', async () => {
      const [document, options] = await canonicalForms(vector)
      expect(document).toBe(stepOf(vector, 'canonDoc'))
      expect(options).toBe(stepOf(vector, 'proofCanon'))
      const hash = (text: string) => encodeHex(digest(digestOf(vector), new TextEncoder().encode(text)))
      expect([hash(document), hash(options)]).toEqual([step('docHash'), step('proofHash')])
    })

    it('signs the bytes that were published, to the signature that was published', async () => {
      const { secured, proof } = await prepare(vector)
      const signer = await signerOf(vector)
      const { bytes } = await vector.suite.hash(secured, proof, vector.algorithm)
      expect(encodeHex(bytes)).toBe(step('combinedHash'))
      const signature = await signer.sign(bytes)
      expect(encodeHex(signature)).toBe(step('sigHex'))
      expect(encodeMultibase('base58btc', signature)).toBe(step('sigBTC58'))
      expect(proof['proofValue']).toBe(step('sigBTC58'))
    })

    it('is made again by a suite that signs, member for member', async () => {
      const { secured, proof } = await prepare(vector)
      const { createProof } = vector.suite
      if (createProof === undefined) return expect(vector.suite.name).toBe('Ed25519Signature2020')
      const { created, verificationMethod } = proof as { created: string; verificationMethod: string }
      expect(await createProof(secured, { created, verificationMethod }, await signerOf(vector))).toEqual(proof)
    })

    it('holds with its key, and with no bit of hashes or signature flipped', async () => {
      const { secured, proof } = await prepare(vector)
      const key = await importPublicKey(materialFromMultikey(readSharedJson(vector.keyPair).publicKeyMultibase))
      expect(await vector.suite.verifyProof(secured, proof, key)).toMatchObject({ holds: true })
      for (const at of [0, 31, 32, 63]) {
        const signature = decodeMultibase(String(proof['proofValue']))
        signature[at] = (signature[at] as number) ^ 0x40
        const edited: JsonObject = { ...proof, proofValue: encodeMultibase('base58btc', signature) }
        expect(await vector.suite.verifyProof(secured, edited, key)).toEqual({ holds: false })
      }
      const { bytes } = await vector.suite.hash(secured, proof, vector.algorithm)
      const algorithm = { Ed25519: 'EdDSA', 'P-256': 'ES256', 'P-384': 'ES384' } as const
      for (const at of [0, bytes.length / 2 - 1, bytes.length / 2, bytes.length - 1]) {
        const flipped = bytes.slice()
        flipped[at] = (flipped[at] as number) ^ 1
        const signature = decodeMultibase(String(proof['proofValue']))
        expect(await key.verify(algorithm[vector.algorithm], signature, flipped)).toBe(false)
      }
    })
  })
})
