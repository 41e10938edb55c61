import type { JsonObject } from '../encoding/json-types.js'
import type { CheckOutcome } from '../model/check-ids.js'
import type { ReportWords } from '../model/words/report-words.js'
import { inWords } from '../verifying/in-words.js'
import type { Check, Report } from '../verifying/report.js'
import { badgeFacts } from './badge-facts.js'
import { plain, printableJson } from './print.js'

const MARKS: Readonly<Record<CheckOutcome, string>> = { pass: '✓', fail: '✗', unknown: '?', notApplicable: '–' }
const COLOURS: Readonly<Record<CheckOutcome, number>> = { pass: 32, fail: 31, unknown: 33, notApplicable: 90 }

export interface ReportTextOptions {
  readonly colour: boolean
  /** What to try next, where something can be tried. */
  readonly hint: string | undefined
  /** The language of the sentences; English unless told. */
  readonly words?: ReportWords | undefined
}

/** A report as JSON: the decision first, every check with its five members. */
export function reportJson(report: Report): string {
  const { accepted, warnings, credential, proofs, status, verifiedAt } = report
  const checks = report.checks.map(({ id, outcome, code, message, spec }) => ({ id, outcome, code, message, spec }))
  return `${printableJson({ accepted, checks, warnings, credential: credential ?? null, proofs, status, verifiedAt })}\n`
}

/** A report for a person: a line for each check that was made, then the decision, and which badge it is. */
export function reportText(given: Report, { colour, hint, words: language }: ReportTextOptions): string {
  const report = language === undefined ? given : inWords(given, language)
  const paint = (text: string, code: number) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text)
  const mark = (outcome: CheckOutcome) => paint(MARKS[outcome], COLOURS[outcome])
  const made = report.checks.filter(({ code }) => code !== 'NOT_REACHED')
  const width = Math.max(...made.map(({ id }) => id.length))
  const lines = made.map(({ id, outcome, code, message }) => {
    const why = outcome === 'fail' || outcome === 'unknown' ? ` (${code})` : ''
    return `${mark(outcome)} ${id.padEnd(width)}  ${sentence(message)}${why}`
  })
  const notMade = notReached(report.checks).map((line) => `${mark('unknown')} ${line}`)
  const told = report.warnings.filter(({ code }) => code !== 'NOT_REACHED')
  const warnings = told.map(({ code, message }) => `${paint('!', COLOURS.unknown)} ${sentence(message)} (${code})`)
  const { accepted = 'Accepted', notAccepted = 'Not accepted' } = language ?? {}
  const verdict = report.accepted ? paint(accepted, COLOURS.pass) : paint(notAccepted, COLOURS.fail)
  const credential = report.credential as JsonObject | undefined
  const words = report.accepted ? nameOf(credential) : reasons(report.checks)
  return [
    ...[...lines, ...notMade, ...warnings, ''],
    `${verdict}: ${words}`,
    ...(hint === undefined ? [] : [hint]),
    ...(credential === undefined ? [] : describeBadge(credential)),
    ''
  ].join('\n')
}

/** The checks that nobody got to: one line for each check that stood in the way. */
function notReached(checks: readonly Check[]): string[] {
  const waiting = new Map<string, string[]>()
  for (const { id, code, facts } of checks) {
    if (code !== 'NOT_REACHED') continue
    const after = facts['after'] ?? ''
    waiting.set(after, [...(waiting.get(after) ?? []), id])
  }
  return [...waiting].map(([after, ids]) => {
    const failed = checks.find(({ id }) => id === after)?.outcome === 'fail'
    return `not checked: ${ids.join(', ')} (because ${plain(after)} ${failed ? 'failed' : 'is unknown'})`
  })
}

function nameOf(credential: JsonObject | undefined): string {
  const { name } = badgeFacts(credential)
  return name === undefined ? 'a badge without name' : `"${plain(name)}"`
}

function describeBadge(credential: JsonObject): string[] {
  const { id, name, issuer, validFrom, validUntil, awardedTo } = badgeFacts(credential)
  const facts = { id, name, issuer, 'valid from': validFrom, 'valid until': validUntil, 'awarded to': awardedTo }
  return Object.entries(facts).flatMap(([label, value]) =>
    value === undefined ? [] : [`  ${label.padEnd(11)}  ${plain(value)}`]
  )
}

function reasons(checks: readonly Check[]): string {
  const failed = checks.filter(({ outcome }) => outcome === 'fail')
  const open = checks.filter(({ outcome, code }) => outcome === 'unknown' && code !== 'NOT_REACHED')
  return plain((failed.length > 0 ? failed : open).map(({ id, code }) => `${id} ${code}`).join(', '))
}

/** A sentence may end with one that was told inside it, and has one full stop all the same. */
function sentence(message: string): string {
  return plain(message.replace(/(?<!\.)\.\.$/, '.'))
}
