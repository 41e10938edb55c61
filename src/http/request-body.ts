import { readBody } from '../encoding/http-body.js'
import { createDeadline } from '../encoding/http-deadline.js'
import { parseJson } from '../encoding/json.js'
import type { JsonLimits } from '../encoding/json-rules.js'
import type { JsonObject } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { RequestRefused } from './refusals.js'

const JSON_TYPE = /^application\/(?:ld\+)?json(?:\s*;\s*charset\s*=\s*(?:utf-8|"utf-8"))?$/i
/** A credential may be as deep and wide as `verify` allows; it lies two levels down, beside a few options. */
const ROOM: JsonLimits = { maxDepth: 34, maxItems: 11_000 }

/**
 * Reads the JSON object of a request: counted while it comes, and strictly.
 *
 * @throws {RequestRefused} UNSUPPORTED_MEDIA_TYPE, CONTENT_TOO_LARGE, REQUEST_INVALID
 * @throws {InputError} the codes of unreadable JSON
 */
export async function readJsonBody(request: Request, maxBytes: number): Promise<JsonObject> {
  const { headers } = request
  const encoding = headers.get('content-encoding') ?? 'identity'
  if (!JSON_TYPE.test(headers.get('content-type') ?? '') || encoding !== 'identity')
    throw new RequestRefused('UNSUPPORTED_MEDIA_TYPE')
  if (Number(headers.get('content-length') ?? 0) > maxBytes) throw new RequestRefused('CONTENT_TOO_LARGE')
  const body = parseJson(await readBytes(request, maxBytes), { ...ROOM, maxLength: maxBytes })
  if (isJsonObject(body)) return body
  throw new RequestRefused('REQUEST_INVALID', { detail: 'The body is not a JSON object.' })
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (request.bodyUsed) throw new TypeError('the body of the request was read by somebody else')
  const bytes = await attempt(request, maxBytes)
  if (bytes === undefined) throw new RequestRefused('CONTENT_TOO_LARGE')
  return bytes
}

async function attempt(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  const deadline = createDeadline([request.signal])
  try {
    return await readBody(request, maxBytes, deadline)
  } catch {
    // Whoever sends the body has stopped.
    throw new RequestRefused('REQUEST_INVALID', { detail: 'The body did not arrive as a whole.' })
  } finally {
    deadline.end()
  }
}
