import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expand } from '../../src/canonical/json-ld.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { admitContexts } from '../../src/model/admit-contexts.js'
import { contextDigest, createContextSet } from '../../src/model/contexts.js'
import { findShapeFault } from '../../src/model/shape-gate.js'
import { findHiddenMeaning } from '../support/recompaction.js'
import { describeShared, readSharedJson, sharedPath } from '../support/shared.js'
import { editable, plainBadge } from '../support/sign.js'

const contexts = createContextSet()
const gate = (document: JsonObject) => findShapeFault(document, 'AchievementCredential', { contexts })?.code

describe('the shape gate', () => {
  it('lets a plain badge pass, in which nothing is hidden', async () => {
    const badge = plainBadge('did:example:issuer')
    expect(gate(badge)).toBeUndefined()
    expect(await findHiddenMeaning(badge, contexts)).toBeUndefined()
  })

  it.each(['Achievement', 'Criteria', 'Address', 'GeoCoordinates', 'Image', 'Profile'])(
    '21, 31: refuses the class %s as the name of a member, which has the IRI of a property',
    (name) => {
      const badge = editable(plainBadge('did:example:issuer'))
      badge.credentialSubject.achievement[name] = { id: 'urn:uuid:1' }
      expect(gate(badge)).toBe('CLASS_AS_MEMBER')
    }
  )

  it.each([
    'achievement',
    'criteria',
    'address',
    'geo',
    'image',
    'creator',
    'https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile'
  ])('31: refuses the type %s, which is a class under another name', (type) => {
    const badge = editable(plainBadge('did:example:issuer'))
    badge.issuer.type = ['Profile', type]
    expect(gate(badge)).toBe('TYPE_DISGUISED')
  })

  it('takes a type by its IRI that no context names', () => {
    const badge = plainBadge('did:example:issuer', {
      evidence: [{ id: 'urn:uuid:1', type: ['Evidence', 'https://w3id.org/openbadges#Assertion'] }]
    })
    expect(gate(badge)).toBeUndefined()
  })

  it.each([
    ['minus zero', -0],
    ['a fraction that JavaScript writes without a point', 1e-7]
  ])('9: refuses %s', (_, creditsEarned) => {
    const badge = editable(plainBadge('did:example:issuer'))
    badge.credentialSubject.creditsEarned = creditsEarned
    expect(gate(badge)).toBe('NUMBER_NOT_EXACT')
  })

  it.each([
    ['objects', { evidence: Array.from({ length: 1001 }, () => ({ type: ['Evidence'] })) }],
    [
      'types by their IRI, before they are looked up',
      {
        type: [
          'VerifiableCredential',
          'OpenBadgeCredential',
          ...Array.from({ length: 2001 }, (_, index) => `a:${index}`)
        ]
      }
    ],
    ['texts in lists', { relatedResource: Array.from({ length: 2001 }, (_, index) => `urn:x:${index}`) }]
  ])('45: counts %s before JSON-LD is entered', (_, more) => {
    expect(gate(plainBadge('did:example:issuer', more))).toBe('TOO_MANY_NODES')
  })

  it('never lets pass what recompaction finds', async () => {
    const names = [
      'id',
      'name',
      'image',
      'creator',
      'criteria',
      'achievement',
      'issuer',
      'address',
      'geo',
      'narrative',
      'evidence',
      'Criteria',
      'Image'
    ]
    const types = [
      'Achievement',
      'Criteria',
      'criteria',
      'Image',
      'image',
      'Profile',
      'creator',
      'Address',
      'GeoCoordinates',
      'geo',
      'Evidence'
    ]
    const value = fc.letrec((tie) => ({
      object: fc
        .dictionary(fc.constantFrom(...names), tie('any'), { maxKeys: 4 })
        .chain((members) => fc.subarray(types, { minLength: 1, maxLength: 2 }).map((type) => ({ ...members, type }))),
      any: fc.oneof({ maxDepth: 3 }, fc.constantFrom('a', '', 'urn:x:1', 'https://e.example/'), tie('object'))
    })).object
    let compared = 0
    await fc.assert(
      fc.asyncProperty(value, async (more) => {
        const badge = editable(plainBadge('did:example:issuer'))
        badge.credentialSubject.achievement = { ...badge.credentialSubject.achievement, ...(more as object) }
        if (gate(badge) !== undefined) return
        const expands = await expand(badge, contexts).then(
          () => true,
          () => false
        )
        if (!expands) return
        compared += 1
        expect(await findHiddenMeaning(badge, contexts)).toBeUndefined()
      }),
      { numRuns: 2000 }
    )
    expect(compared).toBeGreaterThan(20)
  })
})

describe('a context that the caller brings', () => {
  const bring = (context: JsonObject, url = 'https://academy.example/terms/v1') => {
    const document = { '@context': context }
    return () => admitContexts([{ url, document, sha256: contextDigest(document) }])
  }
  const term = 'https://academy.example/terms#shift'

  it('is admitted where it adds terms of its own and protects them', () => {
    expect(bring({ '@protected': true, shift: term })().has('https://academy.example/terms/v1')).toBe(true)
  })

  it.each<[string, JsonObject]>([
    ['renames validUntil', { '@protected': true, expiry: { '@id': 'https://www.w3.org/2018/credentials#validUntil' } }],
    [
      'renames it through a prefix',
      { '@protected': true, cred: 'https://www.w3.org/2018/credentials#', expiry: 'cred:validUntil' }
    ],
    [
      'renames it in a scoped context',
      {
        '@protected': true,
        Shift: {
          '@id': term,
          '@context': { '@protected': true, expiry: 'https://www.w3.org/2018/credentials#validUntil' }
        }
      }
    ],
    [
      'renames it through a chain of prefixes',
      { '@protected': true, w: 'https://www.w3.org/', c: 'w:2018/', vu: { '@id': 'c:credentials#validUntil' } }
    ],
    ['uses a prefix of a bundled context', { '@protected': true, vu: { '@id': 'cred:expirationDate' } }],
    ['is itself a prefix', { '@protected': true, academy: 'https://academy.example/' }],
    ['gives its values two spellings', { '@protected': true, shift: { '@id': term, '@type': '@vocab' } }],
    ['has an id that is no text', { '@protected': true, shift: { '@id': { toString: 1 } } as never }],
    ['gives one IRI to two terms', { '@protected': true, shift: term, turn: term }],
    ['renames a keyword', { '@protected': true, key: '@id' }],
    ['has a vocabulary', { '@protected': true, '@vocab': 'urn:v#' }],
    ['nests', { '@protected': true, shift: { '@id': term, '@container': '@index' } }],
    ['reverses', { '@protected': true, shift: { '@reverse': term } }],
    ['has a base', { '@protected': true, '@base': 'https://evil.example/' }],
    ['imports another', { '@protected': true, '@import': 'https://evil.example/' }],
    ['ends at the next object', { '@protected': true, '@propagate': false }],
    ['refers to another', { '@protected': true, shift: { '@id': term, '@context': 'https://evil.example/' } }],
    ['does not protect its terms', { shift: term }]
  ])('22, 23, 34, 38: is refused where it %s', (_, context) => {
    expect(bring(context)).toThrow(expect.objectContaining({ code: 'CONTEXT_UNSAFE' }))
  })
})

describeShared('the published examples', () => {
  it('hide nothing where they pass the gate', async () => {
    const lineage = readSharedJson('fixtures/scenario/00-lineage-context.jsonld')
    const known = admitContexts([
      { url: 'https://example.org/lineage/v1', document: lineage, sha256: contextDigest(lineage) }
    ])
    let compared = 0
    for (const folder of ['fixtures/spec', 'fixtures/scenario', 'fixtures/validator']) {
      for (const name of readdirSync(sharedPath(folder)).filter((file) => file.endsWith('.json'))) {
        const { proof: _, ...document } = readSharedJson(`${folder}/${name}`)
        const kind = document.type?.includes('EndorsementCredential')
          ? 'EndorsementCredential'
          : 'AchievementCredential'
        if (findShapeFault(document, kind, { contexts: known }) !== undefined) continue
        const expands = await expand(document, known).then(
          () => true,
          () => false
        )
        if (!expands) continue
        compared += 1
        expect([name, await findHiddenMeaning(document, known)]).toEqual([name, undefined])
      }
    }
    expect(compared).toBeGreaterThan(15)
  })
})
