import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { listOf, objectsOf, textOf } from '../model/read.js'
import type { ChallengeStore } from './challenge-store.js'
import { type Check, check, type Report } from './report.js'
import type { Secured } from './secured.js'
import { within } from './within.js'

/** What a presentation answers, and to whom it is shown, as its proofs say. */
export interface Answered {
  readonly challenges: readonly (string | undefined)[]
  readonly domains: readonly (readonly string[])[]
}

/**
 * Reads challenge and domain: from each embedded proof, or from the claims `nonce` and `aud` of a token. Both are covered
 * by the signature.
 */
export function readAnswered(secured: Secured): Answered {
  if (secured.form === 'jwt') {
    const { nonce, aud } = secured.jwt.claims
    return { challenges: [textOf(nonce)], domains: [textsOf(aud)] }
  }
  const proofs = objectsOf(secured.document['proof'])
  return {
    challenges: proofs.map(({ challenge }) => textOf(challenge)),
    domains: proofs.map(({ domain }) => textsOf(domain))
  }
}

/** VC Data Integrity 1.0 section 4.4 step 7: the challenge is the one that was asked, and is answered once. */
export async function checkChallenge(
  { challenges }: Answered,
  expected: { readonly challenge: string | undefined; readonly store: ChallengeStore | undefined },
  timeout: number
): Promise<Check> {
  const { challenge, store } = expected
  if (challenge === undefined && store === undefined) return check('CHALLENGE_NOT_ASKED')
  const [answered] = challenges
  if (answered === undefined || challenges.some((one) => one !== answered)) return check('CHALLENGE_MISMATCH')
  if (challenge !== undefined && answered !== challenge) return check('CHALLENGE_MISMATCH')
  if (store === undefined) return check('CHALLENGE_ANSWERED')
  const taken = await take(store, answered, timeout)
  return taken === undefined ? check('CHALLENGE_UNDECIDED') : check(taken ? 'CHALLENGE_ANSWERED' : 'CHALLENGE_USED')
}

async function take(store: ChallengeStore, challenge: string, timeout: number): Promise<boolean | undefined> {
  try {
    const taken: unknown = await within(timeout, () => store.take(challenge))
    return typeof taken === 'boolean' ? taken : undefined
  } catch {
    return undefined
  }
}

/** VC Data Integrity 1.0 section 4.4 step 6: the domains are exactly those expected, in any order. */
export function checkDomain({ domains }: Answered, expected: readonly string[] | undefined): Check {
  if (expected === undefined) return check('DOMAIN_NOT_ASKED')
  const wanted = new Set(expected)
  const isWanted = (found: ReadonlySet<string>) =>
    found.size === wanted.size && [...found].every((one) => wanted.has(one))
  const fits = domains.every((found) => isWanted(new Set(found)))
  return check(fits ? 'DOMAIN_MATCHED' : 'DOMAIN_MISMATCH')
}

/** VC Data Model 2.0 section 4.13: who shows a credential is not by that whom it is about. */
export function checkHolderBinding(holder: string, reports: readonly Report[]): Check {
  if (reports.length === 0) return check('HOLDER_BINDING_NONE')
  const subjects = reports.map(({ credential }) =>
    objectsOf(credential?.['credentialSubject'] as JsonValue | undefined)
  )
  if (subjects.some((each) => each.length === 0 || each.some(({ id }) => id === undefined)))
    return check('HOLDER_BINDING_OPEN')
  const proved = subjects.every((each) => each.every(({ id }) => id === holder))
  return check(proved ? 'HOLDER_IS_SUBJECT' : 'HOLDER_IS_NOT_SUBJECT')
}

/** VC Data Model 2.0 section 7.1: a presentation is no better than the worst credential in it. */
export function checkCredentials(
  reports: readonly Report[],
  found: number,
  { most, allowEmpty }: { readonly most: number; readonly allowEmpty: boolean }
): Check {
  if (found > most) return check('CREDENTIALS_TOO_MANY', { most: String(most) })
  if (reports.length === 0) return check(allowEmpty ? 'CREDENTIALS_NOT_NEEDED' : 'CREDENTIALS_NONE')
  const index = reports.findIndex(({ accepted }) => !accepted)
  return index < 0
    ? check('CREDENTIALS_ACCEPTED', { count: String(reports.length) })
    : check('CREDENTIAL_NOT_ACCEPTED', { path: `/verifiableCredential/${index}` })
}

export function presentedCredentials(document: JsonObject): readonly JsonValue[] {
  return listOf(document['verifiableCredential']).filter(isJsonObject)
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return listOf(value).map((one) => (typeof one === 'string' ? one : ''))
}
