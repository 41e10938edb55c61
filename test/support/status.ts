import type { JsonObject } from '../../src/encoding/json-types.js'
import {
  type ContextDocument,
  createMapResolver,
  type Report,
  type Resolver,
  type StatusFact,
  type VerifyOptions,
  verify
} from '../../src/index.js'
import { createBitstring, encodeList, setStatus } from './bits.js'
import { NOW } from './issuer.js'
import { plainBadge, type TestSigner } from './sign.js'

/** Where the list of a test lives. */
export const LIST = 'https://academy.example/status/revocation-1.json'
export const V2 = 'https://www.w3.org/ns/credentials/v2'
export const V1 = 'https://www.w3.org/2018/credentials/v1'

/** A status entry that points at {@link LIST}. */
export function entry(more: JsonObject = {}): JsonObject {
  return {
    id: `${LIST}#5`,
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: '5',
    statusListCredential: LIST,
    ...more
  }
}

/** A badge with one status entry. */
export function badgeWith(signer: TestSigner, credentialStatus: JsonObject = entry()): Promise<JsonObject> {
  return signer.sign(plainBadge(signer.did, { credentialStatus }))
}

/** A credential that is no badge, because a badge has one status entry at most. */
export function credentialWith(
  signer: TestSigner,
  credentialStatus: readonly JsonObject[],
  contexts: readonly ContextDocument[] = []
): Promise<JsonObject> {
  const document = {
    '@context': [V2, ...contexts.map(({ url }) => url)],
    id: 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000003',
    type: ['VerifiableCredential'],
    issuer: signer.did,
    validFrom: '2024-01-01T00:00:00Z',
    credentialSubject: { id: 'did:example:learner' },
    credentialStatus
  }
  return signer.sign(document, { contexts })
}

export interface ListOptions {
  /** The bits that are set. */
  readonly bits?: readonly number[]
  /** The length of the list. */
  readonly bytes?: number
  /** Members of the subject; undefined takes one away. */
  readonly subject?: Readonly<Record<string, JsonObject[string] | undefined>>
  /** Members of the credential; undefined takes one away. */
  readonly document?: Readonly<Record<string, JsonObject[string] | undefined>>
  readonly created?: string
}

/** A status list that is not signed yet. */
export async function unsignedList(issuer: string, options: ListOptions = {}): Promise<JsonObject> {
  const { bits = [], bytes = 16_384 } = options
  const bitstring = createBitstring(bytes)
  for (const index of bits) setStatus(bitstring, index)
  return present({
    '@context': [V2],
    id: LIST,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer,
    validFrom: '2026-06-01T11:00:00Z',
    validUntil: '2026-06-08T11:00:00Z',
    credentialSubject: present({
      id: `${LIST}#list`,
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      encodedList: await encodeList(bitstring),
      ...options.subject
    }),
    ...options.document
  })
}

export async function signedList(signer: TestSigner, options: ListOptions = {}): Promise<JsonObject> {
  const { created = '2026-06-01T11:00:00Z' } = options
  return signer.sign(await unsignedList(signer.did, options), { created })
}

function present(members: Readonly<Record<string, JsonObject[string] | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, JsonObject[string]] => entry[1] !== undefined)
  )
}

/** A web with one list in it. */
export function serve(list: JsonObject | string, url = LIST): Resolver {
  return createMapResolver([[url, list]])
}

export interface StatusOutcome {
  readonly accepted: boolean
  readonly code: string | undefined
  readonly outcome: string | undefined
  readonly message: string
  readonly facts: readonly StatusFact[]
  /** The codes of the warnings. */
  readonly warnings: readonly string[]
  readonly report: Report
}

/** What the check `status` says of a document, at the time that tests live in. */
export async function statusOf(document: JsonObject, options: VerifyOptions = {}): Promise<StatusOutcome> {
  const report = (await verify(document as never, { now: NOW, ...options })) as Report
  const found = report.checks.find(({ id }) => id === 'status')
  return {
    accepted: report.accepted,
    code: found?.code,
    outcome: found?.outcome,
    message: found?.message ?? '',
    facts: report.status,
    warnings: report.warnings.map(({ code }) => code),
    report
  }
}
