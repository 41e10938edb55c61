import { existsSync, readdirSync } from 'node:fs'
import { build } from 'esbuild'
import jsonld from 'jsonld'
import { beforeAll, describe, expect, it } from 'vitest'
import { portableJsonLd } from '../../scripts/portable-jsonld.mjs'
import * as source from '../../src/canonical/json-ld-processor.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { createContextSet } from '../../src/model/contexts.js'
import { readSharedJson, sharedFolder, sharedPath } from '../support/shared.js'

const contexts = createContextSet()

const PROTECTED: JsonObject = {
  '@context': ['https://www.w3.org/ns/credentials/v2', { id: 'urn:other' }],
  id: 'urn:a'
}

/** Uses each feature of JSON-LD 1.1 that changes how a document is expanded. */
const EVERYTHING: JsonObject = {
  '@context': {
    '@version': 1.1,
    '@base': 'https://example.org/',
    '@vocab': 'https://example.org/terms#',
    '@language': 'da',
    ex: 'https://example.org/ns/',
    date: { '@id': 'ex:date', '@type': 'http://www.w3.org/2001/XMLSchema#date' },
    list: { '@id': 'ex:list', '@container': '@list' },
    words: { '@id': 'ex:words', '@container': '@language' },
    byIndex: { '@id': 'ex:byIndex', '@container': '@index' },
    byId: { '@id': 'ex:byId', '@container': '@id' },
    byType: { '@id': 'ex:byType', '@container': '@type' },
    graphs: { '@id': 'ex:graphs', '@container': ['@graph', '@id'] },
    of: { '@reverse': 'ex:part' },
    nested: '@nest',
    Scoped: { '@id': 'ex:Scoped', '@context': { '@propagate': true, inner: 'ex:inner' } }
  },
  '@id': 'a/../b',
  '@type': ['Scoped', 'ex:Other'],
  inner: { '@value': 'x', '@language': 'en' },
  date: '2026-01-01',
  list: [1, 2.5, true, { '@list': ['x'] }],
  words: { da: 'ord', en: ['word', 'words'] },
  byIndex: { a: { '@id': 'i' }, b: 'text' },
  byId: { 'ex:c': { '@type': 'ex:C' } },
  byType: { 'ex:D': { '@id': 'd' } },
  graphs: { 'ex:g': { unknown: 'x' } },
  of: { '@id': 'whole' },
  nested: { plain: [1e21, -0.5, null] },
  '@included': [{ '@id': 'included', plain: '\u0007"\\' }]
}

function load(url: string): object {
  const document = contexts.get(url)
  if (document === undefined) throw new Error('unknown context')
  return document
}

async function withFrontModule(document: object): Promise<unknown> {
  const documentLoader = async (url: string) => ({ contextUrl: null, documentUrl: url, document: { ...load(url) } })
  const options = { documentLoader, base: null, safe: true } as const
  try {
    const nodes = await jsonld.expand(document, options)
    const quads = await jsonld.toRDF(nodes, { ...options, skipExpansion: true, produceGeneralizedRdf: false })
    return { nodes, quads }
  } catch (error) {
    return failure(error)
  }
}

type Processor = Pick<typeof source, 'expandDocument' | 'nodesToQuads'>

/** The modules as tests load them, and as the build writes them into dist, without what nobody uses. */
const processors: Readonly<Record<string, () => Promise<Processor>>> = {
  'as they are': async () => source,
  'as they are built': async () => {
    const { outputFiles } = await build({
      entryPoints: ['src/canonical/json-ld-processor.ts'],
      bundle: true,
      write: false,
      format: 'esm',
      plugins: [portableJsonLd]
    })
    return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`)
  }
}

async function withInnerModules({ expandDocument, nodesToQuads }: Processor, document: object): Promise<unknown> {
  try {
    const nodes = await expandDocument(document, load)
    return { nodes, quads: nodesToQuads(nodes) }
  } catch (error) {
    return failure(error)
  }
}

/** What is read of an error; sentences are not. */
function failure(error: unknown): unknown {
  interface Details {
    readonly code?: string
    readonly event?: { readonly code: string; readonly details: unknown }
  }
  const { name, details } = error as Error & { readonly details?: Details }
  return { name, code: details?.code, event: details?.event?.code, lost: details?.event?.details }
}

describe.each(Object.entries(processors))('the inner modules of the JSON-LD library, %s,', (_, start) => {
  let processor: Processor
  beforeAll(async () => {
    processor = await start()
  })

  it.each<[string, JsonObject]>([
    ['nothing', {}],
    ['no node at all', { '@value': 'a' }],
    ['a graph alone', { '@graph': [{ '@id': 'urn:a', 'urn:p': 'x' }] }],
    ['a graph of one node alone', { '@graph': { '@id': 'urn:a', 'urn:p': 'x' } }],
    ['a graph with a name', { '@id': 'urn:g', '@graph': [{ '@id': 'urn:a', 'urn:p': { '@list': ['x', 'y'] } }] }],
    ['an unknown term', { '@context': 'https://www.w3.org/ns/credentials/v2', level: 'x' }],
    ['a relative id', { '@id': 'a', 'urn:p': 'x' }],
    ['an unknown context', { '@context': 'https://example.org/other', 'urn:p': 'x' }],
    ['a null context', { '@context': null, 'urn:p': 'x' }],
    ['a context that defines a protected term again', PROTECTED],
    ['every feature', EVERYTHING],
    ['a direction', { 'urn:p': { '@value': 'x', '@direction': 'rtl' } }],
    ['a JSON literal', { 'urn:p': { '@value': { b: 1, a: [null] }, '@type': '@json' } }]
  ])('do what the front module does with %s', async (_, document) => {
    expect(await withInnerModules(processor, document)).toEqual(await withFrontModule(document))
  })

  it('write every feature as RDF', async () => {
    expect(await withInnerModules(processor, EVERYTHING)).toMatchObject({ quads: { length: 30 } })
  })

  it('do not touch the document', async () => {
    const document = { '@context': 'https://www.w3.org/ns/credentials/v2', type: 'VerifiableCredential' }
    await processor.expandDocument(Object.freeze(document), load)
    expect(document.type).toBe('VerifiableCredential')
  })

  it.skipIf(!existsSync(sharedFolder))('do what the front module does with every fixture', async () => {
    const files = ['spec', 'scenario', 'validator'].flatMap((folder) =>
      readdirSync(sharedPath(`fixtures/${folder}`))
        .filter((file) => /\.json(ld)?$/.test(file))
        .map((file) => `fixtures/${folder}/${file}`)
    )
    expect(files.length).toBeGreaterThan(50)
    for (const file of files) {
      const document = readSharedJson(file)
      expect([file, await withInnerModules(processor, document)]).toEqual([file, await withFrontModule(document)])
    }
  })
})
