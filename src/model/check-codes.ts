import { CONTENT_CODES } from './codes/content-codes.js'
import { ENDORSEMENT_CODES } from './codes/endorsement-codes.js'
import { FORM_CODES } from './codes/form-codes.js'
import { PRESENTATION_CODES } from './codes/presentation-codes.js'
import { PROOF_CODES } from './codes/proof-codes.js'
import { RECIPIENT_CODES } from './codes/recipient-codes.js'
import { STATUS_CODES } from './codes/status-codes.js'
import { SURROUNDINGS_CODES } from './codes/surroundings-codes.js'

/**
 * Every code a check can answer with, its outcome and its sentence, in the order of the checks. `{…}` is filled from the
 * facts of the case. Codes are stable: one is never renamed and never given another meaning. The check `input` also
 * answers with the codes of `ERROR_CODES` that a reader of text, JSON and images can raise.
 */
export const CHECK_CODES = {
  ...FORM_CODES,
  ...PROOF_CODES,
  ...CONTENT_CODES,
  ...STATUS_CODES,
  ...RECIPIENT_CODES,
  ...ENDORSEMENT_CODES,
  ...SURROUNDINGS_CODES,
  ...PRESENTATION_CODES
} as const

export type CheckCode = keyof typeof CHECK_CODES
