import type { CodeEntry } from '../check-ids.js'

/** What can be said of the input, and of the form of a document. */
export const FORM_CODES = {
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
  TYPE_NOT_EXPECTED: {
    check: 'shape',
    outcome: 'fail',
    message: 'The document is not a {expected}; its type is {found}.'
  },
  IDS_TOO_LONG: {
    check: 'shape',
    outcome: 'fail',
    message: 'The ids of the document are so long that its signed form would hold more than {limit} characters of them.'
  },
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
  }
} as const satisfies Readonly<Record<string, CodeEntry>>
