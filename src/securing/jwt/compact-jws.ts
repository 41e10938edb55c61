import { InputError } from '../../encoding/errors.js'
import { parseJson } from '../../encoding/json.js'
import { Budget, DEFAULT_JSON_LIMITS, type JsonLimits } from '../../encoding/json-rules.js'
import type { JsonObject } from '../../encoding/json-types.js'
import { decodeBase64url } from '../../encoding/multibase.js'
import { deepFreeze, isJsonObject } from '../../encoding/snapshot.js'

/** A JWS taken apart (RFC 7515). Nothing of it is verified yet, and the header has not been looked at. */
export interface Jws {
  readonly text: string
  readonly header: JsonObject
  readonly payload: Uint8Array
  readonly signature: Uint8Array
  /** The bytes that the signature covers: the first two segments as they stand (RFC 7515 section 5.1). */
  readonly signingInput: Uint8Array
}

/** A JWS whose payload is a set of claims (RFC 7519). */
export interface CompactJws extends Omit<Jws, 'payload'> {
  readonly claims: JsonObject
}

/** No JSON text, XML or DID starts like the base64url of a JSON object; white space is looked past to say what is wrong. */
const LIKE_JWS = /^[ \t\r\n]*e[wy][\w-]|^[\w-]+\.[\w-]*\.[\w-]*$/
const SEGMENT = /^[\w-]+$/

/** True for a text that is meant to be a JWT, so that a damaged one is reported as a JWT and not as bad JSON. */
export function looksLikeJws(text: string): boolean {
  return LIKE_JWS.test(text)
}

/**
 * Takes a JWT apart, strictly: three segments, each in the one base64url spelling of its bytes, and header and payload
 * strict JSON objects. So no two texts are the same token, and no two readers see different claims.
 *
 * Does not look at the header's meaning, and verifies nothing.
 *
 * Source: RFC 7515 sections 2, 5.2 and 7.1; RFC 8725 sections 2.4 and 3.7.
 *
 * @throws {InputError} INPUT_TOO_LARGE before anything is decoded; JWS_MALFORMED; INPUT_TYPE where the payload or header is
 *   no object; the codes of `parseJson`, with a path that starts with `header` or `payload`
 */
export function parseCompactJws(text: string, limits: JsonLimits = {}): CompactJws {
  const { payload, ...jws } = takeApart(text, limits)
  return Object.freeze({ ...jws, claims: parseSegment(payload, 'payload', limits) })
}

/**
 * Takes a compact JWS with any payload apart.
 *
 * @throws {InputError} as {@link parseCompactJws} does, but for the payload
 */
export function takeApart(text: string, limits: JsonLimits = {}): Jws {
  new Budget(limits).length(text.length)
  const [header, payload, signature] = splitSegments(text)
  const maxLength = limits.maxLength ?? DEFAULT_JSON_LIMITS.maxLength
  const decode = (segment: string, name: string) => decodeSegment(segment, name, maxLength)
  return {
    text,
    header: parseSegment(decode(header, 'header'), 'header', limits),
    payload: decode(payload, 'payload'),
    signature: decode(signature, 'signature'),
    signingInput: new TextEncoder().encode(`${header}.${payload}`)
  }
}

function splitSegments(text: string): [header: string, payload: string, signature: string] {
  // One more than a JWE has, so that a text of dots does not become a list of its length.
  const segments = text.split('.', 6)
  const [header = '', payload = '', signature = ''] = segments
  if (segments.length === 5) throw malformed('it has five segments, as an encrypted token has', 'three segments')
  if (segments.length !== 3) throw malformed('it does not have three segments', 'header.payload.signature')
  if (payload === '') throw malformed('its payload is detached', 'a payload between the two dots')
  for (const segment of [header, payload, signature]) {
    if (segment === '') throw malformed('a segment is empty', 'header.payload.signature')
    if (SEGMENT.test(segment)) continue
    const hint = /\s/.test(text) ? 'Remove the white space and line breaks' : undefined
    throw malformed('a segment has a character that base64url does not have', 'A-Z a-z 0-9 - _ without padding', hint)
  }
  return [header, payload, signature]
}

function decodeSegment(segment: string, path: string, maxLength: number): Uint8Array {
  try {
    return decodeBase64url(segment, { maxLength, path })
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    throw malformed(`its ${path} is not the one base64url spelling of its bytes`, 'base64url without loose bits')
  }
}

function parseSegment(bytes: Uint8Array, part: 'header' | 'payload', limits: JsonLimits): JsonObject {
  try {
    const value = parseJson(bytes, limits)
    if (isJsonObject(value)) return deepFreeze(value)
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    throw new InputError(
      cause.faults.map((one) => ({
        ...one,
        message: `${one.message}, in the ${part} of the JWT`,
        path: `${part}${one.path?.startsWith('/') ? one.path : one.path === undefined ? '' : ` ${one.path}`}`
      })),
      { cause }
    )
  }
  const message = `the ${part} of the JWT is not an object`
  throw new InputError({ code: 'INPUT_TYPE', message, path: part, expected: 'a JSON object' })
}

function malformed(reason: string, expected: string, hint?: string): InputError {
  return new InputError({
    code: 'JWS_MALFORMED',
    message: `the text is not a JWT: ${reason}`,
    expected,
    ...(hint === undefined ? {} : { hint })
  })
}
