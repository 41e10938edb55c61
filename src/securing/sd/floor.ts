import { pointer } from '../../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../../encoding/json-types.js'
import { isJsonObject } from '../../encoding/snapshot.js'

const OF_CREDENTIAL = [
  'id',
  'type',
  'name',
  'issuer',
  'validFrom',
  'validUntil',
  'issuanceDate',
  'expirationDate',
  'awardedDate',
  'credentialStatus',
  'credentialSchema',
  'refreshService',
  'termsOfUse'
]
const OF_SUBJECT = ['id', 'type', 'identifier']
/** What Open Badges requires, and what its results mean: a definition says nothing of the person. */
const OF_ACHIEVEMENT = ['id', 'type', 'name', 'description', 'criteria', 'resultDescription']
const OF_RESULT = ['status', 'resultDescription']

/**
 * What no holder may leave out of a credential, as JSON Pointers to what is there of it: who issued it and to whom, how
 * long it holds, where its status stands, what the achievement is, and how a result came out that has a status. Without
 * it a holder could hide that a credential has expired or was revoked, or show what no verifier accepts.
 */
export function mandatoryFloor(document: JsonObject): readonly string[] {
  return [
    ...membersOf(document, '', OF_CREDENTIAL),
    ...objectsAt(document['credentialSubject'], '/credentialSubject').flatMap(([subject, path]) => [
      ...membersOf(subject, path, OF_SUBJECT),
      ...objectsAt(subject['achievement'], `${path}/achievement`).flatMap(([achievement, place]) =>
        membersOf(achievement, place, OF_ACHIEVEMENT)
      ),
      ...objectsAt(subject['result'], `${path}/result`).flatMap(([result, place]) =>
        result['status'] === undefined ? [] : membersOf(result, place, OF_RESULT)
      )
    ])
  ]
}

function membersOf(object: JsonObject, path: string, names: readonly string[]): readonly string[] {
  return names.filter((name) => object[name] !== undefined).map((name) => pointer(path, name))
}

/** The objects at a place that may hold one or several, each with its own path. */
function objectsAt(value: JsonValue | undefined, path: string): readonly (readonly [JsonObject, string])[] {
  if (isJsonObject(value)) return [[value, path]]
  if (!Array.isArray(value)) return []
  return value.flatMap((entry, index) => (isJsonObject(entry) ? [[entry, pointer(path, index)] as const] : []))
}
