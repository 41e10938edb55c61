import { isDuration } from '../encoding/duration.js'
import type { Fault } from '../encoding/errors.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { characterFaults } from './characters.js'
import { invalid } from './faults.js'
import { resultFaults } from './result-rules.js'
import { objects, textMember } from './shape.js'
import { editionsOf, languageFaults } from './text.js'

/** What the schema of a definition cannot say. Runs on definitions that break the schema, too, and skips those parts. */
export function definitionFaults(definition: JsonObject): Fault[] {
  return [
    ...languageFaults(definition),
    ...characterFaults(definition, 'DEFINITION_INVALID'),
    ...relatedFaults(definition),
    ...alignmentFaults(definition.alignment, '/alignment'),
    ...resultFaults(definition),
    ...resultAlignmentFaults(definition),
    ...evidenceFaults(definition),
    ...validityFaults(definition)
  ]
}

/** Identifier of an edition: the primary language has the identifier of the definition. */
export function editionId(id: string, edition: { readonly language: string; readonly primary: boolean }): string {
  return edition.primary ? id : `${id}-${edition.language}`
}

function relatedFaults(definition: JsonObject): Fault[] {
  const id = textMember(definition, 'id')
  if (id === undefined) return []
  const taken = new Set(editionsOf(definition).map((edition) => editionId(id, edition)))
  return objects(definition.related, '/related').flatMap(({ path, value }) => {
    const other = textMember(value, 'id')
    if (other === undefined) return []
    if (taken.has(other)) {
      return [invalid('an earlier version has the identifier of this one, or stands twice', `${path}/id`)]
    }
    taken.add(other)
    return []
  })
}

function resultAlignmentFaults(definition: JsonObject): Fault[] {
  return objects(definition.resultDescription, '/resultDescription').flatMap((result) => [
    ...alignmentFaults(result.value.alignment, `${result.path}/alignment`),
    ...objects(result.value.rubricCriterionLevel, `${result.path}/rubricCriterionLevel`).flatMap((level) =>
      alignmentFaults(level.value.alignment, `${level.path}/alignment`)
    )
  ])
}

function alignmentFaults(alignments: JsonValue | undefined, path: string): Fault[] {
  const seen = new Set<string>()
  return objects(alignments, path).flatMap((alignment) => {
    const target = textMember(alignment.value, 'targetUrl')
    if (target === undefined) return []
    if (seen.has(target)) return [invalid('a target is aligned twice', `${alignment.path}/targetUrl`)]
    seen.add(target)
    return []
  })
}

function evidenceFaults(definition: JsonObject): Fault[] {
  const seen = new Set<string>()
  return objects(definition.evidence, '/evidence').flatMap(({ path, value }) => {
    const genre = textMember(value, 'genre')
    if (genre === undefined) return []
    if (seen.has(genre)) return [invalid('two rules ask for the same genre of evidence', `${path}/genre`)]
    seen.add(genre)
    return []
  })
}

function validityFaults(definition: JsonObject): Fault[] {
  const { validity, perpetual } = definition
  const faults: Fault[] = []
  if (typeof validity === 'string' && !isDuration(validity)) {
    faults.push({
      code: 'DURATION_INVALID',
      message: 'validity is not a duration',
      path: '/validity',
      expected: 'an ISO 8601 duration longer than nothing, such as P3Y or P18M',
      got: JSON.stringify(validity.slice(0, 40))
    })
  }
  if (validity !== undefined && perpetual !== undefined) {
    faults.push(
      invalid('a definition cannot both expire and be perpetual', '/perpetual', { expected: 'one of the two' })
    )
  }
  if (definition.achievementType === 'Certification' && validity === undefined && perpetual !== true) {
    faults.push(
      invalid('a Certification is time-limited, and nothing says for how long', '/validity', {
        expected: 'a duration such as P3Y',
        hint: 'Add "validity", or "perpetual": true to say on purpose that it never expires'
      })
    )
  }
  return faults
}
