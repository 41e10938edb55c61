import { canonicalJson } from '../encoding/canonical-json.js'
import { pointer } from '../encoding/json-rules.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { Definitions, Keywords, Scalar, Schema } from './json-schema-keywords.js'

/** One keyword that did not hold at one place. */
export interface SchemaError {
  /** JSON Pointer to the place. */
  readonly instancePath: string
  readonly keyword: string
  /** What the keyword asks for. */
  readonly params: Readonly<Record<string, unknown>>
  /** The definition in which the keyword stands. */
  readonly definition: string
  /** The member name, where the name itself is wrong. */
  readonly propertyName?: string
}

/**
 * Checks a JSON value against a definition.
 *
 * Documents of strangers stop at the `first` fault, which bounds the work; our own callers get `all` faults of theirs.
 * What the forms of a choice found comes before the choice itself, which is why one fault can be several errors.
 *
 * Reads the schemas as data. Code compiled from them ahead of time was a third of what a verifier loads; the tests hold
 * this to the very errors that such code gives.
 *
 * @returns no error where the value conforms
 * @see JSON Schema 2019-09, Core and Validation
 * @example
 * ```ts
 * findSchemaErrors({ Name: { type: 'string' } }, 'Name', 7, 'first')
 * // [{ instancePath: '', keyword: 'type', params: { type: 'string' }, definition: 'Name' }]
 * ```
 */
export function findSchemaErrors(
  definitions: Definitions,
  name: string,
  value: unknown,
  extent: 'first' | 'all'
): readonly SchemaError[] {
  const run: Run = { definitions, all: extent === 'all', errors: [], patterns: new Map() }
  conforms(run, { value, definition: name }, definitions[name] as Schema)
  return run.errors
}

interface Run {
  readonly definitions: Definitions
  readonly all: boolean
  readonly errors: SchemaError[]
  readonly patterns: Map<string, RegExp>
}

/** A value, and the way to it. */
interface Place {
  readonly value: unknown
  readonly definition: string
  readonly parent?: Place | undefined
  readonly token?: string | number | undefined
  readonly propertyName?: string | undefined
}

function conforms(run: Run, place: Place, schema: Schema): boolean {
  if (typeof schema === 'boolean') return schema || fail(run, place, 'false schema', {})
  return every(run, Object.keys(schema) as (keyof Keywords)[], (keyword) =>
    CHECKS[keyword](run, place, schema as Required<Keywords>)
  )
}

function fail(run: Run, place: Place, keyword: string, params: SchemaError['params']): false {
  const { definition, propertyName } = place
  const name = propertyName === undefined ? {} : { propertyName }
  run.errors.push({ instancePath: pathOf(place), keyword, params, definition, ...name })
  return false
}

function pathOf({ parent, token }: Place): string {
  if (parent === undefined) return ''
  return token === undefined ? pathOf(parent) : pointer(pathOf(parent), token)
}

/** Stops at the first that does not hold, or goes on to find the others. */
function every<T>(run: Run, items: readonly T[], check: (item: T, index: number) => boolean): boolean {
  let valid = true
  for (let index = 0; index < items.length && (valid || run.all); index += 1) {
    if (!check(items[index] as T, index)) valid = false
  }
  return valid
}

/** Whether a schema holds, without a trace of what it found. */
function fits(run: Run, place: Place, schema: Schema): boolean {
  const before = run.errors.length
  const valid = conforms(run, place, schema)
  run.errors.length = before
  return valid
}

type Check = (run: Run, place: Place, keywords: Required<Keywords>) => boolean

/** Each keyword holds for values of a type that it says nothing of. */
const CHECKS: { readonly [Keyword in keyof Keywords]-?: Check } = {
  type: (run, place, { type }) =>
    (typeof type === 'string' ? isOfType(place.value, type) : type.some((one) => isOfType(place.value, one))) ||
    fail(run, place, 'type', { type }),

  $ref: (run, { value, parent, token, propertyName }, { $ref }) =>
    conforms(run, { value, definition: $ref, parent, token, propertyName }, run.definitions[$ref] as Schema),

  const: (run, place, { const: allowedValue }) =>
    place.value === allowedValue || fail(run, place, 'const', { allowedValue }),

  enum: (run, place, { enum: allowedValues }) =>
    allowedValues.includes(place.value as Scalar) || fail(run, place, 'enum', { allowedValues }),

  anyOf: (run, place, { anyOf }) => {
    const before = run.errors.length
    if (!anyOf.some((schema) => conforms(run, place, schema))) return fail(run, place, 'anyOf', {})
    run.errors.length = before
    return true
  },

  allOf: (run, place, { allOf }) => every(run, allOf, (schema) => conforms(run, place, schema)),

  if: (run, place, { if: [condition, consequence, alternative] }) => {
    const holds = fits(run, place, condition)
    const failingKeyword = holds ? 'then' : 'else'
    return conforms(run, place, holds ? consequence : alternative) || fail(run, place, 'if', { failingKeyword })
  },

  maximum: (run, place, { maximum: limit }) =>
    !isNumber(place.value) || place.value <= limit || fail(run, place, 'maximum', { comparison: '<=', limit }),

  minimum: (run, place, { minimum: limit }) =>
    !isNumber(place.value) || place.value >= limit || fail(run, place, 'minimum', { comparison: '>=', limit }),

  maxLength: (run, place, { maxLength: limit }) =>
    !isText(place.value) || codePoints(place.value) <= limit || fail(run, place, 'maxLength', { limit }),

  minLength: (run, place, { minLength: limit }) =>
    !isText(place.value) || codePoints(place.value) >= limit || fail(run, place, 'minLength', { limit }),

  pattern: (run, place, { pattern }) =>
    !isText(place.value) || regExp(run, pattern).test(place.value) || fail(run, place, 'pattern', { pattern }),

  maxItems: (run, place, { maxItems: limit }) =>
    itemsOf(place).length <= limit || fail(run, place, 'maxItems', { limit }),

  minItems: (run, place, { minItems: limit }) =>
    !Array.isArray(place.value) || place.value.length >= limit || fail(run, place, 'minItems', { limit }),

  additionalItems: (run, place, { items, additionalItems }) =>
    every(
      run,
      itemsOf(place),
      (item, index) =>
        itemSchema(items, index) !== undefined || conforms(run, inside(place, index, item), additionalItems)
    ),

  items: (run, place, { items }) =>
    every(run, itemsOf(place), (item, index) =>
      conforms(run, inside(place, index, item), itemSchema(items, index) ?? true)
    ),

  contains: (run, place, { contains }) =>
    !Array.isArray(place.value) ||
    place.value.some((item, index) => fits(run, inside(place, index, item), contains)) ||
    fail(run, place, 'contains', {}),

  uniqueItems: (run, place) => {
    const double = findDouble(itemsOf(place))
    return double === undefined || fail(run, place, 'uniqueItems', double)
  },

  maxProperties: (run, place, { maxProperties: limit }) =>
    membersOf(place).length <= limit || fail(run, place, 'maxProperties', { limit }),

  minProperties: (run, place, { minProperties: limit }) =>
    !isJsonObject(place.value) || membersOf(place).length >= limit || fail(run, place, 'minProperties', { limit }),

  required: (run, place, { required }) => {
    const object = place.value
    if (!isJsonObject(object)) return true
    return every(
      run,
      required,
      (missingProperty) => Object.hasOwn(object, missingProperty) || fail(run, place, 'required', { missingProperty })
    )
  },

  propertyNames: (run, place, { propertyNames }) =>
    every(run, membersOf(place), (propertyName) => {
      const name = { value: propertyName, definition: place.definition, parent: place, propertyName }
      return conforms(run, name, propertyNames) || fail(run, place, 'propertyNames', { propertyName })
    }),

  additionalProperties: (run, place, { properties = {}, additionalProperties }) => {
    const object = place.value
    if (!isJsonObject(object)) return true
    return every(run, Object.keys(object), (additionalProperty) => {
      if (Object.hasOwn(properties, additionalProperty)) return true
      if (additionalProperties === false) return fail(run, place, 'additionalProperties', { additionalProperty })
      return conforms(run, inside(place, additionalProperty, object[additionalProperty]), additionalProperties)
    })
  },

  properties: (run, place, { properties }) => {
    const object = place.value
    if (!isJsonObject(object)) return true
    return every(
      run,
      Object.keys(properties),
      (name) =>
        !Object.hasOwn(object, name) || conforms(run, inside(place, name, object[name]), properties[name] as Schema)
    )
  }
}

function inside(parent: Place, token: string | number, value: unknown): Place {
  return { value, definition: parent.definition, parent, token, propertyName: undefined }
}

function itemsOf({ value }: Place): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function membersOf({ value }: Place): readonly string[] {
  return isJsonObject(value) ? Object.keys(value) : []
}

/** One schema for all items, or one for each of the first. */
function itemSchema(items: Schema | readonly Schema[], index: number): Schema | undefined {
  return Array.isArray(items) ? items[index] : (items as Schema)
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isJsonObject(value)
    case 'integer':
      return Number.isInteger(value)
    case 'null':
      return value === null
    default:
      return typeof value === type
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number'
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** The length of a text as JSON Schema counts it. */
function codePoints(text: string): number {
  return [...text].length
}

function regExp({ patterns }: Run, pattern: string): RegExp {
  const known = patterns.get(pattern)
  if (known !== undefined) return known
  const made = new RegExp(pattern, 'u')
  patterns.set(pattern, made)
  return made
}

/** The places of the first two items that are the same value, whatever the order of their members. */
function findDouble(items: readonly unknown[]): { readonly i: number; readonly j: number } | undefined {
  const seen = new Map<string, number>()
  for (const [i, item] of items.entries()) {
    const text = canonicalJson(item)
    const j = seen.get(text)
    if (j !== undefined) return { i, j }
    seen.set(text, i)
  }
  return undefined
}
