import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { expand } from '../../src/canonical/json-ld.js'
import { nameNodes } from '../../src/canonical/named-nodes.js'
import { canonicalize, canonicalizeQuads } from '../../src/canonical/rdfc.js'
import { orderStatements, writeStatements } from '../../src/canonical/statements.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { contextDigest, createContextSet } from '../../src/model/contexts.js'
import { largeBadge } from '../interop/badges.js'
import { describeShared, readSharedJson, sharedPath } from '../support/shared.js'

const contexts = createContextSet()
const HEAD = ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json']

async function named(document: JsonObject) {
  const expanded = await expand(document, contexts)
  return { expanded, names: await nameNodes(document, expanded, contexts) }
}

/** The canonical form as other code gives it, and as the named quads give it. */
async function bothForms(document: JsonObject) {
  const { expanded, names } = await named(document)
  const issuedIdentifiers = new Map<string, string>()
  const { text } = await canonicalizeQuads(names.quads, { issuedIdentifiers })
  const lines = writeStatements(names.quads, (label) => String(issuedIdentifiers.get(label)))
  const plain = await canonicalize(expanded)
  return { plain: plain.text, named: text, written: orderStatements(lines, 'codePoint').join('') }
}

describe('a document whose nodes are named', () => {
  it('has the same canonical form', async () => {
    const { plain, named, written } = await bothForms(largeBadge('did:example:issuer'))
    expect(named).toBe(plain)
    expect(written).toBe(plain)
    expect(plain.split('\n').length).toBe(58)
  })

  it('keeps an ordered list, texts by language, JSON values and texts that look like labels', async () => {
    const { plain, named, written } = await bothForms({
      '@context': HEAD,
      type: ['VerifiableCredential'],
      name: { '@value': 'a _:b0 "quoted"\n\u0007\u007f 😀 ～', '@language': 'en' },
      credentialSchema: {
        id: 'urn:komma-node:0',
        type: 'JsonSchema',
        jsonSchema: { type: 'object', properties: { id: { id: 'x' } } }
      },
      credentialSubject: {
        type: 'AchievementSubject',
        achievement: {
          type: 'Achievement',
          resultDescription: { type: 'ResultDescription', allowedValue: ['B', 'A', 'B'] }
        }
      }
    })
    expect(named).toBe(plain)
    expect(written).toBe(plain)
    expect(plain).toContain('rdf-syntax-ns#rest')
    expect(plain).toContain('rdf-syntax-ns#JSON')
    expect(plain).toContain('_:b0')
  })

  it('keeps the graph of a proof inside an endorsement', async () => {
    const { plain, named } = await bothForms({
      '@context': HEAD,
      type: ['VerifiableCredential', 'OpenBadgeCredential'],
      endorsement: [
        {
          '@context': HEAD,
          type: ['VerifiableCredential', 'EndorsementCredential'],
          proof: { type: 'DataIntegrityProof', cryptosuite: 'eddsa-rdfc-2022', proofValue: 'zABC' }
        },
        {
          '@context': HEAD,
          type: ['VerifiableCredential', 'EndorsementCredential'],
          proof: { type: 'DataIntegrityProof', cryptosuite: 'eddsa-rdfc-2022', proofValue: 'zDEF' }
        }
      ]
    })
    expect(named).toBe(plain)
    expect(plain).toMatch(/_:c14n\d+ \.\n/)
  })

  it('lets the quads of a part be found among those of the whole', async () => {
    const { names } = await named(largeBadge('did:example:issuer'))
    const { credentialSubject, ...rest } = names.labelled
    const subject = credentialSubject as JsonObject
    const { name: _, ...achievement } = subject['achievement'] as JsonObject
    const label = (quad: object) => JSON.stringify(quad)
    const whole = new Set(names.quads.map(label))
    const part = (await names.quadsOf({ ...rest, credentialSubject: { ...subject, achievement } })).map(label)
    expect(part.filter((quad) => !whole.has(quad))).toEqual([])
    expect(part.length).toBe(whole.size - 1)
  })

  it('keeps texts by language of a context that a caller brings', async () => {
    const document = { '@context': { motto: { '@id': 'https://a.example/motto', '@container': '@language' } } }
    const more = createContextSet([{ url: 'https://a.example/terms', document, sha256: contextDigest(document) }])
    const given = { '@context': [...HEAD, 'https://a.example/terms'], type: ['Profile'], motto: { en: 'On', nb: 'På' } }
    const expanded = await expand(given, more)
    const { text } = await canonicalizeQuads((await nameNodes(given, expanded, more)).quads)
    expect(text).toBe((await canonicalize(expanded)).text)
    expect(text).toContain('"På"@nb')
  })

  it('is refused in another document’s stead, and where its nodes cannot be told apart', async () => {
    const refused = expect.objectContaining({ name: 'SecuringError', code: 'CANONICALIZATION_FAILED' })
    const document: JsonObject = { '@context': HEAD, id: 'urn:uuid:1', type: ['Profile'], name: 'One' }
    const other = await expand({ ...document, name: 'Two' }, contexts)
    await expect(nameNodes(document, other, contexts)).rejects.toEqual(refused)
    await expect(nameNodes({ ...document, id: 7 }, other, contexts)).rejects.toEqual(refused)
    const included = { ...document, '@included': [{ id: 'urn:uuid:2', type: ['Profile'], name: 'Two' }] }
    await expect(named(included)).rejects.toEqual(refused)
    const terms = (term: string) => ({ '@id': 'https://a.example/list', '@container': '@list', '@type': term })
    const twoLists = { '@context': { first: terms('@id'), second: terms('@vocab') } }
    const more = createContextSet([
      { url: 'https://a.example/lists', document: twoLists, sha256: contextDigest(twoLists) }
    ])
    const lists = { ...document, '@context': [...HEAD, 'https://a.example/lists'] }
    const one = { ...lists, first: ['urn:a', 'urn:b'] }
    expect((await nameNodes(one, await expand(one, more), more)).quads.length).toBeGreaterThan(6)
    const both = { ...one, second: ['urn:c', 'urn:d'] }
    await expect(nameNodes(both, await expand(both, more), more)).rejects.toEqual(refused)
  })

  it('is refused where part of an ordered list is taken', async () => {
    const document = (values: string[]): JsonObject => ({
      '@context': HEAD,
      id: 'urn:uuid:1',
      type: ['ResultDescription'],
      allowedValue: values
    })
    const { names } = await named(document(['a', 'b']))
    await expect(names.quadsOf({ ...names.labelled, allowedValue: ['a'] })).rejects.toMatchObject({
      code: 'CANONICALIZATION_FAILED'
    })
  })
})

describeShared('the documents of the standards', () => {
  const files = ['fixtures/spec', 'fixtures/scenario', 'fixtures/validator'].flatMap((folder) =>
    readdirSync(sharedPath(folder))
      .filter((file) => file.endsWith('.json'))
      .map((file) => `${folder}/${file}`)
  )

  it('have the same canonical form with named nodes', async () => {
    const different: string[] = []
    let same = 0
    for (const file of files) {
      const { proof: _, ...document } = readSharedJson(file) as JsonObject
      const expanded = await expand(document, contexts).catch(() => undefined)
      if (expanded === undefined || !Array.isArray(document['@context'])) continue
      const { plain, named, written } = await bothForms(document)
      if (plain === named && plain === written) same += 1
      else different.push(file)
    }
    expect(different).toEqual([])
    expect(same).toBeGreaterThan(20)
  }, 30_000)
})
