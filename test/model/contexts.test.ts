import { expect, test } from 'vitest'
import { expand } from '../../src/canonical/json-ld.js'
import { InputError } from '../../src/encoding/errors.js'
import { bundledContent } from '../../src/model/bundled-contexts.js'
import {
  type ContextDocument,
  contextDigest,
  createContextSet,
  OB_CONTEXT,
  OB_CONTEXTS,
  OB_EXTENSIONS_CONTEXT,
  VC_V1_CONTEXT,
  VC_V2_CONTEXT
} from '../../src/model/contexts.js'
import { bundledContexts } from '../../src/model/generated/contexts.js'
import { describeShared, readSharedJson, readSharedText } from '../support/shared.js'
import { badge } from './examples.js'

const document = { '@context': { level: 'https://example.org/terms#level' } }
const own: ContextDocument = { url: 'https://example.org/terms/v1', document, sha256: contextDigest(document) }

function codesAndPaths(extra: readonly ContextDocument[]): readonly (string | undefined)[][] {
  try {
    createContextSet(extra)
  } catch (error) {
    if (error instanceof InputError) return error.faults.map(({ code, path }) => [code, path])
    throw error
  }
  return []
}

test('has every context a badge can need, without a caller', () => {
  const contexts = createContextSet()
  for (const url of [VC_V2_CONTEXT, VC_V1_CONTEXT, ...OB_CONTEXTS, OB_EXTENSIONS_CONTEXT]) {
    expect(contexts.has(url)).toBe(true)
    expect(contexts.get(url)).toHaveProperty('@context')
    expect(contexts.urls).toContain(url)
  }
  expect(contexts.has('https://example.org/unknown')).toBe(false)
  expect(contexts.get('https://example.org/unknown')).toBeUndefined()
  expect(contexts.has('constructor')).toBe(false)
})

test('every bundled content has the digest it is known by', () => {
  for (const context of bundledContexts) {
    const { url, accepted } = context
    expect([url, contextDigest(bundledContent(context))]).toEqual([url, accepted[0]])
  }
})

test('the current Open Badges context has the terms that were added later', () => {
  expect(createContextSet().get(OB_CONTEXT)).toMatchObject({ '@context': { jti: {}, endorsementJwt: {} } })
})

test('a context of the caller is served as a copy that nobody can change', () => {
  const mine = structuredClone(document)
  const contexts = createContextSet([{ ...own, document: mine }])
  mine['@context'].level = 'https://example.org/terms#other'
  expect(contexts.get(own.url)).toEqual(document)
  expect(Object.isFrozen(contexts.get(own.url)?.['@context'])).toBe(true)
  expect(createContextSet().has(own.url)).toBe(false)
})

test('a digest may be written in capitals, and white space and order make no difference', () => {
  expect(codesAndPaths([{ ...own, sha256: own.sha256.toUpperCase() }])).toEqual([])
  expect(contextDigest(JSON.parse(' {"b": 1, "a": 2}'))).toBe(contextDigest({ a: 2, b: 1 }))
})

test('refuses content with another digest, and other content for a bundled URL, naming every entry', () => {
  const forged: ContextDocument = { ...own, url: VC_V2_CONTEXT }
  expect(codesAndPaths([{ ...own, sha256: '0'.repeat(64) }, own, forged])).toEqual([
    ['CONTEXT_DIGEST_MISMATCH', '/0/sha256'],
    ['CONTEXT_DIGEST_MISMATCH', '/2/document']
  ])
})

test('refuses entries that are not context documents', () => {
  const wrong = [{}, { ...own, document: 'text' }, null, { ...own, sha256: 7 }] as unknown as ContextDocument[]
  expect(codesAndPaths(wrong)).toEqual([0, 1, 2, 3].map((index) => ['INPUT_TYPE', `/${index}`]))
})

test('JSON-LD processing works with the frozen documents and leaves them alone', async () => {
  const contexts = createContextSet()
  await expand(badge, contexts)
  for (const { url, accepted } of bundledContexts) expect(contextDigest(contexts.get(url))).toBe(accepted[0])
})

describeShared('against the published contexts', () => {
  const rows = () =>
    readSharedText('contexts/INDEX.tsv')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'))

  test('every bundled content equals the published one', () => {
    const published = new Map(
      rows()
        .filter(([, , role]) => role === 'serve')
        .map(([file, url]) => [url, file])
    )
    const contexts = createContextSet()
    for (const url of contexts.urls) expect(contexts.get(url)).toEqual(readSharedJson(`contexts/${published.get(url)}`))
  })

  test('the digest of every published context comes out as listed', () => {
    for (const row of rows())
      expect([row[0], contextDigest(readSharedJson(`contexts/${row[0]}`))]).toEqual([row[0], row[7]])
  })

  test('an older published content of the same URL is served only where the caller registers it', () => {
    const older = readSharedJson('contexts/1edtech/ob-v3p0-context-3.0.3.2025-03.json')
    const contexts = createContextSet([{ url: OB_CONTEXT, document: older, sha256: contextDigest(older) }])
    expect(contexts.get(OB_CONTEXT)).toEqual(older)
    expect(createContextSet().get(OB_CONTEXT)).not.toEqual(older)
  })
})
