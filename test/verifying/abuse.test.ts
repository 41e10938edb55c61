import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, expectTypeOf, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { bakePng, bakeSvg, verify } from '../../src/index.js'
import { CHECK_IDS } from '../../src/model/check-ids.js'
import { codesOf, noNetwork } from '../support/jwt-refusal.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { entry } from '../support/status.js'

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'

let issuer: TestSigner
let plain: JsonObject
let expired: JsonObject
let withStatus: JsonObject

beforeAll(async () => {
  issuer = await testSigner('issuer')
  plain = await issuer.sign(plainBadge(issuer.did))
  expired = await issuer.sign(plainBadge(issuer.did, { validUntil: '2025-01-01T00:00:00Z' }))
  withStatus = await issuer.sign(plainBadge(issuer.did, { credentialStatus: entry() }))
})

async function refused(document: unknown): Promise<readonly string[]> {
  const report = await verify(document as JsonObject, noNetwork)
  expect(report.accepted).toBe(false)
  return codesOf(report)
}

describe('the controls', () => {
  it('accepts the plain badge as object, text and bytes', async () => {
    const text = JSON.stringify(plain)
    for (const form of [plain, text, new TextEncoder().encode(text)]) {
      const report = await verify(form, noNetwork)
      expect(codesOf(report)).toEqual([])
      expect(report.accepted).toBe(true)
    }
  })

  it('refuses the expired badge as expired and the one with a status as unknown', async () => {
    expect(await refused(expired)).toEqual(['EXPIRED'])
    expect(await refused(withStatus)).toEqual(['STATUS_UNAVAILABLE'])
  })

  it('returns the signed document and nothing else, frozen', async () => {
    const { credential } = await verify(plain, noNetwork)
    const { proof: _, ...signed } = plain
    expect(credential).toEqual(signed)
    expect(() => Object.assign(credential?.['credentialSubject'] as object, { id: 'did:example:evil' })).toThrow(
      TypeError
    )
  })
})

describe('A. JSON text and object layer', () => {
  const edited = (from: string, to: string) => JSON.stringify(plain).replace(from, to)

  it.each([
    ['1: a member twice', () => edited('"name":"Badge"', '"name":"Doctorate","name":"Badge"'), 'JSON_DUPLICATE_MEMBER'],
    ['2: __proto__', () => edited('{', '{"__proto__":{"admin":true},'), 'JSON_FORBIDDEN_MEMBER'],
    ['3: half a surrogate pair', () => edited('"Badge"', '"Bad\\ud800"'), 'JSON_STRING_MALFORMED'],
    ['4: a byte order mark', () => `\ufeff${JSON.stringify(plain)}`, 'INPUT_NOT_UTF8'],
    ['5: bytes that are not UTF-8', () => Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), 'INPUT_NOT_UTF8'],
    ['6: trailing data', () => `${JSON.stringify(plain)}{}`, 'JSON_SYNTAX'],
    ['7: deep nesting', () => edited('"Badge"', `${'['.repeat(5000)}${']'.repeat(5000)}`), 'JSON_TOO_DEEP'],
    ['8: a huge text', () => edited('"Badge"', `"${'x'.repeat(1_100_000)}"`), 'INPUT_TOO_LARGE'],
    ['9: a number out of range', () => edited('"Badge"', '1e400'), 'JSON_NUMBER_RANGE'],
    ['10: a value that is not JSON', () => ({ ...plain, name: new Date(0) }), 'JSON_VALUE_TYPE'],
    ['13: an array for a credential', () => '[]', 'INPUT_TYPE'],
    ['13: nothing', () => null, 'INPUT_TYPE']
  ])('refuses %s', async (_, input, code) => {
    const report = await verify(input() as string, noNetwork)
    expect(report.accepted).toBe(false)
    expect(report.checks[0]).toMatchObject({ id: 'input', outcome: 'fail', code })
    expect(report.checks.slice(1).every((check) => check.code === 'NOT_REACHED')).toBe(true)
    expect(report.credential).toBeUndefined()
  })

  it('11: reads an object once, so that a getter cannot show two faces', async () => {
    let reads = 0
    const twoFaced = new Proxy(plain, {
      get: (target, name) => {
        if (name !== 'name') return Reflect.get(target, name)
        reads += 1
        return reads === 1 ? 'Badge' : 'Doctorate'
      }
    })
    const report = await verify(twoFaced, noNetwork)
    expect(report.accepted).toBe(true)
    expect(report.credential?.['name']).toBe('Badge')
    expect(reads).toBe(1)
  })

  it('looks at an object or image once, so that changes while it verifies make no difference', async () => {
    const text = JSON.stringify(plain)
    const changing = editable(JSON.parse(text))
    const ofObject = verify(changing, noNetwork)
    changing.name = 'Doctorate'
    const images = [bakePng(readFileSync('examples/badge.png'), text), new TextEncoder().encode(bakeSvg(SVG, text))]
    const ofImages = images.map((image) => {
      const report = verify(image, noNetwork)
      image.fill(0)
      return report
    })
    for (const report of await Promise.all([ofObject, ...ofImages])) {
      expect(codesOf(report)).toEqual([])
      expect(report.credential?.['name']).toBe('Badge')
    }
  })

  it('13: refuses a value of any other type at any place, instead of reading it somehow', async () => {
    const rich = await issuer.sign(
      plainBadge(issuer.did, {
        validUntil: '2030-01-01T00:00:00Z',
        image: { id: 'https://academy.example/badge.png', type: 'Image' },
        evidence: [{ id: 'urn:uuid:1', type: ['Evidence'], name: 'Exam' }]
      })
    )
    const accepted: string[] = []
    for (const { path, value, put } of placesOf(rich)) {
      for (const [what, other] of othersThan(value)) {
        const report = await verify(put(other) as JsonObject, noNetwork)
        expect([path, what, codesOf(report)]).not.toEqual([path, what, expect.arrayContaining(['INTERNAL_ERROR'])])
        if (report.accepted) accepted.push(`${path} ${what}`)
      }
    }
    // JSON-LD itself writes an array of one thing as the thing.
    const single = ['/issuer/type', '/credentialSubject/type', '/credentialSubject/achievement/type']
    const singles = [...single, '/evidence', '/evidence/0/type', '/proof']
    expect(accepted.sort()).toEqual(singles.map((path) => `${path} its only item`).sort())
  })
})

interface PlaceInDocument {
  readonly path: string
  readonly value: unknown
  /** The document with another value here. */
  put(other: unknown): unknown
}

function placesOf(
  document: unknown,
  path = '',
  put: (other: unknown) => unknown = (other) => other
): PlaceInDocument[] {
  if (typeof document !== 'object' || document === null) return []
  return Object.entries(document).flatMap(([name, value]) => {
    const place = `${path}/${name}`
    const putHere = (other: unknown) =>
      put(Array.isArray(document) ? withItem(document, Number(name), other) : { ...document, [name]: other })
    return [{ path: place, value, put: putHere }, ...placesOf(value, place, putHere)]
  })
}

function withItem(list: readonly unknown[], at: number, other: unknown): unknown[] {
  return list.map((item, index) => (index === at ? other : item))
}

function othersThan(value: unknown): [what: string, other: unknown][] {
  const onlyItem: [string, unknown][] = Array.isArray(value) && value.length === 1 ? [['its only item', value[0]]] : []
  return [
    ['a text', 'x'],
    ['a number', 1],
    ['true', true],
    ['null', null],
    ['an object', {}],
    ['an object whose text is none', { toString: 'x' }],
    ['an empty array', []],
    ['an array of it', [value]],
    ['a value object of it', { '@value': value }],
    ['an object with it as id', { id: value }],
    ['its JSON', JSON.stringify(value)],
    ...onlyItem
  ]
}

describe('a report', () => {
  it('70: is no answer by being there: the decision is a member, and the document may be missing', async () => {
    const report = await verify({ ...plain, name: 'Doctorate' }, noNetwork)
    expectTypeOf(report.accepted).toEqualTypeOf<boolean>()
    expectTypeOf<undefined>().toExtend<typeof report.credential>()
    // @ts-expect-error Nobody reads a document that may be missing.
    expect(() => report.credential.name).toThrow(TypeError)
  })
})

describe('a policy', () => {
  it('70: accepts nothing without a verified document, however little it asks for', async () => {
    const edited = editable(plain)
    edited.name = 'Doctorate'
    const policy = { name: 'nothing', advisory: CHECK_IDS }
    const report = await verify(edited, { ...noNetwork, policy })
    expect(report).toMatchObject({ accepted: false, credential: undefined })
    expect(report.warnings.map(({ code }) => code)).toEqual(['SIGNATURE_INVALID'])
    expect((await verify(plain, { ...noNetwork, policy })).accepted).toBe(true)
  })
})
