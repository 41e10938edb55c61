// Generated from schemas/open-badges-3.0.schema.json by "npm run generate". Change the schema, not this file.

/** What kind of achievement it is. */
export type AchievementType =
  | 'Achievement'
  | 'ApprenticeshipCertificate'
  | 'Assessment'
  | 'Assignment'
  | 'AssociateDegree'
  | 'Award'
  | 'Badge'
  | 'BachelorDegree'
  | 'Certificate'
  | 'CertificateOfCompletion'
  | 'Certification'
  | 'CommunityService'
  | 'Competency'
  | 'Course'
  | 'CoCurricular'
  | 'Degree'
  | 'Diploma'
  | 'DoctoralDegree'
  | 'Fieldwork'
  | 'GeneralEducationDevelopment'
  | 'JourneymanCertificate'
  | 'LearningProgram'
  | 'License'
  | 'Membership'
  | 'ProfessionalDoctorate'
  | 'QualityAssuranceCredential'
  | 'MasterCertificate'
  | 'MasterDegree'
  | 'MicroCredential'
  | 'ResearchDoctorate'
  | 'SecondarySchoolDiploma'
  | `ext:${string}`

/** What kind of node an alignment points at. */
export type AlignmentTargetType =
  | 'ceasn:Competency'
  | 'ceterms:Credential'
  | 'CFItem'
  | 'CFRubric'
  | 'CFRubricCriterion'
  | 'CFRubricCriterionLevel'
  | 'CTDL'
  | `ext:${string}`

/** What kind of identifier it is. */
export type IdentifierType =
  | 'name'
  | 'sourcedId'
  | 'systemId'
  | 'productId'
  | 'userName'
  | 'accountId'
  | 'emailAddress'
  | 'nationalIdentityNumber'
  | 'isbn'
  | 'issn'
  | 'lisSourcedId'
  | 'oneRosterSourcedId'
  | 'sisSourcedId'
  | 'ltiContextId'
  | 'ltiDeploymentId'
  | 'ltiToolId'
  | 'ltiPlatformId'
  | 'ltiUserId'
  | 'identifier'
  | `ext:${string}`

/** What kind of result a description describes. */
export type ResultType =
  | 'GradePointAverage'
  | 'LetterGrade'
  | 'Percent'
  | 'PerformanceLevel'
  | 'PredictedScore'
  | 'RawScore'
  | 'Result'
  | 'RubricCriterion'
  | 'RubricCriterionLevel'
  | 'RubricScore'
  | 'ScaledScore'
  | 'Status'
  | `ext:${string}`

/** How far the person has come; Completed where nothing is stated. */
export type ResultStatusType = 'Completed' | 'Enrolled' | 'Failed' | 'InProgress' | 'OnHold' | 'Provisional' | 'Withdrew'

/** The URL of a JSON-LD context, or the context itself. */
export type ContextEntry = string | { readonly [key: string]: unknown }

/** What every credential of the data model 2.0 has in Open Badges 3.0. */
export interface VerifiableCredential {
  /** The JSON-LD contexts, in order. */
  readonly '@context': readonly (string | ContextEntry)[]
  /** Names the credential; copies with the same id and issuer are versions of one credential. */
  readonly id?: string
  /** Contains `VerifiableCredential`. */
  readonly type: readonly string[]
  /** Who issued the credential. */
  readonly issuer: ProfileRef
  /** From when the credential is valid; the newest copy has the latest. */
  readonly validFrom: string
  /** Until when the credential is valid. */
  readonly validUntil?: string
  /** What the credential says, and about whom. */
  readonly credentialSubject: { readonly [key: string]: unknown }
  /** Embedded proofs. */
  readonly proof?: readonly Proof[]
  /** Schemas that the credential follows. */
  readonly credentialSchema?: readonly CredentialSchema[]
  /** Where to read whether the credential still stands. One entry. */
  readonly credentialStatus?: CredentialStatus
  /** Where to get a newer copy. */
  readonly refreshService?: RefreshService
  /** Under which terms it was issued. */
  readonly termsOfUse?: readonly TermsOfUse[]
  readonly [key: string]: unknown
}

/** What every credential of the data model 1.1 has in Open Badges 3.0. For reading only. */
export interface VerifiableCredential11 {
  /** The JSON-LD contexts, in order. */
  readonly '@context': readonly (string | ContextEntry)[]
  /** Names the credential. */
  readonly id?: string
  /** Contains `VerifiableCredential`. */
  readonly type: readonly string[]
  /** Who issued the credential; never a bare URI in this version. */
  readonly issuer: Profile
  /** From when the credential is valid. */
  readonly issuanceDate: string
  /** Until when the credential is valid. */
  readonly expirationDate?: string
  /** What the credential says, and about whom. */
  readonly credentialSubject: { readonly [key: string]: unknown }
  /** Embedded proofs. */
  readonly proof?: readonly Proof[]
  /** Schemas that the credential follows. */
  readonly credentialSchema?: readonly CredentialSchema[]
  /** Where to read whether the credential still stands. One entry. */
  readonly credentialStatus?: CredentialStatus
  /** Where to get a newer copy. */
  readonly refreshService?: RefreshService
  /** Under which terms it was issued. */
  readonly termsOfUse?: readonly TermsOfUse[]
  readonly [key: string]: unknown
}

/** A badge: an issuer says that a person has achieved something. Also called OpenBadgeCredential. */
export interface AchievementCredential extends VerifiableCredential {
  /** Names the credential; copies with the same id and issuer are versions of one badge. */
  readonly id: string
  /** Contains `VerifiableCredential` and `OpenBadgeCredential` or `AchievementCredential`. */
  readonly type: readonly string[]
  /** A name to show in a wallet. */
  readonly name?: string
  /** A short text to show in a wallet. */
  readonly description?: string
  /** A picture of this badge. */
  readonly image?: Image
  /** When it was first awarded; stays when `validFrom` moves. */
  readonly awardedDate?: string
  /** Who has achieved what. */
  readonly credentialSubject: AchievementSubject
  /** Endorsements with embedded proofs. */
  readonly endorsement?: readonly AnyEndorsementCredential[]
  /** Endorsements as VC-JWT. */
  readonly endorsementJwt?: readonly string[]
  /** What was looked at before it was awarded. */
  readonly evidence?: readonly Evidence[]
  readonly [key: string]: unknown
}

/** A badge of the data model 1.1. For reading only. */
export interface AchievementCredential11 extends VerifiableCredential11 {
  /** Names the credential. */
  readonly id: string
  /** Contains `VerifiableCredential` and `OpenBadgeCredential` or `AchievementCredential`. */
  readonly type: readonly string[]
  /** A name to show in a wallet; required in this version. */
  readonly name: string
  /** A short text to show in a wallet. */
  readonly description?: string
  /** A picture of this badge. */
  readonly image?: Image
  /** When it was first awarded. */
  readonly awardedDate?: string
  /** Who has achieved what. */
  readonly credentialSubject: AchievementSubject
  /** Endorsements with embedded proofs. */
  readonly endorsement?: readonly AnyEndorsementCredential[]
  /** Endorsements as VC-JWT. */
  readonly endorsementJwt?: readonly string[]
  /** What was looked at before it was awarded. */
  readonly evidence?: readonly Evidence[]
  readonly [key: string]: unknown
}

/** The person a badge is about, and what that person achieved. Has an `id` or an `identifier`. */
export interface AchievementSubject {
  /** A URI of the person, such as a DID. */
  readonly id?: string
  /** Contains `AchievementSubject`. */
  readonly type: readonly string[]
  /** What was achieved. */
  readonly achievement: Achievement
  /** When the activity began. */
  readonly activityStartDate?: string
  /** When the activity ended. */
  readonly activityEndDate?: string
  /** How many credits were earned. */
  readonly creditsEarned?: number
  /** Other identifiers of the person, usually hashed. */
  readonly identifier?: readonly IdentityObject[]
  /** A picture made for this person, meant for baking. */
  readonly image?: Image
  /** The number of the licence that was granted. */
  readonly licenseNumber?: string
  /** A story of how it was achieved, in Markdown. */
  readonly narrative?: string
  /** Results, each for a result description of the achievement. */
  readonly result?: readonly Result[]
  /** The part that the person played. */
  readonly role?: string
  /** Who assessed on behalf of the issuer. */
  readonly source?: Profile
  /** The academic term. */
  readonly term?: string
  readonly [key: string]: unknown
}

/** Something that can be achieved, and what it takes. */
export interface Achievement {
  /** Names the achievement. */
  readonly id: string
  /** Contains `Achievement`. */
  readonly type: readonly string[]
  /** The name of the achievement. */
  readonly name: string
  /** What the achievement is, in a few sentences. */
  readonly description: string
  /** What it takes. */
  readonly criteria: Criteria
  /** What kind of achievement it is. */
  readonly achievementType?: AchievementType
  /** Nodes of frameworks that it corresponds to. */
  readonly alignment?: readonly Alignment[]
  /** Who defined the achievement. */
  readonly creator?: Profile
  /** How many credits can be earned. */
  readonly creditsAvailable?: number
  /** Endorsements of the achievement, with embedded proofs. */
  readonly endorsement?: readonly AnyEndorsementCredential[]
  /** Endorsements of the achievement, as VC-JWT. */
  readonly endorsementJwt?: readonly string[]
  /** The subject or branch of knowledge. */
  readonly fieldOfStudy?: string
  /** A code that people use, such as a course number. */
  readonly humanCode?: string
  /** A picture of the achievement. */
  readonly image?: Image
  /** The language of the texts of the achievement. */
  readonly inLanguage?: string
  /** Other identifiers of the achievement. */
  readonly otherIdentifier?: readonly IdentifierEntry[]
  /** Achievements that count as the same, such as language editions. */
  readonly related?: readonly Related[]
  /** The results that are possible or required. */
  readonly resultDescription?: readonly ResultDescription[]
  /** The focus within the field of study. */
  readonly specialization?: string
  /** Words to find the achievement by. */
  readonly tag?: readonly string[]
  /** The version of the achievement. */
  readonly version?: string
  readonly [key: string]: unknown
}

/** What it takes to earn an achievement: a page, a text, or both. */
export interface Criteria {
  /** The URL of a page with the criteria. */
  readonly id?: string
  /** The criteria in Markdown. */
  readonly narrative?: string
  readonly [key: string]: unknown
}

/** Something that shows the achievement. */
export interface Evidence {
  /** Where it is: a URL or a data URI. */
  readonly id?: string
  /** Contains `Evidence`. */
  readonly type: readonly string[]
  /** What it shows, in Markdown. */
  readonly narrative?: string
  /** A name for it. */
  readonly name?: string
  /** A longer description. */
  readonly description?: string
  /** What kind of evidence it is. */
  readonly genre?: string
  /** Whom it was made for. */
  readonly audience?: string
  readonly [key: string]: unknown
}

/** A node of a framework that an achievement, result or level corresponds to. */
export interface Alignment {
  /** Contains `Alignment`. */
  readonly type: readonly string[]
  /** The name of the node. */
  readonly targetName: string
  /** The URL of the node. */
  readonly targetUrl: string
  /** The code of the node within its framework. */
  readonly targetCode?: string
  /** What the node is about. */
  readonly targetDescription?: string
  /** The name of the framework. */
  readonly targetFramework?: string
  /** What kind of node it is. */
  readonly targetType?: AlignmentTargetType
  readonly [key: string]: unknown
}

/** One result that a person reached. */
export interface Result {
  /** Contains `Result`. */
  readonly type: readonly string[]
  /** The id of a result description of the same achievement. */
  readonly resultDescription?: string
  /** The id of the rubric level that was reached. */
  readonly achievedLevel?: string
  /** The value that was reached, such as a grade. */
  readonly value?: string
  /** How far the person has come. */
  readonly status?: ResultStatusType
  /** Nodes of frameworks that the result corresponds to. */
  readonly alignment?: readonly Alignment[]
  readonly [key: string]: unknown
}

/** A result that is possible or required for an achievement. */
export interface ResultDescription {
  /** Names the description; results point here. */
  readonly id: string
  /** Contains `ResultDescription`. */
  readonly type: readonly string[]
  /** The name of the result. */
  readonly name: string
  /** What kind of result it is. */
  readonly resultType: ResultType
  /** Nodes of frameworks that it corresponds to. */
  readonly alignment?: readonly Alignment[]
  /** The values that are possible, from low to high. */
  readonly allowedValue?: readonly string[]
  /** The id of the lowest rubric level that suffices. */
  readonly requiredLevel?: string
  /** The lowest value that suffices. */
  readonly requiredValue?: string
  /** The levels, from low to high; the order is not signed by an embedded proof. */
  readonly rubricCriterionLevel?: readonly RubricCriterionLevel[]
  /** The highest possible value. */
  readonly valueMax?: string
  /** The lowest possible value. */
  readonly valueMin?: string
  readonly [key: string]: unknown
}

/** One level of a rubric. */
export interface RubricCriterionLevel {
  /** Names the level; results and descriptions point here. */
  readonly id: string
  /** Contains `RubricCriterionLevel`. */
  readonly type: readonly string[]
  /** The name of the level. */
  readonly name: string
  /** Nodes of frameworks that it corresponds to. */
  readonly alignment?: readonly Alignment[]
  /** What a person on this level can do. */
  readonly description?: string
  /** The rank of the level, as text. */
  readonly level?: string
  /** The points for this level, as text. */
  readonly points?: string
  readonly [key: string]: unknown
}

/** A profile, or the URI of one. */
export type ProfileRef = string | Profile

/** A person or an organisation. */
export interface Profile {
  /** Names the person or organisation; its keys are found through it. */
  readonly id: string
  /** Contains `Profile`. */
  readonly type: readonly string[]
  /** The name. */
  readonly name?: string
  /** The home page. */
  readonly url?: string
  /** A telephone number. */
  readonly phone?: string
  /** A short description. */
  readonly description?: string
  /** Endorsements with embedded proofs. */
  readonly endorsement?: readonly AnyEndorsementCredential[]
  /** Endorsements as VC-JWT. */
  readonly endorsementJwt?: readonly string[]
  /** A logo or portrait. */
  readonly image?: Image
  /** An e-mail address. */
  readonly email?: string
  /** The postal address. */
  readonly address?: Address
  /** Other identifiers. */
  readonly otherIdentifier?: readonly IdentifierEntry[]
  /** The name of the official who speaks for an organisation. */
  readonly official?: string
  /** The organisation that this one belongs to. */
  readonly parentOrg?: Profile
  /** The family name. */
  readonly familyName?: string
  /** The given name. */
  readonly givenName?: string
  /** Further names. */
  readonly additionalName?: string
  /** The patronymic. */
  readonly patronymicName?: string
  /** A title before the name. */
  readonly honorificPrefix?: string
  /** A title after the name. */
  readonly honorificSuffix?: string
  /** A prefix of the family name, such as `van`. */
  readonly familyNamePrefix?: string
  /** The date of birth. */
  readonly dateOfBirth?: string
  readonly [key: string]: unknown
}

/** An identifier of the person a badge is about, in clear text or hashed. */
export interface IdentityObject {
  /** Always the one string `IdentityObject`. */
  readonly type: 'IdentityObject'
  /** Whether `identityHash` is a hash. */
  readonly hashed: boolean
  /** The identifier, or `sha256$` and the hash of identifier and salt in hexadecimal. */
  readonly identityHash: string
  /** What kind of identifier it is. */
  readonly identityType: IdentifierType
  /** The salt, appended to the identifier before hashing. */
  readonly salt?: string
}

/** One identifier of an achievement or profile. */
export interface IdentifierEntry {
  /** Always the one string `IdentifierEntry`. */
  readonly type: 'IdentifierEntry'
  /** The identifier. */
  readonly identifier: string
  /** What kind of identifier it is. */
  readonly identifierType: IdentifierType
}

/** A picture. */
export interface Image {
  /** Where the picture is: a URL or a data URI. */
  readonly id: string
  /** Always the one string `Image`. */
  readonly type: 'Image'
  /** What the picture shows. */
  readonly caption?: string
}

/** Another achievement that counts as the same for most purposes. */
export interface Related {
  /** The id of the other achievement. */
  readonly id: string
  /** Contains `Related`. */
  readonly type: readonly string[]
  /** The language of the other achievement. */
  readonly inLanguage?: string
  /** The version of the other achievement. */
  readonly version?: string
  readonly [key: string]: unknown
}

/** A postal address. */
export interface Address {
  /** Contains `Address`. */
  readonly type: readonly string[]
  /** The name of the country. */
  readonly addressCountry?: string
  /** The ISO 3166-1 alpha-2 code of the country. */
  readonly addressCountryCode?: string
  /** The region or state. */
  readonly addressRegion?: string
  /** The town. */
  readonly addressLocality?: string
  /** Street and number. */
  readonly streetAddress?: string
  /** The number of the post office box. */
  readonly postOfficeBoxNumber?: string
  /** The postal code. */
  readonly postalCode?: string
  /** Where it is on the map. */
  readonly geo?: GeoCoordinates
  readonly [key: string]: unknown
}

/** A place on the map. */
export interface GeoCoordinates {
  /** Always the one string `GeoCoordinates`. */
  readonly type: 'GeoCoordinates'
  /** Degrees north, WGS84. */
  readonly latitude: number
  /** Degrees east, WGS84. */
  readonly longitude: number
  readonly [key: string]: unknown
}

/** An endorsement of either version of the data model; the first context tells which. */
export type AnyEndorsementCredential = EndorsementCredential | EndorsementCredential11

/** Somebody speaks for a person, an organisation, an achievement or a badge. */
export interface EndorsementCredential extends VerifiableCredential {
  /** Names the endorsement. */
  readonly id: string
  /** Contains `VerifiableCredential` and `EndorsementCredential`. */
  readonly type: readonly string[]
  /** A name to show in a wallet. */
  readonly name: string
  /** A short text to show in a wallet. */
  readonly description?: string
  /** When it was first given. */
  readonly awardedDate?: string
  /** Who or what is endorsed. */
  readonly credentialSubject: EndorsementSubject
  readonly [key: string]: unknown
}

/** An endorsement of the data model 1.1. For reading only. */
export interface EndorsementCredential11 extends VerifiableCredential11 {
  /** Names the endorsement. */
  readonly id: string
  /** Contains `VerifiableCredential` and `EndorsementCredential`. */
  readonly type: readonly string[]
  /** A name to show in a wallet. */
  readonly name: string
  /** A short text to show in a wallet. */
  readonly description?: string
  /** When it was first given. */
  readonly awardedDate?: string
  /** Who or what is endorsed. */
  readonly credentialSubject: EndorsementSubject
  readonly [key: string]: unknown
}

/** Who or what is endorsed, and what is said about it. */
export interface EndorsementSubject {
  /** The URI of the person, organisation, credential or achievement. */
  readonly id: string
  /** Contains `EndorsementSubject`. */
  readonly type: readonly string[]
  /** What the endorser says, in Markdown. */
  readonly endorsementComment?: string
  readonly [key: string]: unknown
}

/** A schema that the credential follows. */
export interface CredentialSchema {
  /** The URL of the schema. */
  readonly id: string
  /** The kind of schema, such as `1EdTechJsonSchemaValidator2019`. */
  readonly type: string
  readonly [key: string]: unknown
}

/** Where to read whether the credential still stands. */
export interface CredentialStatus {
  /** Names the entry; not needed for reading it. */
  readonly id?: string
  /** The kind of entry, such as `BitstringStatusListEntry`. */
  readonly type: string
  /** What the entry is about, such as `revocation`. */
  readonly statusPurpose?: string
  /** The position in the list: a string of digits in the standard, a number in older badges. */
  readonly statusListIndex?: string | number
  /** The URL of the list. */
  readonly statusListCredential?: string
  readonly [key: string]: unknown
}

/** Where to get a newer copy. */
export interface RefreshService {
  /** The URL of the service. */
  readonly id: string
  /** The kind of service, such as `1EdTechCredentialRefresh`. */
  readonly type: string
  readonly [key: string]: unknown
}

/** Terms under which a credential was issued. */
export interface TermsOfUse {
  /** The URL of the terms. */
  readonly id?: string
  /** The kind of terms. */
  readonly type: string
  readonly [key: string]: unknown
}

/** An embedded proof. */
export interface Proof {
  /** The kind of proof, such as `DataIntegrityProof`. */
  readonly type: string
  /** When the proof was made. */
  readonly created?: string
  /** How the proof was made, such as `eddsa-rdfc-2022`. */
  readonly cryptosuite?: string
  /** A value that the proof answers. */
  readonly challenge?: string
  /** Where the proof may be used. */
  readonly domain?: string
  /** A value that is used once. */
  readonly nonce?: string
  /** What the proof is for; `assertionMethod` for a badge. */
  readonly proofPurpose?: string
  /** The signature, in multibase. */
  readonly proofValue?: string
  /** The URL of the public key. */
  readonly verificationMethod?: string
  readonly [key: string]: unknown
}

/** A public key in multibase, as W3C Controlled Identifiers writes it. */
export interface Multikey {
  /** The URL of the key. */
  readonly id: string
  /** Always `Multikey`. */
  readonly type: 'Multikey'
  /** The URI of whoever controls the key. */
  readonly controller: string
  /** The public key: `z` and base58btc of the multicodec prefix and the key. */
  readonly publicKeyMultibase: string
  readonly [key: string]: unknown
}

/** A JSON Web Key. */
export interface JWK {
  /** The family of the key. */
  readonly kty: string
  /** What the key is used for. */
  readonly use?: string
  /** The operations that the key is meant for. */
  readonly key_ops?: readonly string[]
  /** The algorithm that the key is meant for. */
  readonly alg?: string
  /** The name of the key within its set. */
  readonly kid?: string
  /** The URL of an X.509 certificate. */
  readonly x5u?: string
  /** A chain of X.509 certificates. */
  readonly x5c?: readonly string[]
  /** The SHA-1 thumbprint of the certificate. */
  readonly x5t?: string
  /** The SHA-256 thumbprint of the certificate. */
  readonly 'x5t#S256'?: string
  readonly [key: string]: unknown
}

/** A set of JSON Web Keys. */
export interface JWKS {
  /** The keys. */
  readonly keys: readonly JWK[]
  readonly [key: string]: unknown
}

/** What every credential with a status list has in the data model 2.0. */
export interface StatusListCredential {
  /** The VCDM 2.0 context, then any others. */
  readonly '@context': readonly (string | ContextEntry)[]
  /** The URL where the list is published. */
  readonly id?: string
  /** Contains `VerifiableCredential`. */
  readonly type: readonly string[]
  /** Who publishes the list: a URI, or an object with an `id`. */
  readonly issuer: ListIssuer
  /** From when the list is valid. */
  readonly validFrom?: string
  /** Until when the list is valid. */
  readonly validUntil?: string
  /** Embedded proofs. */
  readonly proof?: readonly Proof[]
  readonly [key: string]: unknown
}

/** What every credential with a status list has in the data model 1.1. For reading only. */
export interface StatusListCredential11 {
  /** The VCDM 1.1 context, then any others. */
  readonly '@context': readonly (string | ContextEntry)[]
  /** The URL where the list is published. */
  readonly id?: string
  /** Contains `VerifiableCredential`. */
  readonly type: readonly string[]
  /** Who publishes the list: a URI, or an object with an `id`. */
  readonly issuer: ListIssuer
  /** From when the list is valid. */
  readonly issuanceDate?: string
  /** Until when the list is valid. */
  readonly expirationDate?: string
  /** From when the list is valid, as the drafts of StatusList2021 write it. */
  readonly validFrom?: string
  /** Until when the list is valid, as the drafts of StatusList2021 write it. */
  readonly validUntil?: string
  /** Embedded proofs. */
  readonly proof?: readonly Proof[]
  readonly [key: string]: unknown
}

/** A credential that carries a status list (Bitstring Status List 1.0, data model 2.0). */
export interface BitstringStatusListCredential extends StatusListCredential {
  /** Contains `VerifiableCredential` and `BitstringStatusListCredential`. */
  readonly type: readonly string[]
  /** The list. */
  readonly credentialSubject: BitstringStatusList
  readonly [key: string]: unknown
}

/** A credential that carries a status list (Bitstring Status List 1.0, data model 1.1). For reading only. */
export interface BitstringStatusListCredential11 extends StatusListCredential11 {
  /** Contains `VerifiableCredential` and `BitstringStatusListCredential`. */
  readonly type: readonly string[]
  /** The list. */
  readonly credentialSubject: BitstringStatusList
  readonly [key: string]: unknown
}

/** A credential that carries a status list (Status List 2021, data model 2.0). For reading only. */
export interface StatusList2021Credential extends StatusListCredential {
  /** Contains `VerifiableCredential` and `StatusList2021Credential`. */
  readonly type: readonly string[]
  /** The list. */
  readonly credentialSubject: StatusList2021
  readonly [key: string]: unknown
}

/** A credential that carries a status list (Status List 2021, data model 1.1). For reading only. */
export interface StatusList2021Credential11 extends StatusListCredential11 {
  /** Contains `VerifiableCredential` and `StatusList2021Credential`. */
  readonly type: readonly string[]
  /** The list. */
  readonly credentialSubject: StatusList2021
  readonly [key: string]: unknown
}

/** The URI of an issuer, or an object with that URI. */
export type ListIssuer = string | IdentifiedObject

/** An object that has a URI. */
export interface IdentifiedObject {
  /** The URI of the object. */
  readonly id: string
  readonly [key: string]: unknown
}

/** A status list. */
export interface BitstringStatusList {
  /** Names the list. */
  readonly id?: string
  /** Always the one string `BitstringStatusList`. */
  readonly type: 'BitstringStatusList'
  /** What the list is about, such as `revocation`. */
  readonly statusPurpose: string | readonly string[]
  /** `u` and the compressed bits in base64url. */
  readonly encodedList: string
  /** For how many milliseconds a copy may be kept. */
  readonly ttl?: number
  readonly [key: string]: unknown
}

/** A status list of the drafts before Bitstring Status List 1.0. */
export interface StatusList2021 {
  /** Names the list. */
  readonly id?: string
  /** Always the one string `StatusList2021`. */
  readonly type: 'StatusList2021'
  /** What the list is about, such as `revocation`. */
  readonly statusPurpose: string | readonly string[]
  /** The compressed bits in base64url. */
  readonly encodedList: string
  readonly [key: string]: unknown
}
