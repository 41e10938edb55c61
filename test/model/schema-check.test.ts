import { describe, expect, test } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'
import type { CredentialKind } from '../../src/model/credential-kind.js'
import { checkSchema } from '../../src/model/schema-check.js'
import { badge, badge11, endorsement, statusList, statusList2021, withValueAt, withValues } from './examples.js'

const v1 = 'https://www.w3.org/2018/credentials/v1'
const subject = '/credentialSubject'
const achievement = `${subject}/achievement`
const description = `${achievement}/resultDescription/0`

/** Where a fault must be found, and what to put there; nothing takes the member away. */
type Break = [path: string, value?: JsonValue]

const breaks: Readonly<Record<string, Break[]>> = {
  VerifiableCredential: [
    ['/@context'],
    ['/@context/0', 'https://example.org/other'],
    ['/@context/1', 'https://purl.imsglobal.org/spec/ob/v3p0/ob.json'],
    ['/issuer'],
    ['/issuer', 7],
    ['/issuer', 'not a URI'],
    ['/validFrom'],
    ['/validFrom', '2026-03-01'],
    ['/credentialStatus', []],
    ['/proof', []],
    ['/issuanceDate', '2026-03-01T00:00:00Z'],
    ['/expirationDate', '2026-03-01T00:00:00Z']
  ],
  AchievementCredential: [
    ['/id'],
    ['/id', 'no scheme'],
    ['/type', ['VerifiableCredential']],
    ['/type', ['OpenBadgeCredential']],
    ['/credentialSubject'],
    ['/name', { da: 'Auditor' }],
    ['/evidence', []],
    ['/endorsementJwt/0', 'aaa.bbb'],
    ['/awardedDate', '2026-02-30T00:00:00Z']
  ],
  AchievementSubject: [
    [`${subject}/type`, ['Person']],
    [achievement],
    [`${subject}/creditsEarned`, '2.5'],
    [`${subject}/result`, []],
    [`${subject}/source`, 'did:web:academy.example']
  ],
  Achievement: [
    [`${achievement}/id`],
    [`${achievement}/name`],
    [`${achievement}/description`],
    [`${achievement}/criteria`],
    [`${achievement}/criteria`, {}],
    [`${achievement}/type`, []],
    [`${achievement}/tag/0`, 1],
    [`${achievement}/image`, 'https://academy.example/a.png'],
    [`${achievement}/inLanguage`, 'norsk']
  ],
  Alignment: [
    [`${achievement}/alignment/0/targetName`],
    [`${achievement}/alignment/0/targetUrl`, 'skill 17'],
    [`${achievement}/alignment/0/type`, ['alignment']]
  ],
  Evidence: [['/evidence/0/type'], ['/evidence/0/genre', ['a']]],
  Result: [[`${subject}/result/0/type`], [`${subject}/result/0/status`, 'Done'], [`${subject}/result/0/value`, 3]],
  ResultDescription: [
    [`${description}/id`],
    [`${description}/name`],
    [`${description}/resultType`],
    [`${description}/valueMax`, 5],
    [`${description}/allowedValue`, []]
  ],
  RubricCriterionLevel: [
    [`${description}/rubricCriterionLevel/0/name`],
    [`${description}/rubricCriterionLevel/0/points`, 3]
  ],
  Related: [[`${achievement}/related/0/id`], [`${achievement}/related/0/version`, 2]],
  Profile: [
    ['/issuer/id'],
    ['/issuer/type', ['Organization']],
    ['/issuer/url', 'academy.example'],
    ['/issuer/dateOfBirth', '1990-02-30'],
    ['/issuer/parentOrg', 'did:web:board.example']
  ],
  IdentityObject: [
    [`${subject}/identifier/0/hashed`, 'true'],
    [`${subject}/identifier/0/type`, ['IdentityObject']],
    [`${subject}/identifier/0/identityType`, 'email'],
    [`${subject}/identifier/0/pepper`, 'x']
  ],
  IdentifierEntry: [
    ['/issuer/otherIdentifier/0/identifierType', 'foo ext:bar'],
    ['/issuer/otherIdentifier/0/note', 'x']
  ],
  Image: [['/issuer/image/id'], ['/issuer/image/type', ['Image']], ['/issuer/image/width', 3]],
  Address: [['/issuer/address/type'], ['/issuer/address/postalCode', 2100]],
  GeoCoordinates: [
    ['/issuer/address/geo/latitude', '55.7'],
    ['/issuer/address/geo/type', ['GeoCoordinates']]
  ],
  EndorsementCredential: [['/issuer/endorsement/0/name'], ['/issuer/endorsement/0/type', ['VerifiableCredential']]],
  EndorsementSubject: [
    ['/issuer/endorsement/0/credentialSubject/id'],
    ['/issuer/endorsement/0/credentialSubject/endorsementComment', 5]
  ],
  CredentialSchema: [['/credentialSchema/0/id'], ['/credentialSchema/0/type', ['x']]],
  CredentialStatus: [
    ['/credentialStatus/type'],
    ['/credentialStatus/statusListIndex', 1.5],
    ['/credentialStatus/statusListIndex', true]
  ],
  RefreshService: [['/refreshService/id'], ['/refreshService/type', []]],
  TermsOfUse: [['/termsOfUse/0/type']],
  Proof: [['/proof/0/type'], ['/proof/0/created', '2026-03-01T00:00:00'], ['/proof/0/verificationMethod', {}]]
}

describe('checkSchema', () => {
  test.each([
    ['a badge with every class', badge, 'AchievementCredential'],
    ['a badge of data model 1.1', badge11, 'AchievementCredential'],
    ['an endorsement', endorsement, 'EndorsementCredential'],
    ['a status list', statusList, 'BitstringStatusListCredential'],
    ['a status list of data model 1.1', inDataModel11(statusList), 'BitstringStatusListCredential'],
    ['a list of Status List 2021', statusList2021, 'StatusList2021Credential'],
    ['a list of Status List 2021 in data model 2.0', inDataModel20(statusList2021), 'StatusList2021Credential'],
    [
      'a list of Status List 2021 with the dates of its drafts',
      withDraftDates(statusList2021),
      'StatusList2021Credential'
    ]
  ] as const)('finds nothing wrong with %s', (_, document, kind) => {
    expect(checkSchema(document, kind)).toEqual([])
  })

  for (const [name, cases] of Object.entries(breaks)) {
    test.each(cases)(`${name}: finds the fault at %s with %j`, (path, value) => {
      const [fault, ...others] = checkSchema(withValueAt(badge, path, value), 'AchievementCredential')
      expect(others).toEqual([])
      expect(fault?.code).toBe('SCHEMA_INVALID')
      expect(fault?.path).toMatch(new RegExp(`^${path}(/|$)`))
    })
  }

  test.each<Break>([
    ['/@context/0', 'https://example.org/other'],
    ['/issuer'],
    ['/issuer', { name: 'no id' }],
    ['/type', ['VerifiableCredential']],
    ['/credentialSubject/type', 'StatusList2021'],
    ['/credentialSubject/encodedList'],
    ['/credentialSubject/statusPurpose', []],
    ['/credentialSubject/ttl', -1],
    ['/credentialSubject/ttl', 1.5]
  ])('a status list: finds the fault at %s with %j', (path, value) => {
    const [fault] = checkSchema(withValueAt(statusList, path, value), 'BitstringStatusListCredential')
    expect(fault?.code).toBe('SCHEMA_INVALID')
    expect(fault?.path?.startsWith(path)).toBe(true)
  })

  test.each<[JsonObject, CredentialKind, ...Break]>([
    [statusList2021, 'StatusList2021Credential', '/@context/0', 'https://example.org/other'],
    [statusList2021, 'StatusList2021Credential', '/type', ['VerifiableCredential', 'BitstringStatusListCredential']],
    [statusList2021, 'StatusList2021Credential', '/type', ['StatusList2021Credential']],
    [statusList2021, 'StatusList2021Credential', '/issuanceDate', '2026-01-01'],
    [statusList2021, 'StatusList2021Credential', '/validUntil', 5],
    [statusList2021, 'StatusList2021Credential', '/credentialSubject'],
    [statusList2021, 'StatusList2021Credential', '/credentialSubject/type', 'BitstringStatusList'],
    [statusList2021, 'StatusList2021Credential', '/credentialSubject/encodedList', 5],
    [inDataModel20(statusList2021), 'StatusList2021Credential', '/issuanceDate', '2026-01-01T00:00:00Z'],
    [inDataModel20(statusList2021), 'StatusList2021Credential', '/credentialSubject/statusPurpose'],
    [inDataModel11(statusList), 'BitstringStatusListCredential', '/credentialSubject/type', 'StatusList2021'],
    [inDataModel11(statusList), 'BitstringStatusListCredential', '/type', ['VerifiableCredential']],
    [statusList, 'BitstringStatusListCredential', '/expirationDate', '2026-01-01T00:00:00Z'],
    [statusList2021, 'BitstringStatusListCredential', '/type', ['VerifiableCredential', 'StatusList2021Credential']]
  ])('a status list of another kind: finds the fault in %j as %s at %s with %j', (list, kind, path, value) => {
    expect(checkSchema(withValueAt(list, path, value), kind)).toMatchObject([
      { code: 'SCHEMA_INVALID', path: expect.stringMatching(path) }
    ])
  })

  test.each<Break>([['/issuer', 'did:web:academy.example'], ['/name'], ['/issuanceDate'], ['/expirationDate', '2029']])(
    'data model 1.1: finds the fault at %s with %j',
    (path, value) => {
      expect(checkSchema(withValueAt(badge11, path, value), 'AchievementCredential')).toMatchObject([
        { code: 'SCHEMA_INVALID', path }
      ])
    }
  )

  test('a status list may have several purposes and an issuer with a name', () => {
    const list = withValues(statusList, {
      '/credentialSubject/statusPurpose': ['revocation', 'suspension'],
      '/issuer': { id: 'did:web:academy.example', name: 'The Academy' }
    })
    expect(checkSchema(list, 'BitstringStatusListCredential')).toEqual([])
  })

  test('an issuer may be a URI, a status index a number, and a status entry without id', () => {
    const document = withValues(badge, {
      '/issuer': 'did:web:academy.example',
      '/credentialStatus/statusListIndex': 9713
    })
    expect(checkSchema(document, 'AchievementCredential')).toEqual([])
  })

  test('a subject needs an id or an identifier, and the fault says so', () => {
    const document = withValueAt(badge, `${subject}/identifier`)
    expect(checkSchema(document, 'AchievementCredential')).toEqual([
      {
        code: 'SCHEMA_INVALID',
        message: 'a value has the wrong form',
        expected: 'the member id or the member identifier',
        got: 'object',
        path: subject
      }
    ])
    expect(checkSchema(withValueAt(document, `${subject}/id`, 'did:key:z6Mk'), 'AchievementCredential')).toEqual([])
  })

  test('an endorsement is not taken for a badge, nor a badge for an endorsement', () => {
    const code = 'SCHEMA_INVALID'
    expect(checkSchema(endorsement, 'AchievementCredential')).toMatchObject([{ code }])
    expect(checkSchema(badge, 'EndorsementCredential')).toMatchObject([{ code }])
  })

  test('an old endorsement inside is judged by its own data model', () => {
    const old = withValues(endorsement, { '/@context/0': v1, '/issuanceDate': '2026-01-01T00:00:00Z' })
    const path = '/issuer/endorsement/0'
    expect(checkSchema(withValueAt(badge, path, old), 'AchievementCredential')).toEqual([])
    expect(
      checkSchema(withValueAt(badge, path, withValueAt(old, '/issuanceDate')), 'AchievementCredential')
    ).toMatchObject([{ code: 'SCHEMA_INVALID', path: `${path}/issuanceDate` }])
  })

  test('points into the document as it was written, not into its array form', () => {
    const document = withValueAt(badge, '/proof', { type: 'DataIntegrityProof', created: 'yesterday' })
    expect(checkSchema(document, 'AchievementCredential')).toMatchObject([
      { path: '/proof/created', expected: expect.stringContaining('time zone'), got: 'string' }
    ])
  })

  test('names the type that a class needs', () => {
    expect(checkSchema(withValueAt(badge, `${achievement}/type`, 'Badge'), 'AchievementCredential')).toMatchObject([
      { path: `${achievement}/type`, expected: 'Achievement' }
    ])
    expect(checkSchema(withValueAt(badge, '/type', 'Badge'), 'AchievementCredential')).toMatchObject([
      { path: '/type', expected: 'VerifiableCredential and OpenBadgeCredential or AchievementCredential' }
    ])
  })

  test('tells that a member of data model 1.1 does not belong into 2.0', () => {
    expect(checkSchema(withValueAt(badge, '/issuanceDate', 'x'), 'AchievementCredential')).toMatchObject([
      { path: '/issuanceDate', hint: 'Use validFrom and validUntil.' }
    ])
  })

  test('never quotes a value, which may be personal', () => {
    const document = withValueAt(badge, `${subject}/identifier/0/identityType`, 'kari@example.org')
    expect(JSON.stringify(checkSchema(document, 'AchievementCredential'))).not.toContain('kari')
  })

  test.each([{}, { '@context': null }, { '@context': [] }, { type: 5, proof: [[[]]] }] as const)(
    'finds a fault in %j',
    (document) => {
      for (const kind of ['AchievementCredential', 'EndorsementCredential', 'BitstringStatusListCredential']) {
        expect(checkSchema(document, kind as CredentialKind)).toMatchObject([{ code: 'SCHEMA_INVALID' }])
      }
    }
  )
})

function inDataModel11({ validFrom, ...list }: JsonObject): JsonObject {
  return { ...list, '@context': [v1], issuanceDate: validFrom ?? null }
}

function inDataModel20({ issuanceDate, ...list }: JsonObject): JsonObject {
  return {
    ...withValueAt(list, '/@context/0', 'https://www.w3.org/ns/credentials/v2'),
    validFrom: issuanceDate ?? null
  }
}

function withDraftDates({ issuanceDate, ...list }: JsonObject): JsonObject {
  return { ...list, validFrom: issuanceDate ?? null, validUntil: '2026-02-01T00:00:00Z' }
}

describe('dates in credentials', () => {
  const at = (value: string) =>
    checkSchema(withValueAt(badge, '/validFrom', value), 'AchievementCredential').length === 0

  test.each([
    '2024-01-01T00:00:00Z',
    '2024-01-01T00:00:00+14:00',
    '2024-01-01T00:00:00-00:00',
    '2024-01-01T00:00:00.123456789Z',
    '2024-01-01T24:00:00Z',
    '2024-02-29T00:00:00Z',
    '2000-02-29T00:00:00Z',
    '12024-02-29T00:00:00Z',
    '0000-02-29T00:00:00Z',
    '-0001-01-01T00:00:00Z'
  ])('accepts %s', (value) => expect(at(value)).toBe(true))

  test.each([
    '2024-01-01T00:00:00',
    '2024-01-01',
    '2024-06-30T23:59:60Z',
    '2024-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2024-04-31T00:00:00Z',
    '2024-13-01T00:00:00Z',
    '2024-01-01T00:00:00+15:00',
    '2024-01-01T00:00:00+14:01',
    '2024-01-01T24:00:01Z',
    '+012024-01-01T00:00:00Z',
    '012024-01-01T00:00:00Z',
    '024-01-01T00:00:00Z',
    '2024-01-01t00:00:00z',
    '2024-01-01 00:00:00Z',
    '2024-01-01T00:00:00Z\n',
    '２０24-01-01T00:00:00Z'
  ])('refuses %j', (value) => expect(at(value)).toBe(false))

  test('comes back from long hostile texts', () => {
    // A form that looks at a text more than a few times in all would not come back from these.
    const long = '9'.repeat(1_000_000)
    expect(at(long)).toBe(false)
    expect(at(`-${long}-`)).toBe(false)
    expect(at(`2024-01-01T00:00:00.${long}`)).toBe(false)
    expect(checkSchema(withValueAt(badge, '/id', `a:${long} `), 'AchievementCredential')).toHaveLength(1)
    expect(checkSchema(withValueAt(badge, '/endorsementJwt/0', long), 'AchievementCredential')).toHaveLength(1)
  })
})
