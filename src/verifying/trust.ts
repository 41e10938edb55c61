import { OptionError } from '../encoding/errors.js'
import { type Check, check } from './report.js'
import { within } from './within.js'

/**
 * Says which issuers somebody knows: a register, a federation, an own list.
 *
 * **Contract for drivers.** `knows` answers `true` or `false` for exactly this id, and throws where it cannot tell. It is
 * asked once for each badge, after its signature was checked, and given up where it takes longer than `resolveTimeout`.
 */
export interface TrustList {
  readonly name: string
  knows(issuer: string): boolean | Promise<boolean>
}

/**
 * A trust list of a few ids that are known beforehand.
 *
 * Does not check that the ids are well-formed, nor that anybody vouches for them: that is the caller's knowledge.
 *
 * @param issuers ids, which are compared letter by letter; never patterns
 * @throws {OptionError} OPTION_INVALID
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { openFolderResolver } from 'komma/resolve/folder'
 * import { createTrustList, verify } from 'komma/verify'
 *
 * const trust = [createTrustList('Partners', ['did:web:academy.example'])]
 * const report = await verify(await readFile('badge.json'), { trust, resolver: await openFolderResolver('published') })
 * console.log(report.checks.find(({ id }) => id === 'trust')?.message) // => The issuer is known to Partners.
 * ```
 */
export function createTrustList(name: string, issuers: Iterable<string>): TrustList {
  // A text is iterable too, letter by letter.
  const known = typeof issuers === 'string' ? undefined : new Set<unknown>(issuers)
  if (known === undefined || ![...known].every((id) => typeof id === 'string' && id !== ''))
    throw invalid('issuers', 'the ids of issuers, as texts')
  return Object.freeze({ name, knows: (issuer: string) => known.has(issuer) })
}

/**
 * Asks the trust lists about the issuer. Somebody whom nobody knows is unknown, not wrong: who decides about whom is not
 * a fact about the badge.
 */
export async function checkTrust(issuer: string, lists: readonly TrustList[], timeout: number): Promise<Check> {
  if (lists.length === 0) return check('TRUST_NOT_ASKED')
  const names: string[] = []
  for (const list of lists) {
    const answer = await ask(list, issuer, timeout)
    if (answer === undefined) return check('TRUST_UNDECIDED', { list: list.name })
    if (answer) names.push(list.name)
  }
  return names.length > 0 ? check('TRUST_KNOWN', { lists: names.join(', ') }) : check('TRUST_UNKNOWN')
}

async function ask(list: TrustList, issuer: string, timeout: number): Promise<boolean | undefined> {
  try {
    const answer: unknown = await within(timeout, () => list.knows(issuer))
    return typeof answer === 'boolean' ? answer : undefined
  } catch {
    return undefined
  }
}

/** @throws {OptionError} OPTION_INVALID */
export function readTrustLists(given: unknown): readonly TrustList[] {
  if (given === undefined) return []
  const isList = (one: unknown): one is TrustList =>
    typeof (one as Partial<TrustList> | null)?.knows === 'function' && typeof (one as TrustList).name === 'string'
  // An empty list would look as if nobody had asked, and a policy that wants the issuer known would let everybody through.
  if (Array.isArray(given) && given.length > 0 && given.every(isList)) return [...given]
  throw invalid('trust', 'one or more objects with a name and the method knows; leave it out to ask nobody')
}

function invalid(path: string, expected: string): OptionError {
  return new OptionError({ code: 'OPTION_INVALID', message: 'an option cannot be used', path, expected })
}
