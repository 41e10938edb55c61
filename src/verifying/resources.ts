import { readDigestMultibase, readDigestSri, type StatedDigest } from '../crypto/resource-digest.js'
import { OptionError } from '../encoding/errors.js'
import { placeOf } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject, isPlain } from '../encoding/snapshot.js'
import { listOf, textOf } from '../model/read.js'
import { type Check, check } from './report.js'

/** Files that a credential refers to, by their URL: what the caller has of them. */
export type GivenResources = Readonly<Record<string, string | Uint8Array>>

/**
 * VC Data Model 2.0 section 5.3: a file that the credential refers to with a digest, in `relatedResource` or as evidence,
 * is the file that was meant. Only files that the caller hands in are looked at; nothing is fetched.
 *
 * Does not say what a file shows, and not that the picture of a badge is the one of its achievement, unless the
 * credential states the digest of that picture.
 */
export function checkResources(document: JsonObject, given: ReadonlyMap<string, Uint8Array>): Check {
  const resources = [...findResources(document, '')]
  if (resources.length === 0) return check('RESOURCES_NONE')
  const malformed = resources.find(({ digests }) => digests === undefined)
  if (malformed !== undefined) return check('RESOURCE_MALFORMED', { path: malformed.path })
  const twice = findTwice(listOf(document['relatedResource']))
  if (twice !== undefined) return check('RESOURCE_MALFORMED', { path: twice })
  const held = resources.filter(({ id }) => given.has(id))
  const wrong = held.find(({ id, digests }) => digests?.some(({ matches }) => !matches(given.get(id) as Uint8Array)))
  if (wrong !== undefined) return check('RESOURCE_MISMATCH', { id: wrong.id.slice(0, 200) })
  const count = String(held.length)
  if (held.length === 0) return check('RESOURCES_NOT_GIVEN', { count: String(resources.length) })
  return held.length === resources.length
    ? check('RESOURCES_MATCH', { count })
    : check('RESOURCES_SOME_MATCH', { count, rest: String(resources.length - held.length) })
}

interface StatedResource {
  readonly path: string
  readonly id: string
  /** Every digest that is stated; undefined where one is missing or cannot be read. */
  readonly digests: readonly StatedDigest[] | undefined
}

function* findResources(value: JsonValue, path: string, member = ''): Generator<StatedResource> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* findResources(item, placeOf(path, index), member)
  }
  // VC Data Model 2.0 §5.3 asks for an object with a digest; an address alone says nothing that could be compared.
  if (typeof value === 'string' && member === 'relatedResource') yield { path, id: value, digests: undefined }
  if (!isJsonObject(value)) return
  const states = value['digestSRI'] !== undefined || value['digestMultibase'] !== undefined
  if (states || member === 'relatedResource')
    yield { path, id: textOf(value['id']) ?? '', digests: digestsOf(value, states, member) }
  for (const [name, inner] of Object.entries(value)) {
    if (name !== 'endorsement') yield* findResources(inner, placeOf(path, name), name)
  }
}

/** Evidence may be a text without an address, whose digest nobody can be handed a file for. */
function digestsOf(resource: JsonObject, states: boolean, member: string): readonly StatedDigest[] | undefined {
  if (!states || (member === 'relatedResource' && textOf(resource['id']) === undefined)) return undefined
  const read = [
    ...listOf(resource['digestSRI']).map((text) => readDigestSri(textOf(text) ?? '')),
    ...listOf(resource['digestMultibase']).map((text) => readDigestMultibase(textOf(text) ?? ''))
  ]
  return read.includes(undefined) ? undefined : (read as readonly StatedDigest[])
}

/** VC Data Model 2.0 section 5.3: an id must not stand in two objects of `relatedResource`. */
function findTwice(resources: readonly JsonValue[]): string | undefined {
  const ids = resources.map((one) => (isJsonObject(one) ? one['id'] : undefined))
  const index = ids.findIndex((id, place) => id !== undefined && ids.indexOf(id) !== place)
  return index < 0 ? undefined : `/relatedResource/${index}`
}

/**
 * A copy of the files that were handed in.
 *
 * @throws {OptionError} OPTION_INVALID
 */
export function readResources(given: unknown): ReadonlyMap<string, Uint8Array> {
  if (given === undefined) return new Map()
  if (!isPlain(given)) throw unusable('resources')
  return new Map(
    Object.entries(given).map(([url, content]: [string, unknown]) => {
      if (typeof content === 'string') return [url, new TextEncoder().encode(content)]
      if (content instanceof Uint8Array) return [url, Uint8Array.from(content)]
      throw unusable(`resources.${url.slice(0, 100)}`)
    })
  )
}

function unusable(path: string): OptionError {
  return new OptionError({
    code: 'OPTION_INVALID',
    message: 'a file cannot be used',
    path,
    expected: 'bytes or text, by URL, in an object'
  })
}
