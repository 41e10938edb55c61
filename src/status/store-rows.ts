import type {
  IssuanceRecord,
  IssuanceState,
  Publication,
  StatusEvent,
  StatusListInfo,
  StatusPurpose,
  StatusSlot
} from './status-store.js'
import { inOrderOfPurpose } from './store-requests.js'

// The rows of the tables, which have the same columns in every database, and what they say.

export interface SlotRow {
  readonly id: string
  readonly capacity: number
  readonly slot_key: Uint8Array
  readonly slot: number
}

export interface CountRow {
  readonly count: number
  readonly last: number
  readonly open: number
}

export interface StatusRow {
  readonly idx: number
  readonly to_status: number
}

interface IssuanceRow {
  readonly seq: number
  readonly credential_id: string
  readonly idempotency_key: string
  readonly request_digest: string
  readonly key_id: string
  readonly state: IssuanceState
  readonly credential_text: string | null
  readonly credential_hash: string | null
  readonly reserved_at: string
  readonly recorded_at: string | null
  readonly released_at: string | null
  readonly abandoned_at: string | null
  readonly slots: string
}

interface EventRow {
  readonly seq: number
  readonly credential_id: string
  readonly list_id: string
  readonly idx: number
  readonly purpose: StatusPurpose
  readonly slot_seq: number
  readonly from_status: number
  readonly to_status: number
  readonly reason: string
  readonly actor: string
  readonly at: string
  readonly idempotency_key: string
}

interface ListRow {
  readonly id: string
  readonly number: number
  readonly purpose: StatusPurpose
  readonly size: number
  readonly capacity: number
  readonly next_slot: number
  readonly version: number
  readonly published_version: number
  readonly state: 'open' | 'full'
}

interface PublicationRow {
  readonly list_id: string
  readonly version: number
  readonly credential_text: string
  readonly credential_hash: string
  readonly valid_from: string
  readonly at: string
}

export function sequenceOf(row: unknown): number {
  return (row as { seq: number }).seq
}

/** How many events the slot of an event has, with it. */
export function orderOf(row: unknown): number {
  return (row as EventRow | undefined)?.slot_seq ?? 0
}

export function toIssuance(value: unknown): IssuanceRecord | undefined {
  if (value === undefined) return undefined
  const row = value as IssuanceRow
  return {
    credentialId: row.credential_id,
    slots: inOrderOfPurpose(JSON.parse(row.slots) as StatusSlot[]),
    state: row.state,
    idempotencyKey: row.idempotency_key,
    requestDigest: row.request_digest,
    keyId: row.key_id,
    reservedAt: row.reserved_at,
    ...(row.credential_text === null ? {} : { text: row.credential_text }),
    ...(row.credential_hash === null ? {} : { digest: row.credential_hash }),
    ...(row.recorded_at === null ? {} : { recordedAt: row.recorded_at }),
    ...(row.released_at === null ? {} : { releasedAt: row.released_at }),
    ...(row.abandoned_at === null ? {} : { abandonedAt: row.abandoned_at })
  }
}

export function toEvent(value: unknown): StatusEvent | undefined {
  if (value === undefined) return undefined
  const row = value as EventRow
  return {
    sequence: row.seq,
    credentialId: row.credential_id,
    list: row.list_id,
    index: row.idx,
    purpose: row.purpose,
    from: row.from_status,
    to: row.to_status,
    reason: row.reason,
    actor: row.actor,
    at: row.at,
    idempotencyKey: row.idempotency_key
  }
}

export function toList(value: unknown): StatusListInfo | undefined {
  if (value === undefined) return undefined
  const row = value as ListRow
  return {
    id: row.id,
    number: row.number,
    purpose: row.purpose,
    statusSize: row.size,
    capacity: row.capacity,
    used: row.next_slot,
    version: row.version,
    publishedVersion: row.published_version,
    state: row.state
  }
}

export function toPublication(value: unknown): Publication | undefined {
  if (value === undefined) return undefined
  const row = value as PublicationRow
  return {
    listId: row.list_id,
    version: row.version,
    text: row.credential_text,
    digest: row.credential_hash,
    validFrom: row.valid_from,
    at: row.at
  }
}
