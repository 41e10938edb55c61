import type { Publication, ReserveRequest, StatusChange, StatusPurpose } from '../../src/status/status-store.js'

export const AT = '2026-11-21T09:00:00Z'
export const LATER = '2026-11-21T10:00:00Z'

export function listUrl(n: number, purpose: StatusPurpose = 'revocation'): string {
  const folder = 'https://academy.example/status/'
  return purpose === 'revocation' ? `${folder}${n}` : `${folder}${purpose}/${n}`
}

export function requestFor(name: string, changes: Partial<ReserveRequest> = {}): ReserveRequest {
  return {
    idempotencyKey: `key/${name}`,
    requestDigest: `digest/${name}`,
    credentialId: `urn:badge:${name}`,
    keyId: 'did:web:academy.example#key-1',
    entries: [{ purpose: 'revocation' }],
    listUrl,
    at: AT,
    ...changes
  }
}

export function revocationOf(name: string, changes: Partial<StatusChange> = {}): StatusChange {
  return {
    credentialId: `urn:badge:${name}`,
    purpose: 'revocation',
    status: 1,
    reason: 'awarded by mistake',
    actor: 'kari@academy.example',
    at: AT,
    idempotencyKey: `revoke/${name}`,
    ...changes
  }
}

export function changeOf(
  name: string,
  purpose: StatusPurpose,
  status: number,
  changes: Partial<StatusChange> = {}
): StatusChange {
  return revocationOf(name, { purpose, status, idempotencyKey: `${purpose}/${name}`, ...changes })
}

export function publicationOf(version: number, validFrom: string, changes: Partial<Publication> = {}): Publication {
  return { listId: listUrl(1), version, text: `list ${version}`, digest: `d${version}`, validFrom, at: AT, ...changes }
}
