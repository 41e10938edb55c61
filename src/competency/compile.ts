import { digestMultibase } from '../crypto/digest.js'
import { canonicalJson } from '../encoding/canonical-json.js'
import { DefinitionError, type Fault, InputError, OptionError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { deepFreeze, isJsonObject, snapshotJson } from '../encoding/snapshot.js'
import type { CompetencyDefinition } from '../model/competency-types.js'
import { competencyDefinition } from '../model/generated/competency-definition-schema.js'
import { findSchemaErrors } from '../model/json-schema.js'
import type { Achievement } from '../model/types.js'
import { buildAchievement } from './achievement.js'
import { collectFaults } from './faults.js'
import { definitionFaults } from './rules.js'
import { schemaFaults } from './schema-faults.js'
import { type Edition, editionsOf } from './text.js'

/** Evidence that every award of a competency has to present. */
export interface RequiredEvidence {
  readonly genre: string
  readonly min: number
  readonly digest: 'required' | 'optional'
}

/** A checked definition in one language, ready to be awarded. Frozen all the way down. */
export interface Competency {
  /** Identifier of this language edition: that of its achievement. */
  readonly id: string
  readonly version: string
  /** Language of the texts of the achievement. */
  readonly language: string
  /** Every language the definition can be issued in, the primary one first. */
  readonly languages: readonly string[]
  /** Binds to the definition in all its languages: SHA-384 of its canonical JSON (RFC 8785), as `digestMultibase`. */
  readonly digest: string
  readonly achievement: Achievement
  /** How long an award holds, as an ISO 8601 duration; absent where the definition sets no end. */
  readonly validity?: string
  readonly evidence: readonly RequiredEvidence[]
  readonly definition: CompetencyDefinition
}

export interface CompileOptions {
  /** One of the languages of the definition; the primary language unless told. */
  readonly language?: string
}

/**
 * Checks a competency definition and writes it as an Open Badges 3.0 Achievement.
 *
 * Takes the definition as an object, JSON text or UTF-8 bytes, in the format of `schemas/competency-definition.schema.json`.
 * Reports every fault at once (50 at most), each with its place. Local names of results and levels become fragments of
 * the achievement's id: `#practice`, `#practice-independent`. The edition in another language than the primary one has
 * the id `<id>-<language>`; editions and earlier versions name each other in `related`.
 *
 * Does not check that links lead anywhere, that a target of an alignment exists in its framework, or that a translation
 * means the same. The definition is copied first; later changes to the object have no effect.
 *
 * Source: Open Badges 3.0, Appendix B, Achievement. The format is explained in `docs/definition.md`.
 *
 * @param definition an object, JSON text (1 MiB at most) or its UTF-8 bytes
 * @param options `language`: one of the languages of the definition; the primary one unless told
 * @throws {DefinitionError} DEFINITION_INVALID, DURATION_INVALID, and the codes of unreadable JSON (JSON_SYNTAX and others)
 * @throws {OptionError} OPTION_INVALID for a language the definition does not have
 * @example
 * ```ts
 * import { compileCompetency } from 'komma'
 *
 * const competency = compileCompetency({
 *   id: 'https://nka.example/achievements/first-aid/v1',
 *   version: '1',
 *   inLanguage: 'en',
 *   name: 'First aid at work',
 *   description: 'Acts safely until help arrives.',
 *   criteria: { narrative: 'Six hours of practice and an observed drill.' }
 * })
 * console.log(competency.achievement.name) // => First aid at work
 * ```
 */
export function compileCompetency(definition: unknown, options: CompileOptions = {}): Competency {
  const snapshot = checkDefinition(readDefinition(definition))
  const editions = editionsOf(snapshot)
  const edition = chooseEdition(editions, options.language)
  const checked = snapshot as unknown as CompetencyDefinition
  const achievement = buildAchievement(checked, edition, editions)
  return deepFreeze({
    id: achievement.id,
    version: checked.version,
    language: edition.language,
    languages: editions.map(({ language }) => language),
    digest: digestMultibase(new TextEncoder().encode(canonicalJson(snapshot))),
    achievement,
    ...(checked.validity === undefined ? {} : { validity: checked.validity }),
    evidence: (checked.evidence ?? []).map(({ genre, min = 1, digest = 'optional' }) => ({ genre, min, digest })),
    definition: checked
  })
}

function readDefinition(definition: unknown): JsonValue {
  try {
    return typeof definition === 'string' || definition instanceof Uint8Array
      ? parseJson(definition)
      : snapshotJson(definition)
  } catch (cause) {
    if (cause instanceof InputError) throw new DefinitionError(cause.faults, { cause })
    throw cause
  }
}

function checkDefinition(value: JsonValue): JsonObject {
  const faults = collectFaults(formatFaults(value), isJsonObject(value) ? definitionFaults(value) : [])
  if (faults.length > 0 || !isJsonObject(value)) throw new DefinitionError(faults)
  return value
}

function formatFaults(value: JsonValue): Fault[] {
  const codeOf = (): 'DEFINITION_INVALID' => 'DEFINITION_INVALID'
  const errors = findSchemaErrors(competencyDefinition, 'CompetencyDefinition', value, 'all')
  return schemaFaults(errors, value, { codeOf, mayQuote: () => true })
}

function chooseEdition(editions: readonly Edition[], language: string | undefined): Edition {
  const found = editions.find((edition) => (language === undefined ? edition.primary : edition.keys.includes(language)))
  if (found !== undefined) return found
  throw new OptionError({
    code: 'OPTION_INVALID',
    message: 'the definition has no edition in this language',
    path: 'language',
    expected: `one of ${editions.map((edition) => edition.language).join(', ')}`,
    got: typeof language === 'string' ? language.slice(0, 40) : typeof language
  })
}
