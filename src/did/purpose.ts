/** What a key may be used for, as controller documents name it (Controlled Identifiers 1.0, section 2.3). */
export type VerificationPurpose =
  | 'assertionMethod'
  | 'authentication'
  | 'keyAgreement'
  | 'capabilityInvocation'
  | 'capabilityDelegation'

/** The purposes that are served by signing. */
export const SIGNING_PURPOSES: readonly VerificationPurpose[] = Object.freeze([
  'assertionMethod',
  'authentication',
  'capabilityInvocation',
  'capabilityDelegation'
])

export const PURPOSES: readonly VerificationPurpose[] = Object.freeze([...SIGNING_PURPOSES, 'keyAgreement'])
