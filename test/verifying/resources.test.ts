import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { digestMultibase } from '../../src/crypto/digest.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { bakePng, bakeSvg } from '../../src/index.js'
import { verify } from '../../src/verify.js'
import { png } from '../baking/png-builder.js'
import { NOW } from '../support/issuer.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'

const PICTURE = Uint8Array.of(1, 2, 3)
const URL_OF_PICTURE = 'https://academy.example/badge.png'
const sri = (name: string, bytes = PICTURE) => `${name}-${createHash(name).update(bytes).digest('base64')}`

let issuer: TestSigner
beforeAll(async () => {
  issuer = await testSigner('issuer')
})

async function checkOf(more: JsonObject, resources?: Record<string, Uint8Array | string>) {
  const signed = await issuer.sign(plainBadge(issuer.did, more))
  const report = await verify(signed as never, { now: NOW, ...(resources && { resources }) })
  return { accepted: report.accepted, ...report.checks.find(({ id }) => id === 'resources') }
}
const related = (more: JsonObject) => ({ relatedResource: [{ id: URL_OF_PICTURE, type: 'Image', ...more }] })

describe('files that a badge refers to', () => {
  it.each(['sha256', 'sha384', 'sha512'])('199: are compared with a digestSRI of %s', async (name) => {
    const badge = related({ digestSRI: sri(name) })
    expect(await checkOf(badge, { [URL_OF_PICTURE]: PICTURE })).toMatchObject({
      accepted: true,
      code: 'RESOURCES_MATCH'
    })
    expect(await checkOf(badge, { [URL_OF_PICTURE]: Uint8Array.of(1, 2, 4) })).toMatchObject({
      accepted: false,
      code: 'RESOURCE_MISMATCH'
    })
  })

  it('199: are compared with a digestMultibase, also as evidence', async () => {
    const work = 'What was done.'
    const evidence = {
      evidence: [
        {
          id: 'https://academy.example/work.txt',
          type: ['Evidence'],
          digestMultibase: digestMultibase(new TextEncoder().encode(work))
        }
      ]
    }
    expect(await checkOf(evidence, { 'https://academy.example/work.txt': work })).toMatchObject({
      code: 'RESOURCES_MATCH'
    })
    expect(await checkOf(evidence, { 'https://academy.example/work.txt': `${work} ` })).toMatchObject({
      accepted: false,
      code: 'RESOURCE_MISMATCH'
    })
  })

  it('190: include the picture of the achievement, whose pixels are not signed otherwise', async () => {
    const badge = related({ digestMultibase: digestMultibase(PICTURE) })
    expect(await checkOf(badge, { [URL_OF_PICTURE]: Uint8Array.of(9) })).toMatchObject({ code: 'RESOURCE_MISMATCH' })
  })

  it('190: are not what an image shows: the report of one says that its picture is not signed', async () => {
    const text = JSON.stringify(await issuer.sign(plainBadge(issuer.did)))
    const images = [bakePng(png(), text), bakeSvg('<svg xmlns="http://www.w3.org/2000/svg"/>', text)]
    for (const image of images) {
      const report = await verify(image, { now: NOW })
      expect(report.accepted).toBe(true)
      expect(report.checks[0]?.message).toMatch(/^The input was read as a baked .+, whose picture is not signed\.$/)
    }
  })

  it('199: are described once each, so that no second digest is chosen instead', async () => {
    const one = { id: URL_OF_PICTURE, type: 'Image', digestSRI: sri('sha256') }
    const other = { ...one, digestSRI: sri('sha256', Uint8Array.of(9)) }
    const signed = await issuer.sign(plainBadge(issuer.did, { relatedResource: [one, other] }))
    const report = await verify(signed as never, { now: NOW, resources: { [URL_OF_PICTURE]: PICTURE } })
    expect(report.accepted).toBe(false)
    expect(report.checks.find(({ id }) => id === 'shape')?.code).toBe('DUPLICATE_VALUE')
  })

  it('are not fetched, and their absence does not decide', async () => {
    expect(await checkOf(related({ digestSRI: sri('sha384') }))).toMatchObject({
      accepted: true,
      outcome: 'notApplicable',
      code: 'RESOURCES_NOT_GIVEN'
    })
    const two = {
      relatedResource: [
        ...related({ digestSRI: sri('sha384') }).relatedResource,
        { id: 'https://x.example/', digestSRI: sri('sha384') }
      ]
    }
    expect(await checkOf(two, { [URL_OF_PICTURE]: PICTURE })).toMatchObject({
      accepted: true,
      code: 'RESOURCES_SOME_MATCH'
    })
  })

  it('count by the strongest of several digests', async () => {
    const badge = related({ digestSRI: `${sri('sha256', Uint8Array.of(7))} ${sri('sha512')}` })
    expect(await checkOf(badge, { [URL_OF_PICTURE]: PICTURE })).toMatchObject({ code: 'RESOURCES_MATCH' })
    const weak = related({ digestSRI: `${sri('sha256')} ${sri('sha512', Uint8Array.of(7))}` })
    expect(await checkOf(weak, { [URL_OF_PICTURE]: PICTURE })).toMatchObject({ code: 'RESOURCE_MISMATCH' })
  })

  it.each<[string, JsonObject]>([
    ['no digest', {}],
    ['another hash', { digestSRI: 'md5-AAAA' }],
    ['a digest that is too short', { digestSRI: 'sha256-AAAA' }],
    ['a digest that is no base64', { digestSRI: 'sha256-????' }],
    ['a multihash of another length', { digestMultibase: 'uEiAB' }],
    ['a text that is no multibase', { digestMultibase: 'EiAB' }],
    ['one good digest and one bad', { digestSRI: sri('sha256'), digestMultibase: 'uEiAB' }]
  ])('199: are refused with %s', async (_, digest) => {
    expect(await checkOf(related(digest), { [URL_OF_PICTURE]: PICTURE })).toMatchObject({
      accepted: false,
      code: 'RESOURCE_MALFORMED'
    })
  })

  it('199: have a digest each, so an address alone is not passed over', async () => {
    const badge = { relatedResource: [URL_OF_PICTURE] }
    expect(await checkOf(badge)).toMatchObject({ accepted: false, code: 'RESOURCE_MALFORMED' })
    expect(await checkOf({ relatedResource: URL_OF_PICTURE }, { [URL_OF_PICTURE]: PICTURE })).toMatchObject({
      code: 'RESOURCE_MALFORMED'
    })
  })

  it('are the caller’s to give as bytes or text', async () => {
    await expect(verify('{}', { resources: { a: 1 } as never })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      path: 'resources.a'
    })
    await expect(verify('{}', { resources: 'x' as never })).rejects.toMatchObject({ path: 'resources' })
  })
})
