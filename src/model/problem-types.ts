import type { CheckCode } from './check-codes.js'
import type { CheckId } from './check-ids.js'

const DATA_MODEL = 'https://www.w3.org/TR/vc-data-model#'
const SECURITY = 'https://w3id.org/security#'
const STATUS_LIST = 'https://www.w3.org/ns/credentials/status-list#'
/** RFC 9457 section 4.2.1: nothing is said beyond the title. */
const NO_TYPE = 'about:blank'

/** The problem type of a check, where its code has none of its own. */
const BY_CHECK: Readonly<Partial<Record<CheckId, string>>> = {
  input: `${DATA_MODEL}PARSING_ERROR`,
  shape: `${DATA_MODEL}MALFORMED_VALUE_ERROR`,
  schema: `${DATA_MODEL}MALFORMED_VALUE_ERROR`,
  issuer: `${SECURITY}INVALID_VERIFICATION_METHOD`,
  proof: `${SECURITY}PROOF_VERIFICATION_ERROR`,
  document: `${SECURITY}PROOF_TRANSFORMATION_ERROR`,
  results: `${DATA_MODEL}MALFORMED_VALUE_ERROR`,
  validity: `${DATA_MODEL}RANGE_ERROR`,
  status: `${STATUS_LIST}STATUS_VERIFICATION_ERROR`,
  resources: `${DATA_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR`
}

const BY_CODE: Readonly<Partial<Record<CheckCode, string>>> = {
  SIGNATURE_INVALID: `${DATA_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR`,
  MEMBER_HIDDEN: `${DATA_MODEL}CRYPTOGRAPHIC_SECURITY_ERROR`,
  DATE_INVALID: `${DATA_MODEL}MALFORMED_VALUE_ERROR`,
  STATUS_UNAVAILABLE: `${STATUS_LIST}STATUS_RETRIEVAL_ERROR`,
  STATUS_ENTRY_MALFORMED: `${DATA_MODEL}MALFORMED_VALUE_ERROR`,
  STATUS_LIST_MALFORMED: `${DATA_MODEL}MALFORMED_VALUE_ERROR`,
  STATUS_LIST_LENGTH: `${STATUS_LIST}STATUS_LIST_LENGTH_ERROR`,
  STATUS_RANGE: `${DATA_MODEL}RANGE_ERROR`,
  STATUS_MEMORY_FAILED: NO_TYPE,
  REVOKED: NO_TYPE,
  SUSPENDED: NO_TYPE,
  NOT_REACHED: NO_TYPE,
  INTERNAL_ERROR: NO_TYPE
}

/**
 * The URL by which others know what a check found (VC Data Model 2.0 section 7.1, VC Data Integrity 1.0 section 4.7,
 * Controlled Identifiers 1.0 section 3.5, Bitstring Status List 1.0 section 3.5); `about:blank` where no standard has one.
 */
export function problemTypeOf(check: CheckId, code: string): string {
  const own = Object.hasOwn(BY_CODE, code) ? BY_CODE[code as CheckCode] : undefined
  return own ?? BY_CHECK[check] ?? NO_TYPE
}
