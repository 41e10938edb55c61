/** The checks of a report, in the order in which `verify` makes them. */
export const CHECK_IDS = [
  'input',
  'shape',
  'schema',
  'issuer',
  'proof',
  'document',
  'credentialSchema',
  'results',
  'refresh',
  'validity',
  'status',
  'recipient',
  'endorsements',
  'endorsementDates',
  'resources',
  'trust'
] as const

/** The checks of a presentation, in the order in which `verifyPresentation` makes them. */
export const PRESENTATION_CHECK_IDS = [
  'input',
  'shape',
  'schema',
  'holder',
  'proof',
  'document',
  'domain',
  'challenge',
  'credentials',
  'holderBinding'
] as const

export type CheckId = (typeof CHECK_IDS)[number] | (typeof PRESENTATION_CHECK_IDS)[number]

/** `unknown` means that it could not be found out, never that it is probably good. */
export type CheckOutcome = 'pass' | 'fail' | 'unknown' | 'notApplicable'

/** Where each check comes from. */
export const CHECK_SPECS: Readonly<Record<CheckId, string>> = {
  input: 'Open Badges 3.0 §5 Document Formats; RFC 8259',
  shape: 'VC Data Integrity 1.0 §2.4, §4.6; VC Data Model 2.0 §4',
  schema: 'Open Badges 3.0 §9.1 step 1; Appendix B Data Model',
  issuer: 'Controlled Identifiers 1.0 §3.3; Open Badges 3.0 Implementation Guide, Key provenance',
  proof:
    'Open Badges 3.0 §8.2, §9.1 step 2; RFC 7515; VC-JOSE-COSE; VC Data Integrity 1.0 §4.4, §4.5; Data Integrity EdDSA and ECDSA Cryptosuites 1.0 §3',
  document: 'Open Badges 3.0 §8.2.4.1; VC Data Integrity 1.0 §4.6 Context Validation; VC Data Model 2.0 §5.13',
  credentialSchema: 'Open Badges 3.0 §9.1 step 1; VC Data Model 2.0 §4.11',
  results: 'Open Badges 3.0 Appendix B, Result and ResultDescription',
  validity: 'Open Badges 3.0 §9.1 step 4; VC Data Model 2.0 §4.9',
  status: 'Open Badges 3.0 §9.1 step 4; Bitstring Status List 1.0 §3.2; 1EdTech Revocation List Status Method 1.0',
  refresh: 'Open Badges 3.0 §9.1 step 3',
  recipient: 'Open Badges 3.0 §9.1 step 5',
  endorsements: 'Open Badges 3.0 §9.1 step 6, §9.2',
  endorsementDates: 'Open Badges 3.0 §9.2',
  resources: 'VC Data Model 2.0 §5.3 Integrity of Related Resources',
  trust: 'VC Data Model 2.0 Appendix A.3 Issuer',
  holder: 'VC Data Model 2.0 §4.13; Controlled Identifiers 1.0 §3.3',
  domain: 'VC Data Integrity 1.0 §4.4',
  challenge: 'VC Data Integrity 1.0 §4.4; VC Data Model 2.0 §8.3',
  credentials: 'VC Data Model 2.0 §4.13, §7.1',
  holderBinding: 'VC Data Model 2.0 §4.13'
}

/** A code of one check, or of any, with its outcome and sentence; `{…}` is filled from the facts of the case. */
export interface CodeEntry {
  readonly check: CheckId | 'any'
  readonly outcome: CheckOutcome
  readonly message: string
}
