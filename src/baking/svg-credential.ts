import { type Fault, InputError } from '../encoding/errors.js'
import type { FoundCredential } from './svg-scan.js'
import { malformed } from './xml.js'

const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/
/** What XML 1.0 has no way to write, not even as a reference. */
const NOT_IN_XML = /[^\t\n\r\u{20}-\u{FFFD}\u{10000}-\u{10FFFF}]/u

/** @throws InputError INPUT_TYPE, JSON_STRING_MALFORMED */
export function checkCredentialText(credential: unknown): void {
  const fault = describeFaultOf(credential)
  if (fault) throw new InputError({ path: 'credential', ...fault })
}

/** The element with this credential: a compact JWS as an attribute, anything else as character data. */
export function writeCredentialElement(prefix: string, credential: string): string {
  const name = `${prefix}:credential`
  if (COMPACT_JWS.test(credential)) return `<${name} verify="${credential}"></${name}>`
  // A reader turns a carriage return into a line feed unless it is written as a reference, which CDATA cannot hold.
  const data = credential.replaceAll(']]>', ']]]]><![CDATA[>').replaceAll('\r', ']]>&#13;<![CDATA[')
  return `<${name}><![CDATA[${data}]]></${name}>`
}

/**
 * The credential in an element, character for character. White space around the CDATA sections is layout.
 *
 * @throws BakingError BAKED_MALFORMED
 */
export function readCredentialElement({ verify, pieces, mixed }: FoundCredential): string {
  if (mixed) {
    throw malformed('The credential element holds something other than text', 'text in a CDATA section')
  }
  const body = pieces.map(({ text }) => text).join('')
  if (verify === undefined) {
    if (isBlank(body)) throw malformed('The credential element is empty', 'a credential')
    return withoutLayout(pieces) ?? body
  }
  if (!isBlank(body)) {
    throw malformed('The credential element has an attribute verify and a body', 'one of the two')
  }
  if (!COMPACT_JWS.test(verify)) {
    throw malformed('The attribute verify of the credential element does not hold a JWS', 'a compact JWS')
  }
  return verify
}

function withoutLayout(pieces: FoundCredential['pieces']): string | undefined {
  const kinds = pieces.map(({ kind }) => kind)
  const first = kinds.indexOf('cdata')
  const last = kinds.lastIndexOf('cdata')
  if (first < 0) return undefined
  const around = [...pieces.slice(0, first), ...pieces.slice(last + 1)]
  if (!around.every(({ text }) => isBlank(text))) return undefined
  return pieces
    .slice(first, last + 1)
    .map(({ text }) => text)
    .join('')
}

function isBlank(text: string): boolean {
  return !/[^ \t\r\n]/.test(text)
}

function describeFaultOf(credential: unknown): Fault | undefined {
  const expected = 'JSON text or a compact JWS'
  if (typeof credential !== 'string') {
    return { code: 'INPUT_TYPE', message: 'The credential is not text', expected, got: typeof credential }
  }
  if (isBlank(credential)) return { code: 'INPUT_TYPE', message: 'The credential is empty', expected }
  if (/\p{Surrogate}/u.test(credential)) {
    return { code: 'JSON_STRING_MALFORMED', message: 'The credential contains half a surrogate pair' }
  }
  const [character] = NOT_IN_XML.exec(credential) ?? []
  if (character === undefined) return undefined
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
  return {
    code: 'INPUT_TYPE',
    message: 'The credential contains a character that an SVG image cannot hold',
    got: `U+${code}`,
    hint: `Write it in the JSON text as \\u${code}; the meaning and the proof stay the same`
  }
}
