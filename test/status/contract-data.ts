import type { Publication, ReserveRequest, RevokeChange } from '../../src/status/status-store.js'

export const AT = '2026-11-21T09:00:00Z'
export const LATER = '2026-11-21T10:00:00Z'

export function listUrl(n: number): string {
  return `https://academy.example/status/${n}`
}

export function requestFor(name: string, changes: Partial<ReserveRequest> = {}): ReserveRequest {
  return {
    idempotencyKey: `key/${name}`,
    requestDigest: `digest/${name}`,
    credentialId: `urn:badge:${name}`,
    keyId: 'did:web:academy.example#key-1',
    purpose: 'revocation',
    listUrl,
    at: AT,
    ...changes
  }
}

export function revocationOf(name: string, changes: Partial<RevokeChange> = {}): RevokeChange {
  return {
    credentialId: `urn:badge:${name}`,
    reason: 'awarded by mistake',
    actor: 'kari@academy.example',
    at: AT,
    idempotencyKey: `revoke/${name}`,
    ...changes
  }
}

export function publicationOf(version: number, validFrom: string, changes: Partial<Publication> = {}): Publication {
  return { listId: listUrl(1), version, text: `list ${version}`, digest: `d${version}`, validFrom, at: AT, ...changes }
}
