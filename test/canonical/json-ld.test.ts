import { readdirSync } from 'node:fs'
import jsonld from 'jsonld'
import { describe, expect, it } from 'vitest'
import { expandDocument, nodesToQuads } from '../../src/canonical/json-ld-processor.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { createContextSet } from '../../src/model/contexts.js'
import { describeShared, readSharedJson, sharedPath } from '../support/shared.js'

const contexts = createContextSet()

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

async function withInnerModules(document: object): Promise<unknown> {
  try {
    const nodes = await expandDocument(document, load)
    return { nodes, quads: nodesToQuads(nodes) }
  } catch (error) {
    return failure(error)
  }
}

function failure(error: unknown): unknown {
  const { name, message, details } = error as Error & { details?: { code?: string; event?: object } }
  return { name, message, code: details?.code, event: details?.event }
}

describe('the inner modules of the JSON-LD library', () => {
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
    ['a JSON literal', { 'urn:p': { '@value': { b: 1, a: [null] }, '@type': '@json' } }]
  ])('do what the front module does with %s', async (_, document) => {
    expect(await withInnerModules(document)).toEqual(await withFrontModule(document))
  })

  it('do not touch the document', async () => {
    const document = { '@context': 'https://www.w3.org/ns/credentials/v2', type: 'VerifiableCredential' }
    await expandDocument(Object.freeze(document), load)
    expect(document.type).toBe('VerifiableCredential')
  })
})

describeShared('the inner modules of the JSON-LD library, on every fixture', () => {
  it('do what the front module does', async () => {
    const files = ['spec', 'scenario', 'validator'].flatMap((folder) =>
      readdirSync(sharedPath(`fixtures/${folder}`))
        .filter((file) => /\.json(ld)?$/.test(file))
        .map((file) => `fixtures/${folder}/${file}`)
    )
    expect(files.length).toBeGreaterThan(50)
    for (const file of files) {
      const document = readSharedJson(file)
      expect([file, await withInnerModules(document)]).toEqual([file, await withFrontModule(document)])
    }
  })
})
