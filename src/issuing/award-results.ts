import { decimal } from '../competency/result-rules.js'
import { objects, textMember } from '../competency/shape.js'
import type { Fault } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import type { LevelDefinition, ResultDefinition } from '../model/competency-types.js'
import { missing, wrong } from './award-faults.js'

/** Statuses with which nothing has been achieved, required or not. */
const LOST: readonly string[] = ['Failed', 'Withdrew']

/** Results belong to the definition, reach what it requires, and none that it requires is left out. */
export function resultFaults(award: JsonObject, definitions: readonly ResultDefinition[]): Fault[] {
  const seen = new Set<string>()
  const faults: Fault[] = []
  for (const { path, value } of objects(award.results, '/results')) {
    const name = textMember(value, 'resultDescription')
    if (name === undefined) continue
    const definition = definitions.find(({ id }) => id === name)
    if (definition === undefined) {
      faults.push(
        wrong('the definition has no such result', `${path}/resultDescription`, {
          expected: names(definitions),
          got: name
        })
      )
    } else if (seen.has(name)) {
      faults.push(wrong('a result is given twice', `${path}/resultDescription`, { got: name }))
    } else {
      faults.push(...levelFaults(value, definition, path))
      faults.push(...valueFaults(value, definition, path))
      faults.push(...statusFaults(value, definition, path))
    }
    seen.add(name)
  }
  for (const definition of definitions) {
    if (!isRequired(definition) || seen.has(definition.id)) continue
    faults.push(missing(`the result ${definition.id} is required`, '/results', { expected: requirement(definition) }))
  }
  return faults
}

function isRequired({ requiredLevel, requiredValue }: ResultDefinition): boolean {
  return requiredLevel !== undefined || requiredValue !== undefined
}

function requirement({ id, requiredLevel, requiredValue }: ResultDefinition): string {
  const parts = [
    requiredLevel === undefined ? [] : [`level ${requiredLevel} or higher`],
    requiredValue === undefined ? [] : [`value ${requiredValue} or better`]
  ]
  return `${id} with ${parts.flat().join(' and ')}`
}

function levelFaults(result: JsonObject, definition: ResultDefinition, path: string): Fault[] {
  const levels = definition.rubricCriterionLevel ?? []
  const achieved = textMember(result, 'achievedLevel')
  if (achieved === undefined) {
    if (definition.requiredLevel === undefined || result.achievedLevel !== undefined) return []
    return [missing('the level that was reached is missing', `${path}/achievedLevel`, { expected: names(levels) })]
  }
  const place = `${path}/achievedLevel`
  const level = levels.find(({ id }) => id === achieved)
  if (level === undefined) {
    return [wrong('the result has no such level', place, { expected: names(levels), got: achieved })]
  }
  const required = levels.find(({ id }) => id === definition.requiredLevel)
  if (required === undefined || rank(level) >= rank(required)) return []
  return [wrong('the level is below the required one', place, { expected: `${required.id} or higher`, got: achieved })]
}

/** Embedded proofs do not sign the order of levels, so the rank is what the points say. */
function rank(level: LevelDefinition): number {
  return decimal(level.points) ?? Number.NaN
}

function valueFaults(result: JsonObject, definition: ResultDefinition, path: string): Fault[] {
  const { requiredValue, allowedValue } = definition
  const place = `${path}/value`
  const value = textMember(result, 'value')
  if (value === undefined) {
    if (requiredValue === undefined || definition.resultType === 'Status' || result.value !== undefined) return []
    return [missing('the value that was reached is missing', place, { expected: `${requiredValue} or better` })]
  }
  if (allowedValue !== undefined) return allowedFaults(value, allowedValue, requiredValue, place)
  if (definition.resultType === 'Status') return []
  const [min, max] = [decimal(definition.valueMin), decimal(definition.valueMax)]
  const required = decimal(requiredValue)
  if (min === undefined && max === undefined && required === undefined) return []
  const number = decimal(value)
  if (number === undefined) {
    return [wrong('the value is not a number', place, { expected: 'a plain decimal number in a string', got: value })]
  }
  if ((min !== undefined && number < min) || (max !== undefined && number > max)) {
    return [
      wrong('the value lies out of bounds', place, { expected: `${min ?? 'any'} to ${max ?? 'any'}`, got: value })
    ]
  }
  if (required !== undefined && number < required) {
    return [wrong('the value is below the required one', place, { expected: `${required} or more`, got: value })]
  }
  return []
}

/** `allowedValue` lists the values low to high. */
function allowedFaults(value: string, allowed: readonly string[], required: string | undefined, path: string): Fault[] {
  const reached = allowed.indexOf(value)
  if (reached < 0)
    return [wrong('the value is not allowed', path, { expected: `one of ${allowed.join(', ')}`, got: value })]
  if (required === undefined || reached >= allowed.indexOf(required)) return []
  return [wrong('the value is below the required one', path, { expected: `${required} or better`, got: value })]
}

function statusFaults(result: JsonObject, definition: ResultDefinition, path: string): Fault[] {
  const place = `${path}/status`
  const status = textMember(result, 'status')
  const required = definition.resultType === 'Status' ? definition.requiredValue : undefined
  if (status === undefined) {
    if (definition.resultType !== 'Status' || result.status !== undefined) return []
    return [
      missing('a result of the type Status needs its status', place, {
        expected: required ?? 'a status such as Completed'
      })
    ]
  }
  if (required !== undefined && status !== required) {
    return [wrong('the status is not the required one', place, { expected: required, got: status })]
  }
  if (status === required) return []
  const unfinished = isRequired(definition) && status !== 'Completed'
  if (!unfinished && !LOST.includes(status)) return []
  return [wrong('nothing has been achieved with this status', place, { expected: 'Completed', got: status })]
}

function names(list: readonly { readonly id: string }[]): string {
  return list.length === 0 ? 'nothing: the definition has none' : `one of ${list.map(({ id }) => id).join(', ')}`
}
