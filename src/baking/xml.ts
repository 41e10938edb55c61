import { SaxesParser } from 'saxes'
import { BakingError } from '../encoding/errors.js'

/** How much of a document is read before it is refused. Each limit is counted while reading, not afterwards. */
export interface XmlLimits {
  /** Elements inside each other, the root counted. */
  readonly maxDepth: number
  readonly maxElements: number
  /** Attributes of one element, namespace declarations counted. */
  readonly maxAttributes: number
}

export interface XmlAttribute {
  readonly namespace: string
  /** The name without its prefix. */
  readonly name: string
  readonly value: string
}

export interface XmlElement {
  readonly namespace: string
  /** The name as it is written, prefix included. */
  readonly qualifiedName: string
  /** The name without its prefix. */
  readonly name: string
  readonly attributes: readonly XmlAttribute[]
  /** Prefix to namespace, as declared on this element itself; the empty prefix is the default namespace. */
  readonly declares: Readonly<Record<string, string>>
  /** 1 for the root. */
  readonly depth: number
  /** Where the start tag lies in the text: its `<`, and the index behind its `>`. */
  readonly start: number
  readonly end: number
  readonly selfClosing: boolean
  readonly line: number
}

export interface XmlHandlers {
  readonly open: (element: XmlElement) => void
  /** `end` is the index behind the end tag. */
  readonly close: (end: number) => void
  /** Character data: `kind` says whether it stood in a CDATA section. References are resolved. */
  readonly text: (text: string, kind: 'text' | 'cdata') => void
  readonly comment: () => void
  readonly instruction: (target: string, line: number) => void
}

/**
 * Reads an XML 1.0 document with namespaces from front to back, in one pass, and hands its parts to the handlers. Stops
 * at the first fault and the first limit. Only the five entities of XML itself exist; nothing is ever loaded.
 *
 * @throws BakingError BAKED_MALFORMED (not well-formed, a DOCTYPE, another encoding than UTF-8), BAKED_LIMIT
 */
export function readXml(text: string, limits: XmlLimits, handlers: XmlHandlers): void {
  const parser = new SaxesParser({ xmlns: true, defaultXMLVersion: '1.0', forceXMLVersion: true })
  let depth = 0
  let elements = 0
  let attributes = 0
  let start = 0
  parser.on('error', (error) => {
    throw notWellFormed(describe(error))
  })
  parser.on('xmldecl', ({ version, encoding }) => {
    if (version !== '1.0') throw malformed('The image is not XML 1.0', 'version 1.0', version)
    if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') {
      throw malformed('The image declares an encoding other than UTF-8', 'UTF-8', encoding)
    }
  })
  parser.on('doctype', () => {
    throw new BakingError({
      code: 'BAKED_MALFORMED',
      message: 'The image has a DOCTYPE, which could define entities or load files',
      path: 'image',
      expected: 'an SVG image without a DOCTYPE',
      hint: 'Remove the line that starts with <!DOCTYPE; an SVG image does not need it'
    })
  })
  parser.on('opentagstart', ({ name }) => {
    if (++elements > limits.maxElements) throw limitExceeded('elements', limits.maxElements)
    if (++depth > limits.maxDepth) throw limitExceeded('elements inside each other', limits.maxDepth)
    attributes = 0
    start = text.lastIndexOf('<', parser.position - name.length)
  })
  parser.on('attribute', ({ name, prefix, value }) => {
    if (++attributes > limits.maxAttributes) throw limitExceeded('attributes in an element', limits.maxAttributes)
    // The parser trims a namespace before it compares it; other readers do not.
    if ((prefix === 'xmlns' || name === 'xmlns') && value !== value.trim()) {
      throw notWellFormed('a namespace is declared with spaces around it')
    }
  })
  parser.on('opentag', (tag) => {
    handlers.open({
      namespace: tag.uri,
      qualifiedName: tag.name,
      name: tag.local,
      attributes: Object.values(tag.attributes).map(({ uri, local, value }) => ({
        namespace: uri,
        name: local,
        value
      })),
      declares: tag.ns,
      depth,
      start,
      end: parser.position,
      selfClosing: tag.isSelfClosing,
      line: parser.line
    })
  })
  parser.on('closetag', () => {
    depth--
    handlers.close(parser.position)
  })
  parser.on('text', (data) => handlers.text(data, 'text'))
  parser.on('cdata', (data) => handlers.text(data, 'cdata'))
  parser.on('comment', () => handlers.comment())
  parser.on('processinginstruction', ({ target }) => handlers.instruction(target, parser.line))
  parser.write(text).close()
}

export function limitExceeded(what: string, limit: number, got?: number): BakingError {
  return new BakingError({
    code: 'BAKED_LIMIT',
    message: what === 'bytes' ? 'The image is too large' : `The image has too many ${what}`,
    path: 'image',
    expected: `at most ${limit}`,
    ...(got === undefined ? {} : { got: `${got}` })
  })
}

export function malformed(message: string, expected: string, got?: string): BakingError {
  return new BakingError({
    code: 'BAKED_MALFORMED',
    message,
    path: 'image',
    expected,
    ...(got === undefined ? {} : { got: printable(got) })
  })
}

function notWellFormed(got: string): BakingError {
  return new BakingError({
    code: 'BAKED_MALFORMED',
    message: 'The image is not well-formed XML',
    path: 'image',
    got,
    hint: 'The file is damaged; fetch it again from where it was issued'
  })
}

function describe(error: Error): string {
  const [, line, column, what] = /^(\d+):(\d+): (.*?)\.?$/s.exec(error.message) ?? []
  return what === undefined ? printable(error.message) : `${printable(what)} (line ${line}, column ${column})`
}

/** What the parser says can quote the image, so it is cut to one short line of plain characters. */
function printable(text: string): string {
  return text.slice(0, 80).replace(/[^\x20-\x7e]/g, '?')
}
