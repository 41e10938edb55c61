import { type Fault, KommaError } from '../encoding/errors.js'
import type { Output, Terminal } from './terminal.js'

// Control characters and marks of writing direction: a badge must not be able to repaint the terminal that shows it.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to take out.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** One line of text as it can be shown: what would not be seen is written as an escape. */
export function plain(text: string): string {
  return text.replace(UNPRINTABLE, escapeUnit)
}

/** JSON in several lines, with the same escapes. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(UNPRINTABLE, (unit) => (unit === '\n' ? unit : escapeUnit(unit)))
}

/** Writes lines, each shown plainly. */
export function printLines(output: Output, ...lines: readonly string[]): void {
  output.write(lines.map((line) => `${plain(line)}\n`).join(''))
}

/** Writes an error as one block: code, message, place, what was expected and found, and what to do. */
export function printError({ stderr }: Terminal, error: unknown, debug: boolean): void {
  printLines(stderr, ...describe(error))
  if (!debug) return
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    printLines(stderr, ...(cause.stack ?? cause.message).split('\n'))
  }
}

function describe(error: unknown): string[] {
  if (!(error instanceof KommaError)) {
    return [
      'komma: INTERNAL_ERROR: something happened that was not expected',
      '  hint: Run the same command with --debug and report what it shows'
    ]
  }
  const { faults, code } = error
  const [first] = faults
  if (faults.length === 1 && first !== undefined) return [`komma: ${code}: ${first.message}`, ...details(first, '  ')]
  return [
    `komma: ${code}: ${faults.length} faults`,
    ...faults.flatMap((fault) => [`  - ${fault.code}: ${fault.message}`, ...details(fault, '      ')])
  ]
}

function details(fault: Fault, indent: string): string[] {
  return (['path', 'expected', 'got', 'hint'] as const).flatMap((name) => {
    const value = fault[name]
    return value === undefined || value === '' ? [] : [`${indent}${name}: ${value}`]
  })
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
