import { plainBadge } from '../../support/sign.js'
import type { BadgeCase } from '../case.js'
import { accepted, refused } from './badges.js'
import { FORMATS, textOf } from './formats.js'

/** Input that no signature saves; it is refused before one is looked at. */
export async function hostileCases(): Promise<readonly BadgeCase[]> {
  const [format] = FORMATS
  if (format === undefined) throw new TypeError('there is no format')
  const issuer = await format.signer('issuer')
  const text = textOf(await issuer.sign(plainBadge(issuer.did)))
  const edited = (from: string, to: string) => text.replace(from, () => to)
  const texts: Readonly<Record<string, string>> = {
    nothing: '',
    'a member twice': edited('"name":"Badge"', '"name":"Badge","name":"Badge"'),
    ['__proto__']: edited('{', '{"__proto__":{"admin":true},'),
    'half a surrogate pair': edited('"Badge"', '"Bad\\ud800"'),
    'surrogates in the wrong order': edited('"Badge"', '"\\udc00\\ud800"'),
    'a byte order mark': `\ufeff${text}`,
    'trailing data': `${text}{}`,
    'a comment': edited('{', '{/**/'),
    'deep nesting': edited('"Badge"', `${'['.repeat(5000)}${']'.repeat(5000)}`),
    'a number out of range': edited('"Badge"', '1e400'),
    'a number with more digits than it keeps': edited('"Badge"', '0.1000000000000000055'),
    'minus zero': edited('"Badge"', '-0'),
    'an array': '[]',
    null: 'null',
    'a name behind its IRI': edited('"name":"Badge"', '"https://schema.org/name":"Badge"'),
    'a nest': edited('"name":"Badge"', '"@nest":{"name":"Badge"}'),
    'an inline context': edited('"@context":[', '"@context":[{"x":"urn:x"},'),
    'a foreign context': edited('"@context":[', '"@context":["https://evil.example/context",'),
    'a type from nowhere': edited('"OpenBadgeCredential"', '"OpenBadgeCredential","Doctorate"'),
    'an address without a scheme': edited('did:example:learner', 'learner'),
    'an issuer at an address that is not published': edited(issuer.did, 'did:web:example.org'),
    'many members': edited('"name":"Badge"', manyMembers(20_000))
  }
  return [
    ...Object.entries(texts).map(([name, input]) => refused(`hostile: ${name}`, { text: input })),
    ...bytes(text).map(([name, input]) => refused(`hostile: ${name}`, { base64: base64Of(input) })),
    refused('hostile: a huge text', { text: edited('"Badge"', `"${'x'.repeat(1_100_000)}"`) }),
    accepted('hostile: white space around it', { text: `\n\t ${text} \r\n` })
  ]
}

function bytes(text: string): readonly (readonly [string, Uint8Array])[] {
  const utf8 = new TextEncoder().encode(text)
  const place = text.indexOf('Badge')
  const patched = (...patch: readonly number[]) =>
    Uint8Array.of(...utf8.slice(0, place), ...patch, ...utf8.slice(place + patch.length))
  return [
    ['bytes that are not UTF-8', patched(0xff)],
    ['an overlong letter', patched(0xc1, 0x81)],
    ['a surrogate in UTF-8', patched(0xed, 0xa0, 0x80)],
    ['a letter that is cut short', patched(0xe2, 0x82)],
    ['UTF-16', new Uint8Array(new Uint16Array([...text].map((letter) => letter.charCodeAt(0))).buffer)],
    ['a byte order mark in UTF-8', Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8)],
    ['no bytes', new Uint8Array()]
  ]
}

function manyMembers(count: number): string {
  return Array.from({ length: count }, (_, index) => `"m${index}":0`).join(',')
}

export function base64Of(input: Uint8Array): string {
  return Buffer.from(input).toString('base64')
}
