import { decodeBase64url } from '../encoding/multibase.js'

const SECONDS = /^[0-9]{1,10}$/
const ENTITY_TAG = /^(?:W\/)?"[\x21\x23-\x7e]{0,200}"$/

/** What the headers of an answer allow a cache to do. */
export interface Freshness {
  /** Whether the answer may be kept at all. */
  readonly store: boolean
  /** For how many milliseconds it may be used without asking again. */
  readonly lifetime: number
  /** With what to ask whether it is still the same. */
  readonly etag: string | undefined
}

/**
 * Reads `Cache-Control`, `Expires`, `Age` and `ETag`. Every doubt shortens: what cannot be read counts as 0, of two
 * directives the smaller counts, and nothing is kept for longer than `limit`.
 *
 * Source: RFC 9111 sections 4.2.1, 4.2.3, 5.2.2 and 5.3.
 *
 * @param now milliseconds since 1970, for an answer that does not say when it was sent
 */
export function readFreshness(headers: Headers, limit: number, now: number): Freshness {
  const directives = (headers.get('cache-control') ?? '')
    .toLowerCase()
    .split(',')
    .map((text) => text.trim())
  const etag = headers.get('etag')?.trim() ?? ''
  const ages = directives.filter((text) => /^max-age(?:=|$)/.test(text)).map((text) => seconds(text.slice(8)))
  const age = headers.has('age') ? seconds(headers.get('age') ?? '', Number.POSITIVE_INFINITY) : 0
  const stated = ages.length > 0 ? Math.min(...ages) : secondsToExpiry(headers, now)
  const left = stated === Number.POSITIVE_INFINITY ? limit : Math.max(0, stated - age) * 1000
  return {
    store: !directives.includes('no-store'),
    lifetime: directives.some((text) => /^no-cache(?:=|$)/.test(text)) ? 0 : Math.min(limit, left),
    etag: ENTITY_TAG.test(etag) ? etag : undefined
  }
}

function secondsToExpiry(headers: Headers, now: number): number {
  const expires = headers.get('expires')
  if (expires === null) return Number.POSITIVE_INFINITY
  const left = Date.parse(expires) - (headers.has('date') ? Date.parse(headers.get('date') ?? '') : now)
  return Number.isNaN(left) ? 0 : left / 1000
}

/**
 * For how many milliseconds a status list may be kept by what it says of itself: `credentialSubject.ttl`, and until its
 * `validUntil`. Read without any check, from JSON or the payload of a JWT, because it can only shorten.
 *
 * Source: Bitstring Status List 1.0 section 2.2.
 */
export function readListLifetime(body: Uint8Array, now: number): number {
  const claims = readClaims(body)
  const list = asRecord(claims['vc'] ?? claims)
  const ttl = asRecord(list['credentialSubject'])['ttl']
  const exp = claims['exp']
  const bounds = [
    typeof ttl === 'number' ? ttl : undefined,
    typeof list['validUntil'] === 'string' ? Date.parse(list['validUntil']) - now : undefined,
    typeof exp === 'number' ? exp * 1000 - now : undefined
  ].filter((bound) => bound !== undefined && !Number.isNaN(bound))
  return Math.max(0, Math.min(...(bounds as number[]), Number.POSITIVE_INFINITY))
}

function readClaims(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const text = new TextDecoder().decode(body).trim()
    const [, payload] = text.startsWith('{') ? [] : text.split('.', 3)
    const json =
      payload === undefined ? text : new TextDecoder().decode(decodeBase64url(payload, { maxLength: payload.length }))
    return asRecord(JSON.parse(json))
  } catch {
    return {}
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function seconds(text: string, unreadable = 0): number {
  const value = text.replace(/^"(.*)"$/, '$1')
  return SECONDS.test(value) ? Number(value) : unreadable
}
