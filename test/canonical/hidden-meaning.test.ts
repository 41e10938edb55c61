import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findByRecompaction, findHiddenMeaning } from '../../src/canonical/hidden-meaning.js'
import { expand } from '../../src/canonical/json-ld.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { contextDigest, createContextSet } from '../../src/model/contexts.js'
import { findShapeFault } from '../../src/model/shape-gate.js'
import { describeShared, readSharedJson, sharedPath } from '../support/shared.js'
import { editable, plainBadge } from '../support/sign.js'

const contexts = createContextSet()

async function bothWays(document: JsonObject) {
  const expanded = await expand(document, contexts)
  return {
    short: await findHiddenMeaning(document, expanded, contexts),
    long: await findByRecompaction(document, expanded, contexts)
  }
}

describe('a document that says what it means', () => {
  it('has nothing hidden, by the short way and by recompaction', async () => {
    expect(await bothWays(plainBadge('did:example:issuer'))).toEqual({ short: undefined, long: undefined })
  })

  it.each([
    'Achievement',
    'Criteria',
    'Address',
    'GeoCoordinates',
    'Image',
    'Profile',
    'achievement',
    'criteria',
    'creator',
    'image',
    'geo'
  ])('is not excused from recompaction when it uses %s out of its place', async (name) => {
    const member = editable(plainBadge('did:example:issuer'))
    member.credentialSubject.achievement[name] ??= { narrative: 'Exam' }
    const type = editable(plainBadge('did:example:issuer'))
    type.credentialSubject.achievement.type = ['Achievement', name]
    for (const document of [member, type]) {
      const found = await bothWays(document).catch(() => undefined)
      if (found !== undefined && found.long !== undefined) expect(found.short).toBe(found.long)
    }
  })

  it('is compared in full where it brings a context of its own', async () => {
    const document = { '@context': { nm: 'https://schema.org/name' } }
    const url = 'https://academy.example/terms/v1'
    const own = createContextSet([{ url, document, sha256: contextDigest(document) }])
    const { name, ...badge } = plainBadge('did:example:issuer')
    const renamed = { ...badge, '@context': [...(badge['@context'] as string[]), url], nm: name as string }
    expect(findShapeFault(renamed, 'AchievementCredential', own)).toBeUndefined()
    expect(await findHiddenMeaning(renamed, await expand(renamed, own), own)).toBeDefined()
  })
})

describe('the short way', () => {
  const names = [
    'type',
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
    'Criteria',
    'Achievement',
    'Image',
    'Profile',
    'evidence'
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
      .dictionary(fc.constantFrom(...names.slice(1)), tie('any'), { maxKeys: 4 })
      .chain((members) =>
        fc
          .record({ type: fc.subarray(types, { minLength: 1, maxLength: 2 }) })
          .map((more) => ({ ...members, ...more, id: 'urn:uuid:1' }))
      ),
    any: fc.oneof({ maxDepth: 3 }, fc.constantFrom('a', 'urn:x:1', 'https://e.example/'), tie('object'))
  })).object

  it('never passes what recompaction finds', async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(value, async (achievement) => {
        const badge = editable(plainBadge('did:example:issuer'))
        badge.credentialSubject.achievement = { ...badge.credentialSubject.achievement, ...(achievement as object) }
        if (findShapeFault(badge, 'AchievementCredential', contexts) !== undefined) return
        const found = await bothWays(badge).catch(() => undefined)
        if (found === undefined) return
        compared += 1
        if (found.short === undefined) expect(found.long).toBeUndefined()
      }),
      { numRuns: 1500 }
    )
    expect(compared).toBeGreaterThan(30)
  })
})

describeShared('the published examples', () => {
  it('come out alike by both ways', async () => {
    let compared = 0
    for (const folder of ['fixtures/spec', 'fixtures/scenario', 'fixtures/validator']) {
      for (const name of readdirSync(sharedPath(folder)).filter((file) => file.endsWith('.json'))) {
        const { proof: _, ...document } = readSharedJson(`${folder}/${name}`)
        const found = await bothWays(document).catch(() => undefined)
        if (found === undefined || document.type?.includes('ClrCredential')) continue
        compared += 1
        expect([name, found.short]).toEqual([name, found.long])
      }
    }
    expect(compared).toBeGreaterThan(15)
  })
})
