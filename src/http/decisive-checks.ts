import type { JsonValue } from '../encoding/json-types.js'
import { CHECK_IDS, type CheckId, PRESENTATION_CHECK_IDS } from '../model/check-ids.js'
import type { Policy } from '../verifying/policy.js'
import type { Check } from '../verifying/report.js'
import type { MemberRule } from './request-members.js'

const ALL: readonly CheckId[] = [...new Set([...CHECK_IDS, ...PRESENTATION_CHECK_IDS])]
/** What a proof stands on. No list of checks leaves any of these out. */
const PROOF: readonly CheckId[] = ['input', 'shape', 'schema', 'issuer', 'holder', 'proof', 'document', 'credentials']
/** Names of other implementations for the same. */
const ALIASES: Readonly<Record<string, CheckId>> = { credentialStatus: 'status' }

/** The option `checks` of a request: what has to hold besides the proof. */
export const checksRule: MemberRule = {
  fits: (value) => Array.isArray(value) && value.every((one) => idOfName(one) !== undefined),
  expected: `a list of ${[...ALL, ...Object.keys(ALIASES)].join(', ')}`
}

/**
 * The policy that a request asks for: the proof and what its `checks` name decide; without them the policy of the
 * service.
 *
 * @param stated what decides in either case, because the request states what it has to be
 */
export function policyFor(checks: JsonValue | undefined, stated: readonly CheckId[], service: Policy): Policy {
  const named = Array.isArray(checks) ? [...PROOF, ...checks.map(idOfName)] : undefined
  const advisory = named === undefined ? service.advisory : ALL.filter((id) => !named.includes(id))
  return { name: 'as asked', advisory: advisory.filter((id) => !stated.includes(id)) }
}

/** The checks that stand in the way of `verified`: first those that failed, last those that nobody got to. */
export function obstaclesOf(checks: readonly Check[], { advisory }: Policy): readonly Check[] {
  const rank = ({ outcome, code }: Check) => (code === 'NOT_REACHED' ? 2 : outcome === 'unknown' ? 1 : 0)
  return checks
    .filter(({ id, outcome }) => !advisory.includes(id) && (outcome === 'fail' || outcome === 'unknown'))
    .sort((one, other) => rank(one) - rank(other))
}

function idOfName(name: JsonValue): CheckId | undefined {
  const known = typeof name === 'string' && Object.hasOwn(ALIASES, name) ? ALIASES[name] : name
  return ALL.find((id) => id === known)
}
