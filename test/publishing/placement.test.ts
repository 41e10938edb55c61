import { describe, expect, it } from 'vitest'
import { hostOf, type PublicDocument, placeDocuments } from '../../src/publishing/placement.js'

function place(...documents: readonly (readonly [PublicDocument['kind'], string])[]): readonly string[] {
  return placeDocuments(
    documents.map(([kind, id]) => ({ kind, id, text: '' })),
    ['a.example']
  )
}

describe('the places of published documents', () => {
  it.each<[PublicDocument['kind'], string, string]>([
    ['controllerDocument', 'did:web:a.example', '.well-known/did.json'],
    ['controllerDocument', 'did:web:a.example:x:y', 'x/y/did.json'],
    ['controllerDocument', 'https://a.example/', 'issuer.json'],
    ['controllerDocument', 'https://a.example', 'issuer.json'],
    ['controllerDocument', 'https://a.example/issuers/7', 'issuers/7.json'],
    ['statusList', 'https://a.example/status/revocation-1.json', 'status/revocation-1.json'],
    ['statusList', 'urn:uuid:0f7a4c0e-1111-4222-8333-444455556666', 'status/0f7a4c0e-1111-4222-8333-444455556666.json'],
    ['achievement', 'https://a.example/x/', 'x.json'],
    ['achievement', 'https://a.example/x.json', 'x.json']
  ])('%s %s', (kind, id, path) => {
    expect(place([kind, id])).toEqual([path])
  })

  it.each([
    'https://b.example/x',
    'https://a.example/x?y=1',
    'https://a.example/x#y',
    'https://a.example/%2e%2e%2fx',
    'https://a.example/x%00y',
    'https://a.example/x%5Cy',
    'https://a.example/.git/config',
    'https://a.example/',
    'https://a.example/index',
    `https://a.example/${'x/'.repeat(30)}`,
    `https://a.example/${'x'.repeat(300)}`,
    'urn:x:../../etc/passwd',
    'mailto:a@b.example'
  ])('puts %s into a folder of its kind', (id) => {
    expect(place(['achievement', id])[0]).toMatch(/^achievements\/(?:[a-z0-9-]{1,60}-)?[0-9a-f]{12}\.json$/)
  })

  it('gives no two documents one place, and none a place below another', () => {
    const places = place(
      ['achievement', 'https://a.example/x'],
      ['achievement', 'https://a.example/x.json'],
      ['achievement', 'https://a.example/X'],
      ['achievement', 'https://a.example/x.json/y'],
      ['achievement', 'https://a.example/z.json/y'],
      ['achievement', 'https://a.example/z']
    )
    expect(new Set(places.map((path) => path.toLowerCase())).size).toBe(6)
    expect(places.filter((path) => path.startsWith('x.json/') || path === 'z.json')).toEqual([])
  })

  it('knows the host of an issuer', () => {
    expect(hostOf('did:web:a.example%3A8443:x')).toBe('a.example:8443')
    expect(hostOf('https://a.example/x')).toBe('a.example')
    expect(hostOf('did:key:z6Mk')).toBeUndefined()
    expect(hostOf(undefined)).toBeUndefined()
  })
})
