import { dateFromInstant, parseDateTimeStamp, toWholeSeconds } from '../encoding/dates.js'
import { InputError } from '../encoding/errors.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { badAnswer } from './service-failure.js'

/** A member of an answer that has to be an object. */
export function objectIn(body: JsonObject, name: string): JsonObject {
  const value = body[name]
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw badAnswer(`the answer lacks ${name}`)
}

/** A member of an answer that has to be a text. */
export function textIn(body: JsonObject, name: string): string {
  const value = body[name]
  if (typeof value === 'string') return value
  throw badAnswer(`the answer lacks ${name}`)
}

/** Bytes in a member of an answer, with how they are written there. */
export function bytesIn(body: JsonObject, name: string, decode: (text: string) => Uint8Array): Uint8Array {
  const text = textIn(body, name)
  return decodedFrom(() => decode(text), name)
}

/** What a member of an answer decodes to, or the failure that says it does not. */
export function decodedFrom<T>(decode: () => T, name: string): T {
  try {
    return decode()
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause
    throw badAnswer(`${name} of the answer cannot be read`, { cause })
  }
}

/** A list of texts in an answer; what else stands in it is passed over. */
export function textsIn(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []
}

/**
 * The time at which a key was made, from milliseconds since 1970.
 *
 * @throws {ServiceFailure} for what is no time
 */
export function createdAt(milliseconds: number): string {
  return decodedFrom(() => toWholeSeconds(new Date(milliseconds)), 'the time of its making')
}

/**
 * The time at which a key was made, from a date and time with its zone.
 *
 * @throws {ServiceFailure} for what is no time
 */
export function createdFrom(text: string): string {
  return decodedFrom(() => toWholeSeconds(dateFromInstant(parseDateTimeStamp(text))), 'the time of its making')
}
