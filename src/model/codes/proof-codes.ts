import type { CodeEntry } from '../check-ids.js'

/** What can be said of signatures and what they cover. */
export const PROOF_CODES = {
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
    message: 'The JWT is said to be signed with {alg}, but the key signs with {expected}.'
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
  }
} as const satisfies Readonly<Record<string, CodeEntry>>
