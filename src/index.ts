export { type BakePngOptions, bakePng, type UnbakePngOptions, unbakePng } from './baking/png.js'
export { type BakeSvgOptions, bakeSvg, type UnbakeSvgOptions, unbakeSvg } from './baking/svg.js'
export { type Competency, type CompileOptions, compileCompetency, type RequiredEvidence } from './competency/compile.js'
export type { RandomSource } from './crypto/digest.js'
export { createKeyCache, type KeyCache, type KeyCacheOptions } from './crypto/key-cache.js'
export type { CryptoProvider } from './crypto/provider.js'
export type { SignatureAlgorithm } from './crypto/public-key.js'
export { type AddressGuard, createAddressGuard, isGlobalAddress } from './did/address-guard.js'
export { createLegacyFragmentResolver } from './did/legacy-fragment-resolver.js'
export { didJwkOf, didKeyOf } from './did/own-did.js'
export { resolveDid } from './did/resolve-did.js'
export {
  combineResolvers,
  createMapResolver,
  type Resolution,
  type ResolveRequest,
  type Resolver
} from './did/resolver.js'
export type { WebResolverOptions } from './did/web-options.js'
export type { FetchFunction, WebRequestEvent } from './did/web-request.js'
export { createWebResolver, type WebResolver } from './did/web-resolver.js'
export type { KommaErrorCode } from './encoding/error-codes.js'
export {
  AwardError,
  BakingError,
  BatchError,
  type BatchProgress,
  DefinitionError,
  type Fault,
  InputError,
  KeyError,
  KommaError,
  OptionError,
  PublicationError,
  ResolutionError,
  SecuringError,
  StatusError
} from './encoding/errors.js'
export type { JsonLimits } from './encoding/json-rules.js'
export type { JsonObject, JsonValue } from './encoding/json-types.js'
export { version } from './encoding/version.js'
export type { BadgeFormat } from './issuing/badge-format.js'
export type { IssueManyOptions } from './issuing/batch-options.js'
export type { BatchWait, FailedRow, IssuedRow, IssuedText, RowResult } from './issuing/batch-result.js'
export type { EntryStatus, NewStatus, StatusDecision } from './issuing/change-status.js'
export type {
  EventHook,
  FailedEvent,
  IssuedEvent,
  KeyEndsEvent,
  KommaEvent,
  LateEvent,
  PublishedEvent,
  StatusChangedEvent
} from './issuing/events.js'
export type { GivenCredential } from './issuing/given-credential.js'
export type { Issued } from './issuing/issue.js'
export type { IssueAsGivenOptions, IssuedAsGiven } from './issuing/issue-given.js'
export { createIssuer, type IssueOptions, type Issuer, reconcileIssuer } from './issuing/issuer.js'
export type { IssuerOptions, IssuerProfile } from './issuing/issuer-options.js'
export type { Published, PublishOptions } from './issuing/publish.js'
export type { Seen } from './issuing/reconcile.js'
export type { StatusEntryOption, StatusMessage } from './issuing/status-entries.js'
export type { SigningCapability } from './keys/capabilities.js'
export type {
  CompromiseOptions,
  CreateKeyOptions,
  KeyInfo,
  KeyLife,
  KeyStore,
  KeyUse,
  ManagedKeyStore,
  RetireOptions,
  RotateOptions,
  Signer,
  SignOptions
} from './keys/key-store.js'
export { createMemoryKeyStore } from './keys/memory.js'
export type { CheckCode } from './model/check-codes.js'
export type { CheckId, CheckOutcome } from './model/check-ids.js'
export type { Award, AwardEvidence, AwardResult, CompetencyDefinition, Recipient } from './model/competency-types.js'
export { type ContextDocument, contextDigest } from './model/contexts.js'
export { credentialDigest } from './model/credential-digest.js'
export type { DisplayLink } from './model/display-image.js'
export type { DisplayText, TextFinding } from './model/display-text.js'
export type {
  Achievement,
  AchievementCredential,
  AchievementSubject,
  Alignment,
  CredentialStatus,
  Criteria,
  EndorsementCredential,
  Evidence,
  Image,
  Profile,
  Proof,
  RefreshService,
  Result,
  ResultDescription,
  RubricCriterionLevel,
  VerifiableCredential
} from './model/types.js'
export type { WarningCode } from './model/warning-codes.js'
export type { ReportWords } from './model/words/report-words.js'
export { createHttpSink, type HttpSinkOptions } from './publishing/http-sink.js'
export { createMemorySink, type MemorySink } from './publishing/memory-sink.js'
export { type PublicDocument, placeDocuments } from './publishing/placement.js'
export {
  type After,
  createPublisher,
  type PlacedDocument,
  type PublicationRound,
  type PublishCall,
  type Publisher,
  type PublisherMetrics,
  type PublisherOptions
} from './publishing/publisher.js'
export type { PublicationSink, SinkCall, SinkEntry, SinkMetadata } from './publishing/sink.js'
export type { Cryptosuite } from './securing/cryptosuite.js'
export { defaultSuites } from './securing/default-suites.js'
export { ecdsaJcs2019 } from './securing/ecdsa-jcs-2019.js'
export { ecdsaRdfc2019 } from './securing/ecdsa-rdfc-2019.js'
export { ed25519Signature2020 } from './securing/ed25519-signature-2020.js'
export { eddsa2022 } from './securing/eddsa-2022.js'
export { eddsaJcs2022 } from './securing/eddsa-jcs-2022.js'
export { eddsaRdfc2022 } from './securing/eddsa-rdfc-2022.js'
export { createMemoryStatusStore } from './status/memory.js'
export type {
  ReconcileRequest,
  Reconciliation,
  RestorableStatusStore,
  SeenCredential,
  SeenList
} from './status/reconcile.js'
export type {
  IssuanceRecord,
  IssuanceState,
  Publication,
  Reservation,
  ReserveRequest,
  SignedCredential,
  StatusChange,
  StatusEntryRequest,
  StatusEvent,
  StatusListInfo,
  StatusPurpose,
  StatusSlot,
  StatusSnapshot,
  StatusStore
} from './status/status-store.js'
export {
  type ChallengeStore,
  createMemoryChallengeStore,
  type MemoryChallengeStore
} from './verifying/challenge-store.js'
export { type BadgeDisplay, displayBadge } from './verifying/display.js'
export { inWords } from './verifying/in-words.js'
export type { VerifyInput } from './verifying/intake.js'
export {
  type BundledDocument,
  createOfflineBundle,
  type OfflineBundle,
  type OpenedBundle,
  openOfflineBundle
} from './verifying/offline-bundle.js'
export type { ExpectedKind, VerifyOptions } from './verifying/options.js'
export { defaultPolicy, ob30Policy, type Policy } from './verifying/policy.js'
export {
  type PresentationReport,
  type VerifyPresentationOptions,
  verifyPresentation
} from './verifying/presentation.js'
export { type ProblemDetails, problemDetails } from './verifying/problem-details.js'
export type { ExpectedRecipient } from './verifying/recipient.js'
export type {
  Check,
  EndorsementFact,
  Facts,
  ProofFact,
  Report,
  StatusEntryType,
  StatusFact,
  Warning
} from './verifying/report.js'
export type { GivenResources } from './verifying/resources.js'
export { type SelfTestOptions, selfTest } from './verifying/self-test.js'
export {
  createStatusMemory,
  type SeenStatusList,
  type StatusMemory,
  type StatusMemoryOptions
} from './verifying/status-memory.js'
export { createTrustList, type TrustList } from './verifying/trust.js'
export { verify } from './verifying/verify.js'
export { verifyMany } from './verifying/verify-many.js'
