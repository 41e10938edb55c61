import type { Quad, Term } from './quads.js'

const LANG_STRING = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString'
const STRING = 'http://www.w3.org/2001/XMLSchema#string'
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\'
}

/**
 * One line of canonical N-Quads, its blank nodes called what `nameOf` makes of their labels.
 *
 * @see RDF Dataset Canonicalization, section 5 Serialization; RDF 1.1 N-Quads
 */
export function writeQuad({ subject, predicate, object, graph }: Quad, nameOf: (label: string) => string): string {
  const node = ({ termType, value }: Term) => (termType === 'BlankNode' ? `_:${nameOf(value)}` : iri(value))
  const parts = [node(subject), node(predicate), object.termType === 'Literal' ? literal(object) : node(object)]
  if (graph.termType !== 'DefaultGraph') parts.push(node(graph))
  return `${parts.join(' ')} .\n`
}

function literal({ value, language, datatype }: Term): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped.
  const text = `"${value.replace(/[\u0000-\u001f\u007f"\\]/g, (character) => SHORT_ESCAPES[character] ?? unicodeEscape(character))}"`
  if (datatype?.value === LANG_STRING) return language ? `${text}@${language}` : text
  return datatype === undefined || datatype.value === STRING ? text : `${text}^^${iri(datatype.value)}`
}

function iri(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped.
  return `<${value.replace(/[\u0000-\u0020<>"{}|^`\\]/g, unicodeEscape)}>`
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
}
