import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { contextDigest, verify } from '../../src/index.js'
import { codesOf, noNetwork } from '../support/jwt-refusal.js'
import { editable, plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { entry } from '../support/status.js'

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
        const typed = { '@value': value, '@type': 'http://www.w3.org/2001/XMLSchema#dateTime' }
        return addContext({ ...rest, 'cred:validUntil': typed }, { cred: 'https://www.w3.org/2018/credentials#' })
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
      '21: an alias of validUntil from an added context',
      () => {
        const { value, rest } = without(expired, 'validUntil')
        const [id, type] = [
          'https://www.w3.org/2018/credentials#validUntil',
          'http://www.w3.org/2001/XMLSchema#dateTime'
        ]
        return addContext({ ...rest, vu: value }, { vu: { '@id': id, '@type': type } })
      },
      'CONTEXT_NOT_ALLOWED'
    ],
    [
      '24: a protected term redefined inside',
      () => {
        const copy = editable(plain)
        copy.credentialSubject.achievement['@context'] = { name: 'https://schema.org/description' }
        return copy
      },
      'CONTEXT_NESTED'
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
    ['29: @list', () => ({ ...plain, name: { '@list': ['Badge'] } }), 'KEYWORD_IN_DOCUMENT'],
    ['29: @json', () => ({ ...plain, name: { '@value': 'Badge', '@type': '@json' } }), 'KEYWORD_IN_DOCUMENT'],
    ['29: @reverse', () => ({ ...plain, '@reverse': { issuer: plain['issuer'] } }), 'KEYWORD_IN_DOCUMENT'],
    ['29: @graph in the body', () => ({ ...plain, '@graph': [{ id: 'urn:uuid:1' }] }), 'KEYWORD_IN_DOCUMENT'],
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
    ['32: a name and null', () => ({ ...plain, name: ['Badge', null] }), 'EMPTY_VALUE'],
    ['32: a name twice', () => ({ ...plain, name: ['Badge', 'Badge'] }), 'DUPLICATE_VALUE'],
    ['33: an unsigned null', () => ({ ...plain, validUntil: null }), 'EMPTY_VALUE'],
    ['33: an unsigned empty array', () => ({ ...plain, evidence: [] }), 'EMPTY_VALUE'],
    ['34: a relative id', () => ({ ...plain, id: '../badge' }), 'ID_NOT_ABSOLUTE'],
    ['34: an id without scheme', () => ({ ...plain, id: '//academy.example/badge' }), 'ID_NOT_ABSOLUTE'],
    [
      '34: a base from an added context',
      () => addContext(plain, { '@base': 'https://evil.example/' }),
      'CONTEXT_NOT_ALLOWED'
    ],
    [
      '34: a relative type',
      () => {
        const copy = editable(plain)
        copy.credentialSubject.type.push('Learner')
        return copy
      },
      'UNDEFINED_TERM'
    ],
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
      '37: a context inside the achievement, with the values it exchanges',
      () => {
        const copy = editable(plain)
        const { name, description } = copy.credentialSubject.achievement
        const [one, other] = ['https://schema.org/name', 'https://schema.org/description']
        const exchanged = { '@context': { name: other, description: one }, name: description, description: name }
        Object.assign(copy.credentialSubject.achievement, exchanged)
        return copy
      },
      'CONTEXT_NESTED'
    ],
    [
      '37: a context of its own in an endorsement',
      () => ({ ...plain, endorsement: [{ ...plain, '@context': [...(plain['@context'] as string[]), {}] }] }),
      'CONTEXT_NOT_ALLOWED'
    ],
    ['38: propagation switched off', () => addContext(plain, { '@propagate': false }), 'CONTEXT_NOT_ALLOWED'],
    ['38: an import', () => addContext(plain, { '@import': 'https://evil.example/context' }), 'CONTEXT_NOT_ALLOWED'],
    [
      '38: eleven remote contexts',
      () => ({
        ...plain,
        '@context': [
          ...(plain['@context'] as string[]),
          ...Array.from({ length: 11 }, (_, index) => `https://evil.example/${index}`)
        ]
      }),
      'CONTEXT_NOT_ALLOWED'
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

  it.each<[string, JsonObject, JsonObject]>([
    [
      '22: two values behind terms of a vocabulary',
      { '@vocab': 'urn:v#' },
      { over18: 'urn:v#employed', employed: 'urn:v#over18' }
    ],
    [
      '23: two values behind terms that were written inline',
      { over18: 'urn:o', employed: 'urn:e' },
      { over18: 'urn:e', employed: 'urn:o' }
    ]
  ])('refuses to exchange %s, and the terms themselves', async (_, context, exchange) => {
    const { '@context': known, ...badge } = plainBadge(issuer.did)
    const subject = { ...(badge['credentialSubject'] as JsonObject), over18: 'yes', employed: 'no' }
    const contexts = [...(known as string[]), context]
    const signed = await issuer.sign({ ...badge, '@context': contexts, credentialSubject: subject })
    expect(await refused(signed)).toContain('CONTEXT_NOT_ALLOWED')
    const exchanged = { ...signed, credentialSubject: { ...subject, over18: 'no', employed: 'yes' } }
    expect(await refused({ ...exchanged, '@context': [...contexts, exchange] })).toContain('CONTEXT_NOT_ALLOWED')
  })

  it('25: names the term that no context defines', async () => {
    const report = await verify({ ...plain, grade: 'A' }, noNetwork)
    expect(report.checks.find(({ code }) => code === 'UNDEFINED_TERM')?.message).toContain('grade')
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
})
