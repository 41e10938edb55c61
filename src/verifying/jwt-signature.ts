import { type PublicKey, SIGNATURE_ALGORITHMS, type SignatureAlgorithm } from '../crypto/public-key.js'
import { resolveJwtKey } from '../did/jwt-key.js'
import type { IssuerKey } from '../did/key-search.js'
import { KommaError } from '../encoding/errors.js'
import type { CompactJws } from '../securing/jwt/compact-jws.js'
import type { JoseHeader } from '../securing/jwt/jose-header.js'
import { timeOfNumericDate } from '../securing/jwt/numeric-date.js'
import { keyFailure } from './embedded-walk.js'
import { keySearch, keyWarnings, nameWarnings, signingTime } from './key-search.js'
import type { Settings } from './options.js'
import { type Check, check, type ProofFact, type Warning } from './report.js'
import type { ExpectedSigner } from './signer.js'

export interface JwtSignatureResult {
  /** The check `issuer`, and where there is a key the check `proof`. */
  readonly checks: readonly Check[]
  readonly proof: ProofFact
  readonly warnings: readonly Warning[]
}

/**
 * Finds the key that the header names among the keys of the signer, and checks the signature of the token with it. A key
 * that the header brings along counts only where the signer publishes it (security cases 111 and 112).
 *
 * Does not look at the claims.
 *
 * @param signer the issuer of a credential, or the holder of a presentation
 */
export async function checkJwtSignature(
  jwt: CompactJws,
  header: JoseHeader,
  signer: ExpectedSigner,
  settings: Settings
): Promise<JwtSignatureResult> {
  let key: IssuerKey
  try {
    key = await resolveKey(jwt, header, signer, settings)
  } catch (error) {
    return { checks: [keyFailure(error)], proof: factOf(jwt, header), warnings: [] }
  }
  const bound = check('ISSUER_BOUND', { issuer: signer.id })
  const verdict = await checkSignature(jwt, header, key.publicKey)
  const holds = verdict.outcome === 'unknown' ? {} : { holds: verdict.outcome === 'pass' }
  const proof = { ...factOf(jwt, header), checked: true, keyFrom: key.via, ...holds }
  return { checks: [bound, verdict], proof, warnings: [...nameWarnings(signer.id), ...keyWarnings(key)] }
}

async function checkSignature(jwt: CompactJws, { algorithm }: JoseHeader, key: PublicKey): Promise<Check> {
  const expected = algorithmsOf(key)
  if (!expected.includes(algorithm))
    return check('JWT_ALGORITHM_MISMATCH', { alg: algorithm, expected: expected.join(' or ') })
  try {
    const holds = (await key.verify(algorithm, jwt.signature, jwt.signingInput)) === true
    return holds ? check('PROOF_VALID', { suites: algorithm }) : check('SIGNATURE_INVALID')
  } catch (error) {
    const isUnavailable = error instanceof KommaError && error.code === 'CRYPTO_UNAVAILABLE'
    return isUnavailable
      ? check('SIGNATURE_UNCHECKED', { reason: error.message })
      : check('INTERNAL_ERROR', {}, 'proof')
  }
}

/** An RSA key may be published for one of its algorithms alone (RFC 7517 section 4.4). */
function algorithmsOf({ algorithm, material }: PublicKey): readonly SignatureAlgorithm[] {
  return material.algorithm === 'RSA' && material.alg !== undefined ? [material.alg] : SIGNATURE_ALGORITHMS[algorithm]
}

function factOf({ claims }: CompactJws, { format, algorithm, kid }: JoseHeader): ProofFact {
  return {
    type: format,
    cryptosuite: undefined,
    verificationMethod: undefined,
    created: timeOfNumericDate(claims['iat']),
    checked: false,
    keyFrom: undefined,
    algorithm,
    kid
  }
}

async function resolveKey(
  { claims }: CompactJws,
  { kid, jwk }: JoseHeader,
  { id: issuer, purpose }: ExpectedSigner,
  settings: Settings
): Promise<IssuerKey> {
  const signed = timeOfNumericDate(claims['iat']) ?? timeOfNumericDate(claims['nbf'])
  const header = { ...(kid === undefined ? {} : { kid }), ...(jwk === undefined ? {} : { jwk }) }
  return resolveJwtKey({ header, issuer, purpose, ...keySearch(settings, signingTime(signed)) })
}
