/**
 * Every warning of its own that a report can carry, with its sentence; `{…}` is filled from the facts of the case. Codes
 * are stable, like those of checks. A report also warns with the codes of advisory checks that did not hold.
 */
export const WARNING_CODES = {
  LEGACY_FRAGMENT_KEY: 'The key was read from the fragment of its own address: nobody vouches that it is the issuer’s.',
  ISSUER_HOST_PUNYCODE:
    'The host of the issuer, {host}, is a name in other letters, which may look like another host where it is shown.',
  KEY_RETIRED: 'The key was retired on {expires}, after the signature says it was made.',
  PROOF_UNCHECKED: 'A proof in the suite {suite} was not checked.',
  PART_SHOWN:
    'The holder chose what to show of what was signed. What is absent may have been left out, be it a status or an end of validity.',
  UTF16_ORDER:
    'The signature fits the order by UTF-16 unit that some libraries use, not the code point order of RDFC-1.0.',
  JWT_HEADER_IGNORED: 'The header {header} of the JWT was not looked at.',
  JWT_AUDIENCE: 'The JWT says that it is meant for {audience}; nobody checked that this is you.',
  JWT_SUB_MISSING: 'The JWT lacks the claim sub, so it is the credential alone that says whom it is about.',
  RELAXED: 'Read in another form than it was written, as lenient allows: {form} ({path}).',
  SHARED_ID: '{id} is described in more than one place; the signature does not say which place says what.',
  STATUS_LIST_STATUS: 'A status list has a status of its own, which was not followed.',
  STATUS_LIST_UNSIGNED: 'The revocation list is not signed: whoever serves its address decides what it says.',
  STATUS_URL_TRACKABLE: 'The address of the status list tells its host which credential is looked at ({list}).',
  STATUS_REFRESH: 'The issuer says that there is a newer version of the credential.',
  STATUS_SNAPSHOT_ACCEPTED: 'The status is that of {asOf}, as the caller accepted.'
} as const satisfies Readonly<Record<string, string>>

export type WarningCode = keyof typeof WARNING_CODES
