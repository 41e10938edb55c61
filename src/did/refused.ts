import { type Fault, ResolutionError } from '../encoding/errors.js'
import type { JsonValue } from '../encoding/json-types.js'

/** The error for a key that is not one of the issuer, or for a document that does not say so properly. */
export function refused(
  code: Fault['code'],
  message: string,
  path: string,
  expected?: string,
  got?: JsonValue,
  cause?: unknown
): ResolutionError {
  const fault: Fault = {
    code,
    message,
    ...(path === '' ? {} : { path }),
    ...(expected === undefined ? {} : { expected: expected.slice(0, 200) }),
    ...(got === undefined ? {} : { got: (typeof got === 'string' ? got : JSON.stringify(got)).slice(0, 200) })
  }
  return new ResolutionError(fault, { cause })
}
