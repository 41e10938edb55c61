/**
 * Where the rows of the reference do not fit what each case expects.
 *
 * @param {readonly { name: string, expected: string }[]} cases
 * @param {readonly { name: string, verdict: string, details?: unknown }[]} rows
 * @returns {string[]}
 */
export function judgeRows(cases, rows) {
  const verdicts = new Map(rows.map(({ name, verdict }) => [name, verdict]))
  return cases.flatMap(({ name, expected }) => {
    const verdict = verdicts.get(name)
    return verdict?.split(' ')[0] === expected ? [] : [`${name}: expected ${expected}, got ${telling(verdict)}`]
  })
}

/**
 * Where the rows of a runtime differ from those of the reference: in the verdict, or in anything else that was said.
 *
 * @param {readonly { name: string, verdict: string, details?: unknown }[]} reference
 * @param {readonly { name: string, verdict: string, details?: unknown }[]} rows
 * @returns {string[]}
 */
export function compareRows(reference, rows) {
  const known = new Map(reference.map((row) => [row.name, row]))
  const added = rows.filter(({ name }) => !known.has(name)).map(({ name }) => `${name}: the reference has no such case`)
  const answered = new Map(rows.map((row) => [row.name, row]))
  const changed = reference.flatMap((row) => {
    const other = answered.get(row.name)
    if (other === undefined) return [`${row.name}: no verdict`]
    if (other.verdict !== row.verdict) return [`${row.name}: ${telling(other.verdict)}, not ${telling(row.verdict)}`]
    const place = firstDifference(row.details, other.details, '')
    return place === undefined ? [] : [`${row.name}: ${place}`]
  })
  return [...added, ...changed]
}

/** A verdict without the checks that say nothing of why. */
function telling(verdict = 'no verdict') {
  return verdict
    .split(' ')
    .filter((word) => !/=(pass|notApplicable):|:NOT_REACHED$/.test(word))
    .join(' ')
}

function firstDifference(left, right, path) {
  if (Object.is(left, right)) return undefined
  if (!isObject(left) || !isObject(right)) return `${path || '/'}: ${shorten(right)}, not ${shorten(left)}`
  const names = new Set([...Object.keys(left), ...Object.keys(right)])
  for (const name of names) {
    const place = firstDifference(left[name], right[name], `${path}/${name}`)
    if (place !== undefined) return place
  }
  return undefined
}

function isObject(value) {
  return typeof value === 'object' && value !== null
}

function shorten(value) {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 200)
}
