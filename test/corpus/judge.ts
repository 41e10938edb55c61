import type { JsonObject } from '../../src/encoding/json-types.js'
import { defaultSuites } from '../../src/securing/default-suites.js'
import { ecdsaSd2023 } from '../../src/selective-disclosure.js'
import {
  createMapResolver,
  type Report,
  type VerifyOptions,
  type VerifyPresentationOptions,
  verify,
  verifyPresentation
} from '../../src/verify.js'

/** The options of a verification that are data; `challenge` asks for a presentation. */
export type CorpusOptions = Pick<VerifyOptions, 'expect' | 'recipient'> &
  Pick<VerifyPresentationOptions, 'challenge' | 'domain'>

/** What a version said of a file, and every later one has to say. */
export interface Judgement {
  readonly accepted: boolean
  /** Outcome and code, by the id of the check. */
  readonly checks: Readonly<Record<string, string>>
  /** The same of each credential in a presentation. */
  readonly credentials?: readonly Judgement[]
}

export interface Expected extends Judgement {
  readonly options?: CorpusOptions
}

/** `expected.json` of a version. */
export interface ExpectedFiles {
  /** The time of every verification. */
  readonly now: string
  readonly files: Readonly<Record<string, Expected>>
}

/** Verifies a file of a corpus at its time, with nothing but what was published then. */
export async function judge(
  content: Uint8Array,
  options: CorpusOptions,
  { now, published }: { readonly now: string; readonly published: Readonly<Record<string, JsonObject | string>> }
): Promise<Judgement> {
  const settings = {
    ...options,
    now: new Date(now),
    resolver: createMapResolver(published),
    suites: [...defaultSuites, ecdsaSd2023]
  }
  if (options.challenge === undefined) return judgementOf(await verify(content, settings))
  const report = await verifyPresentation(content, settings)
  return { ...judgementOf(report), credentials: report.credentials.map(judgementOf) }
}

function judgementOf({ accepted, checks }: Pick<Report, 'accepted' | 'checks'>): Judgement {
  return { accepted, checks: Object.fromEntries(checks.map(({ id, outcome, code }) => [id, `${outcome} ${code}`])) }
}
