import type {
  AlignmentDefinition,
  CompetencyDefinition,
  LevelDefinition,
  ResultDefinition
} from '../model/competency-types.js'
import type {
  Achievement,
  AchievementType,
  Alignment,
  AlignmentTargetType,
  Related,
  ResultDescription,
  ResultType,
  RubricCriterionLevel
} from '../model/types.js'
import { buildIdentifier, buildImage, buildProfile } from './profile.js'
import { editionId } from './rules.js'
import { withoutUndefined } from './shape.js'
import { type Edition, type Text, textIn } from './text.js'

/** Identifier of a result of an achievement: the local name becomes a fragment. */
export function resultId(achievementId: string, result: string): string {
  return `${achievementId}#${result}`
}

/** Identifier of a level of a result. */
export function levelId(achievementId: string, result: string, level: string): string {
  return `${resultId(achievementId, result)}-${level}`
}

/** Writes a checked definition in one language as an Open Badges 3.0 Achievement, lists as lists, no empty members. */
export function buildAchievement(
  definition: CompetencyDefinition,
  edition: Edition,
  editions: readonly Edition[]
): Achievement {
  const id = editionId(definition.id, edition)
  const text = (value: Text): string => textIn(value, edition)
  const optional = (value: Text | undefined): string | undefined => (value === undefined ? undefined : text(value))
  const { image, creator, criteria } = definition
  const related = [...otherEditions(definition, edition, editions), ...earlierVersions(definition)]
  return withoutUndefined({
    id,
    type: ['Achievement'],
    achievementType: definition.achievementType as AchievementType | undefined,
    name: text(definition.name),
    description: text(definition.description),
    criteria: withoutUndefined({ id: criteria.id, narrative: optional(criteria.narrative) }),
    inLanguage: edition.language,
    version: definition.version,
    humanCode: definition.humanCode,
    fieldOfStudy: optional(definition.fieldOfStudy),
    specialization: optional(definition.specialization),
    tag: definition.tag && [...new Set(definition.tag.map(text))],
    creditsAvailable: definition.creditsAvailable,
    image: image && buildImage(image.id, optional(image.caption)),
    creator: creator && buildProfile(creator),
    otherIdentifier: definition.otherIdentifier?.map(buildIdentifier),
    related: related.length === 0 ? undefined : related,
    alignment: definition.alignment?.map((alignment) => buildAlignment(alignment, edition)),
    resultDescription: definition.resultDescription?.map((result) => buildResultDescription(id, result, edition))
  })
}

function otherEditions(definition: CompetencyDefinition, edition: Edition, editions: readonly Edition[]): Related[] {
  return editions
    .filter((other) => other.language !== edition.language)
    .map((other) => ({
      id: editionId(definition.id, other),
      type: ['Related'],
      inLanguage: other.language,
      version: definition.version
    }))
}

function earlierVersions(definition: CompetencyDefinition): Related[] {
  return (definition.related ?? []).map(({ id, inLanguage, version }) =>
    withoutUndefined({ id, type: ['Related'], inLanguage, version })
  )
}

function buildAlignment(alignment: AlignmentDefinition, edition: Edition): Alignment {
  const { targetName, targetDescription } = alignment
  return withoutUndefined({
    type: ['Alignment'],
    targetName: textIn(targetName, edition),
    targetUrl: alignment.targetUrl,
    targetType: alignment.targetType as AlignmentTargetType | undefined,
    targetFramework: alignment.targetFramework,
    targetCode: alignment.targetCode,
    targetDescription: targetDescription === undefined ? undefined : textIn(targetDescription, edition)
  })
}

function buildResultDescription(achievementId: string, result: ResultDefinition, edition: Edition): ResultDescription {
  const { requiredLevel } = result
  return withoutUndefined({
    id: resultId(achievementId, result.id),
    type: ['ResultDescription'],
    name: textIn(result.name, edition),
    resultType: result.resultType as ResultType,
    requiredLevel: requiredLevel === undefined ? undefined : levelId(achievementId, result.id, requiredLevel),
    requiredValue: result.requiredValue,
    valueMin: result.valueMin,
    valueMax: result.valueMax,
    allowedValue: result.allowedValue,
    alignment: result.alignment?.map((alignment) => buildAlignment(alignment, edition)),
    rubricCriterionLevel: result.rubricCriterionLevel?.map((level) =>
      buildLevel(levelId(achievementId, result.id, level.id), level, edition)
    )
  })
}

function buildLevel(id: string, level: LevelDefinition, edition: Edition): RubricCriterionLevel {
  return withoutUndefined({
    id,
    type: ['RubricCriterionLevel'],
    name: textIn(level.name, edition),
    description: level.description === undefined ? undefined : textIn(level.description, edition),
    level: textIn(level.level ?? level.name, edition),
    points: level.points,
    alignment: level.alignment?.map((alignment) => buildAlignment(alignment, edition))
  })
}
