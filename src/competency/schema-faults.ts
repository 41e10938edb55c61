import type { KommaErrorCode } from '../encoding/error-codes.js'
import type { Fault } from '../encoding/errors.js'
import { pointer } from '../encoding/json-rules.js'
import type { JsonValue } from '../encoding/json-types.js'
import type { SchemaError } from '../model/json-schema.js'

export interface SchemaFaultOptions {
  readonly codeOf: (error: SchemaError) => KommaErrorCode
  /** False for places that hold personal data, whose values shall not appear in a message. */
  readonly mayQuote: (path: string) => boolean
}

/** The patterns of our own schemas in words. A pattern of alternatives needs no entry. */
export const PATTERNS_IN_WORDS: ReadonlyMap<string, string> = new Map([
  ['^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$', 'a language tag such as da, da-DK or zh-Hant-TW'],
  ['^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', 'a local name of letters, digits, dots, hyphens and underscores'],
  ['^-?(0|[1-9][0-9]{0,8})(\\.[0-9]{1,6})?$', 'a plain decimal number in a string, such as "3" or "7.5"'],
  ['^[A-Za-z][A-Za-z0-9+.-]*:[^\\s<>"{}|\\\\^`]+$', 'an absolute URI'],
  ['^[A-Za-z][A-Za-z0-9+.-]*:[^\\s<>"{}|\\\\^`#]+$', 'an absolute URI without a fragment'],
  [
    '^(?:https?://[^\\s<>"]+|data:image/(?:png|svg\\+xml);base64,[A-Za-z0-9+/=]+)$',
    'an http(s) link or a data URI of a PNG or SVG'
  ],
  ['^[^\\s@<>"]{1,64}@[^\\s@<>"]{1,189}$', 'an e-mail address'],
  ['^[uz][A-Za-z0-9_-]+$', 'multibase text that starts with u or z'],
  ['^[A-Z]{2}$', 'two capital letters such as DK'],
  ['^[a-z]+/[a-z0-9][a-z0-9.+-]*$', 'a media type such as application/pdf']
])

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  object: 'an object',
  array: 'a list',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null'
}

/** Turns what a schema check found into faults a person can act on. */
export function schemaFaults(
  errors: readonly SchemaError[],
  root: JsonValue,
  { codeOf, mayQuote }: SchemaFaultOptions
): Fault[] {
  return errors.flatMap((error) => {
    const sentence = describe(error)
    if (sentence === undefined) return []
    const path = placeOf(error)
    const value = error.propertyName ?? valueAt(root, error.instancePath)
    const got = sentence.quote ? quoteIf(mayQuote(path), value) : sentence.got?.(value)
    return [
      {
        code: codeOf(error),
        message: sentence.message,
        ...(path === '' ? {} : { path }),
        ...(sentence.expected === undefined ? {} : { expected: sentence.expected }),
        ...(got === undefined ? {} : { got }),
        ...hintFor(error, value)
      }
    ]
  })
}

/** The place as a JSON Pointer; a member that is missing or has a wrong name is pointed at itself. */
function placeOf({ instancePath, params, propertyName }: SchemaError): string {
  const member = params.missingProperty ?? params.additionalProperty ?? propertyName
  return typeof member === 'string' ? pointer(instancePath, member) : instancePath
}

interface Sentence {
  readonly message: string
  readonly expected?: string
  readonly quote?: boolean
  readonly got?: (value: unknown) => string
}

function describe({ keyword, params, propertyName }: SchemaError): Sentence | undefined {
  const limit = String(params.limit)
  switch (keyword) {
    // The error of the name itself is reported beside this one and says more.
    case 'propertyNames':
      return undefined
    case 'required':
      return { message: 'a member is missing', expected: `${params.missingProperty}` }
    case 'additionalProperties':
      return { message: 'a member is not part of the format' }
    case 'type':
      return { message: 'a value has the wrong type', expected: typesInWords(params.type), got: kindOf }
    case 'pattern':
      return {
        message: propertyName === undefined ? 'a value has the wrong form' : 'a member name has the wrong form',
        expected: patternInWords(String(params.pattern)),
        quote: true
      }
    case 'enum':
      return {
        message: 'a value is not one of those allowed',
        expected: `one of ${(params.allowedValues as readonly unknown[]).join(', ')}`,
        quote: true
      }
    case 'const':
      return {
        message: 'a value is not the one allowed',
        expected: JSON.stringify(params.allowedValue),
        quote: true
      }
    case 'minLength':
      return { message: 'a text is empty', expected: 'some text, or no such member' }
    case 'minItems':
      return { message: 'a list is empty', expected: 'at least one entry, or no such member' }
    case 'minProperties':
      return { message: 'an object is empty', expected: 'at least one member' }
    case 'maxLength':
      return { message: 'a text is too long', expected: `at most ${limit} characters` }
    case 'maxItems':
    case 'maxProperties':
      return { message: 'there are too many entries', expected: `at most ${limit}` }
    case 'uniqueItems':
      return { message: 'a list holds the same entry twice', got: () => `entries ${params.j} and ${params.i}` }
    case 'minimum':
    case 'maximum':
      return { message: 'a number is out of bounds', expected: `${params.comparison} ${limit}`, quote: true }
    default:
      return { message: `a value breaks the rule ${keyword} of the format` }
  }
}

function hintFor({ keyword, params }: SchemaError, value: unknown): { hint?: string } {
  if (keyword !== 'type') return {}
  const wanted = String(params.type)
  if (wanted === 'number' && typeof value === 'string') return { hint: 'Write the number without quotes' }
  if (wanted === 'string' && typeof value === 'number') return { hint: 'Write the number in quotes' }
  return {}
}

function typesInWords(type: unknown): string {
  const types = Array.isArray(type) ? type : String(type).split(',')
  return types.map((word) => TYPE_WORDS[String(word)] ?? String(word)).join(' or ')
}

function patternInWords(pattern: string): string {
  const words = PATTERNS_IN_WORDS.get(pattern)
  if (words !== undefined) return words
  const alternatives = /^\^\(\?:([\w:|]+)\|ext:\[.*\]\+\)\$$/.exec(pattern)?.[1]
  if (alternatives === undefined) return `text that matches ${pattern}`
  return `one of ${alternatives.split('|').join(', ')}, or a term of your own such as ext:name`
}

function quoteIf(allowed: boolean, value: unknown): string {
  if (!allowed) return kindOf(value)
  const text = JSON.stringify(value) ?? kindOf(value)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  const kind = Array.isArray(value) ? 'array' : typeof value
  return kind === 'boolean' ? String(value) : (TYPE_WORDS[kind] ?? kind)
}

function valueAt(root: JsonValue, path: string): unknown {
  let value: unknown = root
  for (const token of path.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    value = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  }
  return value
}
