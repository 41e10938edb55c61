import { InputError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import type { JsonObject } from '../encoding/json-types.js'
import { isJsonObject, snapshotObject } from '../encoding/snapshot.js'

/** A credential as somebody else wrote it: an object, JSON text, or the bytes of a JSON file. */
export type GivenCredential = Readonly<Record<string, unknown>> | string | Uint8Array

/** @throws {InputError} INPUT_TYPE, and the codes of unreadable JSON */
export function readGiven(credential: GivenCredential): JsonObject {
  const isText = typeof credential === 'string' || credential instanceof Uint8Array
  const value = isText ? parseJson(credential) : snapshotObject(credential)
  if (isJsonObject(value)) return value
  throw new InputError({ code: 'INPUT_TYPE', message: 'the input is not a credential', expected: 'a JSON object' })
}
