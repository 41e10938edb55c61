import type { JsonObject } from '../encoding/json-types.js'
import type { AchievementCredential, EndorsementCredential } from '../model/types.js'
import type { VerifyInput } from './intake.js'
import { settle, type VerifyOptions } from './options.js'
import type { Report } from './report.js'
import { reportOn } from './steps.js'

/**
 * Verifies an Open Badges 3.0 credential and says of every check how it came out. Takes an object, JSON
 * text, a JWT, SVG text, or the bytes of a file with one of them or of a PNG.
 *
 * Nothing is fetched unless a `resolver` is passed. Bad input is reported, not thrown.
 *
 * Does not check that the claims are true, that the issuer's name is the issuer's, that pixels of an image show the
 * achievement, or that the person who shows the badge is its recipient.
 *
 * @param input the badge; an object is copied before the first check
 * @param options see {@link VerifyOptions}
 * @returns `accepted` is the decision of the policy; read `credential`, never the input
 * @throws {OptionError} OPTION_INVALID where an option is used wrongly
 * @see Open Badges 3.0 section 9.1, VC Data Integrity 1.0 section 4.4
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { verify } from 'komma'
 * import { openFolderResolver } from 'komma/resolve/folder'
 *
 * const report = await verify(await readFile('badge.png'), { resolver: await openFolderResolver('published') })
 * if (report.accepted) console.log(report.credential?.name) // => Forklift operator
 * else for (const check of report.checks) console.log(check.id, check.outcome, check.message)
 * ```
 */
export async function verify(
  input: VerifyInput,
  options: VerifyOptions & { readonly expect: 'EndorsementCredential' }
): Promise<Report<EndorsementCredential>>
export async function verify(
  input: VerifyInput,
  options: VerifyOptions & { readonly expect: 'VerifiableCredential' }
): Promise<Report<JsonObject>>
export async function verify(input: VerifyInput, options?: VerifyOptions): Promise<Report>
export async function verify(
  input: VerifyInput,
  options: VerifyOptions = {}
): Promise<Report<AchievementCredential | EndorsementCredential | JsonObject>> {
  return reportOn(input, settle(options))
}
