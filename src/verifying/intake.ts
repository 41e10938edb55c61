import { isPng, unbakePng } from '../baking/png.js'
import { isSvg, unbakeSvg } from '../baking/svg.js'
import { InputError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import { deepFreeze, isJsonObject, snapshotJson } from '../encoding/snapshot.js'
import type { Settings } from './options.js'
import type { Secured } from './secured.js'

const COMPACT_JWS = /^[\w-]+\.[\w-]*\.[\w-]+$/

/** What a verifier may be handed: an object, JSON text, SVG text, or the bytes of a JSON, PNG or SVG file. */
export type VerifyInput = Readonly<Record<string, unknown>> | string | Uint8Array

export interface Intake {
  /** A frozen copy in plain JSON; the input is not looked at again. */
  readonly secured: Secured
  readonly form: 'an object' | 'JSON text' | 'JSON bytes' | 'a baked PNG' | 'a baked SVG'
}

/**
 * Turns any accepted form into one frozen JSON object (security order, steps 1 to 3).
 *
 * @throws {InputError} or {BakingError} with the code that becomes the code of the check `input`
 */
export function takeIn(input: unknown, settings: Settings): Intake {
  const { limits, maxImageBytes: maxBytes } = settings
  const read = (text: string | Uint8Array) => embedded(parseJson(asJsonText(text), limits))
  if (input instanceof Uint8Array && isPng(input))
    return { secured: read(unbakePng(input, { maxBytes })), form: 'a baked PNG' }
  if (typeof input === 'string' || input instanceof Uint8Array) {
    if (isSvg(input)) return { secured: read(unbakeSvg(input, { maxBytes })), form: 'a baked SVG' }
    return { secured: read(input), form: typeof input === 'string' ? 'JSON text' : 'JSON bytes' }
  }
  return { secured: embedded(snapshotJson(input, limits)), form: 'an object' }
}

/** A badge as a JWT is a badge, and the sentence about it should not be that it is no JSON. */
function asJsonText(text: string | Uint8Array): string | Uint8Array {
  if (typeof text !== 'string' || !COMPACT_JWS.test(text)) return text
  throw new InputError({
    code: 'INPUT_TYPE',
    message: 'the credential is a JWT, which this version does not read',
    expected: 'a credential with an embedded proof'
  })
}

function embedded(value: unknown): Secured {
  if (isJsonObject(value)) return { form: 'embedded', document: deepFreeze(value) }
  throw new InputError({
    code: 'INPUT_TYPE',
    message: 'the input is not a credential',
    expected: 'a JSON object, JSON text, or the bytes of a JSON file or a baked PNG or SVG',
    got: value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value
  })
}
