import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { CheckOutcome } from '../model/check-codes.js'
import { textOf } from '../model/read.js'
import type { Check, Report } from '../verifying/report.js'
import { plain, printableJson } from './print.js'

const MARKS: Readonly<Record<CheckOutcome, string>> = { pass: '✓', fail: '✗', unknown: '?', notApplicable: '–' }
const COLOURS: Readonly<Record<CheckOutcome, number>> = { pass: 32, fail: 31, unknown: 33, notApplicable: 90 }

/** A report as JSON: the decision first, every check with its five members. */
export function reportJson(report: Report): string {
  const { accepted, warnings, credential, proofs, status, verifiedAt } = report
  const checks = report.checks.map(({ id, outcome, code, message, spec }) => ({ id, outcome, code, message, spec }))
  return `${printableJson({ accepted, checks, warnings, credential: credential ?? null, proofs, status, verifiedAt })}\n`
}

/** A report for a person: a line for each check, then the decision. */
export function reportText(report: Report, options: { readonly colour: boolean; readonly hasBundle: boolean }): string {
  const paint = (text: string, colour: number) => (options.colour ? `\u001b[${colour}m${text}\u001b[0m` : text)
  const width = Math.max(...report.checks.map(({ id }) => id.length))
  const lines = report.checks.map((check) => {
    const code = check.outcome === 'fail' || check.outcome === 'unknown' ? ` (${check.code})` : ''
    const mark = paint(MARKS[check.outcome], COLOURS[check.outcome])
    return `${mark} ${check.id.padEnd(width)}  ${plain(check.message)}${code}`
  })
  const told = report.warnings.filter(({ code }) => code !== 'NOT_REACHED')
  const warnings = told.map(({ code, message }) => `${paint('!', COLOURS.unknown)} ${plain(message)} (${code})`)
  const verdict = report.accepted ? paint('Accepted', COLOURS.pass) : paint('Not accepted', COLOURS.fail)
  const words = plain(report.accepted ? describeBadge(report.credential) : reasons(report.checks))
  const hint = hintFor(report.checks, options.hasBundle)
  return [...lines, ...warnings, '', `${verdict}: ${words}`, ...(hint === undefined ? [] : [hint]), ''].join('\n')
}

function describeBadge(credential: JsonObject | undefined): string {
  const subject = asObject(credential?.['credentialSubject'])
  const name =
    textOf(credential?.['name']) ?? textOf(asObject(subject['achievement'])['name']) ?? 'a badge without name'
  const issuer = credential?.['issuer']
  const by = textOf(issuer) ?? textOf(asObject(issuer)['id']) ?? ''
  const until = textOf(credential?.['validUntil'])
  return `"${name}", issued by ${by}${until === undefined ? '' : `, valid until ${until}`}`
}

function reasons(checks: readonly Check[]): string {
  const failed = checks.filter(({ outcome }) => outcome === 'fail')
  const open = checks.filter(({ outcome, code }) => outcome === 'unknown' && code !== 'NOT_REACHED')
  return (failed.length > 0 ? failed : open).map(({ id, code }) => `${id} ${code}`).join(', ')
}

function hintFor(checks: readonly Check[], hasBundle: boolean): string | undefined {
  const open = checks.filter(({ id, outcome }) => outcome === 'unknown' && (id === 'status' || id === 'issuer'))
  const codes = open.map(({ code }) => code)
  if (!hasBundle && codes.some((code) => code === 'STATUS_UNAVAILABLE' || code === 'ISSUER_KEY_UNRESOLVED')) {
    return 'Nothing was fetched. Pass the published folder of the issuer with --offline-bundle DIR.'
  }
  if (codes.includes('STATUS_LIST_STALE')) {
    return 'A status list is relied on for 24 hours. Get a newer published folder of the issuer.'
  }
  return undefined
}

function asObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {}
}
