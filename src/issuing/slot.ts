import type { ExpandedDocument } from '../canonical/json-ld.js'
import { SecuringError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { statusEntry } from '../status/list-credential.js'
import type { Reservation } from '../status/status-store.js'

const CREDENTIAL_STATUS = 'https://www.w3.org/2018/credentials#credentialStatus'
const STATUS = 'https://www.w3.org/ns/credentials/status#'

/** What the store decides about a credential. */
export type Slot = Pick<Reservation, 'credentialId' | 'list' | 'index' | 'purpose'>

/** What the form of a credential is checked with before a slot is taken. */
export function provisionalSlot(credentialId: string): Slot {
  return { credentialId, list: 'urn:uuid:00000000-0000-4000-8000-000000000000', index: 0, purpose: 'revocation' }
}

/** Writes id and status of a slot into a credential. */
export function fillSlot(credential: JsonObject, slot: Slot): JsonObject {
  return { ...credential, id: slot.credentialId, credentialStatus: statusEntry(slot) }
}

/**
 * Writes id and status of a slot into the expanded form of a credential. Only these two depend on the store, so the
 * document need not be expanded a second time after the slot is taken.
 */
export function fillExpandedSlot(expanded: ExpandedDocument, slot: Slot): ExpandedDocument {
  const [node] = expanded.nodes as readonly (Readonly<Record<string, unknown>> | undefined)[]
  if (node === undefined || expanded.nodes.length !== 1 || node[CREDENTIAL_STATUS] === undefined) {
    throw new SecuringError({
      code: 'INTERNAL_ERROR',
      message: 'an expanded credential has another form than expected'
    })
  }
  const status = {
    '@id': `${slot.list}#${slot.index}`,
    '@type': [`${STATUS}BitstringStatusListEntry`],
    [`${STATUS}statusListCredential`]: [{ '@id': slot.list }],
    [`${STATUS}statusListIndex`]: [{ '@value': String(slot.index) }],
    [`${STATUS}statusPurpose`]: [{ '@value': slot.purpose }]
  }
  return { nodes: [{ ...node, '@id': slot.credentialId, [CREDENTIAL_STATUS]: [status] }] }
}
