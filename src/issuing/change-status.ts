import { toWholeSeconds } from '../encoding/dates.js'
import { StatusError } from '../encoding/errors.js'
import { lastChange } from '../status/history.js'
import type { StatusEvent, StatusPurpose, StatusSlot } from '../status/status-store.js'
import { statusChangedEvent, telling } from './events.js'
import type { Workshop } from './workshop.js'

/** Why and by whom a status is changed. */
export interface StatusDecision {
  /** Why; kept in the store, not shown in the list. */
  readonly reason: string
  /** Who decided it. Default: the issuer. */
  readonly actor?: string
  /** Names the decision, so that the call can be repeated. Without it each call is a decision of its own. */
  readonly idempotencyKey?: string
  /** The entry that the credential is thought to have. Where it has another, nothing is changed. */
  readonly entry?: { readonly list?: string; readonly index?: number }
}

/** A status for an entry of a credential. */
export interface NewStatus extends StatusDecision {
  readonly purpose: StatusPurpose
  /** 1 to revoke, suspend or announce a newer copy; 0 to lift a suspension; any that fits the entry for a message. */
  readonly status: number
}

/** What an entry of a credential says, and the change that made it say so. */
export interface EntryStatus extends StatusSlot {
  readonly status: number
  /** The change that gave it this status; undefined where it never had another. */
  readonly since?: StatusEvent
}

/** Changes the status of a credential, and tells of it. */
export async function changeStatus(workshop: Workshop, credentialId: string, change: NewStatus): Promise<StatusEvent> {
  const { emit } = workshop
  const work = () => write(workshop, credentialId, change)
  const event = await telling(emit, { action: 'changeStatus', credentialId }, work)
  emit(statusChangedEvent(event))
  return event
}

async function write(workshop: Workshop, credentialId: string, change: NewStatus): Promise<StatusEvent> {
  const { profile, status: store, now, randomUuid } = workshop
  const { purpose, status, reason, actor, idempotencyKey, entry } = change
  if (entry !== undefined) await checkEntry(workshop, credentialId, purpose, entry)
  // There is one revocation of a credential, however often it is asked for.
  const ownKey = purpose === 'revocation' ? `revoke/${credentialId}` : `${purpose}/${randomUuid()}`
  return store.setStatus({
    credentialId,
    purpose,
    status,
    reason,
    actor: actor ?? profile.id,
    at: toWholeSeconds(now()),
    idempotencyKey: idempotencyKey ?? ownKey
  })
}

/** What every entry of a credential says now, or said at a time. */
export async function statusesOf(
  { status: store }: Workshop,
  credentialId: string,
  { at }: { readonly at?: Date }
): Promise<readonly EntryStatus[]> {
  const record = await store.find(credentialId)
  if (record === undefined) {
    throw new StatusError({
      code: 'STATUS_UNKNOWN_CREDENTIAL',
      message: 'the store has no record of this credential',
      path: 'credentialId'
    })
  }
  const events = await store.history(credentialId)
  return record.slots.map((slot) => {
    const since = lastChange(events, slot.purpose, at)
    return { ...slot, status: since?.to ?? 0, ...(since === undefined ? {} : { since }) }
  })
}

async function checkEntry(
  { status }: Workshop,
  credentialId: string,
  purpose: StatusPurpose,
  { list, index }: NonNullable<StatusDecision['entry']>
): Promise<void> {
  const record = await status.find(credentialId)
  const slot = record?.slots.find((one) => one.purpose === purpose)
  if (slot === undefined) return
  if ((list ?? slot.list) === slot.list && (index ?? slot.index) === slot.index) return
  throw new StatusError({
    code: 'STATUS_UNKNOWN_CREDENTIAL',
    message: 'the credential has another status entry',
    path: 'entry',
    expected: `${slot.list}#${slot.index}`
  })
}
