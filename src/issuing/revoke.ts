import { toWholeSeconds } from '../encoding/dates.js'
import { StatusError } from '../encoding/errors.js'
import type { StatusEvent } from '../status/status-store.js'
import type { Workshop } from './workshop.js'

export interface Revocation {
  /** Why; kept in the store, not shown in the list. */
  readonly reason: string
  /** Who decided it. Default: the issuer. */
  readonly actor?: string
  readonly idempotencyKey?: string
  /** The entry that the credential is thought to have. Where it has another, nothing is revoked. */
  readonly entry?: { readonly list?: string; readonly index?: number }
}

/** Revokes a credential for ever. */
export async function revokeCredential(
  workshop: Workshop,
  credentialId: string,
  { reason, actor, idempotencyKey, entry }: Revocation
): Promise<StatusEvent> {
  const { profile, status, now } = workshop
  if (entry !== undefined) await checkEntry(workshop, credentialId, entry)
  return status.setStatus({
    credentialId,
    purpose: 'revocation',
    status: 1,
    reason,
    actor: actor ?? profile.id,
    at: toWholeSeconds(now()),
    idempotencyKey: idempotencyKey ?? `revoke/${credentialId}`
  })
}

async function checkEntry(
  { status }: Workshop,
  credentialId: string,
  { list, index }: NonNullable<Revocation['entry']>
): Promise<void> {
  const record = await status.find(credentialId)
  const slot = record?.slots.find(({ purpose }) => purpose === 'revocation')
  if (slot === undefined) return
  if ((list ?? slot.list) === slot.list && (index ?? slot.index) === slot.index) return
  throw new StatusError({
    code: 'STATUS_UNKNOWN_CREDENTIAL',
    message: 'the credential has another status entry',
    path: 'entry',
    expected: `${slot.list}#${slot.index}`
  })
}
