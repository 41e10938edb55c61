import { expand } from '../canonical/json-ld.js'
import { canonicalize } from '../canonical/rdfc.js'
import type { DigestAlgorithm } from '../crypto/digest.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { type ContextSet, VC_V2_CONTEXT } from '../model/contexts.js'

const PREPARED_MEMBERS = ['created', 'cryptosuite', 'proofPurpose', 'type', 'verificationMethod'].join()
const PLAIN_IRI = /^[A-Za-z][A-Za-z0-9+.-]*:[\w\-.~:/?#@!$&'()*+,;=%[\]]+$/
const PLAIN_TIME = /^[0-9T:.Z+-]+$/

/**
 * The canonical N-Quads of proof options (Data Integrity EdDSA Cryptosuites 1.0 section 3.2.5): the proof without its
 * `proofValue`, read with the `@context` of the document.
 *
 * Proof options under the VCDM 2.0 context that have just the usual five members always come out as the same five
 * lines around two values, so those are written directly. Everything else takes the general way.
 */
export async function canonicalProofOptions(
  proof: JsonObject,
  context: JsonValue,
  contexts: ContextSet,
  digest: DigestAlgorithm = 'SHA-256'
): Promise<string> {
  const { proofValue: _, ...options } = proof
  const prepared = preparedText(options, context)
  if (prepared !== undefined) return prepared
  const expanded = await expand({ ...options, '@context': context }, contexts)
  return (await canonicalize(expanded, { digest })).text
}

function preparedText(options: JsonObject, context: JsonValue): string | undefined {
  const first = Array.isArray(context) ? context[0] : context
  const { type, cryptosuite, created, verificationMethod, proofPurpose } = options
  const usual =
    first === VC_V2_CONTEXT &&
    Object.keys(options).sort().join() === PREPARED_MEMBERS &&
    type === 'DataIntegrityProof' &&
    proofPurpose === 'assertionMethod' &&
    typeof cryptosuite === 'string' &&
    /^[a-z0-9-]+$/.test(cryptosuite) &&
    typeof created === 'string' &&
    PLAIN_TIME.test(created) &&
    typeof verificationMethod === 'string' &&
    PLAIN_IRI.test(verificationMethod)
  if (!usual) return undefined
  const security = 'https://w3id.org/security#'
  return [
    `_:c14n0 <http://purl.org/dc/terms/created> "${created}"^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n`,
    `_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <${security}DataIntegrityProof> .\n`,
    `_:c14n0 <${security}cryptosuite> "${cryptosuite}"^^<${security}cryptosuiteString> .\n`,
    `_:c14n0 <${security}proofPurpose> <${security}assertionMethod> .\n`,
    `_:c14n0 <${security}verificationMethod> <${verificationMethod}> .\n`
  ].join('')
}
