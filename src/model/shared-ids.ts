import { canonicalJson } from '../encoding/canonical-json.js'
import { pointer } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { CredentialKind } from './credential-kind.js'
import { classes } from './generated/classes.js'
import { listOf } from './read.js'

/** One place that describes a thing. */
interface Place {
  readonly path: string
  readonly object: JsonObject
  /** The class that the model expects at this place; undefined where the model says nothing. */
  readonly className: string | undefined
}

export interface SharedIds {
  /** A place from which, or to which, a holder could move members without breaking the signature. */
  readonly ambiguous: string | undefined
  /** Things described differently in several places of one class. */
  readonly differing: readonly string[]
}

const CREDENTIAL_TYPES = [
  'VerifiableCredential',
  'VerifiablePresentation',
  'AchievementCredential',
  'OpenBadgeCredential',
  'EndorsementCredential',
  'BitstringStatusListCredential'
]
/** Members that hold graphs of their own: what is said inside is not said outside. */
const GRAPHS = ['endorsement', 'verifiableCredential', 'proof']

/**
 * Looks at things that a document describes in more than one place. An embedded proof covers what is said of a thing,
 * not which place says it: two objects with one id are one node, so a holder could move `validUntil` from the credential
 * to an object that has the credential's id, and no reader would find it (security case 42).
 *
 * Places of different classes may share an id only where nothing can be moved between them: each has only members that
 * its class names, the classes name no member in common that one of them has, and their types differ. Two places of one
 * class, such as an issuer and a creator that are the same organisation, may differ; that is told, not refused.
 */
export function findSharedIds(document: JsonObject, kind: CredentialKind): SharedIds {
  const misplaced = findMisplacedType(document, '', true)
  const differing: string[] = []
  let ambiguous = misplaced
  for (const places of groupById(document, kind)) {
    for (const [first, second] of pairsOf(places)) {
      if (saysTheSame(first, second)) continue
      if (first.className !== undefined && first.className === second.className)
        differing.push(String(first.object['id']))
      else if (canMove(first, second)) ambiguous ??= second.path
    }
  }
  return { ambiguous, differing: [...new Set(differing)] }
}

/** A credential's type anywhere but on a credential makes another object look like one. */
function findMisplacedType(value: JsonValue, path: string, isCredential: boolean): string | undefined {
  if (Array.isArray(value)) {
    return firstOf(value.map((item, index) => () => findMisplacedType(item, pointer(path, index), isCredential)))
  }
  if (!isJsonObject(value)) return undefined
  const types = listOf(value['type'])
  if (!isCredential && types.some((type) => CREDENTIAL_TYPES.includes(String(type)))) return pointer(path, 'type')
  return firstOf(
    Object.entries(value).map(
      ([name, member]) =>
        () =>
          findMisplacedType(member, pointer(path, name), name === 'endorsement' || name === 'verifiableCredential')
    )
  )
}

function canMove(first: Place, second: Place): boolean {
  const [one, other] = [namesOf(first), namesOf(second)]
  if (one === undefined || other === undefined) return !isReference(first) && !isReference(second)
  const strange =
    membersOf(first).some((name) => !one.includes(name)) || membersOf(second).some((name) => !other.includes(name))
  const common = one.filter((name) => other.includes(name))
  const movable = common.some((name) => first.object[name] !== undefined || second.object[name] !== undefined)
  const types = listOf(second.object['type'])
  return strange || movable || listOf(first.object['type']).some((type) => types.includes(type))
}

/** What the class of a place names, without what every object has. */
function namesOf(place: Place): readonly string[] | undefined {
  return classes[place.className ?? '']?.names.filter((name) => name !== 'id' && name !== 'type' && name !== '@context')
}

function membersOf(place: Place): readonly string[] {
  return Object.keys(place.object).filter((name) => name !== 'id' && name !== 'type' && name !== '@context')
}

function isReference(place: Place): boolean {
  return membersOf(place).length === 0 && place.object['type'] === undefined
}

function saysTheSame(first: Place, second: Place): boolean {
  return canonicalJson(first.object) === canonicalJson(second.object)
}

function groupById(document: JsonObject, kind: CredentialKind): Iterable<readonly Place[]> {
  const groups = new Map<string, Place[]>()
  for (const { graph, place } of placesOf(document, kind, '', '')) {
    const key = `${graph} ${String(place.object['id'])}`
    groups.set(key, [...(groups.get(key) ?? []), place])
  }
  return groups.values()
}

function* placesOf(
  value: JsonValue,
  className: string | undefined,
  path: string,
  graph: string
): Generator<{ readonly graph: string; readonly place: Place }> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* placesOf(item, className, pointer(path, index), graph)
  }
  if (!isJsonObject(value)) return
  if (typeof value['id'] === 'string') yield { graph, place: { path, object: value, className } }
  for (const [name, member] of Object.entries(value)) {
    const { members = {} } = classes[className ?? ''] ?? {}
    const inner = Object.hasOwn(members, name) ? members[name] : undefined
    const place = pointer(path, name)
    yield* placesOf(member, inner, place, GRAPHS.includes(name) ? place : graph)
  }
}

function* pairsOf(places: readonly Place[]): Generator<readonly [Place, Place]> {
  for (const [index, first] of places.entries()) {
    for (const second of places.slice(index + 1)) yield [first, second]
  }
}

function firstOf(steps: readonly (() => string | undefined)[]): string | undefined {
  for (const step of steps) {
    const found = step()
    if (found !== undefined) return found
  }
  return undefined
}
