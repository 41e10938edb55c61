import type { Publication, StatusPurpose, StatusSlot, StatusStore } from './status-store.js'

/** A status list as it was seen outside the store. */
export interface SeenList {
  readonly id: string
  /** Which list of its purpose it is, for a list that the store does not know; the next one where nobody can tell. */
  readonly number?: number
  readonly purpose: StatusPurpose
  readonly statusSize: number
  /** Entries. */
  readonly capacity: number
  /** The statuses that are not 0. */
  readonly statuses: readonly { readonly index: number; readonly status: number }[]
  /** The list itself, where it was published. */
  readonly publication?: Pick<Publication, 'text' | 'digest' | 'validFrom'>
}

/** A credential that was seen outside the store. */
export interface SeenCredential {
  readonly credentialId: string
  readonly text: string
  readonly digest: string
  /** The key that signed it, as far as that is known. */
  readonly keyId: string
  /** Its places in the issuer's own lists, at least one. */
  readonly slots: readonly StatusSlot[]
}

export interface ReconcileRequest {
  /** Every list that is named by a credential has to be here or in the store. */
  readonly lists: readonly SeenList[]
  readonly credentials: readonly SeenCredential[]
  readonly reason: string
  readonly actor: string
  readonly at: string
}

/** What was done. */
export interface Reconciliation {
  /** Lists of which no further slot is given. */
  readonly closed: readonly string[]
  /** Lists that the store did not know. */
  readonly added: readonly string[]
  /** How many statuses were carried over. */
  readonly carried: number
  /** Credentials that the store did not know as released. */
  readonly recorded: readonly string[]
  /** Credentials that lie in the slot of another one: one of the two has to be revoked and issued again. */
  readonly conflicts: readonly string[]
}

/** A status store that can be made whole after an old backup of it was put back. */
export interface RestorableStatusStore extends StatusStore {
  /**
   * Takes over what was seen outside, in one transaction:
   *
   * - gives no further slot of any list that was open, because nobody knows which of them were given since the backup;
   * - adds the lists that it lost, full;
   * - sets every status that is set outside and not here, as an event with the given reason where the slot is known. It
   *   takes none back: a suspension that was lifted since the backup has to be lifted again;
   * - keeps the list that was published as the last publication, where it is newer, and raises the version of every list
   *   that is named or was open, so that it is published again, later than that;
   * - records the credentials that it lost as released, so that they can be revoked.
   *
   * A repeat with the same arguments changes no status and records nothing twice. Does not check any signature.
   *
   * @throws {StatusError} STATUS_UNKNOWN_LIST where a credential names a list that nobody knows
   */
  reconcile(request: ReconcileRequest): Promise<Reconciliation>
}
