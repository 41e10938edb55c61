import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import jsonld from 'jsonld'
import rdfCanonize from 'rdf-canonize'
import { describe, expect, it } from 'vitest'
import { expandPlainly } from '../../src/canonical/plain-expansion.js'
import { plainQuads } from '../../src/canonical/plain-quads.js'
import { canonicalizeQuads } from '../../src/canonical/rdfc.js'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'
import { isJsonObject } from '../../src/encoding/snapshot.js'
import {
  type ContextSet,
  contextDigest,
  createContextSet,
  OB_CONTEXT,
  OB_EXTENSIONS_CONTEXT,
  VC_V1_CONTEXT,
  VC_V2_CONTEXT
} from '../../src/model/contexts.js'
import { type ClassShape, classes } from '../../src/model/generated/classes.js'
import { badge, badge11, endorsement, statusList } from '../model/examples.js'
import { describeShared, readSharedJson, sharedPath } from '../support/shared.js'

const contexts = createContextSet()
const DOCUMENTS = Number(process.env['KOMMA_DOCUMENTS'] ?? 1000)

interface Rdf {
  readonly nodes: readonly unknown[]
  readonly quads: readonly unknown[]
}

/** What the library says of a document; nothing where it refuses it. */
async function oracle(document: JsonObject, set: ContextSet): Promise<Rdf | undefined> {
  const documentLoader = async (url: string) => ({
    contextUrl: null,
    documentUrl: url,
    document: { ...set.get(url) }
  })
  const options = { documentLoader, base: null, safe: true } as const
  try {
    const nodes = await jsonld.expand(document, options)
    const again = structuredClone(nodes)
    return {
      nodes,
      quads: await jsonld.toRDF(again, { ...options, skipExpansion: true, produceGeneralizedRdf: false })
    }
  } catch {
    return undefined
  }
}

/** True where the plain way was taken; it has to come to the same as the library then, to the last line. */
async function agrees(document: JsonObject, set: ContextSet = contexts): Promise<boolean> {
  const expected = await oracle(document, set)
  const nodes = expandPlainly(document, set)
  if (nodes !== undefined) expect(nodes, JSON.stringify(document)).toEqual(expected?.nodes)
  const quads = expected && plainQuads(expected.nodes)
  if (quads !== undefined) {
    expect(quads, JSON.stringify(document)).toEqual(expected?.quads)
    const { text } = await canonicalizeQuads(quads, { order: 'utf16' })
    expect(text).toBe(await rdfCanonize.canonize(quads, { algorithm: 'RDFC-1.0' }))
  }
  return nodes !== undefined && quads !== undefined
}

/** A document without the proof, as it is signed, and the options of each proof. */
function signedParts({ proof, ...document }: JsonObject): JsonObject[] {
  const proofs = [proof].flat().filter((one) => isJsonObject(one as JsonValue)) as JsonObject[]
  const options = proofs.map(({ proofValue, ...rest }) => ({ '@context': document['@context'] ?? [], ...rest }))
  return [document, ...options]
}

describe('the plain way through JSON-LD', () => {
  const { endorsement: _, ...alone } = badge
  const { endorsement: __, ...issuer } = badge['issuer'] as JsonObject

  it.each([
    ['a badge', { ...alone, issuer }, [true, true]],
    ['a badge with embedded endorsements', badge, [true, true]],
    ['a badge of data model 1.1', badge11, [false, false]],
    ['an endorsement', endorsement, [true, true]],
    ['a status list', statusList, [true]]
  ])('is taken for the usual documents, and comes to what the library comes to: %s', async (_, document, taken) => {
    const ways = []
    for (const part of signedParts(document as JsonObject)) ways.push(await agrees(part))
    expect(ways).toEqual(taken)
  })

  it('knows the names of every type that an object has', async () => {
    const creator = { id: 'urn:a', type: ['Profile', 'Achievement'], phone: '1', humanCode: '2' }
    const subject = { type: 'AchievementSubject', achievement: { type: 'Achievement', creator } }
    expect(await agrees({ '@context': [VC_V2_CONTEXT, OB_CONTEXT], ...subject })).toBe(true)
  })

  it.each<[string, JsonObject]>([
    ['a name that nobody defines', { level: 'x' }],
    [
      'a name of the type of another object',
      { credentialSubject: { type: 'AchievementSubject', achievement: { type: 'Achievement', licenseNumber: '7' } } }
    ],
    ['a keyword', { name: { '@value': 'x', '@language': 'da' } }],
    ['an IRI as a name', { 'https://example.org/level': 'x' }],
    ['null', { name: null }],
    ['an empty array', { evidence: [] }],
    ['an array in an array', { evidence: [[{ type: 'Evidence' }]] }],
    ['an empty object', { evidence: {} }],
    ['a relative id', { evidence: { id: 'evidence/1', type: 'Evidence' } }],
    ['an empty id', { evidence: { id: '', type: 'Evidence' } }],
    ['a blank node', { evidence: { id: '_:b0', type: 'Evidence' } }],
    ['an id that may be compact', { evidence: { id: 'name:1', type: 'Evidence' } }],
    ['an id with a space', { evidence: { id: 'https://example.org/a b', type: 'Evidence' } }],
    ['a type that nobody defines', { evidence: { type: 'Proof?' } }],
    ['a nested context that is written inline', { evidence: { '@context': { x: 'urn:x' }, type: 'Evidence' } }],
    ['a nested context that nobody knows', { evidence: { '@context': 'https://example.org/x', type: 'Evidence' } }],
    ['a nested context that is none', { evidence: { '@context': [null], type: 'Evidence' } }],
    ['a nested context that says otherwise', { evidence: { '@context': VC_V1_CONTEXT, type: 'Evidence' } }],
    ['a type that is none', { evidence: { type: ['Evidence', { toString: 'x' }] } }],
    ['a proof that says nothing', { proof: { id: 'urn:x' } }],
    ['a proof that is an address', { proof: 'urn:x' }],
    [
      'two names of one property',
      {
        credentialSubject: {
          type: 'AchievementSubject',
          achievement: { type: 'Achievement', criteria: { id: 'urn:a' }, Criteria: { id: 'urn:b' } }
        }
      }
    ]
  ])('is not taken for %s', async (_, members) => {
    const { proof: ___, ...unsigned } = alone
    const document = { ...unsigned, issuer, ...members }
    expect(await agrees(JSON.parse(JSON.stringify(document)))).toBe(false)
  })

  it('is careful with names that hold in some places only', async () => {
    const content: JsonObject = {
      id: '@id',
      type: '@type',
      Thing: { '@id': 'urn:x#Thing', '@context': { ex: 'https://example.org/', part: { '@id': 'urn:x#part' } } },
      size: { '@id': 'urn:x#size', '@type': '@vocab', '@context': { small: 'urn:x#small' } },
      kind: { '@id': 'urn:x#kind', '@type': '@vocab', '@context': { small: 'urn:x#small', kind: 'urn:x#other' } }
    }
    const set = { ...contexts, get: () => ({ '@context': content }), isBundled: () => true }
    const ways = [{ part: { id: 'ex:1' } }, { part: { id: 'urn:a' } }, { kind: 'small' }, { size: 'small' }].map(
      (members) => agrees({ '@context': 'urn:x', type: 'Thing', ...members }, set)
    )
    expect(await Promise.all(ways)).toEqual([false, true, false, true])
  })

  it.each<[string, JsonObject]>([
    ['the same contexts again', { '@context': [VC_V2_CONTEXT, OB_CONTEXT], type: 'Evidence', name: 'x' }],
    ['one of them', { '@context': VC_V2_CONTEXT, type: 'Evidence', name: 'x' }],
    ['one more', { '@context': [OB_EXTENSIONS_CONTEXT], type: 'Evidence', name: 'x' }],
    ['none', { '@context': [], type: 'Evidence', name: 'x' }],
    ['contexts and an id alone', { '@context': VC_V2_CONTEXT, id: 'urn:x' }]
  ])('is taken for an object that brings %s', async (_, evidence) => {
    const { proof: __, ...unsigned } = alone
    expect(await agrees({ ...unsigned, issuer, evidence: [evidence, { type: 'Evidence', genre: 'x' }] })).toBe(true)
  })

  it('gives each proof inside a graph of its own, in which one id is another node', async () => {
    const { proof, ...rest } = endorsement as JsonObject
    const [one] = [proof].flat() as JsonObject[]
    const proofs = [{ ...one, id: 'urn:x' }, { ...one, id: 'urn:x', nonce: 'n' }, { ...one }]
    const inside = { ...rest, proof: proofs }
    const { proof: __, ...unsigned } = alone
    const evidence = { id: 'urn:x', type: 'Evidence', name: 'x' }
    expect(await agrees({ ...unsigned, issuer, evidence, endorsement: [inside, { ...inside, id: 'urn:y' }] })).toBe(
      true
    )
  })

  it('is taken for a presentation of badges, in which no names hold from outside', async () => {
    const presentation = {
      '@context': [VC_V2_CONTEXT, OB_CONTEXT],
      type: 'VerifiablePresentation',
      verifiableCredential: [badge, { ...badge, id: 'urn:x', name: undefined }, ENVELOPE]
    }
    expect(await agrees(JSON.parse(JSON.stringify(presentation)))).toBe(true)
    for (const credential of ['urn:x', { id: 'urn:x' }, { type: 'VerifiableCredential' }, { ...badge, x: 'y' }])
      expect(await agrees({ ...presentation, verifiableCredential: [credential] } as JsonObject)).toBe(false)
  })

  it('is not taken under contexts that the package does not bring, or brings otherwise', () => {
    const own = { '@context': { '@protected': true, level: 'https://example.org/terms#level' } }
    const document = { '@context': [VC_V2_CONTEXT, 'https://example.org/terms/v1'], type: 'VerifiableCredential' }
    const withOwn = createContextSet([
      { url: 'https://example.org/terms/v1', document: own, sha256: contextDigest(own) }
    ])
    expect(expandPlainly(document, withOwn)).toBeUndefined()
    const inline = { '@context': [VC_V2_CONTEXT, own['@context']], type: 'VerifiableCredential' }
    expect(expandPlainly(inline, contexts)).toBeUndefined()
    expect(expandPlainly({ type: 'VerifiableCredential' }, contexts)).toBeUndefined()
  })

  it('comes to what the library comes to, or is not taken, whatever the document', async () => {
    let taken = 0
    await fc.assert(
      fc.asyncProperty(anyDocument(), async (document) => {
        if (await agrees(document)) taken += 1
      }),
      { numRuns: DOCUMENTS }
    )
    expect(taken).toBeGreaterThan(DOCUMENTS * 0.15)
  })

  it('comes to what the library comes to, or is not taken, whatever a badge has inside', async () => {
    const { proof: __, ...unsigned } = alone
    let taken = 0
    await fc.assert(
      fc.asyncProperty(anythingInside(), async ({ endorsements, ofIssuer, evidence, presented }) => {
        const endorsed = { issuer: { ...issuer, endorsement: ofIssuer }, endorsement: endorsements }
        const document = { ...unsigned, evidence, ...(presented ? { proof: badge['proof'] } : endorsed) }
        const verifiableCredential = [document, { ...document, id: 'urn:x' }, ENVELOPE]
        const presentation = { '@context': [VC_V2_CONTEXT], type: 'VerifiablePresentation', verifiableCredential }
        if (await agrees((presented ? presentation : document) as JsonObject)) taken += 1
      }),
      { numRuns: Math.ceil(DOCUMENTS / 10) }
    )
    expect(taken).toBeGreaterThan(DOCUMENTS * 0.015)
  })
})

describeShared('the plain way through JSON-LD, for every fixture', () => {
  it('comes to what the library comes to, or is not taken', async () => {
    const files = ['spec', 'scenario', 'validator'].flatMap((folder) =>
      readdirSync(sharedPath(`fixtures/${folder}`))
        .filter((file) => /\.json(ld)?$/.test(file))
        .map((file) => `fixtures/${folder}/${file}`)
    )
    let taken = 0
    for (const file of files) {
      const document = readSharedJson(file)
      for (const part of isJsonObject(document) ? signedParts(document) : []) if (await agrees(part)) taken += 1
    }
    expect(taken).toBeGreaterThan(20)
  })
})

const ENVELOPE = {
  '@context': VC_V2_CONTEXT,
  id: 'data:application/vc+jwt,a.b.c',
  type: 'EnvelopedVerifiableCredential'
}
const usual = [VC_V2_CONTEXT, OB_CONTEXT, OB_EXTENSIONS_CONTEXT]

/** Documents of the model with members that mostly fit, values that sometimes do not, and names from elsewhere. */
function anyDocument(): fc.Arbitrary<JsonObject> {
  const roots = fc.oneof(
    { arbitrary: fc.integer({ min: 2, max: 3 }).map((length) => usual.slice(0, length)), weight: 7 },
    { arbitrary: fc.shuffledSubarray([...contexts.urls], { minLength: 1, maxLength: 4 }), weight: 1 },
    {
      arbitrary: fc
        .shuffledSubarray([...contexts.urls], { minLength: 1, maxLength: 2 })
        .map((more) => [...new Set([...usual, ...more])]),
      weight: 2
    }
  )
  const { document } = fc.letrec((tie) => ({
    ...Object.fromEntries(Object.entries(classes).map(([name, shape]) => [name, anyObject(name, shape, tie)])),
    document: fc.oneof(
      ...['AchievementCredential', 'EndorsementCredential', 'BitstringStatusListCredential', 'Proof'].map((name) =>
        tie(name)
      )
    )
  }))
  return fc
    .tuple(roots, document as fc.Arbitrary<JsonObject>)
    .map(([urls, members]) => ({ ...members, '@context': urls }))
}

/** Endorsements and evidence that bring contexts and proofs of their own; most as they should, some in any other way. */
function anythingInside() {
  const strange = fc.constantFrom<JsonObject>(
    ...STRANGE_NAMES.map((name) => ({ [name]: 'x' })),
    { name: 'x', id: 'urn:x' },
    { type: 'Evidence' },
    { proof: { '@context': [VC_V2_CONTEXT], type: 'DataIntegrityProof', created: '2026-01-01T00:00:00Z' } },
    { '@context': [] }
  )
  const brought = fc.oneof(
    { arbitrary: fc.constant<JsonValue>(usual.slice(0, 2)), weight: 20 },
    { arbitrary: fc.shuffledSubarray<JsonValue>(usual), weight: 4 },
    fc.shuffledSubarray<JsonValue>([...contexts.urls, 'https://example.org/x']),
    anyValue()
  )
  const nothing = { arbitrary: fc.constant({}), weight: 15 }
  const proof = fc
    .tuple(
      fc.constantFrom<JsonObject>(...([(endorsement as JsonObject)['proof']].flat() as JsonObject[])),
      fc.option(anyIri(), { nil: undefined }),
      fc.oneof(nothing, strange)
    )
    .map(([one, id, more]) => ({ ...one, ...(id === undefined ? {} : { id }), ...more }))
  const endorsements = fc.array(
    fc
      .tuple(brought, fc.array(proof, { minLength: 1, maxLength: 3 }), anyIri(), fc.oneof(nothing, strange))
      .map(([context, proofs, id, more]) => ({ ...endorsement, '@context': context, id, proof: proofs, ...more })),
    { minLength: 1, maxLength: 3 }
  )
  const evidence = fc.oneof(
    { arbitrary: fc.constant({}), weight: 4 },
    brought.map((context) => ({ '@context': context })),
    strange
  )
  return fc.record({
    endorsements,
    ofIssuer: endorsements,
    presented: fc.boolean(),
    evidence: fc.array(
      evidence.map((more) => ({ type: 'Evidence', genre: 'x', ...more })),
      { minLength: 1, maxLength: 2 }
    )
  })
}

const STRANGE_NAMES = [
  'level',
  '@value',
  'Criteria',
  'verifiableCredential',
  'proof',
  'jsonSchema',
  'https://example.org/p'
]
const TYPES: Readonly<Record<string, string>> = {
  Proof: 'DataIntegrityProof',
  CredentialStatus: 'BitstringStatusListEntry'
}

function anyObject(
  name: string,
  shape: ClassShape,
  tie: (name: string) => fc.Arbitrary<unknown>
): fc.Arbitrary<unknown> {
  const names = shape.names.filter((member) => !['@context', 'type', 'id'].includes(member))
  const member = (one: string) => {
    const target = shape.members[one]
    const item =
      target === undefined ? anyValue() : fc.oneof({ maxDepth: 3 }, anyIri(), { arbitrary: tie(target), weight: 5 })
    return fc.oneof({ arbitrary: item, weight: 4 }, fc.array(item, { minLength: 1, maxLength: 2 }))
  }
  // Endorsements bring contexts of their own.
  const isCarried = name.startsWith('EndorsementCredential')
  const often = names.filter((one) => one === 'endorsement' || (isCarried && one === 'proof'))
  const members = fc
    .tuple(fc.shuffledSubarray(names, { maxLength: Math.min(5, names.length) }), fc.subarray(often))
    .map(([chosen, more]) => [...new Set([...chosen, ...more])])
    .chain((chosen) => fc.record(Object.fromEntries(chosen.map((one) => [one, member(one)]))))
  const type = TYPES[name] ?? name.replace(/11$/, '')
  const types = fc.oneof(
    { arbitrary: fc.constant(type), weight: isCarried ? 1 : 5 },
    { arbitrary: fc.constant(['VerifiableCredential', type]), weight: isCarried ? 30 : 3 },
    fc.shuffledSubarray([type, 'Achievement', 'Other', 'https://example.org/T'], { minLength: 1 })
  )
  const brought = fc.oneof(
    { arbitrary: fc.constant({}), weight: isCarried ? 1 : 100 },
    { arbitrary: fc.constant({ '@context': usual.slice(0, 2) }), weight: isCarried ? 20 : 2 },
    fc.shuffledSubarray([...contexts.urls, 'https://example.org/x']).map((urls) => ({ '@context': urls })),
    fc.shuffledSubarray(usual).map((urls) => ({ '@context': urls })),
    anyValue().map((value) => ({ '@context': value }))
  )
  const strange = fc.record(Object.fromEntries(STRANGE_NAMES.map((one) => [one, anyValue()])), { requiredKeys: [] })
  return fc
    .tuple(
      types,
      fc.option(anyIri(), { nil: undefined }),
      members,
      fc.oneof({ arbitrary: fc.constant({}), weight: 30 }, strange),
      brought
    )
    .map(([type, id, members, more, context]) => ({
      ...context,
      type,
      ...(id === undefined ? {} : { id }),
      ...members,
      ...more
    }))
}

function anyIri(): fc.Arbitrary<JsonValue> {
  const wrong = ['', '@id', '_:a', 'relative/a', 'https://a b', 'name:a', 'sec:a', 'type', '😀:a', 'a:<b>"']
  return fc.oneof(
    {
      arbitrary: fc.constantFrom('https://example.org/1', 'https://example.org/2#ø', 'urn:uuid:1', 'did:web:a.example'),
      weight: 40
    },
    fc.constantFrom(...wrong)
  )
}

function anyValue(): fc.Arbitrary<JsonValue> {
  const wrong: JsonValue[] = [
    null,
    {},
    [],
    ['a', ['b']],
    { id: 'urn:x' },
    { '@value': 'x' },
    { '@context': VC_V2_CONTEXT }
  ]
  return fc.oneof(
    {
      arbitrary: fc.constantFrom(
        'tekst',
        '😀～',
        '"\\\n\u0007',
        'assertionMethod',
        'ext:a',
        '2026-01-01T00:00:00Z',
        '1.0E0'
      ),
      weight: 30
    },
    { arbitrary: fc.constantFrom<JsonValue>(0, 1, -7, 2.5, 1e21, 1e-7, 123456789012, true, false), weight: 15 },
    { arbitrary: anyIri(), weight: 15 },
    fc.constantFrom(...wrong)
  )
}
