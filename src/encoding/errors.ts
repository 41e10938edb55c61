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
 * `code`, `path`, `expected`, `got` and `hint` are those of the first fault; `faults` holds all of them. `cause` is what a
 * driver or a dependency threw, where there is one. `docs/errors.md` lists every code.
 *
 * @example
 * ```ts
 * import { compileCompetency, KommaError } from 'komma'
 *
 * try {
 *   compileCompetency({ name: 'Auditor' })
 * } catch (error) {
 *   if (!(error instanceof KommaError)) throw error
 *   console.log(error.code) // => DEFINITION_INVALID
 *   for (const fault of error.faults) console.log(fault.path, fault.message)
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

/**
 * The caller used an option wrongly: OPTION_INVALID, and DATE_INVALID or DATE_NO_OFFSET for a time that is handed to a
 * status store. `path` names the option.
 *
 * @example
 * ```ts
 * import { createKeyCache, OptionError } from 'komma'
 *
 * try {
 *   createKeyCache({ maxKeys: 0 })
 * } catch (error) {
 *   if (!(error instanceof OptionError)) throw error
 *   console.log(error.code, error.path) // => OPTION_INVALID maxKeys
 * }
 * ```
 */
export class OptionError extends KommaError {
  override readonly name = 'OptionError'
}

/**
 * A text, file or object is not acceptable input: unreadable JSON (`JSON_…`, `INPUT_…`), a credential that may not be
 * signed (CREDENTIAL_INVALID, SCHEMA_INVALID, VALIDITY_ORDER, OB_SINGLE_STATUS), a value that does not decode
 * (ENCODING_INVALID, DATE_INVALID, DURATION_INVALID) or a context with other content (CONTEXT_DIGEST_MISMATCH).
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { bakePng, InputError } from 'komma'
 *
 * try {
 *   bakePng(await readFile('picture.png'), '')
 * } catch (error) {
 *   if (!(error instanceof InputError)) throw error
 *   console.log(error.code, error.path) // => INPUT_TYPE credential
 * }
 * ```
 */
export class InputError extends KommaError {
  override readonly name = 'InputError'
}

/**
 * A competency definition has faults; `faults` lists every one, 50 at most: DEFINITION_INVALID, DURATION_INVALID, and the
 * codes of unreadable JSON.
 *
 * @example
 * ```ts
 * import { compileCompetency, DefinitionError } from 'komma'
 *
 * try {
 *   compileCompetency({ version: '1', inLanguage: 'en', name: 'Auditor' })
 * } catch (error) {
 *   if (!(error instanceof DefinitionError)) throw error
 *   console.log(error.faults.map(({ path }) => path).join(' ')) // => /id /description /criteria
 * }
 * ```
 */
export class DefinitionError extends KommaError {
  override readonly name = 'DefinitionError'
}

/**
 * An award does not fit its definition; `faults` lists everything that is missing or wrong, 50 at most: AWARD_INCOMPLETE,
 * AWARD_INVALID, DATE_INVALID, DATE_NO_OFFSET, VALIDITY_ORDER, JWT_SUBJECT_REQUIRED, and the codes of unreadable JSON. Nothing was signed, and
 * no slot was taken. No fault quotes a value of the recipient.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { AwardError, compileCompetency, createIssuer, createMemoryKeyStore, createMemoryStatusStore, didKeyOf } from 'komma'
 *
 * const keys = await createMemoryKeyStore()
 * const status = createMemoryStatusStore()
 * const issuer = await createIssuer({ profile: { id: await didKeyOf(keys), name: 'Academy' }, keys, status })
 * const competency = compileCompetency(await readFile('definition.json'))
 * try {
 *   await issuer.issue(competency, { recipient: { email: 'kari@example.org' } })
 * } catch (error) {
 *   if (!(error instanceof AwardError)) throw error
 *   console.log(error.code) // => AWARD_INCOMPLETE
 * }
 * ```
 */
export class AwardError extends KommaError {
  override readonly name = 'AwardError'
}

/**
 * A document cannot be canonicalised, signed or checked: UNDEFINED_TERM, CONTEXT_UNKNOWN, CANONICALIZATION_FAILED,
 * CANONICALIZATION_LIMIT.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { compileCompetency, createIssuer, createMemoryKeyStore, createMemoryStatusStore, didKeyOf, SecuringError } from 'komma'
 *
 * const keys = await createMemoryKeyStore()
 * const id = await didKeyOf(keys)
 * const profile = JSON.parse(`{ "id": "${id}", "name": "Academy", "favouriteColour": "red" }`)
 * const issuer = await createIssuer({ profile, keys, status: createMemoryStatusStore() })
 * const competency = compileCompetency(await readFile('definition.json'))
 * try {
 *   await issuer.issue(competency, JSON.parse(await readFile('award.json', 'utf8')))
 * } catch (error) {
 *   if (!(error instanceof SecuringError)) throw error
 *   console.log(error.code) // => UNDEFINED_TERM
 * }
 * ```
 */
export class SecuringError extends KommaError {
  override readonly name = 'SecuringError'
}

/**
 * A key, key store or signer failed: `KEY_…`, PASSWORD_INVALID, SIGNATURE_OWN_CHECK_FAILED. `retryable` is true where the
 * driver says that trying again may help. Messages hold no secret.
 *
 * @example
 * ```ts
 * import { createMemoryKeyStore, KeyError } from 'komma'
 *
 * const keys = await createMemoryKeyStore()
 * try {
 *   await keys.signer('no-such-key')
 * } catch (error) {
 *   if (!(error instanceof KeyError)) throw error
 *   console.log(error.code, error.retryable) // => KEY_NOT_FOUND false
 * }
 * ```
 */
export class KeyError extends KommaError {
  override readonly name = 'KeyError'
}

/**
 * A DID could not be read, a resolver failed, or a key does not belong to its issuer: DID_INVALID, RESOLUTION_FAILED,
 * RESOLUTION_INVALID, ISSUER_KEY_MISMATCH, KEY_NOT_FOUND, KEY_INVALID. A resolver of your own throws it too.
 *
 * @example
 * ```ts
 * import { ResolutionError } from 'komma'
 * import { openFolderResolver } from 'komma/resolve/folder'
 *
 * try {
 *   await openFolderResolver('nowhere')
 * } catch (error) {
 *   if (!(error instanceof ResolutionError)) throw error
 *   console.log(error.code, error.path) // => RESOLUTION_FAILED nowhere
 * }
 * ```
 */
export class ResolutionError extends KommaError {
  override readonly name = 'ResolutionError'
}

/**
 * A status list or status store failed: `STATUS_…`. After STATUS_STORE_IO nothing or everything happened: repeat the same
 * call. After any other code nothing happened.
 *
 * @example
 * ```ts
 * import { createMemoryStatusStore, StatusError } from 'komma'
 *
 * try {
 *   await createMemoryStatusStore().release('urn:uuid:unknown', '2026-11-21T09:00:00Z')
 * } catch (error) {
 *   if (!(error instanceof StatusError)) throw error
 *   console.log(error.code) // => STATUS_UNKNOWN_CREDENTIAL
 * }
 * ```
 */
export class StatusError extends KommaError {
  override readonly name = 'StatusError'
}

/**
 * A document could not be published: PUBLICATION_IO, PUBLICATION_UNFENCED; FILE_EXISTS where something of somebody else
 * lies in its place.
 *
 * @example
 * ```ts
 * import { PublicationError } from 'komma'
 * import { openFolderSink } from 'komma/publish/folder'
 *
 * try {
 *   await openFolderSink('badge.json')
 * } catch (error) {
 *   if (!(error instanceof PublicationError)) throw error
 *   console.log(error.code, error.retryable) // => PUBLICATION_IO false
 * }
 * ```
 */
export class PublicationError extends KommaError {
  override readonly name = 'PublicationError'
}

/**
 * An image could not be baked or read: `BAKED_…`.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { BakingError, unbakePng } from 'komma'
 *
 * try {
 *   unbakePng(await readFile('picture.png'))
 * } catch (error) {
 *   if (!(error instanceof BakingError)) throw error
 *   console.log(error.code) // => BAKED_NOT_FOUND
 * }
 * ```
 */
export class BakingError extends KommaError {
  override readonly name = 'BakingError'
}

const NOTHING_DONE: BatchProgress = { done: 0, issued: 0, repeated: 0, failed: 0 }

/** How far a batch got. */
export interface BatchProgress {
  /** Rows that were handed out. */
  readonly done: number
  /** Rows that became badges, now or before. */
  readonly issued: number
  /** Those of them that an earlier run had issued already. */
  readonly repeated: number
  readonly failed: number
}

/**
 * A batch could not go on: BATCH_STOPPED. `cause` says why, `progress` how far it got. The rows before were issued and
 * handed out; a few after them may have been issued as well. Start the same batch again: no badge is made twice.
 *
 * @example
 * ```ts
 * import { BatchError, compileCompetency, createIssuer, createMemoryKeyStore, createMemoryStatusStore, didKeyOf } from 'komma'
 *
 * const keys = await createMemoryKeyStore()
 * const status = createMemoryStatusStore()
 * const issuer = await createIssuer({ profile: { id: await didKeyOf(keys), name: 'Academy' }, keys, status })
 * const competency = compileCompetency({
 *   id: 'https://academy.example/achievements/first-aid',
 *   version: '1',
 *   inLanguage: 'en',
 *   name: 'First aid at work',
 *   description: 'Acts safely until help arrives.',
 *   criteria: { narrative: 'Six hours of practice and an observed drill.' }
 * })
 * await status.close()
 * try {
 *   for await (const { row } of issuer.issueMany(competency, [{ recipient: { name: 'Kari' } }], { batch: '2026' })) console.log(row)
 * } catch (error) {
 *   if (!(error instanceof BatchError)) throw error
 *   console.log(error.code, error.progress.done, error.got) // => BATCH_STOPPED 0 STATUS_STORE_IO
 * }
 * ```
 */
export class BatchError extends KommaError {
  override readonly name = 'BatchError'
  readonly progress: BatchProgress

  constructor(
    fault: Fault,
    { progress = NOTHING_DONE, ...options }: KommaErrorOptions & { readonly progress?: BatchProgress } = {}
  ) {
    super(fault, options)
    this.progress = Object.freeze({ ...progress })
  }
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
