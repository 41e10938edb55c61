import { pointer } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { idOf, listOf } from '../model/read.js'
import type { Settings } from './options.js'
import { type Check, check, type Warning } from './report.js'
import { verifySecured } from './secured-document.js'
import { checkStatus } from './status.js'
import { checkValidity } from './validity.js'

const MAX_ENDORSEMENTS = 32
const MAX_DEPTH = 2

export interface EndorsementsResult {
  readonly check: Check
  readonly warnings: readonly Warning[]
}

/**
 * Open Badges 3.0 section 9.1 step 6: verifies every embedded endorsement by itself, with its own context, and that it
 * is about the thing that carries it. Its status counts; its own expiry is a warning, because an endorsement that has
 * run out takes nothing from the badge.
 */
export async function checkEndorsements(document: JsonObject, settings: Settings): Promise<EndorsementsResult> {
  const carried = [...findEndorsements(document, '', idOf(document), 0)]
  if (carried.length === 0) return { check: check('ENDORSEMENTS_NONE'), warnings: [] }
  if (carried.length > MAX_ENDORSEMENTS) {
    const reason = `there are more than ${MAX_ENDORSEMENTS}.`
    return { check: check('ENDORSEMENT_UNDECIDED', { path: '/', reason }), warnings: [] }
  }
  const results: EndorsementsResult[] = []
  for (const one of carried) results.push(await checkOne(one, settings))
  const checks = results.map((result) => result.check)
  const worst = checks.find((one) => one.outcome === 'fail') ?? checks.find((one) => one.outcome === 'unknown')
  return {
    check: worst ?? check('ENDORSEMENTS_VERIFIED', { count: String(carried.length) }),
    warnings: results.flatMap((result) => result.warnings)
  }
}

interface Carried {
  readonly path: string
  readonly endorsement: JsonValue
  /** The id of the object that carries the endorsement. */
  readonly carrier: string | undefined
  readonly depth: number
}

function* findEndorsements(
  value: JsonValue,
  path: string,
  carrier: string | undefined,
  depth: number
): Generator<Carried> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      yield* findEndorsements(item, pointer(path, index), idOf(item) ?? carrier, depth)
  }
  if (!isJsonObject(value)) return
  for (const [name, member] of Object.entries(value)) {
    const place = pointer(path, name)
    const carries = name === 'endorsement' || name === 'endorsementJwt'
    for (const [index, item] of (carries ? listOf(member) : []).entries()) {
      yield { path: pointer(place, index), endorsement: item, carrier: idOf(value) ?? carrier, depth: depth + 1 }
    }
    yield* findEndorsements(member, place, idOf(member) ?? carrier, carries ? depth + 1 : depth)
  }
}

async function checkOne(
  { path, endorsement, carrier, depth }: Carried,
  settings: Settings
): Promise<EndorsementsResult> {
  const undecided = (reason: string) => ({ check: check('ENDORSEMENT_UNDECIDED', { path, reason }), warnings: [] })
  if (depth > MAX_DEPTH) return undecided(`endorsements are nested deeper than ${MAX_DEPTH}.`)
  if (!isJsonObject(endorsement)) return undecided('this version does not read endorsements that are JWTs.')

  const secured = await verifySecured({ form: 'embedded', document: endorsement }, 'EndorsementCredential', settings)
  const { document, warnings } = secured
  if (document === undefined) {
    const failed = secured.checks.find((one) => one.outcome === 'fail')
    const reason = (failed ?? secured.checks.find((one) => one.outcome === 'unknown'))?.message ?? ''
    return { check: check(failed ? 'ENDORSEMENT_INVALID' : 'ENDORSEMENT_UNDECIDED', { path, reason }), warnings }
  }
  const about = idOf(document['credentialSubject'])
  if (about === undefined || about !== carrier)
    return { check: check('ENDORSEMENT_TARGET_MISMATCH', { path }), warnings }

  const legacy = secured.proofs.some(({ keyFrom }) => keyFrom === 'legacyFragment')
  const status = await checkStatus(document, { issuer: secured.issuer ?? '', legacy }, settings)
  if (status.check.outcome === 'fail')
    return { check: check('ENDORSEMENT_INVALID', { path, reason: status.check.message }), warnings }
  if (status.check.outcome === 'unknown') return undecided(status.check.message)

  const validity = checkValidity(document, settings)
  const late: Warning[] =
    validity.outcome === 'pass'
      ? []
      : [{ code: validity.code, message: `The endorsement at ${path}: ${validity.message}` }]
  return { check: check('ENDORSEMENTS_VERIFIED', { count: '1' }), warnings: [...warnings, ...status.warnings, ...late] }
}
