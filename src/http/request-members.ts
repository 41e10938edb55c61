import type { Fault } from '../encoding/errors.js'
import { pointer } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { RequestRefused } from './refusals.js'

/** How a member has to look, and in words. */
export interface MemberRule {
  readonly fits: (value: JsonValue) => boolean
  readonly expected: string
  readonly required?: true
}

export type MemberRules = Readonly<Record<string, MemberRule>>

export const text: MemberRule = { fits: (value) => typeof value === 'string' && value !== '', expected: 'a text' }
export const flag: MemberRule = { fits: (value) => typeof value === 'boolean', expected: 'true or false' }
export const object: MemberRule = { fits: isJsonObject, expected: 'an object' }
export const texts: MemberRule = {
  fits: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  expected: 'a list of texts'
}

/**
 * Checks the members of a request: an option that is not known is an error, so that nobody relies on one that does
 * nothing (VCALM, section Options).
 *
 * @throws {RequestRefused} REQUEST_INVALID with every fault
 */
export function checkMembers(value: JsonObject, rules: MemberRules, path = ''): JsonObject {
  const faults = [
    ...Object.keys(value).flatMap((name) => findFault(value[name], ruleOf(rules, name), pointer(path, name))),
    ...Object.entries(rules).flatMap(([name, rule]) =>
      rule.required && value[name] === undefined
        ? [fault('a member is missing', pointer(path, name), rule.expected)]
        : []
    )
  ]
  if (faults.length > 0) throw new RequestRefused('REQUEST_INVALID', { faults })
  return value
}

/** The options of a request, checked; an empty object where there are none. */
export function optionsOf(body: JsonObject, rules: MemberRules): JsonObject {
  return checkMembers((body['options'] as JsonObject | undefined) ?? {}, rules, '/options')
}

export function required(rule: MemberRule): MemberRule {
  return { ...rule, required: true }
}

function ruleOf(rules: MemberRules, name: string): MemberRule | undefined {
  return Object.hasOwn(rules, name) ? rules[name] : undefined
}

function findFault(value: JsonValue | undefined, rule: MemberRule | undefined, path: string): Fault[] {
  if (rule === undefined) return [fault('the route does not know this member', path, 'another name')]
  return value === undefined || rule.fits(value) ? [] : [fault('a member has another form', path, rule.expected)]
}

function fault(message: string, path: string, expected: string): Fault {
  return { code: 'OPTION_INVALID', message, path, expected }
}
