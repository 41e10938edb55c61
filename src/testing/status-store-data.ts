import { StatusError } from '../encoding/errors.js'
import type {
  Publication,
  ReserveRequest,
  StatusChange,
  StatusPurpose,
  StatusSlot,
  StatusStore
} from '../status/status-store.js'
import { type ExpectedError, expectThat } from './harness.js'

/** What the clauses ask a store for. */
export const AT = '2026-11-21T09:00:00Z'
export const LATER = '2026-11-21T10:00:00Z'

export function listUrl(n: number, purpose: StatusPurpose = 'revocation'): string {
  return `https://academy.example/status/${purpose}-${n}`
}

export function requestFor(name: string, changes: Partial<ReserveRequest> = {}): ReserveRequest {
  return {
    idempotencyKey: `key/${name}`,
    requestDigest: `digest/${name}`,
    credentialId: `urn:badge:${name}`,
    keyId: 'key-1',
    entries: [{ purpose: 'revocation' }],
    listUrl,
    at: AT,
    ...changes
  }
}

export function changeOf(
  name: string,
  purpose: StatusPurpose,
  status: number,
  changes: Partial<StatusChange> = {}
): StatusChange {
  return {
    credentialId: `urn:badge:${name}`,
    purpose,
    status,
    reason: 'awarded by mistake',
    actor: 'kari@academy.example',
    at: AT,
    idempotencyKey: `${purpose}/${status}/${name}`,
    ...changes
  }
}

export function publicationOf(version: number, validFrom: string, changes: Partial<Publication> = {}): Publication {
  return { listId: listUrl(1), version, text: `list ${version}`, digest: `d${version}`, validFrom, at: AT, ...changes }
}

export function refusedWith(...codes: readonly string[]): ExpectedError {
  return { type: StatusError, codes }
}

export function slotIn({ slots }: { readonly slots: readonly StatusSlot[] }, purpose: StatusPurpose): StatusSlot {
  const slot = slots.find((one) => one.purpose === purpose)
  expectThat(`there is a slot for ${purpose}`, slot !== undefined, slots)
  return slot as StatusSlot
}

/** The status of a credential as its list says it. */
export async function statusIn(store: StatusStore, name: string, purpose: StatusPurpose): Promise<number> {
  const record = await store.find(`urn:badge:${name}`)
  expectThat(`the credential ${name} is found`, record !== undefined)
  const { list, index, statusSize } = slotIn(record ?? { slots: [] }, purpose)
  const { bits } = await store.snapshot(list)
  let status = 0
  for (let bit = index * statusSize; bit < (index + 1) * statusSize; bit += 1)
    status = status * 2 + (((bits[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1)
  return status
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
