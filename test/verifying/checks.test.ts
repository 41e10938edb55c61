import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/crypto/digest.js'
import { InputError } from '../../src/encoding/errors.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { encodeMultibase } from '../../src/encoding/multibase.js'
import { ed25519Signature2020, eddsaRdfc2022, type VerifyOptions } from '../../src/index.js'
import { hashIdentity } from '../../src/model/identity-hash.js'
import { checkCredentialSchema } from '../../src/verifying/credential-schema.js'
import { displayBadge } from '../../src/verifying/display.js'
import { keySearch, keyWarnings, nameWarnings, signingTime } from '../../src/verifying/key-search.js'
import { settle } from '../../src/verifying/options.js'
import { gateProofs } from '../../src/verifying/proof-gate.js'
import { checkRecipient, readExpectedRecipient } from '../../src/verifying/recipient.js'
import { checkResources, readResources } from '../../src/verifying/resources.js'
import { checkResults } from '../../src/verifying/results.js'
import { sharedIdWarnings } from '../../src/verifying/shared-id-warnings.js'
import { checkValidity, readPeriod } from '../../src/verifying/validity.js'
import { NOW } from '../support/issuer.js'
import { plainBadge } from '../support/sign.js'

const settings = settle({ now: NOW })

describe('the schema that a credential names', () => {
  const schema = (id: unknown, type: unknown = '1EdTechJsonSchemaValidator2019') => ({ id, type }) as JsonObject
  const of = (...named: JsonObject[]) => checkCredentialSchema({ credentialSchema: named })
  const base = 'https://purl.imsglobal.org/spec/ob/v3p0/schema'

  it.each([
    `${base}/json/ob_v3p0_achievementcredential_schema.json`,
    `${base}/json-ld/ob_v3p0_endorsementcredential_schema.json`,
    `${base}/json/ob_v3p0_anyachievementcredential_schema.json`,
    `${base}/json/ob_v3p0_anyendorsementcredential-jsonschema1.json`
  ])('191: is known where it is %s', (id) => {
    expect(of(schema(id)).code).toBe('CREDENTIAL_SCHEMA_KNOWN')
    for (const other of [`x${id}`, `${id}x`, id.replace('json', 'yaml'), id.replace('v3p0_', 'v3p0_some')]) {
      const found = of(schema(id), schema(other))
      expect(found).toMatchObject({ code: 'CREDENTIAL_SCHEMA_UNKNOWN', facts: { id: other } })
    }
    expect(of(schema(id, 'JsonSchema'))).toMatchObject({ code: 'CREDENTIAL_SCHEMA_UNKNOWN', facts: { id } })
  })

  it('191: is told in a line, and none is none', () => {
    const long = `https://a.example/${'x'.repeat(300)}`
    expect(of(schema(long)).facts).toEqual({ id: long.slice(0, 200) })
    expect(checkCredentialSchema({}).code).toBe('CREDENTIAL_SCHEMA_NONE')
  })
})

describe('the period of a credential', () => {
  const of = (document: JsonObject, now = '2026-06-01T12:00:00Z') =>
    checkValidity(document, { ...settings, now: new Date(now) })

  it('174: says from when and until when', () => {
    expect(of({ validFrom: '2026-06-01T12:01:01Z' })).toMatchObject({
      code: 'NOT_YET_VALID',
      facts: { from: '2026-06-01T12:01:01Z' }
    })
    expect(of({ validUntil: '2026-06-01T11:59:59Z' })).toMatchObject({
      code: 'EXPIRED',
      facts: { until: '2026-06-01T11:59:59Z' }
    })
    for (const document of [{}, { validFrom: '2026-06-01T12:01:00Z' }, { validUntil: '2026-06-01T12:00:00Z' }])
      expect(of(document).code).toBe('VALID_NOW')
  })

  it('is that of the later start and the earlier end', () => {
    const [early, late] = ['2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z']
    for (const [one, other] of [
      [early, late],
      [late, early]
    ] as const) {
      const period = readPeriod({ validFrom: one, issuanceDate: other, validUntil: one, expirationDate: other })
      expect(period.texts).toEqual({ from: late, until: early })
    }
    expect(readPeriod({}).texts).toEqual({ from: '', until: '' })
    expect(of({ validFrom: late, validUntil: early }).code).toBe('VALIDITY_ORDER')
  })

  it('that is none is said to be none, and where', () => {
    for (const name of ['validFrom', 'issuanceDate', 'validUntil', 'expirationDate']) {
      const found = of({ [name]: 'yesterday' })
      expect(found).toMatchObject({ code: 'DATE_INVALID', outcome: 'fail' })
      expect(found.facts['reason']).toContain(`/${name}`)
    }
  })
})

describe('results', () => {
  it('fit what is said of them, or the first that does not is told, and all are', () => {
    const description = { id: 'urn:uuid:1', type: ['ResultDescription'], name: 'Grade', resultType: 'LetterGrade' }
    const achievement = { id: 'urn:uuid:2', resultDescription: [{ ...description, allowedValue: ['A', 'B'] }] }
    const of = (...values: string[]) =>
      checkResults({
        credentialSubject: {
          achievement,
          result: values.map((value) => ({ type: ['Result'], resultDescription: 'urn:uuid:1', value }))
        }
      })
    expect(checkResults({ credentialSubject: { achievement } }).code).toBe('RESULTS_NONE')
    expect(of('A', 'B').code).toBe('RESULTS_CONSISTENT')
    const bad = of('A', 'X', 'Y')
    expect(bad).toMatchObject({ code: 'RESULT_INCONSISTENT', outcome: 'fail' })
    expect(bad.faults).toHaveLength(2)
    expect(bad.facts['reason']).toContain('/credentialSubject/result/1')
  })
})

describe('files with a digest', () => {
  // The SHA-256 of an empty file.
  const digestSRI = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
  const resource = (id: string, more: JsonObject = {}) => ({ id, type: ['File'], digestSRI, ...more })
  const of = (document: JsonObject, given: Record<string, string> = {}) =>
    checkResources(document, readResources(given))
  const [a, b] = ['https://a.example/a', 'https://a.example/b']

  it('199: are counted: none, not given, some and all', () => {
    expect(of({})).toMatchObject({ code: 'RESOURCES_NONE' })
    const document = { relatedResource: [resource(a), resource(b)] }
    expect(of(document)).toMatchObject({ code: 'RESOURCES_NOT_GIVEN', facts: { count: '2' } })
    expect(of(document, { [a]: '' })).toMatchObject({ code: 'RESOURCES_SOME_MATCH', facts: { count: '1', rest: '1' } })
    expect(of(document, { [a]: '', [b]: '' })).toMatchObject({ code: 'RESOURCES_MATCH', facts: { count: '2' } })
  })

  it('199: that are others are named, in a line', () => {
    const long = `https://a.example/${'x'.repeat(300)}`
    expect(of({ relatedResource: [resource(a), resource(b)] }, { [a]: '', [b]: 'x' })).toMatchObject({
      code: 'RESOURCE_MISMATCH',
      facts: { id: b }
    })
    expect(of({ relatedResource: [resource(long)] }, { [long]: 'x' }).facts).toEqual({ id: long.slice(0, 200) })
  })

  it('199: have to fit every digest that is stated', () => {
    const other = {
      digestMultibase: encodeMultibase('base64url', Uint8Array.of(0x12, 0x20, ...sha256(Uint8Array.of(1))))
    }
    expect(of({ relatedResource: [resource(a, other)] }, { [a]: '' }).code).toBe('RESOURCE_MISMATCH')
  })

  it.each<[string, JsonObject, string]>([
    ['an address alone', { relatedResource: a }, '/relatedResource'],
    ['an address alone in a list', { relatedResource: [resource(a), b] }, '/relatedResource/1'],
    ['no digest', { relatedResource: [{ id: a }] }, '/relatedResource/0'],
    ['no id', { relatedResource: [{ digestSRI }] }, '/relatedResource/0'],
    ['a digest that is none', { relatedResource: [resource(a, { digestSRI: 'md5-x' })] }, '/relatedResource/0'],
    ['a digest that is none elsewhere', { evidence: [{ id: a, digestSRI: 'x' }] }, '/evidence/0'],
    ['one id twice', { relatedResource: [resource(a), resource(b), resource(a)] }, '/relatedResource/2'],
    ['a first id twice', { relatedResource: [resource(a), resource(a)] }, '/relatedResource/1']
  ])('199: with %s are malformed, and the report says where', (_what, document, path) => {
    expect(of(document)).toMatchObject({ code: 'RESOURCE_MALFORMED', facts: { path } })
  })

  it('199: may be evidence without an id, and are not those of an endorsement', () => {
    expect(of({ evidence: [{ digestSRI }] })).toMatchObject({ code: 'RESOURCES_NOT_GIVEN' })
    expect(of({ endorsement: [{ evidence: [{ id: a, digestSRI }] }] })).toMatchObject({ code: 'RESOURCES_NONE' })
  })
})

describe('what proofs say of themselves', () => {
  const proof = {
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-rdfc-2022',
    created: '2026-06-01T12:00:00Z',
    verificationMethod: 'did:example:a#key-1',
    proofPurpose: 'assertionMethod',
    proofValue: `z${'1'.repeat(64)}`
  }
  const other = { ...proof, cryptosuite: 'other-2030' }
  const gate = (given: unknown, options: VerifyOptions = {}) =>
    gateProofs({ proof: given } as JsonObject, 'assertionMethod', settle({ now: NOW, ...options }))
  const stopped = (code: string, facts: Record<string, string>) => ({
    passed: false,
    check: expect.objectContaining({ code, facts })
  })
  const malformed = (reason: string) => stopped('PROOF_MALFORMED', { reason })

  it('lets them through with what was seen of each', () => {
    expect(gate(proof)).toEqual({
      passed: true,
      proofs: [{ proof, suite: eddsaRdfc2022, verificationMethod: 'did:example:a#key-1', previous: [] }],
      unchecked: [],
      open: undefined,
      warnings: []
    })
    expect(gate([proof, other])).toMatchObject({
      passed: true,
      unchecked: [
        {
          type: 'DataIntegrityProof',
          cryptosuite: 'other-2030',
          verificationMethod: 'did:example:a#key-1',
          created: '2026-06-01T12:00:00Z',
          checked: false,
          keyFrom: undefined
        }
      ],
      warnings: [{ code: 'PROOF_UNCHECKED', facts: { suite: 'other-2030' } }]
    })
  })

  it('says which suites nobody accepted, by name or type', () => {
    expect(gate([other, { type: 'X' }, {}])).toEqual(stopped('PROOF_SUITE_NOT_ACCEPTED', { found: 'other-2030, X, ' }))
    expect(gate([proof, other], { requireAllProofs: true })).toEqual(
      stopped('PROOF_NOT_CHECKED', { found: 'other-2030' })
    )
    expect(gate([proof], { requireAllProofs: true })).toMatchObject({ passed: true })
    expect(gate(proof, { suites: [ed25519Signature2020] })).toEqual(
      stopped('PROOF_SUITE_NOT_ACCEPTED', { found: 'eddsa-rdfc-2022' })
    )
  })

  it('63: says what stays open where one builds on a proof that was not looked at, and what is broken', () => {
    const first = { ...other, id: 'urn:uuid:1' }
    expect(gate([first, { ...proof, previousProof: 'urn:uuid:1' }])).toMatchObject({
      passed: true,
      open: { code: 'PROOF_CHAIN_UNCHECKED', facts: { found: 'other-2030' } }
    })
    expect(gate([first, proof])).toMatchObject({ passed: true, open: undefined })
    expect(gate([{ ...proof, previousProof: 'urn:uuid:1' }])).toEqual(
      stopped('PROOF_CHAIN_BROKEN', { reason: 'previousProof names a proof that is not there' })
    )
  })

  it.each<[string, unknown, string]>([
    ['no object', 'x', 'it is not an object'],
    ['an object and a text', [proof, 'x'], 'it is not an object'],
    ['nothing', [], 'there are 0 proofs, not 1 to 8'],
    ['nine', Array(9).fill(proof), 'there are 9 proofs, not 1 to 8'],
    ['a method that is a list', { ...proof, verificationMethod: ['a'] }, 'verificationMethod is not one address'],
    ['no value', { ...proof, proofValue: undefined }, 'proofValue is missing'],
    ['no purpose', { ...proof, proofPurpose: ['assertionMethod'] }, 'proofPurpose is missing'],
    ['a time that is a number', { ...proof, created: 5 }, 'created is not one time'],
    ['an end that is a list', { ...proof, expires: [] }, 'expires is not one time']
  ])('are malformed with %s, and the report says so', (_what, given, reason) => {
    expect(gate(given)).toEqual(malformed(reason))
  })

  it.each([
    ['created', 'yesterday'],
    ['expires', 'tomorrow']
  ])('are malformed where %s is no time, and the report says where', (name, value) => {
    const found = gate({ ...proof, [name]: value })
    expect(found).toMatchObject({ check: { code: 'PROOF_MALFORMED' } })
    expect(found.passed ? '' : found.check.facts['reason']).toContain(`/proof/${name}`)
  })

  it('have their purpose and their time', () => {
    expect(gate(undefined)).toMatchObject({ passed: false, check: { code: 'PROOF_MISSING' } })
    expect(gate({ ...proof, proofPurpose: 'authentication' })).toEqual(
      stopped('PROOF_PURPOSE_MISMATCH', { purpose: 'assertionMethod' })
    )
    const created = '2026-06-01T12:01:01Z'
    expect(gate({ ...proof, created })).toEqual(stopped('PROOF_CREATED_IN_FUTURE', { created }))
    expect(gate({ ...proof, created: '2026-06-01T12:01:00Z' })).toMatchObject({ passed: true })
    const { created: _, ...timeless } = proof
    expect(gate(timeless)).toMatchObject({ passed: true })
    const expires = '2026-06-01T12:00:00Z'
    expect(gate({ ...proof, expires })).toEqual(stopped('PROOF_EXPIRED', { expires }))
    expect(gate({ ...proof, expires: '2026-06-01T12:00:01Z' })).toMatchObject({ passed: true })
  })

  it('say that a part is shown where one of them shows a part, and that a base proof is for the holder alone', () => {
    const part = { ...eddsaRdfc2022, showsPart: true, matches: ({ cryptosuite }: JsonObject) => cryptosuite === 'part' }
    const shown = gate([proof, { ...proof, cryptosuite: 'part' }], { suites: [eddsaRdfc2022, part] })
    expect(shown).toMatchObject({ passed: true, warnings: [{ code: 'PART_SHOWN' }] })
    const refusing = (error: Error) => ({
      ...eddsaRdfc2022,
      checkProofValue: () => {
        throw error
      }
    })
    const base = new InputError({ code: 'PROOF_BASE_SHOWN', message: 'a base proof' })
    expect(gate(proof, { suites: [refusing(base)] })).toMatchObject({ check: { code: 'PROOF_BASE_SHOWN' } })
    expect(() => gate(proof, { suites: [refusing(new TypeError('boom'))] })).toThrow('boom')
  })

  it('have no members but those of the standard where any credential is expected', () => {
    const all = { ...proof, '@context': [], id: 'a', expires: '2030-01-01T00:00:00Z', domain: 'd', challenge: 'c' }
    const any = { expect: 'VerifiableCredential' } as const
    expect(gate({ ...all, nonce: 'n', previousProof: undefined }, any)).toMatchObject({ passed: true })
    const chained = [
      { ...proof, id: 'urn:uuid:1' },
      { ...proof, previousProof: 'urn:uuid:1' }
    ]
    expect(gate(chained, any)).toMatchObject({ passed: true })
    const name = 'x'.repeat(100)
    expect(gate({ ...proof, [name]: 1 }, any)).toEqual(malformed(`it has the member ${name.slice(0, 80)}`))
    expect(gate({ ...proof, [name]: 1 })).toMatchObject({ passed: true })
  })
})

describe('the recipient of a badge', () => {
  const of = (identifier: readonly JsonObject[], expected: object) =>
    checkRecipient({ credentialSubject: { id: 'did:example:a', identifier } }, readExpectedRecipient(expected)).code
  const name = (identityHash: string, more: JsonObject = {}) => ({
    type: 'IdentityObject',
    hashed: false,
    identityType: 'name',
    identityHash,
    ...more
  })
  const kari = { identityType: 'name', identity: 'Kari' }

  it('198: is one of several, written out or as a hash', () => {
    expect(of([name('Ola'), name('Kari')], kari)).toBe('RECIPIENT_MATCHED')
    expect(of([name('Ola')], kari)).toBe('RECIPIENT_MISMATCH')
    expect(of([name('kari')], kari)).toBe('RECIPIENT_MISMATCH')
    const hash = hashIdentity('Kari', 'salt')
    const hashed = { hashed: true, salt: 'salt' }
    expect(of([name('Ola'), name(hash, hashed)], kari)).toBe('RECIPIENT_MATCHED')
    expect(of([name(hash)], kari)).toBe('RECIPIENT_MISMATCH')
    expect(of([name(hash, { hashed: true })], kari)).toBe('RECIPIENT_MISMATCH')
  })

  it('197: is unknown where one has a hash of another kind, and none matches', () => {
    const odd = (identityHash: string) => name(identityHash, { hashed: true })
    const hash = hashIdentity('Kari', '')
    for (const other of [`md5$${'0'.repeat(32)}`, `x${hash}`, `${hash}0`, hash.slice(0, -1)]) {
      expect(of([name('Ola'), odd(other)], kari)).toBe('RECIPIENT_HASH_UNSUPPORTED')
      expect(of([odd(other), odd(hash)], kari)).toBe('RECIPIENT_MATCHED')
    }
    expect(of([name(`md5$${'0'.repeat(32)}`)], kari)).toBe('RECIPIENT_MISMATCH')
  })
})

describe('what is known of a key', () => {
  it('is told of the name of its issuer and of the key', () => {
    expect(nameWarnings('did:web:xn--bcher-kva.example')).toMatchObject([
      { code: 'ISSUER_HOST_PUNYCODE', facts: { host: 'xn--bcher-kva.example' } }
    ])
    for (const issuer of ['did:web:academy.example', 'did:key:z6Mk', 'did:web:axn--b.example'])
      expect(nameWarnings(issuer)).toEqual([])
    const key = { via: 'controllerDocument' } as never
    expect(keyWarnings(key)).toEqual([])
    expect(keyWarnings({ via: 'legacyFragment', expires: '2025-01-01T00:00:00Z' } as never)).toMatchObject([
      { code: 'LEGACY_FRAGMENT_KEY' },
      { code: 'KEY_RETIRED', facts: { expires: '2025-01-01T00:00:00Z' } }
    ])
  })

  it('is looked for at the time of the signature only where the caller wants that', () => {
    const at = signingTime('2026-01-01T00:00:00Z')
    const resolver = { resolve: async () => undefined }
    const whenSigned = settle({ now: NOW, keyHistory: 'whenSigned', resolver })
    expect(at).toEqual(new Date('2026-01-01T00:00:00Z'))
    expect([signingTime('yesterday'), signingTime(5), signingTime(undefined)]).toEqual([
      undefined,
      undefined,
      undefined
    ])
    expect(keySearch(whenSigned, at)).toMatchObject({ at: NOW, signedAt: at, resolver: whenSigned.resolver })
    expect(keySearch(whenSigned, undefined)).not.toHaveProperty('signedAt')
    expect(keySearch(settings, at)).not.toHaveProperty('signedAt')
    expect(keySearch(settings, at)).not.toHaveProperty('resolver')
  })
})

describe('things that two places describe', () => {
  const id = `urn:uuid:${'1'.repeat(300)}`
  const badge = plainBadge('did:example:issuer')
  const subject = badge['credentialSubject'] as JsonObject
  const achievement = subject['achievement'] as JsonObject
  const document = {
    ...badge,
    issuer: { id, type: ['Profile'], name: 'One' },
    credentialSubject: { ...subject, achievement: { ...achievement, creator: { id, type: ['Profile'], name: 'Two' } } }
  }

  it('are told of in a line, unless a token signed which place says what', () => {
    expect(sharedIdWarnings(document, [], settings)).toMatchObject([
      { code: 'SHARED_ID', facts: { id: id.slice(0, 200) } }
    ])
    const token = { holds: true } as never
    const open = { holds: false } as never
    expect(sharedIdWarnings(document, [token], settings)).toEqual([])
    expect(sharedIdWarnings(document, [open, token], settings)).toEqual([])
    expect(sharedIdWarnings(document, [open], settings)).toHaveLength(1)
  })
})

describe('a badge that is shown', () => {
  const shown = (credential: unknown) => displayBadge({ credential: credential as never })

  it('has its own name, text, picture and dates, or those of its achievement and of the older data model', () => {
    const achievement = {
      name: 'A',
      description: 'B',
      criteria: { narrative: 'C' },
      image: { id: 'https://a.example/a.png' }
    }
    const own = {
      name: 'a',
      description: 'b',
      image: { id: 'https://a.example/own.png' },
      validFrom: '2026-01-01T00:00:00Z',
      validUntil: '2027-01-01T00:00:00Z'
    }
    const issuer = { id: 'did:example:a', name: 'I', url: 'https://i.example/', image: 'https://i.example/i.png' }
    const badge = { issuer, credentialSubject: { achievement } }
    const text = (one: string) => expect.objectContaining({ text: one })
    const link = (url: string) => expect.objectContaining({ url })
    expect(shown({ ...badge, issuanceDate: '2025-01-01T00:00:00Z', expirationDate: '2028-01-01T00:00:00Z' })).toEqual({
      name: text('A'),
      description: text('B'),
      criteria: text('C'),
      image: link('https://a.example/a.png'),
      issuer: {
        id: 'did:example:a',
        name: text('I'),
        url: link('https://i.example/'),
        image: link('https://i.example/i.png')
      },
      validFrom: '2025-01-01T00:00:00Z',
      validUntil: '2028-01-01T00:00:00Z'
    })
    expect(shown({ ...badge, ...own, issuanceDate: 'x', expirationDate: 'x' })).toMatchObject({
      name: text('a'),
      description: text('b'),
      image: link('https://a.example/own.png'),
      validFrom: '2026-01-01T00:00:00Z',
      validUntil: '2027-01-01T00:00:00Z'
    })
  })

  it('has nothing of what is not there or no text', () => {
    expect(shown(undefined)).toBeUndefined()
    expect(shown({ issuer: 'did:example:a', name: 5 })).toMatchObject({
      name: undefined,
      description: undefined,
      image: undefined,
      issuer: { id: 'did:example:a', name: undefined, url: undefined, image: undefined },
      validFrom: undefined
    })
    expect(shown({})?.issuer.id).toBe('')
  })
})
