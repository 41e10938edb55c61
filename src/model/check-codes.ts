/** The checks of a report, in the order in which `verify` makes them. */
export const CHECK_IDS = [
  'input',
  'shape',
  'schema',
  'issuer',
  'proof',
  'document',
  'credentialSchema',
  'results',
  'refresh',
  'validity',
  'status',
  'recipient',
  'endorsements',
  'endorsementDates',
  'resources',
  'trust'
] as const

/** The checks of a presentation, in the order in which `verifyPresentation` makes them. */
export const PRESENTATION_CHECK_IDS = [
  'input',
  'shape',
  'schema',
  'holder',
  'proof',
  'document',
  'domain',
  'challenge',
  'credentials',
  'holderBinding'
] as const

export type CheckId = (typeof CHECK_IDS)[number] | (typeof PRESENTATION_CHECK_IDS)[number]

/** `unknown` means that it could not be found out, never that it is probably good. */
export type CheckOutcome = 'pass' | 'fail' | 'unknown' | 'notApplicable'

/** Where each check comes from. */
export const CHECK_SPECS: Readonly<Record<CheckId, string>> = {
  input: 'Open Badges 3.0 §5 Document Formats; RFC 8259',
  shape: 'VC Data Integrity 1.0 §2.4, §4.6; VC Data Model 2.0 §4',
  schema: 'Open Badges 3.0 §9.1 step 1; Appendix B Data Model',
  issuer: 'Controlled Identifiers 1.0 §3.3; Open Badges 3.0 Implementation Guide, Key provenance',
  proof:
    'Open Badges 3.0 §8.2, §9.1 step 2; RFC 7515; VC-JOSE-COSE; VC Data Integrity 1.0 §4.4, §4.5; Data Integrity EdDSA and ECDSA Cryptosuites 1.0 §3',
  document: 'Open Badges 3.0 §8.2.4.1; VC Data Integrity 1.0 §4.6 Context Validation; VC Data Model 2.0 §5.13',
  credentialSchema: 'Open Badges 3.0 §9.1 step 1; VC Data Model 2.0 §4.11',
  results: 'Open Badges 3.0 Appendix B, Result and ResultDescription',
  validity: 'Open Badges 3.0 §9.1 step 4; VC Data Model 2.0 §4.9',
  status: 'Open Badges 3.0 §9.1 step 4; Bitstring Status List 1.0 §3.2; 1EdTech Revocation List Status Method 1.0',
  refresh: 'Open Badges 3.0 §9.1 step 3',
  recipient: 'Open Badges 3.0 §9.1 step 5',
  endorsements: 'Open Badges 3.0 §9.1 step 6, §9.2',
  endorsementDates: 'Open Badges 3.0 §9.2',
  resources: 'VC Data Model 2.0 §5.3 Integrity of Related Resources',
  trust: 'VC Data Model 2.0 Appendix A.3 Issuer',
  holder: 'VC Data Model 2.0 §4.13; Controlled Identifiers 1.0 §3.3',
  domain: 'VC Data Integrity 1.0 §4.4',
  challenge: 'VC Data Integrity 1.0 §4.4; VC Data Model 2.0 §8.3',
  credentials: 'VC Data Model 2.0 §4.13, §7.1',
  holderBinding: 'VC Data Model 2.0 §4.13'
}

interface CodeEntry {
  readonly check: CheckId | 'any'
  readonly outcome: CheckOutcome
  readonly message: string
}

/**
 * Every code a check can answer with, its outcome and its sentence. `{…}` is filled from the facts of the case. Codes
 * are stable: one is never renamed and never given another meaning. The check `input` also answers with the codes of
 * `ERROR_CODES` that a reader of text, JSON and images can raise.
 */
export const CHECK_CODES = {
  NOT_REACHED: { check: 'any', outcome: 'unknown', message: 'Not checked, because the check "{after}" did not pass.' },
  NOT_A_BADGE: {
    check: 'any',
    outcome: 'notApplicable',
    message: 'The check is about Open Badges, and any credential was asked for.'
  },
  INTERNAL_ERROR: { check: 'any', outcome: 'unknown', message: 'The check itself failed; nothing can be said.' },

  INPUT_READ: { check: 'input', outcome: 'pass', message: 'The input was read as {form}.' },
  INPUT_UNREADABLE: { check: 'input', outcome: 'fail', message: 'The input cannot be read: {reason}.' },

  SHAPE_SOUND: { check: 'shape', outcome: 'pass', message: 'The document uses known contexts and plain members only.' },
  CONTEXT_NOT_ALLOWED: {
    check: 'shape',
    outcome: 'fail',
    message: 'The list of contexts is not an accepted one: {reason}.'
  },
  CONTEXT_NESTED: {
    check: 'shape',
    outcome: 'fail',
    message: 'A context inside the document can change what its members mean ({path}).'
  },
  KEYWORD_IN_DOCUMENT: {
    check: 'shape',
    outcome: 'fail',
    message: 'A JSON-LD keyword stands where a plain member belongs ({path}).'
  },
  IRI_AS_MEMBER: {
    check: 'shape',
    outcome: 'fail',
    message: 'A member is named by an IRI instead of a term ({path}).'
  },
  EMPTY_VALUE: {
    check: 'shape',
    outcome: 'fail',
    message: 'A null or an empty array stands in the document; it is never signed ({path}).'
  },
  ID_NOT_ABSOLUTE: { check: 'shape', outcome: 'fail', message: 'An id is not an absolute IRI ({path}).' },
  DUPLICATE_TYPE: { check: 'shape', outcome: 'fail', message: 'A type is listed twice ({path}).' },
  DUPLICATE_VALUE: {
    check: 'shape',
    outcome: 'fail',
    message: 'A value stands twice in a list; the second mention is not signed ({path}).'
  },
  NUMBER_NOT_EXACT: {
    check: 'shape',
    outcome: 'fail',
    message: 'A number has more digits than its signed form keeps ({path}).'
  },
  TYPE_DISGUISED: {
    check: 'shape',
    outcome: 'fail',
    message: 'A type is written under another name than its own ({path}).'
  },
  CLASS_AS_MEMBER: {
    check: 'shape',
    outcome: 'fail',
    message: 'A member is named like a class, which no reader looks for ({path}).'
  },
  ID_AMBIGUOUS: {
    check: 'shape',
    outcome: 'fail',
    message: 'One id stands for several things, so members could have been moved between them ({path}).'
  },
  TYPE_NOT_EXPECTED: { check: 'shape', outcome: 'fail', message: 'The document is not a {expected}.' },
  TOO_MANY_NODES: {
    check: 'shape',
    outcome: 'fail',
    message: 'The document has more than {limit} objects and list entries.'
  },

  SCHEMA_VALID: { check: 'schema', outcome: 'pass', message: 'The document has the required members and types.' },
  SCHEMA_INVALID: { check: 'schema', outcome: 'fail', message: 'The document breaks the data model: {reason}.' },

  ISSUER_BOUND: { check: 'issuer', outcome: 'pass', message: 'The signing key belongs to the issuer {issuer}.' },
  ISSUER_KEY_UNRESOLVED: {
    check: 'issuer',
    outcome: 'unknown',
    message: 'The keys of the issuer could not be read: {reason}.'
  },
  ISSUER_KEY_MISMATCH: {
    check: 'issuer',
    outcome: 'fail',
    message: 'The signing key does not belong to the issuer: {reason}.'
  },
  ISSUER_KEY_INVALID: {
    check: 'issuer',
    outcome: 'fail',
    message: 'The key that the proof names cannot be used: {reason}.'
  },

  PROOF_VALID: { check: 'proof', outcome: 'pass', message: 'The signature fits the document ({suites}).' },
  PROOF_MISSING: { check: 'proof', outcome: 'fail', message: 'The document has no proof.' },
  PROOF_MALFORMED: { check: 'proof', outcome: 'fail', message: 'A proof is not well formed: {reason}.' },
  PROOF_BASE_SHOWN: {
    check: 'proof',
    outcome: 'fail',
    message: 'The proof is a base proof, which is for the holder alone; a credential derived from it can be shown.'
  },
  PROOF_SUITE_NOT_ACCEPTED: {
    check: 'proof',
    outcome: 'fail',
    message: 'No proof uses an accepted suite; found {found}.'
  },
  PROOF_NOT_CHECKED: {
    check: 'proof',
    outcome: 'fail',
    message:
      'A proof in a suite that is not accepted stands beside the checked one, and every proof was asked for ({found}).'
  },
  PROOF_CHAIN_BROKEN: {
    check: 'proof',
    outcome: 'fail',
    message: 'The proofs do not form a chain: {reason}.'
  },
  PROOF_CHAIN_UNCHECKED: {
    check: 'proof',
    outcome: 'unknown',
    message: 'A proof builds on one in a suite that is not accepted and so not checked ({found}).'
  },
  PROOF_PURPOSE_MISMATCH: {
    check: 'proof',
    outcome: 'fail',
    message: 'The proof was made for another purpose than {purpose}.'
  },
  PROOF_CREATED_IN_FUTURE: {
    check: 'proof',
    outcome: 'fail',
    message: 'The proof claims to be made after the time of this check ({created}).'
  },
  PROOF_EXPIRED: { check: 'proof', outcome: 'fail', message: 'The proof expired on {expires}.' },
  PROOF_NOT_YET_VALID: { check: 'proof', outcome: 'fail', message: 'The proof holds from {from} only.' },
  JWT_TYPE_REFUSED: {
    check: 'proof',
    outcome: 'fail',
    message: 'The header of the JWT says that it is another kind of token ({typ}).'
  },
  JWT_ALGORITHM_REFUSED: {
    check: 'proof',
    outcome: 'fail',
    message: 'The JWT is not signed with an accepted algorithm; found {alg}.'
  },
  JWT_ALGORITHM_MISMATCH: {
    check: 'proof',
    outcome: 'fail',
    message: 'The JWT is said to be signed with {alg}, but the key of the issuer signs with {expected}.'
  },
  JWT_HEADER_REFUSED: { check: 'proof', outcome: 'fail', message: 'The header of the JWT is refused: {reason}.' },
  SIGNATURE_UNCHECKED: {
    check: 'proof',
    outcome: 'unknown',
    message: 'This runtime cannot check the signature: {reason}.'
  },
  SIGNATURE_INVALID: {
    check: 'proof',
    outcome: 'fail',
    message: 'The signature does not fit: the document was changed, or another key signed it.'
  },

  DOCUMENT_SOUND: {
    check: 'document',
    outcome: 'pass',
    message: 'Every member of the document is covered by the signature under the name it shows.'
  },
  JWT_FORM_MISMATCH: {
    check: 'document',
    outcome: 'fail',
    message: 'The payload of the JWT is not in a form for credentials: {reason}.'
  },
  JWT_CLAIM_INVALID: {
    check: 'document',
    outcome: 'fail',
    message: 'The claim {claim} of the JWT is not a whole number of seconds since 1970.'
  },
  JWT_CLAIM_MISSING: {
    check: 'document',
    outcome: 'fail',
    message: 'The JWT lacks the claim {claim}, which Open Badges asks for.'
  },
  JWT_SUBJECT_MISSING: {
    check: 'document',
    outcome: 'fail',
    message: 'The JWT does not say whom the credential is about: it lacks the claim sub.'
  },
  JWT_CLAIM_MISMATCH: {
    check: 'document',
    outcome: 'fail',
    message: 'The claim {claim} of the JWT says something else than {member} of the credential.'
  },
  UNDEFINED_TERM: {
    check: 'document',
    outcome: 'fail',
    message: 'A member is not defined by the contexts and so not signed: {reason}.'
  },
  MEMBER_HIDDEN: {
    check: 'document',
    outcome: 'fail',
    message: 'The signature covers another {member} than the document shows.'
  },
  DOCUMENT_NOT_CANONICAL: {
    check: 'document',
    outcome: 'fail',
    message: 'The document has no canonical form: {reason}.'
  },

  CREDENTIAL_SCHEMA_KNOWN: {
    check: 'credentialSchema',
    outcome: 'pass',
    message: 'The schemas the credential names are known, and it fits them.'
  },
  CREDENTIAL_SCHEMA_UNKNOWN: {
    check: 'credentialSchema',
    outcome: 'unknown',
    message: 'The credential names a schema that is not bundled; it was not fetched ({id}).'
  },
  CREDENTIAL_SCHEMA_NONE: {
    check: 'credentialSchema',
    outcome: 'notApplicable',
    message: 'The credential names no schema of its own.'
  },

  RESULTS_CONSISTENT: { check: 'results', outcome: 'pass', message: 'Every result fits the description it points at.' },
  RESULT_INCONSISTENT: {
    check: 'results',
    outcome: 'fail',
    message: 'A result does not fit its description: {reason}.'
  },
  RESULTS_NONE: { check: 'results', outcome: 'notApplicable', message: 'The credential states no results.' },

  VALID_NOW: { check: 'validity', outcome: 'pass', message: 'The credential is within its validity period.' },
  NOT_YET_VALID: { check: 'validity', outcome: 'fail', message: 'The credential is valid from {from} only.' },
  EXPIRED: { check: 'validity', outcome: 'fail', message: 'The credential expired on {until}.' },
  DATE_INVALID: { check: 'validity', outcome: 'fail', message: 'A date cannot be read: {reason}.' },
  VALIDITY_ORDER: { check: 'validity', outcome: 'fail', message: 'validUntil is before validFrom.' },

  STATUS_GOOD: {
    check: 'status',
    outcome: 'pass',
    message: 'The status list of {asOf} shows no revocation or suspension.'
  },
  STATUS_NOT_LISTED: {
    check: 'status',
    outcome: 'pass',
    message: 'The revocation list at the address that the credential names does not name the credential.'
  },
  STATUS_NONE: {
    check: 'status',
    outcome: 'notApplicable',
    message: 'The credential has no status entry; it cannot be revoked.'
  },
  REVOKED: { check: 'status', outcome: 'fail', message: 'The issuer has revoked the credential.' },
  SUSPENDED: { check: 'status', outcome: 'fail', message: 'The issuer has suspended the credential.' },
  STATUS_UNAVAILABLE: { check: 'status', outcome: 'unknown', message: 'The status list could not be read: {reason}.' },
  STATUS_TYPE_UNKNOWN: {
    check: 'status',
    outcome: 'unknown',
    message: 'The status entry has a type this version does not read ({type}).'
  },
  STATUS_ENTRY_MALFORMED: { check: 'status', outcome: 'unknown', message: 'The status entry is malformed: {reason}.' },
  STATUS_LIST_UNVERIFIED: {
    check: 'status',
    outcome: 'unknown',
    message: 'The status list does not verify: {reason}.'
  },
  STATUS_LIST_MALFORMED: { check: 'status', outcome: 'unknown', message: 'The status list is malformed: {reason}.' },
  STATUS_LIST_LENGTH: {
    check: 'status',
    outcome: 'unknown',
    message: 'The status list has too few entries to hide one among them ({got}).'
  },
  STATUS_RANGE: { check: 'status', outcome: 'unknown', message: 'The status list has no entry {got}.' },
  STATUS_LIST_FOREIGN: {
    check: 'status',
    outcome: 'unknown',
    message: 'The status list was issued by somebody else ({issuer}).'
  },
  STATUS_LIST_STALE: {
    check: 'status',
    outcome: 'unknown',
    message: 'The status list is too old to rely on ({asOf}).'
  },
  STATUS_LIST_NOT_YET_VALID: {
    check: 'status',
    outcome: 'unknown',
    message: 'The status list is from a later time than this check ({asOf}).'
  },
  STATUS_ROLLBACK: {
    check: 'status',
    outcome: 'unknown',
    message: 'The status list is older ({asOf}) than one that was seen before ({latest}).'
  },
  STATUS_MEMORY_FAILED: {
    check: 'status',
    outcome: 'unknown',
    message: 'Whether a newer status list was seen before could not be found out.'
  },
  STATUS_PURPOSE_MISMATCH: {
    check: 'status',
    outcome: 'unknown',
    message: 'The status list serves another purpose than the entry asks for.'
  },

  REFRESH_NONE: { check: 'refresh', outcome: 'notApplicable', message: 'The credential names no refresh service.' },
  REFRESH_NOT_ATTEMPTED: {
    check: 'refresh',
    outcome: 'unknown',
    message: 'A newer version may exist; the refresh service was not asked.'
  },
  REFRESH_TYPE_UNKNOWN: {
    check: 'refresh',
    outcome: 'unknown',
    message: 'The refresh service has a type this version does not ask.'
  },
  REFRESHED: {
    check: 'refresh',
    outcome: 'pass',
    message: 'The refresh service gave a newer copy, valid from {from}, which the other checks are about.'
  },
  REFRESH_CURRENT: { check: 'refresh', outcome: 'pass', message: 'The refresh service has no newer copy.' },
  REFRESH_FAILED: {
    check: 'refresh',
    outcome: 'unknown',
    message: 'The refresh service gave nothing that counts, so the original is what is checked: {reason}.'
  },

  RECIPIENT_NOT_ASKED: { check: 'recipient', outcome: 'notApplicable', message: 'No expected recipient was given.' },
  RECIPIENT_MATCHED: {
    check: 'recipient',
    outcome: 'pass',
    message: 'The credential was awarded to the expected recipient.'
  },
  RECIPIENT_MISMATCH: {
    check: 'recipient',
    outcome: 'fail',
    message: 'The credential was awarded to somebody else than the expected recipient.'
  },
  RECIPIENT_HASH_UNSUPPORTED: {
    check: 'recipient',
    outcome: 'unknown',
    message: 'The recipient is hashed with an algorithm that is not accepted.'
  },

  ENDORSEMENTS_NONE: {
    check: 'endorsements',
    outcome: 'notApplicable',
    message: 'The credential carries no endorsements.'
  },
  ENDORSEMENTS_VERIFIED: {
    check: 'endorsements',
    outcome: 'pass',
    message: 'Every endorsement verifies and is about what carries it ({count}).'
  },
  ENDORSEMENT_INVALID: {
    check: 'endorsements',
    outcome: 'fail',
    message: 'An endorsement does not verify ({path}): {reason}.'
  },
  ENDORSEMENT_TARGET_MISMATCH: {
    check: 'endorsements',
    outcome: 'fail',
    message: 'An endorsement is about something else than what carries it ({path}).'
  },
  ENDORSEMENT_UNDECIDED: {
    check: 'endorsements',
    outcome: 'unknown',
    message: 'An endorsement could not be checked ({path}): {reason}.'
  },

  ENDORSEMENT_DATES_NONE: {
    check: 'endorsementDates',
    outcome: 'notApplicable',
    message: 'There is no endorsement whose period could be looked at.'
  },
  ENDORSEMENTS_VALID_NOW: {
    check: 'endorsementDates',
    outcome: 'pass',
    message: 'Every endorsement is within its own validity period.'
  },
  ENDORSEMENT_NOT_VALID_NOW: {
    check: 'endorsementDates',
    outcome: 'fail',
    message: 'An endorsement is not within its own validity period ({path}): {reason}.'
  },

  RESOURCES_NONE: {
    check: 'resources',
    outcome: 'notApplicable',
    message: 'The credential states no digest of a file.'
  },
  RESOURCES_NOT_GIVEN: {
    check: 'resources',
    outcome: 'notApplicable',
    message: 'The credential states digests of files ({count}), none of which was handed in.'
  },
  RESOURCES_MATCH: {
    check: 'resources',
    outcome: 'pass',
    message: 'The files are the ones that the credential refers to ({count}).'
  },
  RESOURCES_SOME_MATCH: {
    check: 'resources',
    outcome: 'pass',
    message: 'The files that were handed in are the ones the credential refers to ({count}); others were not ({rest}).'
  },
  RESOURCE_MISMATCH: {
    check: 'resources',
    outcome: 'fail',
    message: 'A file is not the one that the credential refers to ({id}).'
  },
  RESOURCE_MALFORMED: {
    check: 'resources',
    outcome: 'fail',
    message: 'The credential refers to a file without a digest that can be read, or twice ({path}).'
  },

  TRUST_NOT_ASKED: { check: 'trust', outcome: 'notApplicable', message: 'No list of known issuers was given.' },
  TRUST_KNOWN: { check: 'trust', outcome: 'pass', message: 'The issuer is known to {lists}.' },
  TRUST_UNKNOWN: { check: 'trust', outcome: 'unknown', message: 'No list that was given knows the issuer.' },
  TRUST_UNDECIDED: {
    check: 'trust',
    outcome: 'unknown',
    message: 'The list {list} could not say whether it knows the issuer.'
  },

  HOLDER_BOUND: { check: 'holder', outcome: 'pass', message: 'The signing key belongs to the holder {holder}.' },
  HOLDER_KEY_UNRESOLVED: {
    check: 'holder',
    outcome: 'unknown',
    message: 'The keys of the holder could not be read: {reason}.'
  },
  HOLDER_KEY_MISMATCH: {
    check: 'holder',
    outcome: 'fail',
    message: 'The signing key does not belong to the holder: {reason}.'
  },
  HOLDER_KEY_INVALID: {
    check: 'holder',
    outcome: 'fail',
    message: 'The key that the proof names cannot be used: {reason}.'
  },

  DOMAIN_MATCHED: { check: 'domain', outcome: 'pass', message: 'The presentation was made for the expected domain.' },
  DOMAIN_MISMATCH: { check: 'domain', outcome: 'fail', message: 'The presentation was made for another domain.' },
  DOMAIN_NOT_ASKED: {
    check: 'domain',
    outcome: 'unknown',
    message: 'No expected domain was given; the presentation may have been made for somebody else.'
  },

  CHALLENGE_ANSWERED: { check: 'challenge', outcome: 'pass', message: 'The presentation answers the challenge.' },
  CHALLENGE_MISMATCH: {
    check: 'challenge',
    outcome: 'fail',
    message: 'The presentation answers another challenge, or none.'
  },
  CHALLENGE_USED: {
    check: 'challenge',
    outcome: 'fail',
    message: 'The challenge was not given out, has run out, or was answered before.'
  },
  CHALLENGE_UNDECIDED: {
    check: 'challenge',
    outcome: 'unknown',
    message: 'It could not be found out whether the challenge was answered before.'
  },
  CHALLENGE_NOT_ASKED: {
    check: 'challenge',
    outcome: 'unknown',
    message: 'No challenge was given; the presentation may have been shown before.'
  },

  CREDENTIALS_ACCEPTED: {
    check: 'credentials',
    outcome: 'pass',
    message: 'Every credential of the presentation is accepted ({count}).'
  },
  CREDENTIAL_NOT_ACCEPTED: {
    check: 'credentials',
    outcome: 'fail',
    message: 'A credential of the presentation is not accepted ({path}).'
  },
  CREDENTIALS_NONE: {
    check: 'credentials',
    outcome: 'notApplicable',
    message: 'The presentation holds no credentials.'
  },
  CREDENTIALS_TOO_MANY: {
    check: 'credentials',
    outcome: 'unknown',
    message: 'The presentation holds more than {most} credentials.'
  },

  HOLDER_IS_SUBJECT: {
    check: 'holderBinding',
    outcome: 'pass',
    message: 'Every credential is about the holder of the presentation.'
  },
  HOLDER_IS_NOT_SUBJECT: {
    check: 'holderBinding',
    outcome: 'fail',
    message: 'A credential is about somebody else than the holder of the presentation.'
  },
  HOLDER_BINDING_OPEN: {
    check: 'holderBinding',
    outcome: 'unknown',
    message: 'A credential does not name its subject by an id, or could not be read.'
  },
  HOLDER_BINDING_NONE: {
    check: 'holderBinding',
    outcome: 'notApplicable',
    message: 'There is no credential that could be about the holder.'
  }
} as const satisfies Readonly<Record<string, CodeEntry>>

export type CheckCode = keyof typeof CHECK_CODES
