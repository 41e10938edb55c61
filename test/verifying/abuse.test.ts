import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { bakePng, bakeSvg, contextDigest, type Report, type VerifyOptions, verify } from '../../src/index.js'
import { CHECK_IDS } from '../../src/model/check-ids.js'
import { NOW } from '../support/issuer.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'

/** Nobody may be asked anything: a resolver that answers would hide a fetch. */
const noNetwork: VerifyOptions = {
  now: NOW,
  resolver: {
    resolve: async ({ url }) => {
      throw new Error(`asked for ${url}`)
    }
  }
}
const codes = (report: Report) =>
  report.checks.filter(({ outcome }) => outcome !== 'pass' && outcome !== 'notApplicable').map(({ code }) => code)

let issuer: TestSigner
let mallory: TestSigner
let plain: JsonObject
let expired: JsonObject
let withStatus: JsonObject

beforeAll(async () => {
  issuer = await testSigner('issuer')
  mallory = await testSigner('mallory')
  plain = await issuer.sign(plainBadge(issuer.did))
  expired = await issuer.sign(plainBadge(issuer.did, { validUntil: '2025-01-01T00:00:00Z' }))
  withStatus = await issuer.sign(
    plainBadge(issuer.did, {
      credentialStatus: {
        id: 'https://academy.example/status/1#5',
        type: 'BitstringStatusListEntry',
        statusPurpose: 'revocation',
        statusListIndex: '5',
        statusListCredential: 'https://academy.example/status/1'
      }
    })
  )
})

async function refused(document: unknown, options: VerifyOptions = noNetwork): Promise<readonly string[]> {
  const report = await verify(document as JsonObject, options)
  expect(report.accepted).toBe(false)
  return codes(report)
}

describe('the controls', () => {
  it('accepts the plain badge as object, text and bytes', async () => {
    const text = JSON.stringify(plain)
    for (const form of [plain, text, new TextEncoder().encode(text)]) {
      const report = await verify(form, noNetwork)
      expect(codes(report)).toEqual([])
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
      expect(codes(report)).toEqual([])
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
        expect([path, what, codes(report)]).not.toEqual([path, what, expect.arrayContaining(['INTERNAL_ERROR'])])
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
    ['an empty array', []],
    ['an array of it', [value]],
    ['a value object of it', { '@value': value }],
    ['an object with it as id', { id: value }],
    ['its JSON', JSON.stringify(value)],
    ...onlyItem
  ]
}

describe('B. JSON-LD and contexts', () => {
  const without = (document: JsonObject, member: string) => {
    const { [member]: value, ...rest } = editable(document)
    return { value, rest }
  }
  const addContext = (document: JsonObject, context: unknown) => ({
    ...document,
    '@context': [...(document['@context'] as unknown[]), context]
  })

  it.each<[string, () => unknown, string]>([
    [
      '17: validUntil under @nest',
      () => {
        const { value, rest } = without(expired, 'validUntil')
        return { ...rest, '@nest': { validUntil: value } }
      },
      'KEYWORD_IN_DOCUMENT'
    ],
    [
      '18: credentialStatus under @nest',
      () => {
        const { value, rest } = without(withStatus, 'credentialStatus')
        return { ...rest, '@nest': { credentialStatus: value } }
      },
      'KEYWORD_IN_DOCUMENT'
    ],
    [
      '19: validUntil behind its IRI',
      () => {
        const { value, rest } = without(expired, 'validUntil')
        return {
          ...rest,
          'https://www.w3.org/2018/credentials#validUntil': {
            '@value': value,
            '@type': 'http://www.w3.org/2001/XMLSchema#dateTime'
          }
        }
      },
      'IRI_AS_MEMBER'
    ],
    [
      '19: credentialStatus behind its IRI',
      () => {
        const { value, rest } = without(withStatus, 'credentialStatus')
        return { ...rest, 'https://www.w3.org/2018/credentials#credentialStatus': value }
      },
      'IRI_AS_MEMBER'
    ],
    [
      '20: a prefix from an added context',
      () => {
        const { value, rest } = without(expired, 'validUntil')
        return addContext({ ...rest, 'cred:validUntil': value }, { cred: 'https://www.w3.org/2018/credentials#' })
      },
      'CONTEXT_NOT_ALLOWED'
    ],
    [
      '21: an alias from an added context',
      () => {
        const { value, rest } = without(plain, 'name')
        return addContext({ ...rest, nm: value }, { nm: 'https://schema.org/name' })
      },
      'CONTEXT_NOT_ALLOWED'
    ],
    [
      '24: a protected term redefined',
      () => addContext(plain, { name: 'https://schema.org/description' }),
      'CONTEXT_NOT_ALLOWED'
    ],
    ['25: an undefined term at the top', () => ({ ...plain, grade: 'A' }), 'UNDEFINED_TERM'],
    [
      '25: an undefined term in the subject',
      () => {
        const copy = editable(plain)
        copy.credentialSubject.grade = 'A'
        return copy
      },
      'UNDEFINED_TERM'
    ],
    [
      '25: an undefined term in the proof',
      () => {
        const copy = editable(plain)
        copy.proof[0].grade = 'A'
        return copy
      },
      'UNDEFINED_TERM'
    ],
    ['26: an undefined term with null', () => ({ ...plain, admin: null }), 'EMPTY_VALUE'],
    ['26: an undefined term with an empty array', () => ({ ...plain, admin: [] }), 'EMPTY_VALUE'],
    [
      '27: free text in @index',
      () => {
        const copy = editable(plain)
        copy.credentialSubject['@index'] = 'with distinction'
        return copy
      },
      'KEYWORD_IN_DOCUMENT'
    ],
    [
      '27: @index in the proof',
      () => {
        const copy = editable(plain)
        copy.proof[0]['@index'] = 'x'
        return copy
      },
      'KEYWORD_IN_DOCUMENT'
    ],
    [
      '28: @included moves a node',
      () => {
        const copy = editable(plain)
        const { achievement } = copy.credentialSubject
        copy.credentialSubject.achievement = { id: achievement.id }
        copy['@included'] = [achievement]
        return copy
      },
      'KEYWORD_IN_DOCUMENT'
    ],
    ['29: @set', () => ({ ...plain, name: { '@set': ['Badge'] } }), 'KEYWORD_IN_DOCUMENT'],
    [
      '29: the whole credential in @graph',
      () => ({ '@context': plain['@context'], type: plain['type'], '@graph': [plain] }),
      'KEYWORD_IN_DOCUMENT'
    ],
    [
      '30: @id for id',
      () => {
        const { value, rest } = without(plain, 'id')
        return { ...rest, '@id': value }
      },
      'KEYWORD_IN_DOCUMENT'
    ],
    [
      '31: a type by its IRI',
      () => ({
        ...plain,
        type: ['VerifiableCredential', 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential']
      }),
      'TYPE_NOT_EXPECTED'
    ],
    [
      '31: a further type by its IRI',
      () => {
        const copy = editable(plain)
        copy.credentialSubject.type = [
          'https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementSubject',
          'AchievementSubject'
        ]
        return copy
      },
      'TYPE_DISGUISED'
    ],
    ['32: a value object for a name', () => ({ ...plain, name: { '@value': 'Badge' } }), 'SCHEMA_INVALID'],
    ['32: a name twice', () => ({ ...plain, name: ['Badge', 'Badge'] }), 'DUPLICATE_VALUE'],
    ['33: an unsigned null', () => ({ ...plain, validUntil: null }), 'EMPTY_VALUE'],
    ['33: an unsigned empty array', () => ({ ...plain, evidence: [] }), 'EMPTY_VALUE'],
    ['34: a relative id', () => ({ ...plain, id: '../badge' }), 'ID_NOT_ABSOLUTE'],
    ['34: an empty id', () => ({ ...plain, id: '' }), 'ID_NOT_ABSOLUTE'],
    ['35: an empty context added', () => addContext(plain, {}), 'CONTEXT_NOT_ALLOWED'],
    ['35: a context twice', () => addContext(plain, 'https://www.w3.org/ns/credentials/v2'), 'CONTEXT_NOT_ALLOWED'],
    ['35: an unknown context', () => addContext(plain, 'https://evil.example/context'), 'CONTEXT_NOT_ALLOWED'],
    [
      '37: a context inside the subject',
      () => {
        const copy = editable(plain)
        copy.credentialSubject['@context'] = { name: 'https://schema.org/description' }
        return copy
      },
      'CONTEXT_NESTED'
    ],
    [
      '38: a null context',
      () => ({ ...plain, '@context': [null, ...(plain['@context'] as string[])] }),
      'CONTEXT_NOT_ALLOWED'
    ],
    ['41: the type removed', () => ({ ...plain, type: ['VerifiableCredential'] }), 'TYPE_NOT_EXPECTED'],
    [
      '42: the subject twice',
      () => ({ ...plain, credentialSubject: [plain['credentialSubject'], { id: 'did:example:learner' }] }),
      'DUPLICATE_VALUE'
    ],
    [
      '47: a blank node id',
      () => {
        const copy = editable(plain)
        copy.credentialSubject.id = '_:c14n0'
        return copy
      },
      'ID_NOT_ABSOLUTE'
    ],
    [
      'a type listed twice',
      () => ({ ...plain, type: ['VerifiableCredential', 'OpenBadgeCredential', 'OpenBadgeCredential'] }),
      'DUPLICATE_TYPE'
    ],
    [
      '45: 2,001 objects',
      () => ({ ...plain, evidence: Array.from({ length: 2001 }, () => ({ type: ['Evidence'] })) }),
      'TOO_MANY_NODES'
    ]
  ])('refuses %s', async (_, input, code) => {
    expect(await refused(input())).toContain(code)
  })

  it('accepts another order of the types, which a set does not sign', async () => {
    const report = await verify({ ...plain, type: ['OpenBadgeCredential', 'VerifiableCredential'] }, noNetwork)
    expect(report.accepted).toBe(true)
  })

  it('36: uses its own copy of a context and takes no other content for it', async () => {
    const altered = {
      url: 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
      document: { '@context': {} },
      sha256: '00'.repeat(32)
    }
    await expect(verify(plain, { ...noNetwork, contexts: [altered] })).rejects.toMatchObject({
      code: 'CONTEXT_DIGEST_MISMATCH'
    })
  })
})

describe('42. one id in several places', () => {
  it('refuses a value or a thing that a list mentions twice', async () => {
    const badge = plainBadge(issuer.did)
    const subject = badge['credentialSubject'] as JsonObject
    const achievement = { ...(subject['achievement'] as JsonObject), tag: ['maths', 'algebra'] }
    const signed = await issuer.sign({
      ...badge,
      credentialSubject: { ...subject, achievement },
      evidence: [{ id: 'urn:uuid:1', type: ['Evidence'], name: 'Exam', genre: 'WorkProduct' }]
    })
    expect((await verify(signed as never, noNetwork)).accepted).toBe(true)
    const twice = editable(signed)
    twice.credentialSubject.achievement.tag.push('maths')
    expect(await refused(twice)).toContain('DUPLICATE_VALUE')
    const split = editable(signed)
    split.evidence = [
      { id: 'urn:uuid:1', type: ['Evidence'], name: 'Exam' },
      { id: 'urn:uuid:1', type: ['Evidence'], genre: 'WorkProduct' }
    ]
    expect(await refused(split)).toContain('DUPLICATE_VALUE')
  })

  it('refuses a number with more digits than its signed form keeps', async () => {
    const badge = plainBadge(issuer.did)
    const subject = badge['credentialSubject'] as JsonObject
    const signed = await issuer.sign({ ...badge, credentialSubject: { ...subject, creditsEarned: 2.123456789012345 } })
    expect((await verify(signed as never, noNetwork)).accepted).toBe(true)
    const finer = editable(signed)
    finer.credentialSubject.creditsEarned = Number('2.1234567890123454')
    expect(await refused(finer)).toContain('NUMBER_NOT_EXACT')
  })

  it('refuses members that were moved to another object with the id of the credential', async () => {
    const badge = plainBadge(issuer.did, { validUntil: '2025-01-01T00:00:00Z' })
    const id = badge['id'] as string
    const signed = await issuer.sign({
      ...badge,
      '@context': [...(badge['@context'] as string[]), 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'],
      refreshService: { id, type: '1EdTechCredentialRefresh' }
    })
    expect(await refused(signed)).toEqual(['REFRESH_NOT_ATTEMPTED', 'EXPIRED'])
    const moved = editable(signed)
    moved.type.push('1EdTechCredentialRefresh')
    moved.refreshService = { id, type: 'VerifiableCredential', validUntil: moved.validUntil }
    delete moved.validUntil
    expect(await refused(moved)).toContain('ID_AMBIGUOUS')
    const untyped = editable(signed)
    untyped.refreshService.validUntil = untyped.validUntil
    delete untyped.validUntil
    expect(await refused(untyped)).toContain('ID_AMBIGUOUS')
  })

  it('refuses members that were moved to evidence, related achievements or a reference with the same id', async () => {
    const id = 'urn:uuid:0f0f0f0f-0000-4000-8000-000000000001'
    for (const member of ['evidence', 'termsOfUse', 'relatedResource', 'credentialSchema']) {
      const moved = {
        ...expired,
        [member]: [{ id, type: ['VerifiableCredential'], validUntil: expired['validUntil'] }],
        validUntil: undefined
      }
      const { validUntil: _, ...rest } = moved
      expect(await refused(rest)).toContain('ID_AMBIGUOUS')
    }
  })

  it('accepts criteria with the id of their achievement, between which nothing can be moved', async () => {
    const badge = plainBadge(issuer.did)
    const subject = badge['credentialSubject'] as JsonObject
    const achievement = subject['achievement'] as JsonObject
    const criteria = { id: achievement['id'] as string, narrative: 'Exam' }
    const signed = await issuer.sign({
      ...badge,
      credentialSubject: { ...subject, achievement: { ...achievement, tag: ['a'], criteria } }
    })
    const report = await verify(signed as never, noNetwork)
    expect([report.accepted, report.warnings]).toEqual([true, []])
    const moved = editable(signed)
    moved.credentialSubject.achievement.criteria.type = 'Achievement'
    moved.credentialSubject.achievement.criteria.tag = moved.credentialSubject.achievement.tag
    delete moved.credentialSubject.achievement.tag
    expect(await refused(moved)).toContain('ID_AMBIGUOUS')
  })

  it('does not compare a thing that is described everywhere with itself over and over', async () => {
    const children = Object.fromEntries(
      Array.from({ length: 1900 }, (_, index) => [`m${index}`, { id: plain['id'], type: `T${index}` }])
    )
    expect(await refused({ ...plain, ...children })).toContain('ID_AMBIGUOUS')
  })

  it('refuses members that were moved into or out of an endorsement with the same id', async () => {
    const badge = plainBadge(issuer.did, { validUntil: '2025-01-01T00:00:00Z' })
    const endorsement = await mallory.sign({
      '@context': badge['@context'] as string[],
      id: badge['id'] as string,
      type: ['VerifiableCredential', 'EndorsementCredential'],
      issuer: { id: mallory.did, type: ['Profile'] },
      validFrom: '2024-01-01T00:00:00Z',
      validUntil: '2025-01-01T00:00:00Z',
      name: 'Endorsement',
      credentialSubject: { id: badge['id'] as string, type: ['EndorsementSubject'] }
    })
    const moved = editable(await issuer.sign({ ...badge, endorsement: [endorsement] }))
    delete moved.validUntil
    expect(await refused(moved)).toContain('ID_AMBIGUOUS')
  })

  it('refuses members of an issuer that were moved to the subject with the same id', async () => {
    const self = plainBadge(issuer.did)
    const subject = { ...(self['credentialSubject'] as JsonObject), id: issuer.did }
    const signed = await issuer.sign({ ...self, credentialSubject: subject })
    expect((await verify(signed as never, noNetwork)).accepted).toBe(true)
    const moved = editable(signed)
    moved.credentialSubject.type.push('Profile')
    moved.credentialSubject.name = moved.issuer.name
    moved.issuer = issuer.did
    expect(await refused(moved)).toContain('ID_AMBIGUOUS')
  })

  it('accepts a refresh service with the id of the credential, in both data models, and related resources', async () => {
    const first = plainBadge(issuer.did)
    const { validFrom: _, ...unstarted } = first
    const extensions = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'
    const refreshService = { id: first['id'] as string, type: '1EdTechCredentialRefresh' }
    const image = { id: 'https://academy.example/badge.png', type: 'Image' }
    const relatedResource = [{ id: image.id, digestSRI: `sha384-${'A'.repeat(64)}` }]
    const badges = [
      {
        ...first,
        '@context': [...(first['@context'] as string[]), extensions],
        refreshService,
        image,
        relatedResource
      },
      {
        ...unstarted,
        '@context': [
          'https://www.w3.org/2018/credentials/v1',
          'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
          'https://w3id.org/security/data-integrity/v2',
          extensions
        ],
        issuanceDate: '2024-01-01T00:00:00Z',
        refreshService
      }
    ]
    for (const badge of badges)
      expect((await verify((await issuer.sign(badge)) as never, noNetwork)).accepted).toBe(true)
  })

  it('26, 34: refuses an empty id, which safe mode passes over and nothing signs', async () => {
    for (const [member, value] of [
      ['relatedResource', ''],
      ['relatedResource', ['']],
      ['jti', ''],
      ['renderMethod', '']
    ] as const) {
      expect(await refused({ ...plain, [member]: value })).toContain('UNDEFINED_TERM')
    }
  })

  it('21: takes no context from its caller that renames what badges say', async () => {
    const document = {
      '@context': { '@protected': true, expiry: { '@id': 'https://www.w3.org/2018/credentials#validUntil' } }
    }
    const contexts = [{ url: 'https://academy.example/terms', document, sha256: contextDigest(document) }]
    await expect(verify(plain, { ...noNetwork, contexts })).rejects.toMatchObject({
      name: 'OptionError',
      code: 'CONTEXT_UNSAFE'
    })
  })

  it('reads the earlier end of a credential that states two', async () => {
    const first = plainBadge(issuer.did)
    const { validFrom: _, ...unstarted } = first
    const badge = {
      ...unstarted,
      '@context': [
        'https://www.w3.org/2018/credentials/v1',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
        'https://w3id.org/security/data-integrity/v2'
      ],
      issuanceDate: '2024-01-01T00:00:00Z',
      expirationDate: '2025-01-01T00:00:00Z',
      validUntil: '2030-01-01T00:00:00Z'
    }
    const signed = await issuer.sign(badge)
    expect(await refused(signed)).toEqual(['EXPIRED'])
  })

  it('says so where two places describe one thing differently', async () => {
    const badge = plainBadge(issuer.did)
    const subject = badge['credentialSubject'] as JsonObject
    const creator = { id: issuer.did, type: ['Profile'], url: 'https://university.example' }
    const achievement = { ...(subject['achievement'] as JsonObject), creator }
    const signed = await issuer.sign({ ...badge, credentialSubject: { ...subject, achievement } })
    const report = await verify(signed as never, noNetwork)
    expect(report.accepted).toBe(true)
    expect(report.warnings.map(({ code }) => code)).toEqual(['SHARED_ID'])
    expect((await verify(plain, noNetwork)).warnings).toEqual([])
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
