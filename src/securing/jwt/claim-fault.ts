import { parseDateTimeStamp } from '../../encoding/dates.js'
import { InputError } from '../../encoding/errors.js'
import type { JsonObject, JsonValue } from '../../encoding/json-types.js'
import { idOf, textOf } from '../../model/read.js'
import { finding, type ShapeFinding } from '../../model/shape-finding.js'
import type { ClaimedDocument } from './claimed-document.js'
import type { JwtFormat } from './jose-header.js'
import { isNumericDate, timeOfNumericDate } from './numeric-date.js'

export interface ClaimRules {
  /** Open Badges 3.0 asks for `iss`, `sub`, `jti` and `nbf`; elsewhere a claim that is absent says nothing. */
  readonly complete: boolean
  /** Let `sub` be absent all the same. */
  readonly allowMissingSub: boolean
  readonly now: Date
  /** Seconds that the verifier's clock may run behind. */
  readonly clockTolerance: number
}

/** A claim, the member it stands for, and what the member says. */
type Pair = readonly [claim: string, member: string, value: JsonValue | undefined]

const PERIOD = { '1.1': ['issuanceDate', 'expirationDate'], '2.0': ['validFrom', 'validUntil'] } as const

/**
 * Compares the claims of a token with the document. A claim and the member it stands for are one statement, so two
 * values are none: nobody knows which of them a reader took.
 *
 * In VC-JOSE-COSE the times are those of the signature; they are compared with the time of the check.
 *
 * Source: Open Badges 3.0 section 8.2.4.1; VC-JOSE-COSE sections 3.1.3 and 4.1; RFC 7519 section 4.1.
 */
export function findClaimFault(
  claims: JsonObject,
  claimed: ClaimedDocument,
  format: JwtFormat,
  rules: ClaimRules
): ShapeFinding | undefined {
  return (
    findNumberFault(claims) ??
    findMissing(claims, rules) ??
    findMismatch(claims, idPairs(claimed, format)) ??
    (format === 'JWT' ? findPeriodMismatch(claims, claimed) : findOutOfTime(claims, rules)) ??
    findFuture(claims, rules)
  )
}

/** True where a token that has to say whom it is about does not. */
export function lacksSub(claims: JsonObject, { complete }: ClaimRules): boolean {
  return complete && claims['sub'] === undefined
}

/** The end that `exp` sets for an Open Badge without one of its own, as a member of the document. */
export function endOfClaims(claims: JsonObject, { document, version }: ClaimedDocument, format: JwtFormat): JsonObject {
  const [, until] = PERIOD[version]
  const end = format === 'JWT' && document[until] === undefined ? timeOfNumericDate(claims['exp']) : undefined
  return end === undefined ? {} : { [until]: end }
}

function findNumberFault(claims: JsonObject): ShapeFinding | undefined {
  const claim = ['nbf', 'exp', 'iat'].find((name) => claims[name] !== undefined && !isNumericDate(claims[name]))
  return claim === undefined ? undefined : finding('JWT_CLAIM_INVALID', { claim })
}

function findMissing(claims: JsonObject, rules: ClaimRules): ShapeFinding | undefined {
  if (!rules.complete) return undefined
  const claim = ['iss', 'jti', 'nbf'].find((name) => claims[name] === undefined)
  if (claim !== undefined) return finding('JWT_CLAIM_MISSING', { claim })
  return lacksSub(claims, rules) && !rules.allowMissingSub ? finding('JWT_SUBJECT_MISSING', {}) : undefined
}

function idPairs({ document }: ClaimedDocument, format: JwtFormat): readonly Pair[] {
  const { id, issuer, holder, credentialSubject } = document
  if (format === 'vp+jwt')
    return [...(holder === undefined ? [] : [['iss', 'holder', idOf(holder)] as const]), ['jti', 'id', id]]
  const subject = typeof credentialSubject === 'string' ? undefined : idOf(credentialSubject)
  return [
    ['iss', 'issuer', idOf(issuer)],
    ['jti', 'id', id],
    ['sub', 'credentialSubject.id', subject]
  ]
}

function findMismatch(claims: JsonObject, pairs: readonly Pair[]): ShapeFinding | undefined {
  const found = pairs.find(([claim, , value]) => claims[claim] !== undefined && claims[claim] !== value)
  return found === undefined ? undefined : finding('JWT_CLAIM_MISMATCH', { claim: found[0], member: found[1] })
}

function findPeriodMismatch(claims: JsonObject, { document, version }: ClaimedDocument): ShapeFinding | undefined {
  const [from, until] = PERIOD[version]
  const ends: readonly Pair[] = document[until] === undefined ? [] : [['exp', until, wholeSecond(document[until])]]
  return findMismatch(claims, [['nbf', from, wholeSecond(document[from])], ...ends])
}

/** A fraction of a second is cut off, because a NumericDate has none. */
function wholeSecond(time: JsonValue | undefined): number | undefined {
  try {
    return Number(parseDateTimeStamp(textOf(time) ?? '').seconds)
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
}

function findOutOfTime({ nbf, exp }: JsonObject, rules: ClaimRules): ShapeFinding | undefined {
  if (isNumericDate(nbf) && nbf * 1000 > latest(rules))
    return finding('PROOF_NOT_YET_VALID', { from: timeOfNumericDate(nbf) ?? '' })
  if (isNumericDate(exp) && exp * 1000 <= rules.now.getTime())
    return finding('PROOF_EXPIRED', { expires: timeOfNumericDate(exp) ?? '' })
  return undefined
}

function findFuture({ iat }: JsonObject, rules: ClaimRules): ShapeFinding | undefined {
  if (!isNumericDate(iat) || iat * 1000 <= latest(rules)) return undefined
  return finding('PROOF_CREATED_IN_FUTURE', { created: timeOfNumericDate(iat) ?? '' })
}

function latest({ now, clockTolerance }: ClaimRules): number {
  return now.getTime() + clockTolerance * 1000
}
