/**
 * What a list says about its credentials. `revocation` is final; `suspension` can be lifted; `refresh` says that a newer
 * copy is to be had, and is final; `message` carries a value that the credential gives a text for.
 *
 * Source: Bitstring Status List v1.0 §2.1.
 */
export type StatusPurpose = 'revocation' | 'suspension' | 'refresh' | 'message'

/**
 * How far an issuance got. `intended`: a slot is taken. `recorded`: the signed bytes are stored. `released`: they may
 * have left the house. `abandoned`: nothing was signed and nothing will be; the slot stays unused for ever.
 */
export type IssuanceState = 'intended' | 'recorded' | 'released' | 'abandoned'

/** A status entry that a credential is to get. */
export interface StatusEntryRequest {
  readonly purpose: StatusPurpose
  /** Bits of each status, 1 to 32. Default 1; only a `message` may have more. */
  readonly statusSize?: number
}

/** A place in a list that belongs to one credential. */
export interface StatusSlot {
  readonly purpose: StatusPurpose
  readonly statusSize: number
  /** URL of the status list. */
  readonly list: string
  readonly index: number
}

export interface ReserveRequest {
  /** Names the wish to issue, for ever. A repeat with the same key is the same wish. */
  readonly idempotencyKey: string
  /** Digest of what is to be issued; tells a repeat from another wish under the same key. */
  readonly requestDigest: string
  /** The id the credential gets if this is the first call with the key; otherwise the first call's id counts. */
  readonly credentialId: string
  /** The key that is going to sign. A repeat before `record` may name another one. */
  readonly keyId: string
  /** The status entries of the credential: one to four, each of another purpose. */
  readonly entries: readonly StatusEntryRequest[]
  /**
   * Names the `n`-th list (1, 2, 3 …) of a purpose: an absolute URL without fragment, another for each list. Called only
   * when a list has to be opened.
   */
  readonly listUrl: (n: number, purpose: StatusPurpose) => string
  /** When, as a dateTimeStamp. */
  readonly at: string
}

export interface Reservation {
  /** The credential id that counts. */
  readonly credentialId: string
  /** One for each entry that the first call asked for; in the order revocation, suspension, refresh, message. */
  readonly slots: readonly StatusSlot[]
  readonly state: IssuanceState
  /** The signed credential, when an earlier call with the same key got that far: hand it out, do not sign again. */
  readonly text?: string
  /** Digest of `text`, as it was recorded. */
  readonly digest?: string
}

export interface SignedCredential {
  readonly text: string
  readonly digest: string
  readonly at: string
}

/** Everything the store knows about one issuance: the audit record. */
export interface IssuanceRecord extends Reservation {
  readonly idempotencyKey: string
  readonly requestDigest: string
  readonly keyId: string
  readonly reservedAt: string
  readonly recordedAt?: string
  readonly releasedAt?: string
  readonly abandonedAt?: string
}

export interface StatusChange {
  readonly credentialId: string
  /** Which entry of the credential. */
  readonly purpose: StatusPurpose
  /** The status it shall have: 1 for revoked, suspended and refreshed, 0 for lifted, any that fits for a message. */
  readonly status: number
  readonly reason: string
  /** Who decided it. */
  readonly actor: string
  readonly at: string
  readonly idempotencyKey: string
}

/** One change of status. Events are only ever added; the status of a slot is what its last one says, 0 without any. */
export interface StatusEvent {
  /** Rises with every event of the store. */
  readonly sequence: number
  readonly credentialId: string
  readonly list: string
  readonly index: number
  readonly purpose: StatusPurpose
  readonly from: number
  readonly to: number
  readonly reason: string
  readonly actor: string
  readonly at: string
  readonly idempotencyKey: string
}

export interface StatusListInfo {
  /** The URL of the list, which is its id. */
  readonly id: string
  /** 1, 2, 3 … among the lists of its purpose. */
  readonly number: number
  readonly purpose: StatusPurpose
  /** Bits of each status. */
  readonly statusSize: number
  /** Entries, not bits. */
  readonly capacity: number
  /** Slots handed out, burnt ones included. */
  readonly used: number
  /** 1 when the list is opened; raised by every change of status and by `touch`. */
  readonly version: number
  /** The version that was published last, 0 before the first. */
  readonly publishedVersion: number
  readonly state: 'open' | 'full'
}

export interface StatusSnapshot {
  readonly list: StatusListInfo
  readonly version: number
  /** The list as a bitstring of at least 131,072 entries of `statusSize` bits; a copy that belongs to the caller. */
  readonly bits: Uint8Array
  /** `validFrom` of the publication before, where there is one. */
  readonly previousValidFrom?: string
}

export interface Publication {
  readonly listId: string
  readonly version: number
  /** The signed list credential. */
  readonly text: string
  readonly digest: string
  readonly validFrom: string
  readonly at: string
}

/**
 * Where an issuer keeps what must never be lost: which slots are taken, what was signed, what was revoked, and which
 * list was published.
 *
 * The way of one badge: `reserve` → sign and check, outside the store → `record` → `release`. The way of one list:
 * `snapshot` → build and sign, outside → `publish`; where nothing changed since, `touch` first.
 *
 * **What a driver promises**
 *
 * - A promise that is fulfilled means: committed, and still there after a power cut.
 * - A promise that is rejected with STATUS_STORE_IO means: nothing or everything happened, never a part. Repeat the
 *   same call with the same arguments; every method is safe to repeat. `retryable` says whether that is likely to help
 *   without a person doing something first.
 * - Any other rejection means: nothing happened.
 * - Two processes, or two machines where the driver allows it, may use the store at once. No index is given twice.
 * - A slot is used or burnt, never given again. A revocation is never undone. An event is never changed or deleted.
 * - Two changes of one slot at the same time happen one after the other; none is lost.
 * - Texts come back exactly as they went in.
 *
 * **What it does not do:** it does not sign, verify, build or read credentials, compare digests with texts, or know the
 * time. All times are given by the caller as dateTimeStamps.
 *
 * Every method rejects with OPTION_INVALID or DATE_INVALID when an argument is not of the stated form: a text that
 * names something is 1 to 2,048 characters without control characters and half surrogate pairs.
 *
 * @example
 * ```ts
 * import { createMemoryStatusStore } from 'komma'
 *
 * const store = createMemoryStatusStore()
 * const at = '2026-11-21T09:00:00Z'
 * const slot = await store.reserve({
 *   idempotencyKey: 'course-42/kari',
 *   requestDigest: 'digest of what is to be issued',
 *   credentialId: 'urn:uuid:6d1c2a31-84e7-4f19-b05d-9c2e7a1f3b41',
 *   keyId: 'key-1',
 *   entries: [{ purpose: 'revocation' }],
 *   listUrl: (n) => `https://academy.example/status/${n}`,
 *   at
 * })
 * // A repeat brings the text that was recorded: hand that out. Otherwise sign with slot.credentialId and slot.slots.
 * const text = slot.text ?? 'the signed credential'
 * await store.record(slot.credentialId, { text, digest: 'digest of the text', at })
 * await store.release(slot.credentialId, at)
 * console.log((await store.find(slot.credentialId))?.state) // => released
 * ```
 */
export interface StatusStore {
  /**
   * Takes a slot in a list of each purpose, or finds those that an earlier call with the same idempotency key took, in
   * one transaction: all of them or none. After a crash, call it again: while nothing was recorded the same credential id
   * and slots come back and the work goes on; afterwards the recorded text comes back; after `abandon` the state says
   * so.
   *
   * Opens the next list of a purpose where fewer than `openLists` are open.
   *
   * @throws {StatusError} STATUS_IDEMPOTENCY_CONFLICT when the key was used with another `requestDigest`, or with
   * other entries and nothing was recorded yet; STATUS_CREDENTIAL_EXISTS when another issuance has this credential id; STATUS_LIST_FULL when no further list may be
   * opened
   */
  reserve(request: ReserveRequest): Promise<Reservation>
  /**
   * Stores the signed credential. Comes before anybody sees it. A repeat with the same digest changes nothing.
   *
   * @throws {StatusError} STATUS_UNKNOWN_CREDENTIAL; STATUS_CONFLICT when something else was recorded first (call
   * `reserve` again and hand out what it returns) or the issuance was abandoned
   */
  record(credentialId: string, signed: SignedCredential): Promise<void>
  /**
   * Notes that the recorded text may have left. A repeat changes nothing.
   *
   * @throws {StatusError} STATUS_UNKNOWN_CREDENTIAL; STATUS_CONFLICT when nothing was recorded
   */
  release(credentialId: string, at: string): Promise<void>
  /**
   * Gives up an issuance before anything was recorded. Its slots are burnt. A repeat changes nothing.
   *
   * @throws {StatusError} STATUS_UNKNOWN_CREDENTIAL; STATUS_CONFLICT when a signed text was recorded: revoke it instead
   */
  abandon(credentialId: string, at: string): Promise<void>
  /** The record of one issuance. */
  find(credentialId: string): Promise<IssuanceRecord | undefined>
  /** All issuances in the order of reservation; those made meanwhile may or may not appear. */
  issuances(): AsyncIterable<IssuanceRecord>
  /**
   * Changes the status of one entry, and raises the version of its list. A repeat with the same key, credential, purpose
   * and status changes nothing and answers with the event of the first call; so does a second revocation or refresh with
   * whatever key, since these are final. A change of another purpose to the status it has already is recorded, for its
   * key, but raises no version.
   *
   * @throws {StatusError} STATUS_UNKNOWN_CREDENTIAL; STATUS_NO_ENTRY when the credential has no entry of the purpose;
   * STATUS_FINAL for a revocation or refresh with status 0; STATUS_IDEMPOTENCY_CONFLICT when the key was used for
   * another change; {OptionError} OPTION_INVALID for a status that does not fit the size of the entry
   */
  setStatus(change: StatusChange): Promise<StatusEvent>
  /** The events of one credential, of all its entries, oldest first. Empty when there are none. */
  history(credentialId: string): Promise<readonly StatusEvent[]>
  /** All lists in the order of opening. */
  lists(): Promise<readonly StatusListInfo[]>
  /**
   * Reads version and bits of a list at one moment.
   *
   * @throws {StatusError} STATUS_UNKNOWN_LIST
   */
  snapshot(listId: string): Promise<StatusSnapshot>
  /**
   * Stores a signed list as the one to publish. True when it counts (also when the same one did already); false when
   * another publisher was faster: then this version is not above the published one, or `validFrom` not after its. Throw
   * a refused list away and start again with `snapshot`.
   *
   * @throws {StatusError} STATUS_UNKNOWN_LIST; {OptionError} OPTION_INVALID for a version the list has not reached
   */
  publish(publication: Publication): Promise<boolean>
  /** The list as it was published last, so that a lost file can be written again. */
  publication(listId: string): Promise<Publication | undefined>
  /**
   * Raises the version of a list without a change, so that it can be published again before it expires. Answers with
   * the new version.
   *
   * @throws {StatusError} STATUS_UNKNOWN_LIST
   */
  touch(listId: string): Promise<number>
  /** Lets go of files and connections. A repeat does nothing; every other call afterwards rejects. */
  close(): Promise<void>
}
