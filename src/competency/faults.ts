import type { Fault } from '../encoding/errors.js'

/** How many faults one error lists at most. */
const MOST_FAULTS = 50

/** The faults of one input: those of its format, then those of its meaning at places where the format is kept. */
export function collectFaults(format: readonly Fault[], meaning: readonly Fault[]): Fault[] {
  const place = ({ code, path }: Fault): string => `${code} ${path}`
  const known = new Set(format.map(place))
  return [...format, ...meaning.filter((fault) => !known.has(place(fault)))].slice(0, MOST_FAULTS)
}

/** A fault of a definition that no schema can find. */
export function invalid(
  message: string,
  path: string,
  rest: { readonly expected?: string; readonly got?: string; readonly hint?: string } = {}
): Fault {
  return { code: 'DEFINITION_INVALID', message, path, ...rest }
}
