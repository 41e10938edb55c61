import { BakingError, type Fault, InputError, OptionError } from '../encoding/errors.js'
import {
  joinPngChunks,
  limitExceeded,
  type PngChunk,
  type PngLimits,
  readPngChunks,
  writePngChunk
} from './png-chunks.js'
import { readInternationalText, readTextKeyword, writeInternationalText } from './png-text.js'

const KEYWORD = 'openbadgecredential'
const KEYWORD_OPEN_BADGES_2 = 'openbadges'
const DEFAULT_MAX_BYTES = 8 * 1024 * 1024
const DEFAULT_MAX_CHUNKS = 10_000

export interface PngLimitOptions {
  /** The largest image read or written, in bytes; 8 MiB where absent. */
  readonly maxBytes?: number
  /** The largest number of chunks read or written; 10,000 where absent. */
  readonly maxChunks?: number
}

export interface BakePngOptions extends PngLimitOptions {
  /** What to do where the image carries a credential already: replace every one (default), or refuse. */
  readonly existing?: 'replace' | 'refuse'
}

export interface UnbakePngOptions extends PngLimitOptions {
  /** What to do where the image carries several credentials: refuse (default), or read the first. */
  readonly multiple?: 'refuse' | 'first'
}

/**
 * Puts a credential into a PNG image: a new image with one uncompressed iTXt chunk `openbadgecredential` directly
 * before the pixels. All other chunks are copied byte for byte; bytes behind the image are dropped. Baking the same
 * credential again yields the same bytes.
 *
 * Does NOT check that the text is a credential, decode pixels, or remove an Open Badges 2.0 assertion.
 *
 * @param image the bytes of a PNG image
 * @param credential the JSON text of a credential with embedded proof, or a compact JWS; `Issued.text` as it is
 * @param options `existing`: `replace` (default) or `refuse`; limits in bytes and chunks
 * @throws InputError INPUT_TYPE, JSON_STRING_MALFORMED
 * @throws BakingError BAKED_NOT_PNG, BAKED_MALFORMED, BAKED_LIMIT, BAKED_EXISTS (only with `existing: 'refuse'`)
 * @throws OptionError OPTION_INVALID
 *
 * Source: Open Badges 3.0 §5.3.1; PNG 3 §11.3.3.4.
 *
 * @example
 * ```ts
 * import { readFile, writeFile } from 'node:fs/promises'
 * import { bakePng } from 'komma'
 *
 * const badge = bakePng(await readFile('picture.png'), await readFile('badge.json', 'utf8'))
 * await writeFile('my-badge.png', badge)
 * ```
 */
export function bakePng(image: Uint8Array, credential: string, options: BakePngOptions = {}): Uint8Array {
  const limits = readLimits(options, 'existing', ['replace', 'refuse'])
  checkText(credential)
  const chunks = readPngChunks(image, limits)
  const kept = chunks.filter((chunk) => readTextKeyword(chunk) !== KEYWORD)
  if (options.existing === 'refuse' && kept.length < chunks.length) {
    throw new BakingError({
      code: 'BAKED_EXISTS',
      message: 'The image carries a credential already',
      path: 'image',
      hint: "Start from the plain image, or pass existing: 'replace'"
    })
  }
  const parts = kept.map(({ bytes }) => bytes)
  const pixels = kept.findIndex(({ type }) => type === 'IDAT')
  parts.splice(pixels, 0, writePngChunk('iTXt', writeInternationalText(KEYWORD, credential)))
  if (parts.length > limits.maxChunks) throw limitExceeded('chunks', limits.maxChunks, parts.length)
  const baked = joinPngChunks(parts)
  if (baked.length > limits.maxBytes) throw limitExceeded('bytes', limits.maxBytes, baked.length)
  return baked
}

/**
 * Reads the text of the credential in a PNG image, exactly as it lies there: JSON text or a compact JWS.
 *
 * Does NOT parse or verify the text, decode or look at pixels, inflate anything, or read bytes behind the image. Every
 * chunk is checked for length and CRC, so a damaged image is refused as a whole.
 *
 * @param image the bytes of a PNG image
 * @param options `multiple`: `refuse` (default) or `first`; limits in bytes and chunks
 * @throws InputError INPUT_TYPE
 * @throws BakingError BAKED_NOT_PNG, BAKED_MALFORMED, BAKED_LIMIT, BAKED_NOT_FOUND, BAKED_OPEN_BADGES_2,
 * BAKED_MULTIPLE, BAKED_COMPRESSED
 * @throws OptionError OPTION_INVALID
 *
 * Source: Open Badges 3.0 §5.3.1; PNG 3 §11.3.3.4.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { unbakePng } from 'komma'
 *
 * const text = unbakePng(await readFile('badge.png'))
 * console.log(text === (await readFile('badge.json', 'utf8'))) // => true
 * ```
 */
export function unbakePng(image: Uint8Array, options: UnbakePngOptions = {}): string {
  const limits = readLimits(options, 'multiple', ['refuse', 'first'])
  const chunks = readPngChunks(image, limits)
  const found = chunks.filter((chunk) => chunk.type === 'iTXt' && readTextKeyword(chunk) === KEYWORD)
  const [first] = found
  if (first === undefined) throw explainAbsence(chunks)
  if (found.length > 1 && options.multiple !== 'first') {
    throw new BakingError({
      code: 'BAKED_MULTIPLE',
      message: 'The image carries more than one credential',
      path: 'image',
      expected: `one iTXt chunk ${KEYWORD}`,
      got: `${found.length}`
    })
  }
  return readInternationalText(first)
}

function explainAbsence(chunks: readonly PngChunk[]): BakingError {
  const keywords = chunks.map(readTextKeyword)
  if (keywords.includes(KEYWORD_OPEN_BADGES_2)) {
    return new BakingError({
      code: 'BAKED_OPEN_BADGES_2',
      message: 'The image carries an Open Badges 2.0 assertion, not an Open Badges 3.0 credential',
      path: 'image'
    })
  }
  const misplaced = chunks[keywords.indexOf(KEYWORD)]
  return new BakingError({
    code: 'BAKED_NOT_FOUND',
    message: 'The image carries no credential',
    path: 'image',
    hint: misplaced
      ? `A ${misplaced.type} chunk has the keyword ${KEYWORD}, but the standard requires iTXt`
      : 'Apps that save or convert photos remove it; send the badge as a file'
  })
}

function checkText(credential: unknown): void {
  const fault = describeText(credential)
  if (fault) throw new InputError({ path: 'credential', ...fault })
}

function describeText(credential: unknown): Fault | undefined {
  const expected = 'JSON text or a compact JWS'
  if (typeof credential !== 'string') {
    return { code: 'INPUT_TYPE', message: 'The credential is not text', expected, got: typeof credential }
  }
  if (credential === '') return { code: 'INPUT_TYPE', message: 'The credential is empty', expected }
  if (credential.includes('\0')) return { code: 'INPUT_TYPE', message: 'The credential contains a NUL', expected }
  if (/\p{Surrogate}/u.test(credential)) {
    return { code: 'JSON_STRING_MALFORMED', message: 'The credential contains half a surrogate pair' }
  }
  return undefined
}

function readLimits(
  options: PngLimitOptions & { readonly existing?: unknown; readonly multiple?: unknown },
  choice: 'existing' | 'multiple',
  allowed: readonly string[]
): PngLimits {
  const limits = {
    maxBytes: options.maxBytes ?? DEFAULT_MAX_BYTES,
    maxChunks: options.maxChunks ?? DEFAULT_MAX_CHUNKS
  }
  const faults: Fault[] = []
  for (const name of ['maxBytes', 'maxChunks'] as const) {
    if (Number.isSafeInteger(limits[name]) && limits[name] > 0) continue
    faults.push({
      code: 'OPTION_INVALID',
      message: 'The limit is unusable',
      path: name,
      expected: 'a positive integer'
    })
  }
  const chosen = options[choice]
  if (chosen !== undefined && !allowed.includes(chosen as string)) {
    const message = 'The option has no such value'
    faults.push({ code: 'OPTION_INVALID', message, path: choice, expected: allowed.join(' or ') })
  }
  if (faults.length > 0) throw new OptionError(faults)
  return limits
}
