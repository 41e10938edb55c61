import type { CheckId } from '../model/check-ids.js'
import type { Check } from './report.js'

/**
 * Which checks decide. A required check that is `fail` or `unknown` makes the credential not accepted; an advisory one
 * becomes a warning. A check that is named nowhere is required, so that a later check is never lost by an old policy.
 * No policy accepts a document whose signature, key or form does not hold: there is none to accept.
 */
export interface Policy {
  readonly name: string
  readonly advisory: readonly CheckId[]
}

/**
 * Everything decides but the schemas the credential brings along, a refresh that was not asked for or failed, the
 * periods of endorsements, and trust lists. Make a policy of your own by naming the checks that are advisory.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { defaultPolicy, verify } from 'komma'
 *
 * const policy = { name: 'expired is fine', advisory: [...defaultPolicy.advisory, 'validity'] } as const
 * const report = await verify(await readFile('badge.json'), { policy })
 * console.log(report.accepted) // => false
 * ```
 */
export const defaultPolicy: Policy = Object.freeze({
  name: 'default',
  advisory: Object.freeze<CheckId[]>(['credentialSchema', 'refresh', 'endorsementDates', 'trust', 'holderBinding'])
})

/**
 * Folds the facts as Open Badges 3.0 section 9 does: an endorsement has to be within its own period too, and what the
 * standard does not name among its steps, results and files, is told and does not decide.
 *
 * @see Open Badges 3.0 sections 9.1 and 9.2
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { openFolderResolver } from 'komma/resolve/folder'
 * import { ob30Policy, verify } from 'komma/verify'
 *
 * const options = { policy: ob30Policy, resolver: await openFolderResolver('published') }
 * console.log((await verify(await readFile('badge.json'), options)).accepted) // => true
 * ```
 */
export const ob30Policy: Policy = Object.freeze({
  name: 'ob30',
  advisory: Object.freeze<CheckId[]>(['refresh', 'results', 'resources', 'trust', 'holderBinding'])
})

/** What the caller holds may change while a verification runs. */
export function copyPolicy({ name, advisory }: Policy): Policy {
  return { name: typeof name === 'string' ? name : 'own', advisory: [...advisory] }
}

/** True where no required check failed or stayed open. */
export function decide(checks: readonly Check[], policy: Policy): boolean {
  return checks.every((check) => policy.advisory.includes(check.id) || held(check))
}

/** Advisory checks that were made and did not hold. */
export function advisoryFindings(checks: readonly Check[], policy: Policy): readonly Check[] {
  return checks.filter((check) => policy.advisory.includes(check.id) && !held(check) && check.code !== 'NOT_REACHED')
}

function held(check: Check): boolean {
  return check.outcome === 'pass' || check.outcome === 'notApplicable'
}
