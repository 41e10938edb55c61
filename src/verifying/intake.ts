import { isPng, unbakePng } from '../baking/png.js'
import { isSvg, unbakeSvg } from '../baking/svg.js'
import type { Fault } from '../encoding/errors.js'
import { deepFreeze } from '../encoding/snapshot.js'
import { relax } from '../model/lenient.js'
import type { Settings } from './options.js'
import { readSecured } from './read-secured.js'
import { type Warning, warn } from './report.js'
import type { Secured } from './secured.js'

/** What a verifier may be handed: an object, JSON text, a JWT, SVG text, or the bytes of a file with JSON, a JWT, PNG or SVG. */
export type VerifyInput = Readonly<Record<string, unknown>> | string | Uint8Array

export interface Intake {
  /** A frozen copy; the input is not looked at again. */
  readonly secured: Secured
  /** What was read, as the end of a sentence. */
  readonly form: string
  /** What was read in another way than it was written. */
  readonly warnings: readonly Warning[]
}

/**
 * Turns any accepted form into one frozen secured document (security order, steps 1 to 3).
 *
 * @throws {InputError} or {BakingError} with the code that becomes the code of the check `input`
 */
export function takeIn(input: unknown, settings: Settings): Intake {
  const warnings: Warning[] = []
  const { text, place } = unbake(input, settings, (path, form) => warnings.push(warn('RELAXED', { path, form })))
  const secured = readSecured(text, settings)
  const form = describeForm(text, place, secured)
  if (!settings.lenient || secured.form === 'jwt') return { secured, form, warnings }
  const { document, relaxations } = relax(secured.document, settings.expect)
  warnings.push(...relaxations.map(({ path, form }) => warn('RELAXED', { path, form })))
  return { secured: { form: 'embedded', document: deepFreeze(document) }, form, warnings }
}

function unbake(
  input: unknown,
  { maxImageBytes: maxBytes, lenient }: Settings,
  relaxed: (path: string, form: string) => void
): { readonly text: unknown; readonly place?: 'PNG' | 'SVG' } {
  if (input instanceof Uint8Array && isPng(input)) return { text: unbakePng(input, { maxBytes }), place: 'PNG' }
  const isText = typeof input === 'string' || input instanceof Uint8Array
  if (!isText || !isSvg(input)) return { text: input }
  const told = ({ message, path = '/' }: Fault) => relaxed(path, message)
  return { text: unbakeSvg(input, { maxBytes, lenient, warn: told }), place: 'SVG' }
}

function describeForm(text: unknown, place: 'PNG' | 'SVG' | undefined, { form }: Secured): string {
  const isJwt = form === 'jwt'
  if (place !== undefined) return isJwt ? `a JWT in a baked ${place}` : `a baked ${place}`
  if (isJwt) return 'a JWT'
  return typeof text === 'string' ? 'JSON text' : text instanceof Uint8Array ? 'JSON bytes' : 'an object'
}
