import { InputError } from './errors.js'
import {
  Budget,
  checkMemberName,
  checkNumber,
  checkString,
  type JsonLimits,
  pointer,
  refuse,
  storeMember
} from './json-rules.js'
import type { JsonObject, JsonValue } from './json-types.js'

const READ_IT = 'Pass its bytes: await its arrayBuffer().'
/** What to do about objects that hold, or will be, what was meant. */
const HINTS = { Promise: 'Await it.', Blob: READ_IT, File: READ_IT, Response: READ_IT } as const

/**
 * Copies a value into plain JSON, reading each property once, so that what is checked is what is used: a getter, a
 * Proxy or a caller that changes the object later cannot show two faces.
 *
 * @throws {InputError} JSON_VALUE_TYPE for anything JSON cannot say (undefined, functions, symbols, BigInt, Date and
 *   other class instances, sparse arrays), and the bounds of `parseJson`
 */
export function snapshotJson(value: unknown, limits: JsonLimits = {}): JsonValue {
  try {
    return copy(value, '', 0, new Budget(limits))
  } catch (cause) {
    if (cause instanceof InputError) throw cause
    throw new InputError({ code: 'INPUT_TYPE', message: 'the value cannot be read' }, { cause })
  }
}

/** Like {@link snapshotJson} for a value that has to be an object. */
export function snapshotObject(value: unknown, limits: JsonLimits = {}): JsonObject {
  const snapshot = snapshotJson(value, limits)
  if (!isJsonObject(snapshot)) refuse('INPUT_TYPE', 'the value is not an object', '', { expected: 'an object' })
  return snapshot
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True for an object of names; a list or a map has no members to be read, and would count as empty. */
export function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value)
}

/** Freezes plain JSON all the way down. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const member of Object.values(value)) deepFreeze(member)
  }
  return value
}

function copy(value: unknown, path: string, depth: number, budget: Budget): JsonValue {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') {
    budget.text(value.length)
    return checkString(value, path)
  }
  if (typeof value === 'number') return checkNumber(value, path)
  if (typeof value !== 'object') {
    return refuse('JSON_VALUE_TYPE', 'a value is not JSON', path, { expected: 'a JSON value', got: typeof value })
  }
  budget.depth(depth + 1, path)
  return Array.isArray(value) ? copyArray(value, path, depth, budget) : copyObject(value, path, depth, budget)
}

function copyArray(array: readonly unknown[], path: string, depth: number, budget: Budget): JsonValue[] {
  const { length } = array
  const result: JsonValue[] = []
  for (let index = 0; index < length; index += 1) {
    const place = pointer(path, index)
    budget.item(place)
    if (!(index in array)) refuse('JSON_VALUE_TYPE', 'an array has a hole', place)
    result.push(copy(array[index], place, depth + 1, budget))
  }
  return result
}

function copyObject(object: object, path: string, depth: number, budget: Budget): JsonObject {
  const prototype: unknown = Object.getPrototypeOf(object)
  // Objects of another realm have another Object.prototype, whose own prototype is null all the same.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    const got = object.constructor?.name ?? 'object'
    const hint = Object.hasOwn(HINTS, got) ? { hint: HINTS[got as keyof typeof HINTS] } : {}
    refuse('JSON_VALUE_TYPE', 'a value is not a plain object', path, { got, ...hint })
  }
  const result: Record<string, JsonValue> = {}
  for (const name of Object.keys(object)) {
    checkMemberName(name, path)
    const place = pointer(path, name)
    budget.item(place)
    budget.text(name.length)
    storeMember(result, name, copy((object as Record<string, unknown>)[name], place, depth + 1, budget))
  }
  return result
}
