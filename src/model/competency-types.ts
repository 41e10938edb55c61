// Generated from schemas/award.schema.json, schemas/competency-definition.schema.json by "npm run generate". Change the schema, not this file.

/** Who is awarded a competency, on which results and evidence. Member names are those of Open Badges 3.0. */
export interface Award {
  /** For editors: where this schema lies. */
  readonly $schema?: string
  /** Who receives the badge; at least one member. Everything but id is written as a salted hash unless an identifier says otherwise. */
  readonly recipient: Recipient
  /** Results. */
  readonly results?: readonly AwardResult[]
  /** Evidence that was presented. */
  readonly evidence?: readonly AwardEvidence[]
  /** When it was first awarded; the earlier of validFrom and now where it is left out. With a time zone, such as 2026-11-21T09:00:00Z. */
  readonly awardedDate?: string
  /** When it starts to hold; awardedDate, else now, where it is left out. With a time zone, such as 2026-11-21T09:00:00Z. */
  readonly validFrom?: string
  /** When it ends, where that is earlier than the definition's validity says. With a time zone, such as 2026-11-21T09:00:00Z. */
  readonly validUntil?: string
  /** When the learning or work began. With a time zone, such as 2026-11-21T09:00:00Z. */
  readonly activityStartDate?: string
  /** When the learning or work ended. With a time zone, such as 2026-11-21T09:00:00Z. */
  readonly activityEndDate?: string
  /** Credits earned, a number (not a string). */
  readonly creditsEarned?: number
  /** Role of the person in the activity. */
  readonly role?: string
  /** Number of the certificate or licence. */
  readonly licenseNumber?: string
  /** What the person did; Markdown. */
  readonly narrative?: string
  /** Academic term. */
  readonly term?: string
  readonly source?: AwardProfile
  /** The same key with the same award never issues twice, such as course-42/kari. */
  readonly idempotencyKey?: string
}

/** A picture, as a link or a data URI. */
export interface AwardImage {
  /** Where the picture lies: http(s), or a data URI of a PNG or SVG. */
  readonly id: string
  /** What the picture shows. */
  readonly caption?: string
}

/** A postal address. */
export interface AwardAddress {
  /** Name of the country. */
  readonly addressCountry?: string
  /** ISO 3166-1 alpha-2 code, such as DK. */
  readonly addressCountryCode?: string
  /** Region. */
  readonly addressRegion?: string
  /** Town. */
  readonly addressLocality?: string
  /** Street and number. */
  readonly streetAddress?: string
  /** Post box. */
  readonly postOfficeBoxNumber?: string
  /** Postal code. */
  readonly postalCode?: string
}

/** An identifier in another system. */
export interface AwardIdentifier {
  /** The identifier. */
  readonly identifier: string
  /** What kind of identifier it is: a word of Open Badges' IdentifierTypeEnum or a term of your own that starts with ext:. */
  readonly identifierType: string
}

/** A person or organisation, with the member names of Open Badges' Profile; types are filled in. */
export interface AwardProfile {
  /** Identifies the person or organisation; a DID or a URL. */
  readonly id: string
  /** Name. */
  readonly name?: string
  /** Home page. */
  readonly url?: string
  /** Telephone number. */
  readonly phone?: string
  /** A few words. */
  readonly description?: string
  readonly image?: AwardImage
  /** E-mail address. */
  readonly email?: string
  readonly address?: AwardAddress
  /** Name of the official who signs for the organisation. */
  readonly official?: string
  readonly parentOrg?: AwardProfile
  /** Family name. */
  readonly familyName?: string
  /** Given name. */
  readonly givenName?: string
  /** Middle name. */
  readonly additionalName?: string
  /** Such as Dr. */
  readonly honorificPrefix?: string
  /** Such as MSc. */
  readonly honorificSuffix?: string
  /** Identifiers in other systems, such as a company register. */
  readonly otherIdentifier?: readonly AwardIdentifier[]
}

/** Who receives the badge; at least one member. Everything but id is written as a salted hash unless an identifier says otherwise. */
export interface Recipient {
  /** DID or other URI of the person. */
  readonly id?: string
  /** E-mail address; case counts. */
  readonly email?: string
  /** Name of the person; hashed, so that it can be checked but not read. */
  readonly name?: string
  /** Other identifiers. */
  readonly identifier?: readonly RecipientIdentifier[]
}

/** A result that was reached. */
export interface AwardResult {
  /** Local name of the result in the definition. */
  readonly resultDescription: string
  /** Local name of the level that was reached. */
  readonly achievedLevel?: string
  /** The value that was reached, as a string. */
  readonly value?: string
  /** How far it has come; Completed where it is left out. */
  readonly status?: 'Completed' | 'Enrolled' | 'Failed' | 'InProgress' | 'OnHold' | 'Provisional' | 'Withdrew'
}

/** A piece of evidence. */
export interface AwardEvidence {
  /** Where the evidence lies, or a urn: that identifies it. Never a data URI. */
  readonly id?: string
  /** Title. */
  readonly name?: string
  /** What it is. */
  readonly description?: string
  /** How it came about; Markdown. */
  readonly narrative?: string
  /** Kind of evidence, as the definition names it. */
  readonly genre?: string
  /** Whom it is meant for. */
  readonly audience?: string
  /** Multihash (SHA-256, SHA-384 or SHA-512) of the exact bytes, as multibase u (base64url) or z (base58btc). */
  readonly digestMultibase?: string
  /** Media type of the bytes, such as application/pdf. */
  readonly mediaType?: string
}

/** Another identifier of the person. */
export interface RecipientIdentifier {
  /** A word of Open Badges' IdentifierTypeEnum or a term of your own, such as ext:employeeId. */
  readonly identityType: string
  /** The identifier in plain text. */
  readonly identity: string
  /** false writes the identifier readably into the badge. */
  readonly hashed?: boolean
}

/** A competency and how it is assessed, written once and in as many languages as wanted. Member names are those of an Open Badges 3.0 Achievement. */
export interface CompetencyDefinition {
  /** For editors: where this schema lies. */
  readonly $schema?: string
  /** Identifies this version of the competency for all time; a URL you control, without a fragment. A changed definition gets another id. */
  readonly id: string
  /** Version of the definition, such as 2. */
  readonly version: string
  /** The primary language, such as da-DK. Texts may use this tag or its first part (da) as their key. */
  readonly inLanguage: string
  /** Kind of achievement: a word of Open Badges' AchievementType or a term of your own that starts with ext:. Certification means time-limited and renewable, and needs validity. */
  readonly achievementType?: string
  /** Name of the competency; every text that names languages has to name the same ones. One string that serves every language, or one string per language. */
  readonly name: string | { readonly [key: string]: string }
  /** What a person who holds it can do. One string that serves every language, or one string per language. */
  readonly description: string | { readonly [key: string]: string }
  /** How it is earned. */
  readonly criteria: CriteriaDefinition
  /** Short code that people use, such as NKA-IA-2. */
  readonly humanCode?: string
  /** Field of study. One string that serves every language, or one string per language. */
  readonly fieldOfStudy?: string | { readonly [key: string]: string }
  /** Specialisation within the field. One string that serves every language, or one string per language. */
  readonly specialization?: string | { readonly [key: string]: string }
  /** Words that help to find it. */
  readonly tag?: readonly (string | { readonly [key: string]: string })[]
  /** Credits, a number (not a string). Name the credit system by an alignment such as ext:CreditFramework. */
  readonly creditsAvailable?: number
  /** A picture of the badge. */
  readonly image?: ImageDefinition
  readonly creator?: PlainProfile
  /** Identifiers of the competency in other systems. */
  readonly otherIdentifier?: readonly OtherIdentifier[]
  /** Earlier versions. Editions in the other languages are added when the definition is compiled. */
  readonly related?: readonly EarlierVersion[]
  /** Relations to competencies, levels and achievements in other frameworks. */
  readonly alignment?: readonly AlignmentDefinition[]
  /** What is assessed, and what has to be reached. */
  readonly resultDescription?: readonly ResultDefinition[]
  /** Evidence that has to be presented with every award. */
  readonly evidence?: readonly EvidenceRule[]
  /** How long an award holds from validFrom on, as an ISO 8601 duration such as P3Y. An award can shorten it, never lengthen it. */
  readonly validity?: string
  /** Says on purpose that a Certification never expires. */
  readonly perpetual?: true
}

/** A picture, as a link or a data URI. */
export interface PlainImage {
  /** Where the picture lies: http(s), or a data URI of a PNG or SVG. */
  readonly id: string
  /** What the picture shows. */
  readonly caption?: string
}

/** A postal address. */
export interface PlainAddress {
  /** Name of the country. */
  readonly addressCountry?: string
  /** ISO 3166-1 alpha-2 code, such as DK. */
  readonly addressCountryCode?: string
  /** Region. */
  readonly addressRegion?: string
  /** Town. */
  readonly addressLocality?: string
  /** Street and number. */
  readonly streetAddress?: string
  /** Post box. */
  readonly postOfficeBoxNumber?: string
  /** Postal code. */
  readonly postalCode?: string
}

/** An identifier in another system. */
export interface OtherIdentifier {
  /** The identifier. */
  readonly identifier: string
  /** What kind of identifier it is: a word of Open Badges' IdentifierTypeEnum or a term of your own that starts with ext:. */
  readonly identifierType: string
}

/** A person or organisation, with the member names of Open Badges' Profile; types are filled in. */
export interface PlainProfile {
  /** Identifies the person or organisation; a DID or a URL. */
  readonly id: string
  /** Name. */
  readonly name?: string
  /** Home page. */
  readonly url?: string
  /** Telephone number. */
  readonly phone?: string
  /** A few words. */
  readonly description?: string
  readonly image?: PlainImage
  /** E-mail address. */
  readonly email?: string
  readonly address?: PlainAddress
  /** Name of the official who signs for the organisation. */
  readonly official?: string
  readonly parentOrg?: PlainProfile
  /** Family name. */
  readonly familyName?: string
  /** Given name. */
  readonly givenName?: string
  /** Middle name. */
  readonly additionalName?: string
  /** Such as Dr. */
  readonly honorificPrefix?: string
  /** Such as MSc. */
  readonly honorificSuffix?: string
  /** Identifiers in other systems, such as a company register. */
  readonly otherIdentifier?: readonly OtherIdentifier[]
}

/** A relation to a competency, level or achievement in somebody else's framework. */
export interface AlignmentDefinition {
  /** Name of the target. One string that serves every language, or one string per language. */
  readonly targetName: string | { readonly [key: string]: string }
  /** URI of the target, such as an ESCO skill or http://data.europa.eu/snb/eqf/5. */
  readonly targetUrl: string
  /** Kind of target: a word of Open Badges' AlignmentTargetType or a term of your own, such as ext:ESCOSkill. */
  readonly targetType?: string
  /** Name of the framework. */
  readonly targetFramework?: string
  /** Code of the target in its framework, such as 5. */
  readonly targetCode?: string
  /** What the target says. One string that serves every language, or one string per language. */
  readonly targetDescription?: string | { readonly [key: string]: string }
}

/** One level of a rubric. */
export interface LevelDefinition {
  /** Local name, such as independent; awards refer to it. */
  readonly id: string
  /** Name of the level. One string that serves every language, or one string per language. */
  readonly name: string | { readonly [key: string]: string }
  /** What a person at this level does. One string that serves every language, or one string per language. */
  readonly description?: string | { readonly [key: string]: string }
  /** Label of the level on its scale; the name where it is left out. One string that serves every language, or one string per language. */
  readonly level?: string | { readonly [key: string]: string }
  /** Rank of the level as a number in a string. Rises from level to level: embedded proofs do not sign the order of a list, so the rank has to be written down. */
  readonly points: string
  /** Relations of this level to other frameworks. */
  readonly alignment?: readonly AlignmentDefinition[]
}

/** Something that is assessed, and what has to be reached. */
export interface ResultDefinition {
  /** Local name, such as practice; awards refer to it. */
  readonly id: string
  /** Name of the result. One string that serves every language, or one string per language. */
  readonly name: string | { readonly [key: string]: string }
  /** Kind of result: a word of Open Badges' ResultType or a term of your own that starts with ext:. */
  readonly resultType: string
  /** Local name of the lowest level that is enough. */
  readonly requiredLevel?: string
  /** Lowest value that is enough: a number in a string, or one of allowedValue. For the type Status, the status that is required. */
  readonly requiredValue?: string
  /** Lowest possible value, a number in a string. */
  readonly valueMin?: string
  /** Highest possible value, a number in a string. */
  readonly valueMax?: string
  /** The possible values, low to high. */
  readonly allowedValue?: readonly string[]
  /** Competencies this result assesses. */
  readonly alignment?: readonly AlignmentDefinition[]
  /** Levels, low to high. */
  readonly rubricCriterionLevel?: readonly LevelDefinition[]
}

/** Evidence that has to be presented with every award. */
export interface EvidenceRule {
  /** Kind of evidence, such as WorkProduct, ObservedPerformance, MentorAttestation or PartCredential. */
  readonly genre: string
  /** How many pieces at least; 1 where it is left out. */
  readonly min?: number
  /** Whether each piece has to carry digestMultibase, which binds the award to its exact bytes. */
  readonly digest?: 'required' | 'optional'
}

/** An earlier version of this competency. Modules and renewals do not belong here: related means the same for most purposes. */
export interface EarlierVersion {
  /** Identifier of the earlier version. */
  readonly id: string
  /** Its version. */
  readonly version: string
  /** Its language. */
  readonly inLanguage?: string
}

/** How it is earned. */
export interface CriteriaDefinition {
  /** Page that describes the criteria. */
  readonly id?: string
  /** The criteria in words; Markdown. One string that serves every language, or one string per language. */
  readonly narrative?: string | { readonly [key: string]: string }
}

/** A picture of the badge. */
export interface ImageDefinition {
  /** Where the picture lies: http(s), or a data URI of a PNG or SVG. */
  readonly id: string
  /** What the picture shows. One string that serves every language, or one string per language. */
  readonly caption?: string | { readonly [key: string]: string }
}
