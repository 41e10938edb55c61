import type { Fault } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { invalid } from './faults.js'
import { objects, type Placed, textMember } from './shape.js'

/** The words of Open Badges' ResultStatusType. */
export const RESULT_STATUSES: readonly string[] = [
  'Completed',
  'Enrolled',
  'Failed',
  'InProgress',
  'OnHold',
  'Provisional',
  'Withdrew'
]

const DECIMAL = /^-?(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,6})?$/

/** The number a decimal string means; undefined for any other text. As strings "10" would come before "9". */
export function decimal(text: string | undefined): number | undefined {
  return text !== undefined && DECIMAL.test(text) ? Number(text) : undefined
}

/** Results and levels have their own names, levels rise, and what is required can be reached. */
export function resultFaults(definition: JsonObject): Fault[] {
  const results = objects(definition.resultDescription, '/resultDescription')
  return [
    ...duplicateNames(results),
    ...results.flatMap((result) => [...levelFaults(result), ...requiredLevelFaults(result), ...valueFaults(result)])
  ]
}

/** Local names become fragments of one URL, where result `a` with level `b` and a result `a-b` would be the same. */
function duplicateNames(results: readonly Placed<JsonObject>[]): Fault[] {
  const seen = new Set<string>()
  return results.flatMap((result) => {
    const id = textMember(result.value, 'id')
    const names = [{ name: id, path: `${result.path}/id` }]
    for (const level of levelsOf(result)) {
      const levelId = textMember(level.value, 'id')
      const known = id !== undefined && levelId !== undefined
      names.push({ name: known ? `${id}-${levelId}` : undefined, path: `${level.path}/id` })
    }
    return names.flatMap(({ name, path }) => {
      if (name === undefined) return []
      if (seen.has(name)) return [invalid('a local name is used twice', path, { got: name })]
      seen.add(name)
      return []
    })
  })
}

function levelFaults(result: Placed<JsonObject>): Fault[] {
  const faults: Fault[] = []
  let before: number | undefined
  for (const level of levelsOf(result)) {
    const points = decimal(textMember(level.value, 'points'))
    if (points === undefined) continue
    if (before !== undefined && points <= before) {
      faults.push(
        invalid('the points of a level contradict its position', `${level.path}/points`, {
          expected: `more than ${before}`,
          got: String(points),
          hint: 'List levels from low to high with rising points'
        })
      )
    }
    before = Math.max(points, before ?? points)
  }
  return faults
}

function requiredLevelFaults(result: Placed<JsonObject>): Fault[] {
  const names = levelsOf(result).map((level) => textMember(level.value, 'id'))
  const required = textMember(result.value, 'requiredLevel')
  if (result.value.resultType === 'RubricCriterionLevel' && result.value.rubricCriterionLevel === undefined) {
    return [
      invalid('a result of levels has no levels', `${result.path}/rubricCriterionLevel`, { expected: 'its levels' })
    ]
  }
  if (required === undefined || names.includes(required)) return []
  return [
    invalid('the required level is not one of the levels', `${result.path}/requiredLevel`, {
      expected: names.length === 0 ? 'rubricCriterionLevel with the levels' : `one of ${names.join(', ')}`,
      got: required
    })
  ]
}

function valueFaults(result: Placed<JsonObject>): Fault[] {
  const [min, max] = [decimal(textMember(result.value, 'valueMin')), decimal(textMember(result.value, 'valueMax'))]
  const faults: Fault[] = []
  if (min !== undefined && max !== undefined && min >= max) {
    faults.push(invalid('valueMax is not above valueMin', `${result.path}/valueMax`, { expected: `more than ${min}` }))
  }
  const allowed = Array.isArray(result.value.allowedValue) ? (result.value.allowedValue as unknown[]) : undefined
  allowed?.forEach((value, index) => {
    if (typeof value !== 'string' || (min === undefined && max === undefined)) return
    faults.push(...boundFaults(value, min, max, `${result.path}/allowedValue/${index}`))
  })
  const required = textMember(result.value, 'requiredValue')
  if (required === undefined) return faults
  const path = `${result.path}/requiredValue`
  if (result.value.resultType === 'Status') {
    if (!RESULT_STATUSES.includes(required)) {
      faults.push(
        invalid('the required status does not exist', path, { expected: RESULT_STATUSES.join(', '), got: required })
      )
    }
  } else if (allowed !== undefined) {
    if (!allowed.includes(required)) {
      faults.push(
        invalid('the required value is not allowed', path, { expected: `one of ${allowed.join(', ')}`, got: required })
      )
    }
  } else {
    faults.push(...boundFaults(required, min, max, path))
  }
  return faults
}

function boundFaults(value: string, min: number | undefined, max: number | undefined, path: string): Fault[] {
  const number = decimal(value)
  if (number === undefined) {
    return [
      invalid('nothing says how this value ranks', path, {
        expected: 'a decimal number',
        hint: 'Values that are not numbers need allowedValue, low to high, and no bounds'
      })
    ]
  }
  if ((min === undefined || number >= min) && (max === undefined || number <= max)) return []
  return [invalid('a value lies out of bounds', path, { expected: `${min ?? 'any'} to ${max ?? 'any'}`, got: value })]
}

function levelsOf(result: Placed<JsonObject>): Placed<JsonObject>[] {
  return objects(result.value.rubricCriterionLevel, `${result.path}/rubricCriterionLevel`)
}
