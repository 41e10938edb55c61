import type { JsonObject } from '../../../src/encoding/json-types.js'
import { createBitstring, encodeList, setStatus } from '../../support/bits.js'
import type { CaseInput } from '../case.js'
import type { FormatSigner } from './formats.js'

export const LIST = 'https://academy.example/status/revocation-1.json'
const INDEX = 5

export interface ListOptions {
  readonly revoked?: boolean
  readonly subject?: JsonObject
  readonly document?: JsonObject
  readonly bytes?: number
}

/** The member of a badge that names its place in the list. */
export function statusEntry(more: JsonObject = {}): JsonObject {
  return {
    id: `${LIST}#${INDEX}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: String(INDEX),
    statusListCredential: LIST,
    ...more
  }
}

/** A signed list, 131,072 places long unless told. */
export async function signedList(signer: FormatSigner, options: ListOptions = {}): Promise<CaseInput> {
  const bits = createBitstring(options.bytes ?? 16_384)
  if (options.revoked) setStatus(bits, INDEX)
  const document = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: LIST,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: signer.did,
    validFrom: '2026-06-01T11:00:00Z',
    validUntil: '2026-06-08T11:00:00Z',
    credentialSubject: {
      id: `${LIST}#list`,
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      encodedList: await encodeList(bits),
      ...options.subject
    },
    ...options.document
  }
  return signer.sign(document, { created: '2026-06-01T11:00:00Z' })
}
