import { p256 } from '@noble/curves/nist.js'
import { expect, it } from 'vitest'
import { expand, toQuads } from '../../../src/canonical/json-ld.js'
import { nameNodes } from '../../../src/canonical/named-nodes.js'
import { canonicalizeQuads } from '../../../src/canonical/rdfc.js'
import { importPublicKey } from '../../../src/crypto/public-key.js'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import { decodeHex, decodeMultibase, encodeHex, encodeMultibase } from '../../../src/encoding/multibase.js'
import { contextDigest, createContextSet } from '../../../src/model/contexts.js'
import { canonicalProofOptions } from '../../../src/securing/proof-options.js'
import { createBaseProof } from '../../../src/securing/sd/base-proof.js'
import { readStatements, verifyDerivedProof } from '../../../src/securing/sd/derived-proof.js'
import { disclose } from '../../../src/securing/sd/disclosure.js'
import { selectPointers } from '../../../src/securing/sd/pointers.js'
import { readBaseProofValue, readDerivedProofValue } from '../../../src/securing/sd/proof-value.js'
import { signData } from '../../../src/securing/sd/sign-data.js'
import { statementKeyOf } from '../../../src/securing/sd/statement-key.js'
import { hideStatements } from '../../../src/securing/sd/statements.js'
import { expandUnsecured } from '../../../src/securing/unsecured-document.js'
import { describeShared, readSharedJson, readSharedText } from '../../support/shared.js'

const FOLDER = 'vectors/w3c/vc-di-ecdsa/ecdsa-sd-2023'
const SETS = [
  { name: 'employ', selective: 'employSelective.json' },
  { name: 'prc', selective: 'prCredSelective.json' }
] as const

describeShared.each(SETS)('the W3C vectors for ecdsa-sd-2023: $name', ({ name, selective }) => {
  const read = (file: string) => readSharedJson(`${FOLDER}/${name}/${file}`)
  const entries = (map: { readonly value: readonly (readonly [number, string])[] }) => map.value
  const secretOf = (multikey: string) => decodeMultibase(multikey).slice(2)
  const citizenship = readSharedJson('vectors/w3c/contexts/citizenship-v4rc1.jsonld')
  const contexts = createContextSet([
    { url: 'https://w3id.org/citizenship/v4rc1', document: citizenship, sha256: contextDigest(citizenship) }
  ])
  const keys = readSharedJson(`${FOLDER}/SDKeyMaterial.json`)
  const secrets = {
    hmacKey: decodeHex(keys.hmacKeyString.toLowerCase()),
    statementKey: statementKeyOf(secretOf(keys.proofKeyPair.secretKeyMultibase))
  }
  const { '@context': _, ...options } = read('addProofConfig.json')
  const base = read('addSignedSDBase.json')
  // The unsigned document of prc in the folder above has another description than the one that was signed.
  const { proof: __, ...document } = base as JsonObject
  const derived = read('derivedRevealDocument.json')
  const reveal = readSharedJson(`vectors/w3c/vc-di-ecdsa/${selective}`)
  const { mandatoryPointers } = read('addBaseTransform.json')

  async function named() {
    const expanded = await expand(document, contexts)
    return nameNodes(document, expanded, contexts)
  }

  async function hidden() {
    const names = await named()
    return hideStatements(names, selectPointers(mandatoryPointers, document, names.forms, ''), secrets.hmacKey)
  }

  it('gives the canonical form of the document', async () => {
    const { text } = await canonicalizeQuads((await named()).quads)
    expect(text).toBe(read('addBaseDocCanon.json').join(''))
  })

  it('names blank nodes by HMAC, in order', async () => {
    expect((await hidden()).lines).toEqual(read('addBaseDocHMACCanon.json'))
  })

  it('finds the mandatory statements', async () => {
    const { lines, mandatory } = await hidden()
    const { mandatory: wanted, nonMandatory } = read('addBaseTransform.json')
    const numbered = [...lines.entries()]
    expect(numbered.filter(([, line]) => mandatory.has(line))).toEqual(entries(wanted))
    expect(numbered.filter(([, line]) => !mandatory.has(line))).toEqual(entries(nonMandatory))
  })

  it('hashes proof options and mandatory statements', async () => {
    const { proofHash, mandatoryHash } = read('addHashData.json')
    expect(await canonicalProofOptions(options, document['@context'] ?? null, contexts)).toBe(
      readSharedText(`${FOLDER}/${name}/addProofConfigCanon.txt`)
    )
    const { lines, mandatory } = await hidden()
    const publicKey = decodeMultibase(keys.proofKeyPair.publicKeyMultibase)
    expect(encodeHex(secrets.statementKey.publicKey)).toBe(encodeHex(publicKey))
    const shown = lines.filter((line) => mandatory.has(line))
    expect(encodeHex(await signData({ document, contexts }, options, publicKey, shown))).toBe(
      proofHash + encodeHex(publicKey) + mandatoryHash
    )
  })

  it('makes the base proof, every signature included', async () => {
    const secret = secretOf(keys.baseKeyPair.secretKeyMultibase)
    const signer = {
      algorithm: 'P-256',
      sign: async (bytes: Uint8Array) => p256.sign(bytes, secret, { lowS: false })
    } as const
    const secured = await expandUnsecured(document, contexts)
    const proof = await createBaseProof(secured, options, mandatoryPointers, secrets, signer)
    const raw = read('addRawBaseSignatureInfo.json')
    const value = readBaseProofValue(String(proof['proofValue']))
    expect(value.signatures.map(encodeHex)).toEqual(raw.signatures)
    expect(encodeHex(value.baseSignature)).toBe(raw.baseSignature)
    expect(encodeMultibase('base58btc', value.publicKey)).toBe(raw.publicKey)
    expect(proof).toEqual(base.proof)
  })

  it('derives what is shown, and its proof', async () => {
    const secured = await expandUnsecured(document, contexts)
    const { shown, derive } = await disclose(secured, base.proof.proofValue, reveal)
    expect(shown).toEqual(read('derivedUnsignedReveal.json'))
    const proofValue = await derive(await expandUnsecured(shown, contexts))
    const value = readDerivedProofValue(proofValue)
    expect(value.mandatoryIndexes).toEqual(read('derivedAdjMandatoryIndexes.json').adjMandatoryIndexes)
    expect(value.signatures.map(encodeHex)).toEqual(read('derivedAdjSignatures.json').filteredSignatures)
    const { labelMap } = read('derivedDisclosureData.json')
    expect([...value.labelMap].map(([key, label]) => [`c14n${key}`, encodeMultibase('base64url', label)])).toEqual(
      labelMap.value
    )
    expect({ ...shown, proof: { ...base.proof, proofValue } }).toEqual(derived)
  })

  it('reads the statements that are shown', async () => {
    const { proof, ...shown } = derived
    const secured = await expandUnsecured(shown, contexts)
    const quads = await toQuads(secured.expanded)
    const found = await readStatements(quads, readDerivedProofValue(proof.proofValue), 'codePoint')
    const wanted = read('verifyCreateVerifyData.json')
    expect(found?.optional).toEqual(wanted.nonMandatory)
    expect([...(found?.mandatory ?? []), ...(found?.optional ?? [])].sort()).toEqual(
      [...read('verifyNQuads.json')].sort()
    )
  })

  it('verifies the derived proof, and no other for it', async () => {
    const { proof, ...shown } = derived
    const [, method] = proof.verificationMethod.split('#')
    const key = await importPublicKey({ algorithm: 'P-256', bytes: decodeMultibase(method).slice(2) })
    const secured = await expandUnsecured(shown, contexts)
    expect(await verifyDerivedProof(secured, proof, key)).toEqual({ holds: true })

    const changed = [
      [{ ...shown, validUntil: '2039-12-03T00:00:00Z' }, proof],
      [shown, { ...proof, created: '2023-08-15T23:36:39Z' }],
      [shown, { ...proof, proofPurpose: 'authentication' }]
    ] as const
    for (const [document, other] of changed) {
      expect(await verifyDerivedProof(await expandUnsecured(document, contexts), other, key)).toEqual({ holds: false })
    }
    const another = await importPublicKey({
      algorithm: 'P-256',
      bytes: decodeMultibase(keys.proofKeyPair.publicKeyMultibase).slice(2)
    })
    expect(await verifyDerivedProof(secured, proof, another)).toEqual({ holds: false })
  })
})
