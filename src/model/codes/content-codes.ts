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

  VALID_NOW: { check: 'validity', outcome: 'pass', message: 'The credential is within its validity period.' },
  NOT_YET_VALID: { check: 'validity', outcome: 'fail', message: 'The credential is valid from {from} only.' },
  EXPIRED: { check: 'validity', outcome: 'fail', message: 'The credential expired on {until}.' },
  DATE_INVALID: { check: 'validity', outcome: 'fail', message: 'A date cannot be read: {reason}.' },
  VALIDITY_ORDER: { check: 'validity', outcome: 'fail', message: 'validUntil is before validFrom.' }
} as const satisfies Readonly<Record<string, CodeEntry>>
