import { BakingError, type Fault, OptionError } from '../encoding/errors.js'
import { checkCredentialText, readCredentialElement, writeCredentialElement } from './svg-credential.js'
import { OPEN_BADGES, type SvgScan, scanSvg } from './svg-scan.js'
import { readSvgText } from './svg-text.js'
import type { XmlElement, XmlLimits } from './xml.js'

const PREFIX = 'openbadges'
const DEFAULT_LIMITS: SvgLimits = {
  maxBytes: 8 * 1024 * 1024,
  maxDepth: 64,
  maxElements: 100_000,
  maxAttributes: 256
}

type SvgLimits = XmlLimits & { readonly maxBytes: number }

export interface SvgLimitOptions {
  /** The largest image read or written, in bytes of UTF-8; 8 MiB where absent. */
  readonly maxBytes?: number
  /** How deep elements may lie inside each other, the root counted; 64 where absent. */
  readonly maxDepth?: number
  /** The largest number of elements read or written; 100,000 where absent. */
  readonly maxElements?: number
  /** The largest number of attributes of one element; 256 where absent. */
  readonly maxAttributes?: number
}

export interface BakeSvgOptions extends SvgLimitOptions {
  /** What to do where the image carries a credential already: replace every one (default), or refuse. */
  readonly existing?: 'replace' | 'refuse'
  /** What to do where the image can run scripts or leads outside the file: refuse (default), or keep and warn. */
  readonly scripts?: 'refuse' | 'keep'
  /** Told about everything that was kept with `scripts: 'keep'`. */
  readonly warn?: (warning: Fault) => void
}

export interface UnbakeSvgOptions extends SvgLimitOptions {
  /** What to do where the image carries several credentials: refuse (default), or read the first. */
  readonly multiple?: 'refuse' | 'first'
  /** Also read a credential that is not a child of the root element; false where absent. */
  readonly lenient?: boolean
  /** Told about what only `lenient` let pass: BAKED_MISPLACED. */
  readonly warn?: (warning: Fault) => void
}

/**
 * Puts a credential into an SVG image: the text of a new image with one element `credential` directly behind the start
 * tag of the root, and the namespace declared on the root. All else stays character for character. Baking the same
 * credential again yields the same text. Write it to a file as UTF-8.
 *
 * An image that can run scripts or leads outside the file (`script`, `foreignObject`, `on…`, `javascript:`, every `href`
 * and `url()` but `#…` and embedded pixels and fonts, `@import`, stylesheet instructions) is refused unless `scripts`
 * says otherwise.
 *
 * Does NOT check that the text is a credential, clean the image, remove an Open Badges 2.0 assertion, or make the image
 * safe inside a web page: show it with `<img>`, or serve it as a download or with a sandboxing Content-Security-Policy.
 *
 * @param image an SVG image, as text or as bytes of UTF-8 without byte order mark; a DOCTYPE is refused
 * @param credential the JSON text of a credential with embedded proof, or a compact JWS; `Issued.text` as it is
 * @param options `existing`: `replace` (default) or `refuse`; `scripts`: `refuse` (default) or `keep`; `warn`; limits
 * @throws InputError INPUT_TYPE, JSON_STRING_MALFORMED
 * @throws BakingError BAKED_NOT_SVG, BAKED_MALFORMED, BAKED_LIMIT, BAKED_SCRIPTS (every one, 50 at most), BAKED_EXISTS
 * (only with `existing: 'refuse'`)
 * @throws OptionError OPTION_INVALID
 *
 * Source: Open Badges 3.0 §5.3.2.
 *
 * @example
 * ```ts
 * import { readFile, writeFile } from 'node:fs/promises'
 * import { bakeSvg } from 'komma'
 *
 * const badge = bakeSvg(await readFile('picture.svg'), await readFile('badge.json', 'utf8'))
 * await writeFile('my-badge.svg', badge)
 * ```
 */
export function bakeSvg(image: string | Uint8Array, credential: string, options: BakeSvgOptions = {}): string {
  const limits = readOptions(options)
  checkCredentialText(credential)
  const text = readSvgText(image, limits.maxBytes)
  const scan = scanSvg(text, limits, true)
  if (scan.scripts.length > 0 && options.scripts !== 'keep') throw new BakingError(scan.scripts)
  if (scan.credentials.length > 0 && options.existing === 'refuse') {
    throw new BakingError({
      code: 'BAKED_EXISTS',
      message: 'The image carries a credential already',
      path: 'image',
      hint: "Start from the plain image, or pass existing: 'replace'"
    })
  }
  const baked = insertCredential(text, scan, credential)
  if (unbakeSvg(baked, limits) !== credential) {
    throw new BakingError({ code: 'INTERNAL_ERROR', message: 'The baked image does not give the credential back' })
  }
  for (const warning of scan.scripts) options.warn?.(warning)
  return baked
}

/**
 * Reads the text of the credential in an SVG image, exactly as it lies there: JSON text or a compact JWS. Reads the
 * whole image, so one that is not well-formed is refused wherever the fault lies.
 *
 * Does NOT parse or verify the text, draw the image, load anything, or look for scripts: a badge that unbakes can still
 * hold them, so an SVG from a stranger is never safe to put into a web page.
 *
 * @param image an SVG image, as text or as bytes of UTF-8 without byte order mark; a DOCTYPE is refused
 * @param options `multiple`: `refuse` (default) or `first`; `lenient`; `warn`; limits
 * @throws InputError INPUT_TYPE
 * @throws BakingError BAKED_NOT_SVG, BAKED_MALFORMED, BAKED_LIMIT, BAKED_NOT_FOUND, BAKED_OPEN_BADGES_2, BAKED_MULTIPLE,
 * BAKED_MISPLACED (only without `lenient`)
 * @throws OptionError OPTION_INVALID
 *
 * Source: Open Badges 3.0 §5.3.2; XML 1.0; Namespaces in XML 1.0.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { bakeSvg, unbakeSvg } from 'komma'
 *
 * const credential = await readFile('badge.json', 'utf8')
 * const badge = bakeSvg(await readFile('picture.svg'), credential)
 * console.log(unbakeSvg(badge) === credential) // => true
 * ```
 */
export function unbakeSvg(image: string | Uint8Array, options: UnbakeSvgOptions = {}): string {
  const limits = readOptions(options)
  const scan = scanSvg(readSvgText(image, limits.maxBytes), limits, false)
  const [first] = scan.credentials
  if (first === undefined) throw explainAbsence(scan)
  if (scan.credentials.length > 1 && options.multiple !== 'first') {
    throw new BakingError({
      code: 'BAKED_MULTIPLE',
      message: 'The image carries more than one credential',
      path: 'image',
      expected: 'one credential element',
      got: `${scan.credentials.length}`
    })
  }
  if (!first.direct && options.lenient !== true) throw new BakingError(MISPLACED)
  const credential = readCredentialElement(first)
  if (!first.direct) options.warn?.(MISPLACED)
  return credential
}

const MISPLACED: Fault = {
  code: 'BAKED_MISPLACED',
  message: 'The credential lies deeper in the image than the standard allows',
  path: 'image',
  expected: 'a credential element directly inside the root element svg'
}

function insertCredential(text: string, { root, credentials }: SvgScan, credential: string): string {
  const declared = Object.keys(root.declares).filter((prefix) => prefix !== '' && root.declares[prefix] === OPEN_BADGES)
  const known = declared.includes(PREFIX) ? PREFIX : declared[0]
  const prefix = known ?? freePrefix(root)
  const nameEnd = root.start + 1 + root.qualifiedName.length
  const declaration = known === undefined ? ` xmlns:${prefix}="${OPEN_BADGES}"` : ''
  const tag = text.slice(0, nameEnd) + declaration + text.slice(nameEnd, root.end)
  const element = writeCredentialElement(prefix, credential)
  if (root.selfClosing) return `${tag.slice(0, -2)}>${element}</${root.qualifiedName}>${text.slice(root.end)}`
  return tag + element + withoutCredentials(text, root.end, credentials)
}

function withoutCredentials(text: string, from: number, credentials: SvgScan['credentials']): string {
  const kept: string[] = []
  let at = from
  for (const { start, end } of credentials) {
    if (start < at) continue
    kept.push(text.slice(at, start))
    at = end
  }
  return kept.join('') + text.slice(at)
}

function freePrefix({ declares }: XmlElement): string {
  let prefix = PREFIX
  for (let number = 2; prefix in declares; number++) prefix = `${PREFIX}${number}`
  return prefix
}

function explainAbsence({ hasOpenBadges2, hasNamesake }: SvgScan): BakingError {
  if (hasOpenBadges2) {
    return new BakingError({
      code: 'BAKED_OPEN_BADGES_2',
      message: 'The image carries an Open Badges 2.0 assertion, not an Open Badges 3.0 credential',
      path: 'image'
    })
  }
  return new BakingError({
    code: 'BAKED_NOT_FOUND',
    message: 'The image carries no credential',
    path: 'image',
    hint: hasNamesake
      ? `An element credential is there, but not in the namespace ${OPEN_BADGES}`
      : 'Programs that edit or convert images remove it; send the badge as a file'
  })
}

function readOptions(options: BakeSvgOptions & UnbakeSvgOptions): SvgLimits {
  const faults: Fault[] = []
  const demand = (path: string, holds: boolean, expected: string): void => {
    if (!holds) faults.push({ code: 'OPTION_INVALID', message: 'The option is unusable', path, expected })
  }
  const limits = { ...DEFAULT_LIMITS }
  for (const name of ['maxBytes', 'maxDepth', 'maxElements', 'maxAttributes'] as const) {
    const limit = options[name] ?? DEFAULT_LIMITS[name]
    demand(name, Number.isSafeInteger(limit) && limit > 0, 'a positive integer')
    Object.assign(limits, { [name]: limit })
  }
  const { existing = 'replace', scripts = 'refuse', multiple = 'refuse', lenient = false, warn } = options
  demand('existing', ['replace', 'refuse'].includes(existing), 'replace or refuse')
  demand('scripts', ['refuse', 'keep'].includes(scripts), 'refuse or keep')
  demand('multiple', ['refuse', 'first'].includes(multiple), 'refuse or first')
  demand('lenient', typeof lenient === 'boolean', 'true or false')
  demand('warn', warn === undefined || typeof warn === 'function', 'a function')
  if (faults.length > 0) throw new OptionError(faults)
  return limits
}
