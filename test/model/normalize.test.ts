import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'
import { deepFreeze } from '../../src/encoding/snapshot.js'
import { toArrayForm } from '../../src/model/normalize.js'
import { badge, badge11, endorsement, statusList } from './examples.js'

/** What JSON-LD compaction may do: every array of one becomes its item. */
function compacted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.length === 1 ? compacted(value[0]) : value.map(compacted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, compacted(member as JsonValue)]))
}

describe('toArrayForm', () => {
  test.each([
    ['a badge', badge],
    ['a badge of data model 1.1', badge11],
    ['an endorsement', endorsement],
    ['a status list', statusList]
  ])('undoes compaction of %s and changes nothing else', (_, document) => {
    expect(toArrayForm(compacted(document) as JsonObject)).toEqual(document)
    expect(toArrayForm(document)).toEqual(document)
  })

  test('wraps type by class: not the one string of an Image, IdentityObject, IdentifierEntry or GeoCoordinates', () => {
    const issuer = {
      type: 'Profile',
      image: { type: 'Image' },
      otherIdentifier: { type: 'IdentifierEntry' },
      address: { type: 'Address', geo: { type: 'GeoCoordinates' } }
    }
    expect(toArrayForm({ issuer, credentialSubject: { identifier: { type: 'IdentityObject' } } })).toEqual({
      issuer: {
        type: ['Profile'],
        image: { type: 'Image' },
        otherIdentifier: [{ type: 'IdentifierEntry' }],
        address: { type: ['Address'], geo: { type: 'GeoCoordinates' } }
      },
      credentialSubject: { identifier: [{ type: 'IdentityObject' }] }
    })
  })

  test('leaves a status entry, a proof type and unknown members alone', () => {
    const document = {
      credentialStatus: { type: 'BitstringStatusListEntry' },
      proof: [{ type: 'DataIntegrityProof' }],
      other: { type: 'Profile', tag: 'x' }
    }
    expect(toArrayForm(document)).toEqual(document)
  })

  test('does not hide several status entries', () => {
    const credentialStatus = [{ type: 'a' }, { type: 'b' }]
    expect(toArrayForm({ credentialStatus })).toEqual({ credentialStatus })
  })

  test('does not change what it was given', () => {
    const document = deepFreeze(compacted(badge) as JsonObject)
    const before = JSON.stringify(document)
    toArrayForm(document)
    expect(JSON.stringify(document)).toBe(before)
  })

  test('keeps names that could change an object as plain members', () => {
    const document = JSON.parse('{"__proto__":{"type":"x"},"type":"OpenBadgeCredential"}')
    const form = toArrayForm(document)
    expect(Object.keys(form)).toEqual(['__proto__', 'type'])
    expect(Object.getPrototypeOf(form)).toBe(Object.prototype)
  })

  test('comes back from endless chains of organisations and from nested arrays', () => {
    let profile: JsonObject = { type: 'Profile' }
    let nested: JsonValue = {}
    for (let level = 0; level < 50_000; level += 1) {
      profile = { type: 'Profile', parentOrg: profile }
      nested = [nested]
    }
    expect(toArrayForm({ issuer: profile, evidence: nested }).issuer).toMatchObject({ type: ['Profile'] })
  })

  test('gives the same form when it is applied again, whatever the document', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('type', 'issuer', 'credentialSubject', 'proof', 'x'), fc.jsonValue()),
        (value) => {
          const once = toArrayForm(value as JsonObject)
          expect(toArrayForm(once)).toEqual(once)
        }
      )
    )
  })
})
