// How the examples speak.
const MARKS = { pass: '✓', fail: '✗', unknown: '?', notApplicable: '–' }

export function title(text) {
  console.log(`\n${text}\n`)
}

export function say(text) {
  console.log(`  ${text}`)
}

/** The checks that say something, and the decision. */
export function sayReport(report) {
  const first = report.checks.find(({ outcome }) => outcome === 'fail')
  for (const check of report.checks) {
    const after = check.code === 'NOT_REACHED' && first !== undefined
    if (check.outcome !== 'notApplicable' && !after)
      say(`${MARKS[check.outcome]} ${check.id.padEnd(12)} ${check.message}`)
  }
  say('')
  say(
    report.accepted ? 'Accepted.' : `Not accepted${first ? ` because of the check "${first.id}" (${first.code})` : ''}.`
  )
}
