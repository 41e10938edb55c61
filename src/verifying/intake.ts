import { isPng, isSvg } from '../baking/image-kind.js'
import type { InputForm } from '../model/input-form.js'
import type { Settings } from './options.js'
import { bytesIn, readSecured } from './read-secured.js'
import { type Warning, warn } from './report.js'
import type { Secured } from './secured.js'

/** What a verifier may be handed: an object, JSON text, a JWT, SVG text, or the bytes of a file with JSON, a JWT, PNG or SVG. */
export type VerifyInput = Readonly<Record<string, unknown>> | string | Uint8Array | ArrayBuffer

export interface Intake {
  /** A frozen copy; the input is not looked at again. */
  readonly secured: Secured
  /** What was read, as the end of a sentence. */
  readonly form: InputForm
  /** What was read in another way than it was written. */
  readonly warnings: readonly Warning[]
}

/**
 * Turns any accepted form into one frozen secured document (security order, steps 1 to 3).
 *
 * @throws {InputError} or {BakingError} with the code that becomes the code of the check `input`
 */
export async function takeIn(given: unknown, settings: Settings): Promise<Intake> {
  const input = bytesIn(given)
  const warnings: Warning[] = []
  const relaxed = (path: string, form: string) => warnings.push(warn('RELAXED', { path, form }))
  const place = placeOf(input)
  // Nothing is awaited before an object is copied, or its owner could change it in the meantime.
  const text = place === undefined ? input : await unbake(input as Image, place, settings, relaxed)
  const secured = readSecured(text, settings)
  return { secured, form: describeForm(text, place, secured), warnings }
}

type Image = string | Uint8Array
type Place = 'PNG' | 'SVG' | undefined

function placeOf(input: unknown): Place {
  if (input instanceof Uint8Array && isPng(input)) return 'PNG'
  return (typeof input === 'string' || input instanceof Uint8Array) && isSvg(input) ? 'SVG' : undefined
}

/** The text in an image. What reads images is loaded when one comes: most verifiers on the web never see one. */
async function unbake(
  input: Image,
  place: Place,
  { maxImageBytes: maxBytes, lenient }: Settings,
  relaxed: (path: string, form: string) => void
): Promise<string> {
  const image = typeof input === 'string' ? input : Uint8Array.from(input)
  if (place === 'PNG') {
    const { unbakePng } = await import('../baking/png.js')
    return unbakePng(image as Uint8Array, { maxBytes })
  }
  const { unbakeSvg } = await import('../baking/svg.js')
  return unbakeSvg(image, { maxBytes, lenient, warn: ({ message, path = '/' }) => relaxed(path, message) })
}

function describeForm(text: unknown, place: Place, { form }: Secured): InputForm {
  const isJwt = form === 'jwt'
  if (place !== undefined) return `${isJwt ? 'a JWT in a' : 'a'} baked ${place}, whose picture is not signed`
  if (isJwt) return 'a JWT'
  return typeof text === 'string' ? 'JSON text' : text instanceof Uint8Array ? 'JSON bytes' : 'an object'
}
