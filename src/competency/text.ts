import type { Fault } from '../encoding/errors.js'
import { pointer } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { entries } from './shape.js'

/** A text of a definition: one string for every language, or one string per language. */
export type Text = string | { readonly [language: string]: string }

/** One language in which a definition can be issued. */
export interface Edition {
  /** The tag that goes into `inLanguage`. */
  readonly language: string
  /** The keys under which texts hold this language. */
  readonly keys: readonly string[]
  readonly primary: boolean
}

interface PlacedText {
  readonly path: string
  readonly value: JsonValue
}

/**
 * The editions of a definition: the primary language first, then the others by code point, so that the order does not
 * hang on the order of members, which the digest of a definition ignores.
 */
export function editionsOf(definition: JsonObject): Edition[] {
  const primary = primaryEdition(definition)
  const others = new Set<string>()
  for (const { value } of translatedTexts(definition)) {
    for (const key of Object.keys(value)) if (!primary.keys.includes(key)) others.add(key)
  }
  return [primary, ...[...others].sort().map((language) => ({ language, keys: [language], primary: false }))]
}

/** The text in one edition. The definition has been checked, so that the edition has every text. */
export function textIn(text: Text, edition: Edition): string {
  if (typeof text === 'string') return text
  const key = edition.keys.find((candidate) => Object.hasOwn(text, candidate))
  return key === undefined ? '' : (text[key] ?? '')
}

/** Every text that names languages has the primary one, names it once, and has all the others that any text has. */
export function languageFaults(definition: JsonObject): Fault[] {
  if (typeof definition.inLanguage !== 'string') return []
  const [primary, ...others] = editionsOf(definition) as [Edition, ...Edition[]]
  return translatedTexts(definition).flatMap(({ path, value }) => {
    const faults: Fault[] = []
    const found = primary.keys.filter((key) => Object.hasOwn(value, key))
    if (found.length === 0) {
      faults.push({
        code: 'DEFINITION_INVALID',
        message: 'a text is missing in the primary language',
        path,
        expected: `a text for ${primary.keys.join(' or ')}`
      })
    }
    if (found.length > 1) {
      faults.push({
        code: 'DEFINITION_INVALID',
        message: 'a text stands twice in the primary language',
        path,
        expected: `one of ${primary.keys.join(' and ')}`
      })
    }
    for (const { language } of others) {
      if (Object.hasOwn(value, language)) continue
      faults.push({
        code: 'DEFINITION_INVALID',
        message: 'a translation is missing',
        path: pointer(path, language),
        expected: `a text for ${language}, because another text has one`,
        hint: 'Translate every text into the same languages, or write one string that serves them all'
      })
    }
    return faults
  })
}

function primaryEdition(definition: JsonObject): Edition {
  const language = String(definition.inLanguage)
  const [base = language] = language.split('-')
  return { language, keys: base === language ? [language] : [language, base], primary: true }
}

function translatedTexts(definition: JsonObject): { path: string; value: JsonObject }[] {
  return textsOf(definition).flatMap(({ path, value }) =>
    isJsonObject(value) && Object.keys(value).length > 0 ? [{ path, value }] : []
  )
}

function textsOf(definition: JsonObject): PlacedText[] {
  return [
    ...members(definition, '', ['name', 'description', 'fieldOfStudy', 'specialization']),
    ...members(definition.criteria, '/criteria', ['narrative']),
    ...members(definition.image, '/image', ['caption']),
    ...entries(definition.tag, '/tag'),
    ...alignmentTexts(definition, ''),
    ...entries(definition.resultDescription, '/resultDescription').flatMap(({ path, value }) => [
      ...members(value, path, ['name']),
      ...alignmentTexts(value, path),
      ...(isJsonObject(value) ? entries(value.rubricCriterionLevel, `${path}/rubricCriterionLevel`) : []).flatMap(
        (level) => [
          ...members(level.value, level.path, ['name', 'description', 'level']),
          ...alignmentTexts(level.value, level.path)
        ]
      )
    ])
  ]
}

function alignmentTexts(owner: JsonValue, path: string): PlacedText[] {
  if (!isJsonObject(owner)) return []
  return entries(owner.alignment, `${path}/alignment`).flatMap((alignment) =>
    members(alignment.value, alignment.path, ['targetName', 'targetDescription'])
  )
}

function members(owner: JsonValue | undefined, path: string, names: readonly string[]): PlacedText[] {
  if (!isJsonObject(owner)) return []
  return names.flatMap((name) => {
    const value = owner[name]
    return value === undefined ? [] : [{ path: pointer(path, name), value }]
  })
}
