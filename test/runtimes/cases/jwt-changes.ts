import { segment } from '../../support/jwt.js'
import type { CaseInput } from '../case.js'
import { type Anything, DOCUMENT_CHANGES } from './document-changes.js'
import type { FormatSigner } from './formats.js'

const HEADER_CHANGES: readonly (readonly [name: string, change: (header: Anything, stranger: FormatSigner) => void])[] =
  [
    ['no algorithm', (header) => Object.assign(header, { alg: 'none' })],
    ['a symmetric algorithm', (header) => Object.assign(header, { alg: 'HS256' })],
    [
      'the algorithm of another kind of key',
      (header) => Object.assign(header, { alg: header.alg === 'ES256' ? 'EdDSA' : 'ES256' })
    ],
    ["a stranger's key", (header, { verificationMethod }) => Object.assign(header, { kid: verificationMethod })],
    ['another type', (header) => Object.assign(header, { typ: 'at+jwt' })],
    ['a critical header', (header) => Object.assign(header, { crit: ['exp'] })],
    ['a header nobody needs', (header) => Object.assign(header, { nonce: 'x' })]
  ]

const TEXT_CHANGES: readonly (readonly [name: string, change: (parts: readonly string[]) => string])[] = [
  ['the first letter of the signature', ([header, payload, signature = '']) => join(header, payload, other(signature))],
  ['half a signature', ([header, payload, signature = '']) => join(header, payload, signature.slice(0, 42))],
  ['no signature', ([header, payload]) => join(header, payload, '')],
  ['padding', (parts) => `${join(...parts)}==`],
  ['white space at the end', (parts) => `${join(...parts)}\n`],
  ['a fourth part', (parts) => join(...parts, 'x')],
  ['no payload', ([header, , signature]) => join(header, '', signature)]
]

/** Changes of a credential that is a JWT. */
export function* jwtChanges(signed: CaseInput, stranger: FormatSigner): Iterable<readonly [string, CaseInput]> {
  const parts = (signed as { readonly text: string }).text.split('.')
  for (const [name, change] of DOCUMENT_CHANGES) yield [name, { text: withPart(parts, 1, change) }]
  for (const [name, change] of HEADER_CHANGES) {
    yield [name, { text: withPart(parts, 0, (header) => change(header, stranger)) }]
  }
  for (const [name, change] of TEXT_CHANGES) yield [name, { text: change(parts) }]
}

function withPart(parts: readonly string[], place: number, change: (part: Anything) => unknown): string {
  const part = JSON.parse(Buffer.from(String(parts[place]), 'base64url').toString())
  change(part)
  return join(...parts.map((other, index) => (index === place ? segment(part) : other)))
}

function join(...parts: readonly (string | undefined)[]): string {
  return parts.join('.')
}

function other(text: string): string {
  return (text.startsWith('A') ? 'B' : 'A') + text.slice(1)
}
