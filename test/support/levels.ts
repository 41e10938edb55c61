import { materialFromMultikey } from '../../src/crypto/multikey.js'
import { importPublicKey, type PublicKey } from '../../src/crypto/public-key.js'
import { KommaError } from '../../src/encoding/errors.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { type VerifyOptions, verify } from '../../src/index.js'
import { expandUnsecured } from '../../src/securing/unsecured-document.js'
import { settle } from '../../src/verifying/options.js'
import { type GatedProof, gateProofs } from '../../src/verifying/proof-gate.js'
import { verifyProofSet } from '../../src/verifying/proof-set.js'

/** Judges a signed document: `accepted`, or the code of the first check that was made and does not hold. */
export type Level = (signed: unknown, options: VerifyOptions) => Promise<string>

/** What every user calls. */
export const publicLevel: Level = async (signed, options) => {
  const { accepted, checks } = await verify(signed as JsonObject, options)
  const open = checks.find(
    ({ outcome, code }) => outcome === 'fail' || (outcome === 'unknown' && code !== 'NOT_REACHED')
  )
  return accepted ? 'accepted' : (open?.code ?? 'nothing')
}

/** The proofs alone, each with the key that it names: for documents whose proofs are not by their issuer. */
export const proofLevel: Level = async (signed, options) => {
  const settings = settle(options)
  const { proof: _, ...document } = signed as JsonObject
  const gate = gateProofs(signed as JsonObject, 'assertionMethod', settings)
  if (!gate.passed) return gate.check.code
  try {
    const keys = await Promise.all(gate.proofs.map(keyOf))
    if (gate.proofs.some(({ suite }, index) => !suite.keyAlgorithms.includes(keys[index]?.algorithm ?? 'RSA')))
      return 'ISSUER_KEY_INVALID'
    const secured = await expandUnsecured(document, settings.contexts)
    const { holds } = await verifyProofSet(gate.proofs, keys, secured)
    return holds ? (gate.open?.code ?? 'accepted') : 'SIGNATURE_INVALID'
  } catch (error) {
    if (error instanceof KommaError) return error.code
    throw error
  }
}

function keyOf({ verificationMethod }: GatedProof): Promise<PublicKey> {
  return importPublicKey(materialFromMultikey(verificationMethod.split('#')[1] ?? ''))
}
