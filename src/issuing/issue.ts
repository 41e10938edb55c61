import type { Competency } from '../competency/compile.js'
import { canonicalJson } from '../encoding/canonical-json.js'
import type { JsonObject } from '../encoding/json-types.js'
import { deepFreeze, snapshotObject } from '../encoding/snapshot.js'
import { OB_CONTEXT, VC_V2_CONTEXT } from '../model/contexts.js'
import type { AchievementCredential } from '../model/types.js'
import { buildSubject, type CheckedAward, checkAward } from './award.js'
import type { BadgeFormat } from './badge-format.js'
import { digestOfText } from './checked-store.js'
import { checkUnsigned, refuseSharedIds } from './gate.js'
import { issueDraft } from './issue-draft.js'
import { provisionalSlot, type Slot, statusEntries } from './slot.js'
import type { Workshop } from './workshop.js'

const KIND = 'AchievementCredential'

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
  return issueSettled(workshop, settleCompetency(given), award, format)
}

/** A competency that was read back from a store is not frozen, and what is checked has to be what is signed. */
export function settleCompetency(given: Competency): Competency {
  return deepFreeze(snapshotObject(given)) as unknown as Competency
}

/** The same for a competency that is settled, which a batch does once. */
export async function issueSettled(
  workshop: Workshop,
  competency: Competency,
  award: unknown,
  format: BadgeFormat
): Promise<Issued> {
  const checked = checkAward(competency, award, { now: workshop.now(), format })

  const credentialId = `urn:uuid:${workshop.randomUuid()}`
  const credential = buildCredential(
    workshop,
    competency,
    checked,
    provisionalSlot(credentialId, workshop.statusEntries)
  )
  refuseSharedIds(credential, KIND)
  const expanded = await checkUnsigned(credential, KIND, workshop)
  if (format === 'json') workshop.suite?.checkUnsigned?.(credential, workshop.contexts)

  const issued = await issueDraft(workshop, {
    credential,
    kind: KIND,
    expanded,
    format,
    credentialId,
    idempotencyKey: checked.award.idempotencyKey,
    requestDigest: digestOfRequest(workshop.profile.id, competency, checked, format)
  })
  // What passed the schema has the type of its class.
  return issued as Issued
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
    credentialStatus: statusEntries(slot, workshop.statusEntries)
  }
  // The types of the model and of JSON describe the same value; only their index signatures differ.
  return credential as unknown as JsonObject
}

/** What makes two calls the same request: the award as it was given and what it awards, not the moment. */
function digestOfRequest(issuer: string, competency: Competency, { award }: CheckedAward, format: BadgeFormat): string {
  const request = { issuer, competency: competency.id, definition: competency.digest, award }
  // Embedded proofs came first, and their requests keep the digest that stores hold of them.
  if (format !== 'json') return digestOfText(canonicalJson({ ...request, format }))
  return digestOfText(canonicalJson(request))
}
