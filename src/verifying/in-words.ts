import { OptionError } from '../encoding/errors.js'
import type { InputForm } from '../model/input-form.js'
import type { WarningCode } from '../model/warning-codes.js'
import type { ReportWords } from '../model/words/report-words.js'
import { type Check, type Facts, fill, type Warning } from './report.js'

/** What a report of any kind tells in sentences. */
interface Told {
  readonly checks: readonly Check[]
  readonly warnings: readonly Warning[]
}

/**
 * The same report with its sentences in another language; codes and facts stay. The reports of the credentials of a
 * presentation are not touched: tell each by itself.
 *
 * Does NOT translate what fills a sentence: the reason of an error stays in English, behind the sentence that says what
 * it means.
 *
 * @throws {OptionError} OPTION_INVALID
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { inWords, verify } from 'komma/verify'
 * import { danish } from 'komma/words/da'
 *
 * const report = inWords(await verify(await readFile('badge.json')), danish)
 * console.log(report.checks[1]?.message) // => Dokumentet bruger kun kendte kontekster og almindelige felter.
 * ```
 */
export function inWords<Report extends Told>(report: Report, words: ReportWords): Report {
  checkGiven(report, words)
  const checks = report.checks.map((made) => ({
    ...made,
    message: fill(sentenceOf(made.code, words), factsOf(made, words))
  }))
  const warnings = report.warnings.map((one) => ({ ...one, message: fill(sentenceOf(one.code, words), one.facts) }))
  return { ...report, checks, warnings }
}

function checkGiven(report: unknown, words: unknown): void {
  const { checks, warnings } = (report ?? {}) as Partial<Told>
  if (!Array.isArray(checks) || !Array.isArray(warnings)) throw invalid('report', 'what verify answers, awaited')
  const { forms, checks: said, warnings: warned } = (words ?? {}) as Partial<ReportWords>
  if (![forms, said, warned].every((one) => typeof one === 'object' && one !== null))
    throw invalid('words', 'the words of a language, such as danish of komma/words/da')
}

function invalid(path: string, expected: string): OptionError {
  return new OptionError({ code: 'OPTION_INVALID', message: 'a report cannot be told in words', path, expected })
}

/** The form of an input is in words, and the only fact that is. */
function factsOf({ code, facts }: Check, { forms }: ReportWords): Facts {
  const form = facts['form'] ?? ''
  return code === 'INPUT_READ' && Object.hasOwn(forms, form) ? { form: forms[form as InputForm] } : facts
}

/** A code of an error stands for an input that cannot be read; nothing else carries one. */
function sentenceOf(code: string, { checks, warnings }: ReportWords): string {
  if (Object.hasOwn(checks, code)) return checks[code as keyof typeof checks]
  return Object.hasOwn(warnings, code) ? warnings[code as WarningCode] : checks.INPUT_UNREADABLE
}
