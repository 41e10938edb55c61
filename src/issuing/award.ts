import { levelId, resultId } from '../competency/achievement.js'
import { characterFaults } from '../competency/characters.js'
import type { Competency } from '../competency/compile.js'
import { collectFaults } from '../competency/faults.js'
import { buildProfile } from '../competency/profile.js'
import { schemaFaults } from '../competency/schema-faults.js'
import { withoutUndefined } from '../competency/shape.js'
import { type RandomSource, randomBytes } from '../crypto/digest.js'
import { instantFromDate, isIssuableYear } from '../encoding/dates.js'
import { AwardError, type Fault, InputError, OptionError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { deepFreeze, isJsonObject, snapshotJson } from '../encoding/snapshot.js'
import type { Award } from '../model/competency-types.js'
import { award as awardSchema } from '../model/generated/award-schema.js'
import { findSchemaErrors, type SchemaError } from '../model/json-schema.js'
import type { AchievementSubject, Evidence, IdentityObject, Result } from '../model/types.js'
import { type AwardDates, awardDates } from './award-dates.js'
import { evidenceFaults } from './award-evidence.js'
import { wrong } from './award-faults.js'
import { jwtFaults } from './award-jwt.js'
import { resultFaults } from './award-results.js'
import type { BadgeFormat } from './badge-format.js'
import { createIdentityObject } from './identity.js'

/** An award that fits its definition. Frozen all the way down. */
export interface CheckedAward {
  /** A copy of what was given, without anything filled in. */
  readonly award: Award
  /** The dates of the award, in UTC and whole seconds, filled in from the definition and the clock. */
  readonly dates: AwardDates
}

export interface CheckAwardOptions {
  /** The time of the award, for the dates that it leaves out. */
  readonly now: Date
  /** How the badge is going to be secured; `json` unless told. */
  readonly format?: BadgeFormat
}

/** The parts of a credential that come from an award. */
export interface AwardedParts {
  readonly credentialSubject: AchievementSubject
  /** Absent where the award presents none. */
  readonly evidence?: readonly Evidence[]
}

/**
 * Checks an award against a compiled definition and reports everything that is missing or wrong at once (50 at most).
 *
 * Takes the award as an object, JSON text or UTF-8 bytes, in the format of `schemas/award.schema.json`. Levels are
 * compared by points, values as numbers or by their place in `allowedValue`. Where the definition has a validity, the end
 * is validFrom plus that validity; an award can only make it earlier.
 *
 * Does not check that evidence exists or that its digest fits, nor whether the recipient is who the award says.
 *
 * @throws {AwardError} AWARD_INCOMPLETE for what is missing, AWARD_INVALID for what is wrong, DATE_NO_OFFSET,
 *   DATE_INVALID, VALIDITY_ORDER, JWT_SUBJECT_REQUIRED, and the codes of unreadable JSON
 * @throws {OptionError} OPTION_INVALID where `competency` was not compiled or `now` is no time
 * @example
 * ```ts
 * const checked = checkAward(competency, { recipient: { email: 'kari@example.org' } }, { now: new Date() })
 * checked.dates.validFrom // '2026-11-21T09:00:00Z'
 * ```
 */
export function checkAward(competency: Competency, award: unknown, options: CheckAwardOptions): CheckedAward {
  const { now, format: badgeFormat } = options
  checkCompetency(competency)
  checkTime(now)
  const snapshot = readAward(award)
  const format = formatFaults(snapshot)
  if (!isJsonObject(snapshot)) throw new AwardError(format)
  const meaning = [
    ...characterFaults(snapshot, 'AWARD_INVALID'),
    ...resultFaults(snapshot, competency.definition.resultDescription ?? []),
    ...evidenceFaults(snapshot, competency.evidence),
    ...creditFaults(snapshot, competency)
  ]
  const dates = awardDates(snapshot, competency.validity, now, meaning)
  if (badgeFormat === 'jwt') meaning.push(...jwtFaults(snapshot, dates))
  const faults = collectFaults(format, meaning)
  if (faults.length > 0) throw new AwardError(faults)
  return deepFreeze({ award: snapshot as unknown as Award, dates })
}

/**
 * Writes a checked award as the `credentialSubject` and `evidence` of an Open Badges 3.0 credential.
 *
 * E-mail address, name and other identifiers become identity objects, hashed with a fresh salt each unless the award
 * says `"hashed": false`. Does not check the award again.
 *
 * @param options.random where salts come from; WebCrypto unless told
 * @throws {OptionError} OPTION_INVALID where the random source fails
 */
export function buildSubject(
  competency: Competency,
  { award, dates }: CheckedAward,
  { random = randomBytes }: { readonly random?: RandomSource } = {}
): AwardedParts {
  const identifier = buildIdentifiers(award, random)
  const credentialSubject = withoutUndefined({
    id: award.recipient.id,
    type: ['AchievementSubject'],
    identifier: identifier.length === 0 ? undefined : identifier,
    activityStartDate: dates.activityStartDate,
    activityEndDate: dates.activityEndDate,
    creditsEarned: award.creditsEarned,
    role: award.role,
    licenseNumber: award.licenseNumber,
    term: award.term,
    narrative: award.narrative,
    source: award.source && buildProfile(award.source),
    achievement: competency.achievement,
    result: award.results?.map((result) => buildResult(competency.id, result))
  })
  const evidence = award.evidence?.map((item): Evidence => ({ ...item, type: ['Evidence'] }))
  return evidence === undefined ? { credentialSubject } : { credentialSubject, evidence }
}

function buildIdentifiers({ recipient }: Award, random: RandomSource): IdentityObject[] {
  const { email, name, identifier = [] } = recipient
  return [
    ...(email === undefined ? [] : [{ identityType: 'emailAddress', identity: email }]),
    ...(name === undefined ? [] : [{ identityType: 'name', identity: name }]),
    ...identifier
  ].map((identity) => createIdentityObject({ ...identity, random }))
}

function buildResult(achievementId: string, result: NonNullable<Award['results']>[number]): Result {
  const { resultDescription, achievedLevel, value, status } = result
  return withoutUndefined({
    type: ['Result'],
    resultDescription: resultId(achievementId, resultDescription),
    achievedLevel: achievedLevel === undefined ? undefined : levelId(achievementId, resultDescription, achievedLevel),
    value,
    status
  })
}

/**
 * Copies an award out of whatever its caller has: an object, JSON text or UTF-8 bytes. Does not check it.
 *
 * @throws {AwardError} with the codes of unreadable JSON
 */
export function readAward(award: unknown): JsonValue {
  try {
    return typeof award === 'string' || award instanceof Uint8Array ? parseJson(award) : snapshotJson(award)
  } catch (cause) {
    if (cause instanceof InputError) throw new AwardError(cause.faults, { cause })
    throw cause
  }
}

function formatFaults(award: JsonValue): Fault[] {
  return schemaFaults(findSchemaErrors(awardSchema, 'Award', award, 'all'), award, { codeOf, mayQuote: isNotPersonal })
}

function creditFaults(award: JsonObject, { definition }: Competency): Fault[] {
  const { creditsEarned } = award
  const { creditsAvailable } = definition
  if (typeof creditsEarned !== 'number' || creditsAvailable === undefined || creditsEarned <= creditsAvailable)
    return []
  const bounds = { expected: `at most ${creditsAvailable}`, got: `${creditsEarned}` }
  return [wrong('more credits were earned than there are', '/creditsEarned', bounds)]
}

function codeOf({ keyword }: SchemaError): 'AWARD_INCOMPLETE' | 'AWARD_INVALID' {
  return keyword === 'required' || keyword === 'minProperties' ? 'AWARD_INCOMPLETE' : 'AWARD_INVALID'
}

function isNotPersonal(path: string): boolean {
  return path !== '/recipient' && !path.startsWith('/recipient/')
}

/** @throws {OptionError} OPTION_INVALID where a competency was not compiled */
export function checkCompetency(competency: Competency): void {
  if (!isJsonObject(competency) || !isJsonObject(competency.achievement) || !Array.isArray(competency.evidence)) {
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'the competency was not compiled',
      path: 'competency',
      expected: 'what compileCompetency returns'
    })
  }
}

function checkTime(now: Date): void {
  if (!(now instanceof Date) || Number.isNaN(now.getTime()) || !isIssuableYear(instantFromDate(now))) {
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'the time of the award is no time',
      path: 'now',
      expected: 'a Date from the year 0001 to 9999'
    })
  }
}
