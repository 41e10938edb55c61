import type { KommaErrorCode } from './error-codes.js'

/** One thing that is wrong with an input: what, where, what was expected and got, and what to do about it. */
export interface Fault {
  readonly code: KommaErrorCode
  /** What is wrong, as a sentence without a full stop. Holds no secret and no value longer than a line. */
  readonly message: string
  /** RFC 6901 JSON Pointer into the input, or the name of an option or file. */
  readonly path?: string
  readonly expected?: string
  readonly got?: string
  /** What the caller can do. */
  readonly hint?: string
}

export interface KommaErrorOptions {
  readonly cause?: unknown
  /** True where the same call may succeed later (a lock, a lost connection). */
  readonly retryable?: boolean
}

/**
 * The base of every error this library throws on purpose.
 *
 * `code`, `path`, `expected`, `got` and `hint` are those of the first fault; `faults` holds all of them.
 *
 * @example
 * ```ts
 * import { compileCompetency, KommaError } from 'komma'
 *
 * try {
 *   compileCompetency({ name: 'Auditor' })
 * } catch (error) {
 *   if (!(error instanceof KommaError)) throw error
 *   for (const fault of error.faults) console.log(fault.code, fault.path, fault.message)
 * }
 * ```
 */
export class KommaError extends Error {
  override readonly name: string = 'KommaError'
  readonly code: KommaErrorCode
  readonly path: string | undefined
  readonly expected: string | undefined
  readonly got: string | undefined
  readonly hint: string | undefined
  readonly faults: readonly Fault[]
  readonly retryable: boolean

  constructor(fault: Fault | readonly Fault[], options: KommaErrorOptions = {}) {
    const faults = Array.isArray(fault) ? (fault as readonly Fault[]) : [fault as Fault]
    const [first] = faults
    if (first === undefined) throw new TypeError('an error needs at least one fault')
    super(describeFaults(faults), options.cause === undefined ? undefined : { cause: options.cause })
    this.code = first.code
    this.path = first.path
    this.expected = first.expected
    this.got = first.got
    this.hint = first.hint
    this.faults = Object.freeze([...faults])
    this.retryable = options.retryable ?? false
  }
}

/** The caller used an option wrongly. */
export class OptionError extends KommaError {
  override readonly name = 'OptionError'
}

/** A text, file or object is not acceptable input. */
export class InputError extends KommaError {
  override readonly name = 'InputError'
}

/** A competency definition has faults; `faults` lists every one. */
export class DefinitionError extends KommaError {
  override readonly name = 'DefinitionError'
}

/** An award does not fit its definition; `faults` lists everything that is missing or wrong. */
export class AwardError extends KommaError {
  override readonly name = 'AwardError'
}

/** A document cannot be canonicalised, signed or checked. */
export class SecuringError extends KommaError {
  override readonly name = 'SecuringError'
}

/** A key, key store or signer failed. */
export class KeyError extends KommaError {
  override readonly name = 'KeyError'
}

/** A DID could not be read, or a resolver failed. */
export class ResolutionError extends KommaError {
  override readonly name = 'ResolutionError'
}

/** A status list or status store failed. */
export class StatusError extends KommaError {
  override readonly name = 'StatusError'
}

/** An image could not be baked or read. */
export class BakingError extends KommaError {
  override readonly name = 'BakingError'
}

/** Puts one fault into a sentence a person can act on. */
export function describeFault(fault: Fault): string {
  const place = fault.path ? ` at ${fault.path}` : ''
  const wanted = fault.expected ? `; expected ${fault.expected}` : ''
  const found = fault.got ? `, got ${fault.got}` : ''
  const advice = fault.hint ? `. ${fault.hint}` : ''
  return `${fault.message}${place}${wanted}${found}${advice}`
}

function describeFaults(faults: readonly Fault[]): string {
  const lines = faults.map(describeFault)
  return lines.length === 1 ? `${lines[0]}` : `${lines.length} faults:\n${lines.map((line) => `- ${line}`).join('\n')}`
}
