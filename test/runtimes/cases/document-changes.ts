// biome-ignore lint/suspicious/noExplicitAny: a stranger puts anything anywhere.
export type Anything = any

/** What a stranger may write into a credential, whatever secures it. */
export const DOCUMENT_CHANGES: readonly (readonly [name: string, change: (document: Anything) => void])[] = [
  ['another name', (document) => Object.assign(document, { name: 'Doctorate' })],
  ['another subject', (document) => Object.assign(document.credentialSubject, { id: 'did:example:evil' })],
  ['an earlier start', (document) => Object.assign(document, { validFrom: '2020-01-01T00:00:00Z' })],
  ['an end', (document) => Object.assign(document, { validUntil: '2030-01-01T00:00:00Z' })],
  ['no start', (document) => delete document.validFrom],
  ['an issuer who did not sign', (document) => Object.assign(document.issuer, { id: 'did:web:university.example' })],
  ['a term nobody defined', (document) => Object.assign(document, { grade: 'A' })],
  ['one letter that looks the same', (document) => Object.assign(document, { name: 'B\u0430dge' })],
  ['two contexts swapped', (document) => document['@context'].reverse()]
]
