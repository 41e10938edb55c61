import { isPng, unbakePng } from '../baking/png.js'
import { InputError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import type { JsonObject } from '../encoding/json-types.js'
import { deepFreeze, isJsonObject, snapshotJson } from '../encoding/snapshot.js'
import type { Settings } from './options.js'

/** What a verifier may be handed: an object, JSON text, or the bytes of a JSON file or a baked PNG. */
export type VerifyInput = Readonly<Record<string, unknown>> | string | Uint8Array

export interface Intake {
  /** A frozen copy in plain JSON; the input is not looked at again. */
  readonly document: JsonObject
  readonly form: 'an object' | 'JSON text' | 'JSON bytes' | 'a baked PNG'
}

/**
 * Turns any accepted form into one frozen JSON object (security order, steps 1 to 3).
 *
 * @throws {InputError} or {BakingError} with the code that becomes the code of the check `input`
 */
export function takeIn(input: unknown, settings: Settings): Intake {
  const { limits, maxImageBytes } = settings
  if (typeof input === 'string') return { document: asObject(parseJson(input, limits)), form: 'JSON text' }
  if (input instanceof Uint8Array) {
    if (!isPng(input)) return { document: asObject(parseJson(input, limits)), form: 'JSON bytes' }
    return { document: asObject(parseJson(unbakePng(input, { maxBytes: maxImageBytes }), limits)), form: 'a baked PNG' }
  }
  return { document: asObject(snapshotJson(input, limits)), form: 'an object' }
}

function asObject(value: unknown): JsonObject {
  if (isJsonObject(value)) return deepFreeze(value)
  throw new InputError({
    code: 'INPUT_TYPE',
    message: 'the input is not a credential',
    expected: 'a JSON object, JSON text, or the bytes of a JSON file or a baked PNG',
    got: value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value
  })
}
