import { placeOf } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { CredentialKind } from './credential-kind.js'
import { classes } from './generated/classes.js'

/** One thing that a relaxed document writes in another way than the one that came in. */
export interface Relaxation {
  readonly path: string
  /** What was written there, in words. */
  readonly form: string
}

export interface Relaxed {
  readonly document: JsonObject
  readonly relaxations: readonly Relaxation[]
}

/** What a verdict rests on is never read in a second way, and neither is anything inside. */
const UNTOUCHED = [
  '@context',
  'issuer',
  'proof',
  'validFrom',
  'validUntil',
  'issuanceDate',
  'expirationDate',
  'credentialStatus',
  'credentialSchema',
  'refreshService',
  'holder',
  'verifiableCredential'
]
/** Credentials of their own, wherever they stand; each is judged by itself, and strictly. */
const ENDORSEMENTS = ['endorsement', 'endorsementJwt']

/**
 * Writes a document in the usual form where it uses another one that JSON-LD takes for the same: `@id` and `@type` for
 * `id` and `type`, a value object or an array of one for a text, `null` and empty arrays, a type that stands twice. None
 * of these leaves a trace in canonical RDF, so an RDF signature holds for both forms, and the usual one is returned.
 *
 * Dates, issuer, proof, contexts, status, schemas, refresh service and endorsements stay as they are, with all that is
 * inside them, and are judged strictly.
 */
export function relax(document: JsonObject, kind: CredentialKind): Relaxed {
  const walk = new LenientWalk()
  const relaxed = walk.object(document, kind, '', UNTOUCHED)
  return { document: relaxed, relaxations: walk.relaxations }
}

class LenientWalk {
  readonly relaxations: Relaxation[] = []

  object(
    object: JsonObject,
    className: string | undefined,
    path: string,
    untouched: readonly string[] = []
  ): JsonObject {
    const relaxed: Record<string, JsonValue> = {}
    for (const [given, value] of Object.entries(object)) {
      const place = placeOf(path, given)
      if (untouched.includes(given) || ENDORSEMENTS.includes(given)) relaxed[given] = value
      else {
        const name = this.#name(given, object, place)
        const member = this.#member(name, value, className, place)
        if (member !== undefined) relaxed[name] = member
      }
    }
    return relaxed
  }

  #name(given: string, object: JsonObject, path: string): string {
    const plain = given === '@id' || given === '@type' ? given.slice(1) : given
    if (plain === given || Object.hasOwn(object, plain)) return given
    return this.#relax(plain, path, given)
  }

  /** The value in its usual form; undefined where nothing is left of it. */
  #member(name: string, value: JsonValue, className: string | undefined, path: string): JsonValue | undefined {
    const { members = {}, arrays = [], names = [] } = classes[className ?? ''] ?? {}
    const inner = Object.hasOwn(members, name) ? members[name] : undefined
    if (value === null) return this.#relax(undefined, path, 'null')
    if (!Array.isArray(value)) return this.#value(value, inner, path)
    const items = this.#items(value, name, path).map((item, index) => this.#value(item, inner, placeOf(path, index)))
    if (items.length === 0) return this.#relax(undefined, path, 'an empty array')
    const isSingle = items.length === 1 && names.includes(name) && !arrays.includes(name)
    return isSingle ? this.#relax(items[0] as JsonValue, path, 'an array of one') : items
  }

  #items(array: readonly JsonValue[], name: string, path: string): readonly JsonValue[] {
    const present = array.filter((item) => item !== null)
    if (present.length < array.length) this.#relax(undefined, path, 'null in an array')
    const isSet = name === 'type' || name === '@type'
    const unique = isSet ? present.filter((item, index) => present.indexOf(item) === index) : present
    if (unique.length < present.length) this.#relax(undefined, path, 'a type that stands twice')
    return unique
  }

  #value(value: JsonValue, className: string | undefined, path: string): JsonValue {
    if (!isJsonObject(value)) return value
    const text = value['@value']
    if (typeof text === 'string' && Object.keys(value).length === 1) return this.#relax(text, path, 'a value object')
    return this.object(value, className, path)
  }

  #relax<T>(usual: T, path: string, form: string): T {
    this.relaxations.push({ path, form })
    return usual
  }
}
