/**
 * The kinds of secured document this library reads. `VerifiableCredential` is any credential of the data model, of which
 * no more is known. A presentation is secured like a credential, by its holder.
 */
export type CredentialKind =
  | 'AchievementCredential'
  | 'EndorsementCredential'
  | StatusListKind
  | 'VerifiableCredential'
  | 'VerifiablePresentation'

/** The kinds of credential that carry a status list. */
export type StatusListKind = 'BitstringStatusListCredential' | 'StatusList2021Credential'
