import { InputError } from '../encoding/errors.js'
import { decodeUtf8, parseJson } from '../encoding/json.js'
import { Budget } from '../encoding/json-rules.js'
import type { JsonObject } from '../encoding/json-types.js'
import { deepFreeze, isJsonObject, snapshotJson } from '../encoding/snapshot.js'
import { listOf, textOf } from '../model/read.js'
import { looksLikeJws, parseCompactJws } from '../securing/jwt/compact-jws.js'
import type { Settings } from './options.js'
import type { Secured } from './secured.js'

const DATA_URL = /^data:application\/(?:vc|vp)\+jwt,/i

/**
 * Reads a secured document from text, bytes or an object: JSON with embedded proofs, a compact JWS, or the envelope that
 * VCDM 2.0 section 4.12.1 puts around one. What comes back is frozen, and what was given is not looked at again.
 *
 * Does not look into images, and checks nothing of what was read; `verifySecured` does.
 *
 * @throws {InputError} INPUT_TYPE, INPUT_TOO_LARGE, INPUT_NOT_UTF8, JWS_MALFORMED, `JSON_…`
 *
 * @example
 * ```ts
 * const secured = readSecured(resolution.body, settings)
 * const result = await verifySecured(secured, 'BitstringStatusListCredential', settings)
 * ```
 */
export function readSecured(input: unknown, { limits }: Pick<Settings, 'limits'>): Secured {
  const given = bytesIn(input)
  if (typeof given === 'string' || given instanceof Uint8Array) {
    new Budget(limits).length(given.length)
    const text = typeof given === 'string' ? given : decodeUtf8(given)
    return looksLikeJws(text) ? jwt(text, limits) : fromObject(parseJson(text, limits), limits)
  }
  return fromObject(snapshotJson(given, limits), limits)
}

/** The bytes of a buffer, as `fetch` and files in a browser give them; everything else as it is. */
export function bytesIn(given: unknown): unknown {
  return given instanceof ArrayBuffer ? new Uint8Array(given) : given
}

function fromObject(value: unknown, limits: Settings['limits']): Secured {
  if (!isJsonObject(value)) {
    throw new InputError({
      code: 'INPUT_TYPE',
      message: 'the input is not a credential',
      expected: 'a JSON object, JSON text, a JWT, or the bytes of a file with one of them or of a baked PNG or SVG',
      got: value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value
    })
  }
  refuseJsonSerialization(value)
  const enveloped = envelopedJws(value)
  return enveloped === undefined ? { form: 'embedded', document: deepFreeze(value) } : jwt(enveloped, limits)
}

function jwt(text: string, limits: Settings['limits']): Secured {
  return { form: 'jwt', jwt: parseCompactJws(text, limits) }
}

/** Nothing of an envelope is signed but what its data URL holds, so nothing else is read. */
function envelopedJws(value: JsonObject): string | undefined {
  const isEnvelope = listOf(value['type']).some((type) => /^EnvelopedVerifiable/.test(textOf(type) ?? ''))
  const id = textOf(value['id']) ?? ''
  return isEnvelope && DATA_URL.test(id) ? id.slice(id.indexOf(',') + 1) : undefined
}

/** RFC 7515 section 7.2; VC-JOSE-COSE section 3.1.1 and Open Badges 3.0 take the compact form alone. */
function refuseJsonSerialization(value: JsonObject): void {
  if (value['@context'] !== undefined || typeof value['payload'] !== 'string') return
  throw new InputError({
    code: 'JWS_MALFORMED',
    message: 'the JWT is in the JSON serialisation',
    expected: 'the compact form, header.payload.signature'
  })
}
