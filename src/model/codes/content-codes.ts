import type { CodeEntry } from '../check-ids.js'

/** What can be said of what a verified credential states. */
export const CONTENT_CODES = {
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
  }
} as const satisfies Readonly<Record<string, CodeEntry>>
