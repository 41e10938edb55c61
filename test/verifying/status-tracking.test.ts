import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { createMapResolver } from '../../src/index.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { entry, LIST, serve, signedList, statusOf } from '../support/status.js'

let issuer: TestSigner

beforeAll(async () => {
  issuer = await testSigner('issuer')
})

async function warningsFor(list: string, id: string): Promise<readonly string[]> {
  const badge = await issuer.sign(
    plainBadge(issuer.did, { id, credentialStatus: entry({ id: `${list}#5`, statusListCredential: list }) })
  )
  const served: JsonObject = await signedList(issuer, { document: { id: list }, subject: { id: `${list}#list` } })
  const { code, warnings } = await statusOf(badge, { resolver: serve(served, list) })
  expect(code).toBe('STATUS_GOOD')
  return warnings
}

const UUID = 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000001'

describe('STATUS_URL_TRACKABLE', () => {
  it.each([
    ['a query', `${LIST}?badge=7`, UUID],
    ['an empty query', `${LIST}?`, UUID],
    ['the id of the badge', `https://academy.example/status/${UUID}`, UUID],
    ['the UUID of the badge', 'https://academy.example/status/0f0f0f0f-0000-4000-8000-000000000001', UUID],
    [
      'the UUID without dashes',
      'https://academy.example/status/0f0f0f0f00004000800000000000 0001'.replace(' ', ''),
      UUID
    ],
    ['the UUID in capitals', 'https://academy.example/status/0F0F0F0F-0000-4000-8000-000000000001', UUID],
    [
      'the badge’s own address',
      'https://academy.example/badges/DwwWNnYo7Q/status',
      'https://academy.example/badges/DwwWNnYo7Q'
    ],
    [
      'the end of the badge’s address',
      'https://status.example/dwwwnnyo7q.json',
      'https://academy.example/badges/DwwWNnYo7Q'
    ],
    ['a name of eight letters', 'https://status.example/a/badge-77', 'https://academy.example/badges/badge-77'],
    [
      'the query of the badge’s address',
      'https://status.example/award12345',
      'https://academy.example/badges?award12345'
    ],
    [
      'the fragment of the badge’s address',
      'https://status.example/award-12345',
      'https://academy.example/badges#award-12345'
    ]
  ])('150: warns of a list whose address holds %s', async (_what, list, id) => {
    expect(await warningsFor(list, id)).toEqual(['STATUS_URL_TRACKABLE'])
  })

  it.each([
    ['a list for many', LIST, UUID],
    ['a short name', 'https://academy.example/status/badge-7', 'https://academy.example/badges/badge-7'],
    ['a word without digit', 'https://academy.example/certificates', 'https://academy.example/certificates'],
    ['a name of a UUID, which nobody serves', UUID.replace(/1$/, '2'), UUID.replace(/1$/, '2').toUpperCase()]
  ])('150: does not warn of %s', async (_what, list, id) => {
    expect(await warningsFor(list, id.replace('URN:UUID', 'urn:uuid'))).toEqual([])
  })

  it('150: shows no more of the address than fits a line', async () => {
    const list = `${LIST}?${'a'.repeat(500)}`
    const badge = await issuer.sign(plainBadge(issuer.did, { credentialStatus: entry({ statusListCredential: list }) }))
    const { report } = await statusOf(badge, {})
    expect(report.warnings.map(({ facts }) => facts['list'])).toEqual([list.slice(0, 200)])
  })

  it('150: warns also where the list cannot be had, and of a revocation list', async () => {
    const list = 'https://academy.example/badges/DwwWNnYo7Q/revocations'
    const plain = plainBadge(issuer.did, {
      id: 'https://academy.example/badges/DwwWNnYo7Q',
      credentialStatus: { id: list, type: '1EdTechRevocationList' }
    })
    const context = [...(plain['@context'] as string[]), 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json']
    const badge = await issuer.sign({ ...plain, '@context': context })
    const absent = await statusOf(badge, { resolver: createMapResolver({}) })
    expect(absent).toMatchObject({ code: 'STATUS_UNAVAILABLE', warnings: ['STATUS_URL_TRACKABLE'] })
    expect(absent.report.warnings[0]?.message).toContain(list)
    const resolver = serve({ id: list, issuer: issuer.did, revokedCredential: [] }, list)
    expect((await statusOf(badge, { resolver })).warnings).toEqual(['STATUS_URL_TRACKABLE', 'STATUS_LIST_UNSIGNED'])
    const bitstring = await issuer.sign(
      plainBadge(issuer.did, { credentialStatus: entry({ statusListCredential: `${LIST}?a` }) })
    )
    expect((await statusOf(bitstring, {})).warnings).toEqual(['STATUS_URL_TRACKABLE'])
  })
})
