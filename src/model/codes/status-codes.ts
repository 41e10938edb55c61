import type { CodeEntry } from '../check-ids.js'

/** What can be said of the status of a credential. */
export const STATUS_CODES = {
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
  }
} as const satisfies Readonly<Record<string, CodeEntry>>
