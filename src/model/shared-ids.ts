import { canonicalJson } from '../encoding/canonical-json.js'
import { placeOf } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { VC_V1_CONTEXT } from './contexts.js'
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

const CREDENTIAL_TYPES: readonly JsonValue[] = [
  'VerifiableCredential',
  'VerifiablePresentation',
  'AchievementCredential',
  'OpenBadgeCredential',
  'EndorsementCredential',
  'BitstringStatusListCredential',
  'StatusList2021Credential'
]
/** Members that hold graphs of their own: what is said inside is not said outside. An endorsement is not among them. */
const GRAPHS = ['verifiableCredential', 'proof']
/** More different descriptions of one thing than any honest document has. */
const MAX_DESCRIPTIONS = 16
const RELATED_RESOURCE = 'RelatedResource'
/** What VCDM 2.0 adds to the classes of Open Badges. */
const CREDENTIAL_MEMBERS = ['relatedResource', 'renderMethod', 'confidenceMethod']
const RELATED_RESOURCE_MEMBERS = ['id', 'type', 'digestSRI', 'digestMultibase', 'mediaType']

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
  const differing = new Set<string>()
  let ambiguous = findMisplacedType(document, '', true)
  for (const places of groupById(document, kind)) {
    const descriptions = distinct(places)
    if (descriptions.length > MAX_DESCRIPTIONS) ambiguous ??= descriptions.at(-1)?.path
    if (ambiguous !== undefined) break
    for (const [first, second] of pairsOf(descriptions)) {
      if (first.className !== undefined && first.className === second.className)
        differing.add(String(first.object['id']))
      else if (canMove(first, second)) ambiguous ??= second.path
    }
  }
  return { ambiguous, differing: [...differing] }
}

/**
 * {@link findSharedIds} for a credential whose classes nobody knows: no other object may have the id of the credential
 * itself, where a holder could put what the verdict rests on. Other shared ids are told, not refused.
 */
export function findCredentialAgain(document: JsonObject): SharedIds {
  const groups = [...groupById(document, 'VerifiableCredential')].map(distinct).filter((places) => places.length > 1)
  const again = groups.find((places) => places.some(({ path }) => path === ''))
  return {
    ambiguous: findMisplacedType(document, '', true) ?? again?.find(({ path }) => path !== '')?.path,
    differing: groups.map(([first]) => String(first?.object['id']))
  }
}

/** Places that say different things; each is written out once, and no further than the first that are too many. */
function distinct(places: readonly Place[]): readonly Place[] {
  if (places.length < 2) return places
  const found = new Map<string, Place>()
  for (const place of places) {
    const text = isReference(place) ? '' : canonicalJson(place.object)
    const key = `${place.className ?? ''} ${text}`
    if (!found.has(key)) found.set(key, place)
    if (found.size > MAX_DESCRIPTIONS) break
  }
  return saysOneThing([...found.values()])
}

/** The same words in places of different classes are the same words. */
function saysOneThing(places: readonly Place[]): readonly Place[] {
  const texts = new Set(places.map(({ object }) => canonicalJson(object)))
  return texts.size === 1 ? places.slice(0, 1) : places
}

/** A credential's type anywhere but on a credential makes another object look like one. */
function findMisplacedType(value: JsonValue, path: string, isCredential: boolean): string | undefined {
  if (Array.isArray(value)) {
    return firstOf(value.map((item, index) => () => findMisplacedType(item, placeOf(path, index), isCredential)))
  }
  if (!isJsonObject(value)) return undefined
  const types = listOf(value['type'])
  if (!isCredential && types.some((type) => CREDENTIAL_TYPES.includes(type))) return placeOf(path, 'type')
  return firstOf(
    Object.entries(value).map(
      ([name, member]) =>
        () =>
          findMisplacedType(member, placeOf(path, name), name === 'endorsement' || name === 'verifiableCredential')
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
  if (place.className === RELATED_RESOURCE) return RELATED_RESOURCE_MEMBERS.filter(isOwnMember)
  const names = classes[place.className ?? '']?.names.filter(isOwnMember)
  return names && place.className?.includes('Credential') ? [...names, ...CREDENTIAL_MEMBERS] : names
}

function membersOf(place: Place): readonly string[] {
  return Object.keys(place.object).filter(isOwnMember)
}

function isOwnMember(name: string): boolean {
  return name !== 'id' && name !== 'type' && name !== '@context'
}

function isReference(place: Place): boolean {
  return membersOf(place).length === 0 && place.object['type'] === undefined
}

function groupById(document: JsonObject, kind: CredentialKind): Iterable<readonly Place[]> {
  const graphs = new Map<JsonValue, Map<string, Place[]>>()
  for (const { graph, place } of placesOf(document, kind, '', document)) {
    const groups = graphs.get(graph) ?? new Map<string, Place[]>()
    graphs.set(graph, groups)
    const id = String(place.object['id'])
    const places = groups.get(id)
    if (places === undefined) groups.set(id, [place])
    else places.push(place)
  }
  return [...graphs.values()].flatMap((groups) => [...groups.values()])
}

function* placesOf(
  value: JsonValue,
  className: string | undefined,
  path: string,
  graph: JsonValue
): Generator<{ readonly graph: JsonValue; readonly place: Place }> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* placesOf(item, className, placeOf(path, index), graph)
  }
  // A text where the model expects an object is a reference to it.
  if (typeof value === 'string' && className !== undefined)
    yield { graph, place: { path, object: { id: value }, className } }
  if (!isJsonObject(value)) return
  const ownClass = ofDataModel(value, className)
  if (typeof value['id'] === 'string') yield { graph, place: { path, object: value, className: ownClass } }
  const { members = {} } = classes[ownClass ?? ''] ?? {}
  for (const [name, member] of Object.entries(value)) {
    const inner =
      name === 'relatedResource' ? RELATED_RESOURCE : Object.hasOwn(members, name) ? members[name] : undefined
    yield* placesOf(member, inner, placeOf(path, name), GRAPHS.includes(name) ? member : graph)
  }
}

/** The class for VCDM 1.1 where a credential is one of that data model. */
function ofDataModel(value: JsonObject, className: string | undefined): string | undefined {
  const earlier = `${className}11`
  return listOf(value['@context'])[0] === VC_V1_CONTEXT && Object.hasOwn(classes, earlier) ? earlier : className
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
