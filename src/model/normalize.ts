import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { CredentialKind } from './credential-kind.js'
import { classes } from './generated/classes.js'
import { listOf } from './read.js'

/** A walk ends here; a document that passed the intake is less deep. */
const MAX_DEPTH = 64

/**
 * A copy of a credential in which every member that may hold several values is an array.
 *
 * JSON-LD compaction may write an array of one as the value itself, and both forms are signed alike. Which members are
 * arrays depends on the class, not on the name: `type` of a Profile is one, `type` of an Image is not. Members that the
 * model does not know, and values of the wrong kind, stay as they are. Parts without a change are shared with the input.
 *
 * Does not check anything: that is the schema's task, on this form.
 *
 * @param kind what the credential is; by default its own types decide
 * @see Open Badges 3.0, section "Serializing the Data Model"
 * @example
 * ```ts
 * toArrayForm({ type: ['VerifiableCredential', 'OpenBadgeCredential'], proof: { type: 'DataIntegrityProof' } })
 * // { type: […], proof: [{ type: 'DataIntegrityProof' }] }
 * ```
 */
export function toArrayForm(credential: JsonObject, kind: CredentialKind = kindOf(credential)): JsonObject {
  return objectInArrayForm(credential, kind, 0)
}

function kindOf(credential: JsonObject): CredentialKind {
  const types = listOf(credential.type)
  if (types.includes('EndorsementCredential')) return 'EndorsementCredential'
  if (types.includes('BitstringStatusListCredential')) return 'BitstringStatusListCredential'
  if (types.includes('StatusList2021Credential')) return 'StatusList2021Credential'
  return 'AchievementCredential'
}

function objectInArrayForm(object: JsonObject, className: string, depth: number): JsonObject {
  const shape = classes[className]
  if (shape === undefined || depth === MAX_DEPTH) return object
  const members = Object.entries(object).map(([name, value]): [string, JsonValue] => {
    const wraps = shape.arrays.includes(name) && !Array.isArray(value)
    const target = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined
    const walked = target === undefined ? value : valueInArrayForm(value, target, depth + 1)
    return [name, wraps ? [walked] : walked]
  })
  return Object.fromEntries(members)
}

function valueInArrayForm(value: JsonValue, className: string, depth: number): JsonValue {
  if (Array.isArray(value) && depth < MAX_DEPTH) {
    return value.map((item: JsonValue) => valueInArrayForm(item, className, depth + 1))
  }
  return isJsonObject(value) ? objectInArrayForm(value, className, depth) : value
}
