import { KommaError } from '../encoding/errors.js'
import { placeOf } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { idOf, listOf } from '../model/read.js'
import type { Settings } from './options.js'
import { readSecured } from './read-secured.js'
import { type Check, check, type EndorsementFact, inputFailed, type Warning } from './report.js'
import type { SecuredResult } from './secured.js'
import { verifySecured } from './secured-document.js'
import { checkStatus } from './status.js'
import { checkValidity } from './validity.js'

const MAX_ENDORSEMENTS = 32
const MAX_DEPTH = 2

export interface EndorsementsResult {
  /** Whether they verify, and whether they are within their own periods. */
  readonly checks: readonly [Check, Check]
  readonly facts: readonly EndorsementFact[]
  readonly warnings: readonly Warning[]
}

/**
 * Open Badges 3.0 section 9.1 step 6: verifies every endorsement that a document carries, at the credential, the
 * achievement or a profile, by itself: its own context, its own proof, its own status, and that it is about the thing
 * that carries it. What an endorsement carries in turn is looked at in the same way, two levels deep.
 *
 * The period of an endorsement is a check of its own, because one that has run out takes nothing from the badge.
 */
export async function checkEndorsements(document: JsonObject, settings: Settings): Promise<EndorsementsResult> {
  const round = new EndorsementRound(settings)
  await round.visit(document, '', 1)
  return round.result()
}

/** An endorsement where it was found, and the id of the object that carries it. */
interface Carried {
  readonly path: string
  readonly endorsement: JsonValue
  readonly carrier: string | undefined
}

/** The endorsements themselves are not searched: what they carry is read from what was verified of them. */
function* findEndorsements(value: JsonValue, path: string, carrier: string | undefined): Generator<Carried> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* findEndorsements(item, placeOf(path, index), carrier)
  }
  if (!isJsonObject(value)) return
  const owner = idOf(value) ?? carrier
  for (const [name, member] of Object.entries(value)) {
    const place = placeOf(path, name)
    if (name !== 'endorsement' && name !== 'endorsementJwt') yield* findEndorsements(member, place, owner)
    else
      for (const [index, endorsement] of listOf(member).entries())
        yield { path: placeOf(place, index), endorsement, carrier: owner }
  }
}

class EndorsementRound {
  readonly #settings: Settings
  readonly #answers: Check[] = []
  readonly #periods: Check[] = []
  readonly #facts: EndorsementFact[] = []
  readonly #warnings: Warning[] = []
  #count = 0

  constructor(settings: Settings) {
    this.#settings = settings
  }

  async visit(document: JsonObject, base: string, depth: number): Promise<void> {
    const carried = [...findEndorsements(document, '', idOf(document))]
    this.#count += carried.length
    for (const one of carried) {
      const place = { ...one, path: `${base}${one.path}` }
      if (this.#count > MAX_ENDORSEMENTS) this.#undecided(place, `there are more than ${MAX_ENDORSEMENTS}`)
      else if (depth > MAX_DEPTH) this.#undecided(place, `endorsements are nested deeper than ${MAX_DEPTH}`)
      else if (this.#settings.room.endorsements === 0) this.#undecided(place, 'there are too many in all')
      else await this.#verify(place, depth)
    }
  }

  result(): EndorsementsResult {
    const worst = worstOf(this.#answers)
    const answer =
      worst?.outcome === 'pass' ? check('ENDORSEMENTS_VERIFIED', { count: String(this.#facts.length) }) : worst
    const period = worstOf(this.#periods)
    return {
      checks: [answer ?? check('ENDORSEMENTS_NONE'), period ?? check('ENDORSEMENT_DATES_NONE')],
      facts: this.#facts,
      warnings: this.#warnings
    }
  }

  async #verify(place: Carried, depth: number): Promise<void> {
    const { path } = place
    this.#settings.room.endorsements -= 1
    const secured = await this.#secure(place.endorsement)
    if (secured === undefined) {
      this.#undecided(place, 'there is too much in them in all')
      return
    }
    this.#warnings.push(...secured.warnings)
    const { document } = secured
    if (document === undefined) {
      const stopper = worstOf(secured.checks)
      this.#answer(
        place,
        stopper?.outcome === 'fail' ? 'ENDORSEMENT_INVALID' : 'ENDORSEMENT_UNDECIDED',
        stopper?.message
      )
      return
    }
    if (!isAbout(document, place.carrier)) {
      this.#answer(place, 'ENDORSEMENT_TARGET_MISMATCH', '', document)
      return
    }
    const legacy = secured.proofs.some(({ keyFrom }) => keyFrom === 'legacyFragment')
    const status = await checkStatus(document, { issuer: secured.issuer ?? '', legacy }, this.#settings)
    this.#warnings.push(...status.warnings)
    if (status.check.outcome === 'fail') this.#answer(place, 'ENDORSEMENT_INVALID', status.check.message, document)
    else if (status.check.outcome === 'unknown')
      this.#answer(place, 'ENDORSEMENT_UNDECIDED', status.check.message, document)
    else this.#answer(place, 'ENDORSEMENTS_VERIFIED', '', document)
    await this.visit(document, path, depth + 1)
  }

  /** What cannot be read was not signed by anybody either. Undefined where there is no room for it. */
  async #secure(endorsement: JsonValue): Promise<SecuredResult | undefined> {
    try {
      const settings = { ...this.#settings, lenient: false }
      const given = readSecured(endorsement, settings)
      settings.room.endorsementNodes -= countNodes(given.form === 'jwt' ? given.jwt.claims : given.document)
      if (settings.room.endorsementNodes < 0) return undefined
      return await verifySecured(given, 'EndorsementCredential', settings)
    } catch (error) {
      if (!(error instanceof KommaError)) throw error
      return { checks: [inputFailed(error)], document: undefined, issuer: undefined, proofs: [], warnings: [] }
    }
  }

  #undecided(place: Carried, reason: string): void {
    this.#answer(place, 'ENDORSEMENT_UNDECIDED', reason)
  }

  #answer({ path }: Carried, code: EndorsementCode, reason = '', document?: JsonObject): void {
    const answer = check(code, { path, reason })
    const validity = document === undefined ? undefined : checkValidity(document, this.#settings)
    if (validity?.outcome === 'fail')
      this.#periods.push(check('ENDORSEMENT_NOT_VALID_NOW', { path, reason: validity.message }))
    else if (validity !== undefined) this.#periods.push(check('ENDORSEMENTS_VALID_NOW'))
    this.#answers.push(answer)
    this.#facts.push({
      path,
      id: idOf(document),
      issuer: idOf(document?.['issuer']),
      about: idOf(document?.['credentialSubject']),
      outcome: answer.outcome,
      code: answer.code,
      validNow: validity && validity.outcome === 'pass'
    })
  }
}

/** Objects and list entries. */
function countNodes(value: JsonValue): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + 1 + countNodes(item), 0)
  return isJsonObject(value) ? Object.values(value).reduce<number>((sum, item) => sum + countNodes(item), 1) : 0
}

type EndorsementCode =
  | 'ENDORSEMENTS_VERIFIED'
  | 'ENDORSEMENT_INVALID'
  | 'ENDORSEMENT_TARGET_MISMATCH'
  | 'ENDORSEMENT_UNDECIDED'

function isAbout(document: JsonObject, carrier: string | undefined): boolean {
  const about = idOf(document['credentialSubject'])
  return about !== undefined && about === carrier
}

/** The one that decides: the first that failed, else the first that stayed open, else the first of all. */
function worstOf(checks: readonly Check[]): Check | undefined {
  const first = (outcome: Check['outcome']) => checks.find((one) => one.outcome === outcome)
  return first('fail') ?? first('unknown') ?? checks[0]
}
