import type { ExpandedDocument } from '../canonical/json-ld.js'
import { SecuringError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { statusEntry } from '../status/list-credential.js'
import type { Reservation, StatusSlot } from '../status/status-store.js'
import type { SettledEntry } from './status-entries.js'

const CREDENTIAL_STATUS = 'https://www.w3.org/2018/credentials#credentialStatus'
const STATUS = 'https://www.w3.org/ns/credentials/status#'

/** What the store decides about a credential. */
export type Slot = Pick<Reservation, 'credentialId' | 'slots'>

/** What the entries of an issuer say besides their slots. */
type Entries = readonly Pick<SettledEntry, 'purpose' | 'statusSize' | 'statusMessage'>[]

/** What the form of a credential is checked with before a slot is taken. */
export function provisionalSlot(credentialId: string, entries: Entries): Slot {
  const list = 'urn:uuid:00000000-0000-4000-8000-000000000000'
  return {
    credentialId,
    slots: entries.map(({ purpose, statusSize }, index) => ({ purpose, statusSize, list, index }))
  }
}

/** The `credentialStatus` of a credential: an object where it is one, as Open Badges 3.0 asks. */
export function statusEntries({ slots }: Slot, entries: Entries): JsonObject | JsonObject[] {
  const written = slots.map((slot) => ({
    ...statusEntry(slot),
    ...messagesOf(slot, entries.find(({ purpose }) => purpose === slot.purpose)?.statusMessage)
  }))
  const [first, ...more] = written
  return first !== undefined && more.length === 0 ? first : written
}

function messagesOf({ statusSize }: StatusSlot, statusMessage: SettledEntry['statusMessage']): JsonObject {
  return {
    ...(statusSize === 1 ? {} : { statusSize }),
    ...(statusMessage === undefined ? {} : { statusMessage: statusMessage.map((one) => ({ ...one })) })
  }
}

/** Writes id and status of a slot into a credential. */
export function fillSlot(credential: JsonObject, slot: Slot, entries: Entries): JsonObject {
  return { ...credential, id: slot.credentialId, credentialStatus: statusEntries(slot, entries) }
}

/**
 * Writes id and status of a slot into the expanded form of a credential. Only these two depend on the store, so the
 * document need not be expanded a second time after the slot is taken. Not for entries with messages.
 */
export function fillExpandedSlot(expanded: ExpandedDocument, slot: Slot): ExpandedDocument {
  const [node] = expanded.nodes as readonly (Readonly<Record<string, unknown>> | undefined)[]
  if (node === undefined || expanded.nodes.length !== 1 || node[CREDENTIAL_STATUS] === undefined) {
    throw new SecuringError({
      code: 'INTERNAL_ERROR',
      message: 'an expanded credential has another form than expected'
    })
  }
  return { nodes: [{ ...node, '@id': slot.credentialId, [CREDENTIAL_STATUS]: slot.slots.map(expandedEntry) }] }
}

function expandedEntry({ list, index, purpose }: StatusSlot): Readonly<Record<string, unknown>> {
  return {
    '@id': `${list}#${index}`,
    '@type': [`${STATUS}BitstringStatusListEntry`],
    [`${STATUS}statusListCredential`]: [{ '@id': list }],
    [`${STATUS}statusListIndex`]: [{ '@value': String(index) }],
    [`${STATUS}statusPurpose`]: [{ '@value': purpose }]
  }
}
