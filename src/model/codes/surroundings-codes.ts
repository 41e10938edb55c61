import type { CodeEntry } from '../check-ids.js'

/** What can be said of files that a credential refers to, and of who knows its issuer. */
export const SURROUNDINGS_CODES = {
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
