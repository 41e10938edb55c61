import type { Fault } from '../encoding/errors.js'
import { pointer } from '../encoding/json-rules.js'
import type { JsonObject } from '../encoding/json-types.js'
import type { CredentialKind } from './credential-kind.js'
import { classes } from './generated/classes.js'
import type { SchemaError } from './json-schema.js'

const LONGEST_TEXT = 200

/** Forms of the schema in words, by how their patterns begin. */
const FORMS: readonly (readonly [string, string])[] = [
  ['^[A-Za-z][A-Za-z0-9+.-]*:', 'an absolute URI'],
  ['^-?(?:[1-9]\\d*)?', 'a date and time with a time zone, such as 2026-11-21T09:00:00Z'],
  ['^(?:\\d{4}-', 'a date, such as 1990-12-31'],
  ['^[a-z]{2,4}(?:-', 'a language tag, such as da or nb-NO'],
  ['^[A-Za-z0-9_-]+\\.', 'a signature in JWS Compact Serialization'],
  ['^ext:', 'a term such as ext:name'],
  ['^https://purl\\.', 'the URL of an Open Badges 3.0 context']
]

/**
 * Turns what a validator says that stops at the first fault into that fault. The validator has read the array form of
 * the document; the path points into the document itself. Names kinds of values, never a value: it may be personal.
 */
export function schemaFault(
  errors: readonly SchemaError[],
  document: JsonObject,
  arrayForm: JsonObject,
  kind: CredentialKind
): Fault {
  const error = decisiveError(errors)
  if (error === undefined) return { code: 'SCHEMA_INVALID', message: 'the document breaks its schema', path: '/' }
  const path = pathInto(document, error.instancePath)
  const member = error.params.missingProperty ?? error.params.additionalProperty
  return {
    code: 'SCHEMA_INVALID',
    ...(error.keyword === 'contains'
      ? { message: 'a name of a type is missing', expected: typesAt(kind, error.instancePath) }
      : describe(error, kindOf(valueAt(arrayForm, error.instancePath)))),
    path: (typeof member === 'string' ? pointer(path, member) : path) || '/'
  }
}

/**
 * The last error sums up those before it. For a choice that is of little use where one form was recognised and only
 * something inside it is wrong: then the inside is told. Otherwise every form is named.
 */
function decisiveError(errors: readonly SchemaError[]): SchemaError | undefined {
  const candidates = errors.filter(({ keyword }) => keyword !== 'if')
  const last = candidates.at(-1)
  if (last?.keyword !== 'anyOf') return last
  const parts = candidates.slice(0, -1)
  const inner = parts.filter((part) => isInside(part, last))
  return inner.length > 0 ? decisiveError(inner) : { ...last, params: { forms: formsOf(parts) } }
}

function isInside({ instancePath, keyword, definition }: SchemaError, choice: SchemaError): boolean {
  if (instancePath !== choice.instancePath) return true
  const isFormItself = definition === choice.definition
  return !isFormItself && ['required', 'additionalProperties'].includes(keyword)
}

function formsOf(parts: readonly SchemaError[]): readonly string[] {
  const forms = parts.map((part) =>
    part.keyword === 'required' ? `the member ${part.params.missingProperty}` : expectation(part)
  )
  return [...new Set(forms.filter((form) => form !== undefined))]
}

type Description = Pick<Fault, 'message' | 'expected' | 'got' | 'hint'>

function describe(error: SchemaError, got: string): Description {
  const text = expectation(error)
  const expected =
    text === undefined ? {} : { expected: text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text }
  switch (error.keyword) {
    case 'required':
      return { message: 'a member is missing' }
    case 'additionalProperties':
      return { message: 'a member is not allowed here' }
    case 'false schema':
      return { message: 'a member of data model 1.1 in a credential of 2.0', hint: 'Use validFrom and validUntil.' }
    case 'minItems':
      return { message: 'a list has too few entries', ...expected, got }
    default:
      return { message: 'a value has the wrong form', ...expected, got }
  }
}

function expectation({ keyword, params }: SchemaError): string | undefined {
  switch (keyword) {
    case 'type':
      return String(params.type).replaceAll(',', ' or ')
    case 'const':
      return String(params.allowedValue)
    case 'enum':
      return `one of ${(params.allowedValues as readonly string[]).join(', ')}`
    case 'pattern':
      return FORMS.find(([start]) => String(params.pattern).startsWith(start))?.[1] ?? String(params.pattern)
    case 'minItems':
      return `at least ${params.limit}`
    case 'minimum':
      return `${params.comparison} ${params.limit}`
    case 'anyOf':
      return (params.forms as readonly string[]).join(' or ')
    default:
      return undefined
  }
}

/** The names of types that the class at this place asks for; the path ends in its member `type`. */
function typesAt(kind: CredentialKind, path: string): string {
  const className = tokensOf(path)
    .slice(0, -1)
    .filter((token) => !/^\d+$/.test(token))
    .reduce((name, member) => classes[name]?.members[member] ?? '', kind as string)
  return classes[className]?.types ?? 'another type'
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array'
  return value === '' ? 'an empty string' : typeof value
}

function tokensOf(path: string): readonly string[] {
  return path
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function valueAt(root: unknown, path: string): unknown {
  return tokensOf(path).reduce(memberOf, root)
}

function memberOf(value: unknown, token: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[token] : undefined
}

/** The same place in the document, which may write an array of one as the value itself. */
function pathInto(document: JsonObject, path: string): string {
  let value: unknown = document
  let result = ''
  for (const token of tokensOf(path)) {
    // Array forms wrap a value once, and members of the model are never called 0.
    if (token === '0' && !Array.isArray(value)) continue
    value = memberOf(value, token)
    result = pointer(result, token)
  }
  return result
}
