import type { JsonObject } from '../encoding/json-types.js'
import { listOf } from './read.js'

const CREDENTIALS = 'https://www.w3.org/2018/credentials#'
/** The members on which a verdict rests. A holder who could move one out of sight would change the verdict. */
const WATCHED = [
  'issuer',
  'validFrom',
  'validUntil',
  'issuanceDate',
  'expirationDate',
  'credentialStatus',
  'credentialSchema',
  'credentialSubject',
  'refreshService',
  'relatedResource',
  'evidence',
  'termsOfUse',
  'holder',
  'verifiableCredential'
]

/**
 * Compares the members on which a verdict rests with what the signature covers, so that none of them hides behind
 * another name (security cases 17 to 21). Needed only where contexts are admitted that are not known to be harmless.
 *
 * @returns the name of the first member of which the document shows more or fewer than were signed
 */
export function findHiddenMember(document: JsonObject, nodes: readonly unknown[]): string | undefined {
  const [node] = nodes as readonly (Readonly<Record<string, unknown>> | undefined)[]
  return WATCHED.find((member) => listOf(document[member]).length !== countOf(node?.[`${CREDENTIALS}${member}`]))
}

function countOf(values: unknown): number {
  return Array.isArray(values) ? values.length : 0
}
