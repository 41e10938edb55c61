import type { Competency } from '../competency/compile.js'
import { canonicalJson } from '../encoding/canonical-json.js'
import { toWholeSeconds } from '../encoding/dates.js'
import { InputError, StatusError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { deepFreeze, isJsonObject, snapshotObject } from '../encoding/snapshot.js'
import type { Signer } from '../keys/key-store.js'
import { OB_CONTEXT, VC_V2_CONTEXT } from '../model/contexts.js'
import { idOf } from '../model/read.js'
import { findSharedIds } from '../model/shared-ids.js'
import type { AchievementCredential } from '../model/types.js'
import { statusEntry } from '../status/list-credential.js'
import type { Reservation, ReserveRequest } from '../status/status-store.js'
import { buildSubject, type CheckedAward, checkAward } from './award.js'
import type { BadgeFormat } from './badge-format.js'
import { digestOfText } from './checked-store.js'
import { checkForm, checkUnsigned } from './gate.js'
import { readSecuredText, secure, type ToSecure } from './secure.js'
import { fillExpandedSlot, fillSlot, provisionalSlot, type Slot } from './slot.js'
import type { Workshop } from './workshop.js'

/** A badge that has been signed, checked, recorded and released. */
export interface Issued {
  readonly id: string
  /** The credential, frozen: with its proof, or as it stands in the JWT. */
  readonly credential: AchievementCredential
  /** The secured badge, JSON text or a JWT: store, send or bake exactly this. */
  readonly text: string
  /** Where its status stands. */
  readonly status: { readonly list: string; readonly index: number }
  /** True where an earlier call with the same idempotency key had made the badge already. */
  readonly repeated: boolean
}

/** The way of a badge from award to release. Nothing is signed before everything else is known to be right. */
export async function issueCredential(
  workshop: Workshop,
  given: Competency,
  award: unknown,
  format: BadgeFormat
): Promise<Issued> {
  const now = workshop.now()
  // A competency that was read back from a store is not frozen, and what is checked has to be what is signed.
  const competency = deepFreeze(snapshotObject(given)) as unknown as Competency
  const checked = checkAward(competency, award, { now, format })

  const proposedId = `urn:uuid:${workshop.randomUuid()}`
  const draft = buildCredential(workshop, competency, checked, provisionalSlot(proposedId))
  refuseSharedIds(draft)
  const expanded = await checkUnsigned(draft, 'AchievementCredential', workshop.contexts)
  if (format === 'json') workshop.suite?.checkUnsigned?.(draft, workshop.contexts)

  const signer = await workshop.signer()
  const request: ReserveRequest = {
    idempotencyKey: checked.award.idempotencyKey ?? workshop.randomUuid(),
    requestDigest: digestOfRequest(workshop.profile.id, competency, checked, format),
    credentialId: proposedId,
    keyId: signer.id,
    purpose: 'revocation',
    listUrl: workshop.listUrl,
    at: toWholeSeconds(now)
  }
  const slot = await workshop.status.reserve(request)
  if (slot.text !== undefined) return release(workshop, slot, slot.text, true)

  try {
    const text = await sign(workshop, signer, { draft, expanded, slot, format, created: toWholeSeconds(now) })
    const at = toWholeSeconds(workshop.now())
    await workshop.status.record(slot.credentialId, { text, digest: digestOfText(text), at })
    return await release(workshop, slot, text, false)
  } catch (error) {
    const theirs = await afterFailure(workshop, slot, request, checked, error)
    return release(workshop, theirs, theirs.text, true)
  }
}

interface Draft extends Omit<ToSecure, 'credential'> {
  readonly draft: JsonObject
  readonly slot: Slot
}

async function sign(workshop: Workshop, signer: Signer, { draft, slot, ...rest }: Draft): Promise<string> {
  const credential = fillSlot(draft, slot)
  checkForm(credential, 'AchievementCredential', workshop.contexts)
  return secure(workshop, signer, { ...rest, credential, expanded: fillExpandedSlot(rest.expanded, slot) })
}

/**
 * What is left to do when signing or recording failed. With a key of the caller's the next try takes up the same slot;
 * without one nobody could, so the slot is given up. Where another process recorded the same request first, its badge
 * is the one.
 */
async function afterFailure(
  workshop: Workshop,
  slot: Reservation,
  request: ReserveRequest,
  checked: CheckedAward,
  error: unknown
): Promise<Reservation & { readonly text: string }> {
  if (checked.award.idempotencyKey === undefined) {
    await giveUp(workshop, slot)
  } else if (error instanceof StatusError && error.code === 'STATUS_CONFLICT') {
    const theirs = await workshop.status.reserve(request)
    if (theirs.text !== undefined) return { ...theirs, text: theirs.text }
  }
  throw error
}

/** The signature would not say which of two places says what, so nobody should have to ask. */
function refuseSharedIds(draft: JsonObject): void {
  const [id] = findSharedIds(draft, 'AchievementCredential').differing
  if (id === undefined) return
  throw new InputError({
    code: 'CREDENTIAL_INVALID',
    message: 'two places describe one thing differently',
    path: '/',
    got: id.slice(0, 200),
    hint: 'Describe it alike in both, or give one of them another id.'
  })
}

function buildCredential(workshop: Workshop, competency: Competency, checked: CheckedAward, slot: Slot): JsonObject {
  const { credentialSubject, evidence } = buildSubject(competency, checked, { random: workshop.random })
  const { validFrom, validUntil, awardedDate } = checked.dates
  const credential = {
    '@context': [VC_V2_CONTEXT, OB_CONTEXT],
    id: slot.credentialId,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: competency.achievement.name,
    issuer: workshop.profile,
    validFrom,
    ...(validUntil === undefined ? {} : { validUntil }),
    awardedDate,
    credentialSubject,
    ...(evidence === undefined ? {} : { evidence }),
    credentialStatus: statusEntry(slot)
  }
  // The types of the model and of JSON describe the same value; only their index signatures differ.
  return credential as unknown as JsonObject
}

/** Marks the badge as released and hands it out. A repeat of the call gets the same text again. */
async function release(workshop: Workshop, slot: Reservation, text: string, repeated: boolean): Promise<Issued> {
  const credential = deepFreeze(readRecorded(text, slot, workshop.profile.id))
  await workshop.status.release(slot.credentialId, toWholeSeconds(workshop.now()))
  return Object.freeze({
    id: slot.credentialId,
    credential,
    text,
    status: Object.freeze({ list: slot.list, index: slot.index }),
    repeated
  })
}

/** A store that hands back another text than the badge's would have it handed out as the badge. */
function readRecorded(text: string, slot: Reservation, issuer: string): AchievementCredential {
  const credential = readSecuredText(text)
  if (isJsonObject(credential) && credential['id'] === slot.credentialId && idOf(credential['issuer']) === issuer) {
    return credential as unknown as AchievementCredential
  }
  throw new StatusError({
    code: 'STATUS_STORE_ANSWER',
    message: 'the recorded text is not the badge of this request',
    path: 'text',
    expected: slot.credentialId
  })
}

async function giveUp(workshop: Workshop, slot: Reservation): Promise<void> {
  try {
    await workshop.status.abandon(slot.credentialId, toWholeSeconds(workshop.now()))
  } catch {
    // The first error is the one to report; an intended slot that nobody takes up is as good as burnt.
  }
}

/** What makes two calls the same request: the award as it was given and what it awards, not the moment. */
function digestOfRequest(issuer: string, competency: Competency, { award }: CheckedAward, format: BadgeFormat): string {
  const request = { issuer, competency: competency.id, definition: competency.digest, award }
  // Embedded proofs came first, and their requests keep the digest that stores hold of them.
  if (format !== 'json') return digestOfText(canonicalJson({ ...request, format }))
  return digestOfText(canonicalJson(request))
}
