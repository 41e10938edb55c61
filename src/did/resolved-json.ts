import { ResolutionError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import type { JsonValue } from '../encoding/json-types.js'

const MAX_LENGTH = 65_536

/**
 * Parses what a resolver brought, strictly: JSON of at most 64 KiB.
 *
 * @param what names it in the error
 * @throws {ResolutionError} RESOLUTION_INVALID
 */
export function parseResolved(body: string | Uint8Array, what: string, url: string): JsonValue {
  const fault = { code: 'RESOLUTION_INVALID', path: url } as const
  if (body.length > MAX_LENGTH) {
    throw new ResolutionError({ ...fault, message: `${what} is too large`, expected: `at most ${MAX_LENGTH} bytes` })
  }
  try {
    return parseJson(body)
  } catch (cause) {
    throw new ResolutionError({ ...fault, message: `${what} is not strict JSON` }, { cause })
  }
}
