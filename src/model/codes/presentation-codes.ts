import type { CodeEntry } from '../check-ids.js'

/** What can be said of a presentation, besides what is said of any secured document. */
export const PRESENTATION_CODES = {
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
  CREDENTIALS_NONE: { check: 'credentials', outcome: 'fail', message: 'The presentation holds no credentials.' },
  CREDENTIALS_NOT_NEEDED: {
    check: 'credentials',
    outcome: 'notApplicable',
    message: 'The presentation holds no credentials, and none were asked for.'
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
