/** The kinds of verifiable credential this library reads. */
export type CredentialKind = 'AchievementCredential' | 'EndorsementCredential' | 'BitstringStatusListCredential'
