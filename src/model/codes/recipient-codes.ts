import type { CodeEntry } from '../check-ids.js'

/** What can be said of whom a credential was awarded to. */
export const RECIPIENT_CODES = {
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
  }
} as const satisfies Readonly<Record<string, CodeEntry>>
