import { type ExpandedDocument, expand } from '../canonical/json-ld.js'
import { toWholeSeconds } from '../encoding/dates.js'
import { StatusError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { deepFreeze, isJsonObject } from '../encoding/snapshot.js'
import type { Signer } from '../keys/key-store.js'
import type { CredentialKind } from '../model/credential-kind.js'
import { idOf } from '../model/read.js'
import type { ReserveRequest } from '../status/status-store.js'
import type { BadgeFormat } from './badge-format.js'
import { type CheckedReservation, digestOfText } from './checked-store.js'
import { checkForm } from './gate.js'
import { readSecuredText, secure } from './secure.js'
import { fillExpandedSlot, fillSlot } from './slot.js'
import type { Workshop } from './workshop.js'

/** A credential that passed the gate with a provisional slot, and the wish to issue it. */
export interface Draft {
  readonly credential: JsonObject
  readonly kind: CredentialKind
  readonly expanded: ExpandedDocument
  readonly format: BadgeFormat
  /** The id of the credential where nobody asked for it before. */
  readonly credentialId: string
  readonly idempotencyKey: string | undefined
  /** What makes two calls the same request. */
  readonly requestDigest: string
}

/** A credential that was signed, checked, recorded and released. */
export interface Released {
  readonly id: string
  readonly credential: JsonObject
  readonly text: string
  readonly status: { readonly list: string; readonly index: number }
  readonly repeated: boolean
}

/** The way of a credential from its form to release: reserve, sign and check, record, release. */
export async function issueDraft(workshop: Workshop, draft: Draft): Promise<Released> {
  const signer = await workshop.signer()
  const request: ReserveRequest = {
    idempotencyKey: draft.idempotencyKey ?? workshop.randomUuid(),
    requestDigest: draft.requestDigest,
    credentialId: draft.credentialId,
    keyId: signer.id,
    entries: workshop.statusEntries.map(({ purpose, statusSize }) => ({ purpose, statusSize })),
    listUrl: workshop.listUrl,
    at: toWholeSeconds(workshop.now())
  }
  const slot = await workshop.status.reserve(request)
  if (slot.text !== undefined) return release(workshop, slot, slot.text, true)

  try {
    const text = await sign(workshop, signer, slot, draft, request.at)
    const at = toWholeSeconds(workshop.now())
    await workshop.status.record(slot.credentialId, { text, digest: digestOfText(text), at })
    return await release(workshop, slot, text, false)
  } catch (error) {
    const theirs = await afterFailure(workshop, slot, request, draft, error)
    return release(workshop, theirs, theirs.text, true)
  }
}

async function sign(
  workshop: Workshop,
  signer: Signer,
  slot: CheckedReservation,
  draft: Draft,
  created: string
): Promise<string> {
  const credential = fillSlot(draft.credential, slot, workshop.statusEntries)
  checkForm(credential, draft.kind, workshop.contexts, workshop.inlineContexts)
  // Only the contexts of badges are known to give id and status the form that is filled in without reading them again.
  const expanded =
    draft.kind === 'VerifiableCredential' || slot.slots.some(({ purpose }) => purpose === 'message')
      ? await expand(credential, workshop.contexts)
      : fillExpandedSlot(draft.expanded, slot)
  return secure(workshop, signer, { credential, expanded, format: draft.format, created })
}

/**
 * What is left to do when signing or recording failed. With a key of the caller's the next try takes up the same slot;
 * without one nobody could, so the slot is given up. Where another process recorded the same request first, its badge
 * is the one.
 */
async function afterFailure(
  workshop: Workshop,
  slot: CheckedReservation,
  request: ReserveRequest,
  draft: Draft,
  error: unknown
): Promise<CheckedReservation & { readonly text: string }> {
  if (draft.idempotencyKey === undefined) {
    await giveUp(workshop, slot)
  } else if (error instanceof StatusError && error.code === 'STATUS_CONFLICT') {
    const theirs = await workshop.status.reserve(request)
    if (theirs.text !== undefined) return { ...theirs, text: theirs.text }
  }
  throw error
}

/** Marks the credential as released and hands it out. A repeat of the call gets the same text again. */
async function release(
  workshop: Workshop,
  slot: CheckedReservation,
  text: string,
  repeated: boolean
): Promise<Released> {
  const credential = deepFreeze(readRecorded(text, slot, workshop.profile.id))
  const [{ list, index }] = slot.slots
  await workshop.status.release(slot.credentialId, toWholeSeconds(workshop.now()))
  return Object.freeze({
    id: slot.credentialId,
    credential,
    text,
    status: Object.freeze({ list, index }),
    repeated
  })
}

/** A store that hands back another text than the credential's would have it handed out in its place. */
function readRecorded(text: string, slot: CheckedReservation, issuer: string): JsonObject {
  const credential = readSecuredText(text)
  if (isJsonObject(credential) && credential['id'] === slot.credentialId && idOf(credential['issuer']) === issuer) {
    return credential
  }
  throw new StatusError({
    code: 'STATUS_STORE_ANSWER',
    message: 'the recorded text is not the badge of this request',
    path: 'text',
    expected: slot.credentialId
  })
}

async function giveUp(workshop: Workshop, slot: CheckedReservation): Promise<void> {
  try {
    await workshop.status.abandon(slot.credentialId, toWholeSeconds(workshop.now()))
  } catch {
    // The first error is the one to report; an intended slot that nobody takes up is as good as burnt.
  }
}
