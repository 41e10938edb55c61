import { bakePng } from '../baking/png.js'
import { bakeSvg } from '../baking/svg.js'
import { KommaError } from '../encoding/errors.js'
import type { BadgeFormat } from '../issuing/badge-format.js'
import { drawDefaultBadge } from './default-image.js'
import { DEFAULT_SVG } from './default-svg.js'
import { inFile, UsageError } from './failure.js'
import { readAtMost } from './files.js'

/** How the command writes a badge. */
export const FILE_FORMATS = ['json', 'jwt', 'png', 'svg'] as const

export interface CarrierOptions {
  readonly format: (typeof FILE_FORMATS)[number]
  /** Whether the badge in an image is a JWT. */
  readonly jwt?: true
  /** The file of the image to bake into. */
  readonly image?: string
}

/** What a badge is written into. */
export interface BadgeCarrier {
  /** How the badge is secured. */
  readonly secured: BadgeFormat
  readonly isImage: boolean
  /** Bytes besides those of the badge. */
  readonly size: number
  write(badge: string): Uint8Array
}

/** A baked badge is read up to 8 MiB, and its credential up to 1 MiB. */
const MAX_IMAGE = 7 * 1_048_576

/**
 * Prepares what a badge is written into, and tries it out, so that a bad image is noticed before a badge is issued.
 *
 * @throws {UsageError} OPTION_INVALID; {KommaError} INPUT_TOO_LARGE, FILE_NOT_FOUND, FILE_IO, `BAKED_…`
 */
export async function openCarrier({ format, jwt, image }: CarrierOptions): Promise<BadgeCarrier> {
  if (format === 'png' || format === 'svg') return imageCarrier(format, jwt ? 'jwt' : 'json', image)
  if (image !== undefined) throw unfit('--image', 'a badge without an image has none')
  if (jwt && format === 'json') throw unfit('--jwt', 'a JWT is not JSON')
  return { secured: format, isImage: false, size: 0, write: (badge) => new TextEncoder().encode(badge) }
}

async function imageCarrier(
  format: 'png' | 'svg',
  secured: BadgeFormat,
  path: string | undefined
): Promise<BadgeCarrier> {
  const bytes = path === undefined ? defaultImage(format) : await readAtMost(path, MAX_IMAGE)
  const write = (badge: string) => (format === 'png' ? bakePng(bytes, badge) : bakeSvgBytes(bytes, badge))
  if (path !== undefined)
    await inFile(path, () => {
      checkSize(bytes)
      write('{}')
    })
  return { secured, isImage: format === 'png', size: bytes.length, write }
}

function defaultImage(format: 'png' | 'svg'): Uint8Array {
  return format === 'png' ? drawDefaultBadge() : new TextEncoder().encode(DEFAULT_SVG)
}

function bakeSvgBytes(image: Uint8Array, badge: string): Uint8Array {
  return new TextEncoder().encode(bakeSvg(image, badge))
}

function checkSize(bytes: Uint8Array): void {
  if (bytes.length <= MAX_IMAGE) return
  const expected = `at most ${MAX_IMAGE} bytes`
  throw new KommaError({ code: 'INPUT_TOO_LARGE', message: 'the image is too large to carry a badge', expected })
}

function unfit(path: string, message: string): UsageError {
  const hint = `Leave ${path} out, or use --format png or svg`
  return new UsageError({ code: 'OPTION_INVALID', message, path, hint })
}
