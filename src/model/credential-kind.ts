/**
 * The kinds of verifiable credential this library reads. `VerifiableCredential` is any credential of the data model, of
 * which no more is known.
 */
export type CredentialKind = 'AchievementCredential' | 'EndorsementCredential' | StatusListKind | 'VerifiableCredential'

/** The kinds of credential that carry a status list. */
export type StatusListKind = 'BitstringStatusListCredential' | 'StatusList2021Credential'
