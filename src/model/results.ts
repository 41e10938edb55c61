import type { Fault } from '../encoding/errors.js'
import { pointer } from '../encoding/json-rules.js'
import type { JsonObject } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { listOf, objectsOf, textOf } from './read.js'

/** Many results may point at one long id, which then is not to be told of each. */
const MOST_SHOWN = 200

/**
 * Compares each result with the description it points at: no schema can, because the two stand in different places
 * (Open Badges 3.0 Appendix B, Result and ResultDescription).
 *
 * Does not say whether a result is good enough; a badge may well show a failed one.
 *
 * @param subject a `credentialSubject`
 */
export function findResultFaults(subject: JsonObject): readonly Fault[] {
  const achievement = isJsonObject(subject['achievement']) ? subject['achievement'] : {}
  const descriptions = objectsOf(achievement['resultDescription'])
  return [
    ...descriptions.flatMap((description, index) =>
      findDescriptionFaults(description, `/credentialSubject/achievement/resultDescription/${index}`)
    ),
    ...objectsOf(subject['result']).flatMap((result, index) =>
      findFaultsOfResult(result, descriptions, `/credentialSubject/result/${index}`)
    )
  ]
}

function findDescriptionFaults(description: JsonObject, path: string): readonly Fault[] {
  const required = textOf(description['requiredLevel'])
  if (required === undefined || levelIds(description).includes(required)) return []
  return [
    fault(
      pointer(path, 'requiredLevel'),
      'the required level is not a level of this description',
      levelIds(description),
      required
    )
  ]
}

function findFaultsOfResult(result: JsonObject, descriptions: readonly JsonObject[], path: string): readonly Fault[] {
  const target = textOf(result['resultDescription'])
  if (target === undefined) return []
  const description = descriptions.find((one) => one['id'] === target)
  if (description === undefined) {
    const ids = descriptions.map((one) => String(one['id']))
    return [fault(pointer(path, 'resultDescription'), 'the achievement has no such result description', ids, target)]
  }
  return [
    ...findLevelFaults(result, description, path),
    ...findStatusFaults(result, description, path),
    ...findValueFaults(result, description, path)
  ]
}

function findLevelFaults(result: JsonObject, description: JsonObject, path: string): readonly Fault[] {
  const achieved = textOf(result['achievedLevel'])
  if (achieved === undefined || levelIds(description).includes(achieved)) return []
  return [
    fault(
      pointer(path, 'achievedLevel'),
      'the achieved level is not a level of this description',
      levelIds(description),
      achieved
    )
  ]
}

function findStatusFaults(result: JsonObject, description: JsonObject, path: string): readonly Fault[] {
  const wanted = description['resultType'] === 'Status'
  const given = result['status'] !== undefined
  if (wanted && !given)
    return [fault(pointer(path, 'status'), 'a result of type Status has no status', ['a status'], 'nothing')]
  if (!given || wanted || levelIds(description).length > 0) return []
  return [
    fault(
      pointer(path, 'status'),
      'a status is given for a description of another type',
      ['no status'],
      String(result['status'])
    )
  ]
}

function findValueFaults(result: JsonObject, description: JsonObject, path: string): readonly Fault[] {
  const value = textOf(result['value'])
  if (value === undefined) return []
  const place = pointer(path, 'value')
  const allowed = listOf(description['allowedValue']).map(String)
  if (allowed.length > 0)
    return allowed.includes(value) ? [] : [fault(place, 'the value is not an allowed one', allowed, value)]
  // As texts "10" would come before "9".
  const number = Number(value)
  const least = textOf(description['valueMin'])
  const most = textOf(description['valueMax'])
  return [
    ...(least === undefined || number >= Number(least)
      ? []
      : [fault(place, 'the value is below valueMin', [least], value)]),
    ...(most === undefined || number <= Number(most)
      ? []
      : [fault(place, 'the value is above valueMax', [most], value)])
  ]
}

function levelIds(description: JsonObject): readonly string[] {
  return objectsOf(description['rubricCriterionLevel']).map((level) => String(level['id']))
}

function fault(path: string, message: string, expected: readonly string[], got: string): Fault {
  const shown = expected.slice(0, 10).map((one) => one.slice(0, MOST_SHOWN))
  const known = shown.length === 0 ? 'none' : shown.join(', ')
  return { code: 'CREDENTIAL_INVALID', path, message, expected: known, got: got.slice(0, MOST_SHOWN) }
}
