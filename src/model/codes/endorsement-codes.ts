import type { CodeEntry } from '../check-ids.js'

/** What can be said of endorsements. */
export const ENDORSEMENT_CODES = {
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
  }
} as const satisfies Readonly<Record<string, CodeEntry>>
