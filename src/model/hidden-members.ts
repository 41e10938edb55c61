import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { idOf, listOf } from './read.js'

const CREDENTIALS = 'https://www.w3.org/2018/credentials#'
/** Where Bitstring Status List 1.0 and Status List 2021 define the members of an entry. */
const STATUS = ['https://www.w3.org/ns/credentials/status#', 'https://w3id.org/vc/status-list#']
/** The members on which a verdict rests. A holder who could move one out of sight would change the verdict. */
const WATCHED = [
  'issuer',
  'validFrom',
  'validUntil',
  'issuanceDate',
  'expirationDate',
  'credentialStatus',
  'credentialSchema',
  'credentialSubject',
  'refreshService',
  'relatedResource',
  'evidence',
  'termsOfUse',
  'holder',
  'verifiableCredential'
]
const ENTRY_TYPES: readonly JsonValue[] = ['BitstringStatusListEntry', 'StatusList2021Entry']
const WATCHED_IN_ENTRY = ['statusPurpose', 'statusListIndex', 'statusListCredential', 'statusSize', 'statusMessage']
/** An expanded document says these only where a context gives them another name: outside of any member, or unsigned. */
const KEYWORDS = ['@included', '@reverse', '@index']

type Node = Readonly<Record<string, unknown>>

/**
 * Compares the members on which a verdict rests with what the signature covers, so that none of them hides behind
 * another name, in another object or in what RDF does not keep (security cases 17 to 21, 27 to 29 and 42). Needed only
 * where contexts are admitted that are not known to be harmless.
 *
 * Does not see names of other members that were exchanged along with their contexts (cases 22 and 23).
 *
 * @returns the name of the first member of which the document shows another one than was signed
 */
export function findHiddenMember(document: JsonObject, nodes: readonly unknown[]): string | undefined {
  const [node = {}] = nodes as readonly Node[]
  const entries = nodesOf(node[`${CREDENTIALS}credentialStatus`])
  return (
    WATCHED.find((member) => !agrees(document[member], nodesOf(node[`${CREDENTIALS}${member}`]))) ??
    firstOf(listOf(document['credentialStatus']), (entry, index) => findHiddenInEntry(entry, entries[index])) ??
    firstOf(Object.values(node), (value) => findApart(value, node['@id'])) ??
    KEYWORDS.find((keyword) => Object.hasOwn(node, keyword))
  )
}

function findHiddenInEntry(entry: JsonValue, node: Node = {}): string | undefined {
  if (!isJsonObject(entry) || !listOf(entry['type']).some((type) => ENTRY_TYPES.includes(type))) return undefined
  return WATCHED_IN_ENTRY.find(
    (member) =>
      !agrees(
        entry[member],
        STATUS.flatMap((vocabulary) => nodesOf(node[`${vocabulary}${member}`]))
      )
  )
}

/** A second place that speaks for the credential, or a keyword that JSON readers see as a member. */
function findApart(value: unknown, id: unknown): string | undefined {
  if (Array.isArray(value)) return firstOf(value, (item) => findApart(item, id))
  if (typeof value !== 'object' || value === null) return undefined
  const names = Object.keys(value)
  const keyword = names.find((name) => KEYWORDS.includes(name))
  if (keyword !== undefined) return keyword
  if (id !== undefined && (value as Node)['@id'] === id && names.length > 1) return 'id'
  // What a literal holds is signed as it stands, and a graph says nothing outside of itself.
  return firstOf(names, (name) =>
    name === '@value' || name === '@graph' ? undefined : findApart((value as Node)[name], id)
  )
}

/** Whether the document shows as many values as were signed, the same texts and things with the same ids. */
function agrees(shown: JsonValue | undefined, signed: readonly Node[]): boolean {
  const values = listOf(shown)
  return values.length === signed.length && values.every((value, index) => isSame(value, signed[index] as Node))
}

function isSame(value: JsonValue, node: Node): boolean {
  if (!isJsonObject(value)) return value === (node['@value'] ?? node['@id'])
  return node['@graph'] !== undefined || idOf(value) === undefined || idOf(value) === node['@id']
}

function nodesOf(values: unknown): readonly Node[] {
  return Array.isArray(values) ? values : []
}

function firstOf<T>(items: readonly T[], find: (item: T, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = find(item, index)
    if (found !== undefined) return found
  }
  return undefined
}
