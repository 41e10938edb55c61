import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'

/** A copy of a document with the values at JSON Pointers replaced, or left out where none is given. */
export function withValues(document: JsonObject, values: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  const copy: JsonObject = structuredClone(document)
  for (const [path, value] of Object.entries(values)) {
    const tokens = path.split('/').slice(1)
    const last = tokens.pop() ?? ''
    const parent = tokens.reduce((node, token) => node[token] as JsonObject, copy) as Record<string, JsonValue>
    if (value === undefined) delete parent[last]
    else parent[last] = value
  }
  return copy
}

export function withValueAt(document: JsonObject, path: string, value?: JsonValue): JsonObject {
  return withValues(document, { [path]: value })
}

const contexts = [
  'https://www.w3.org/ns/credentials/v2',
  'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
  'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'
]

const alignment: JsonObject = {
  type: ['Alignment'],
  targetName: 'Perform quality audits',
  targetUrl: 'https://frameworks.example/skill/17',
  targetType: 'ext:ESCOSkill'
}

const endorser: JsonObject = { id: 'did:web:board.example', type: ['Profile'], name: 'The Board' }

export const endorsement: JsonObject = {
  '@context': contexts,
  id: 'urn:uuid:5ae7d8a2-8a1f-4b62-9d17-2ec8a2d9a001',
  type: ['VerifiableCredential', 'EndorsementCredential'],
  name: 'The Board recommends the Academy',
  issuer: endorser,
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: { id: 'did:web:academy.example', type: ['EndorsementSubject'], endorsementComment: 'Good.' },
  proof: [{ type: 'DataIntegrityProof', cryptosuite: 'eddsa-rdfc-2022', created: '2026-01-01T00:00:00Z' }]
}

/** A badge that has at least one object of every class of the model. */
export const badge: JsonObject = {
  '@context': contexts,
  id: 'urn:uuid:5ae7d8a2-8a1f-4b62-9d17-2ec8a2d9a002',
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  name: 'Internal auditor',
  awardedDate: '2026-02-28T12:00:00+01:00',
  validFrom: '2026-03-01T00:00:00Z',
  validUntil: '2029-03-01T00:00:00Z',
  issuer: {
    id: 'did:web:academy.example',
    type: ['Profile'],
    name: 'The Academy',
    url: 'https://academy.example',
    dateOfBirth: '1990-12-31',
    image: { id: 'https://academy.example/logo.png', type: 'Image', caption: 'Logo' },
    address: {
      type: ['Address'],
      addressCountryCode: 'DK',
      geo: { type: 'GeoCoordinates', latitude: 55.7, longitude: 12.6 }
    },
    parentOrg: endorser,
    otherIdentifier: [{ type: 'IdentifierEntry', identifier: '42', identifierType: 'ext:register' }],
    endorsement: [endorsement]
  },
  credentialSubject: {
    type: ['AchievementSubject'],
    identifier: [
      {
        type: 'IdentityObject',
        hashed: true,
        identityHash: 'sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399',
        identityType: 'emailAddress',
        salt: 'Kosher'
      }
    ],
    creditsEarned: 2.5,
    result: [
      { type: ['Result'], resultDescription: 'urn:x:result', achievedLevel: 'urn:x:level', status: 'Completed' }
    ],
    achievement: {
      id: 'https://academy.example/auditor',
      type: ['Achievement'],
      name: 'Internal auditor',
      description: 'Audits a management system.',
      criteria: { narrative: 'Pass the exam.' },
      achievementType: 'Certification',
      inLanguage: 'nb-NO',
      alignment: [alignment],
      related: [{ id: 'https://academy.example/auditor/da', type: ['Related'], inLanguage: 'da' }],
      tag: ['audit'],
      resultDescription: [
        {
          id: 'urn:x:result',
          type: ['ResultDescription'],
          name: 'Practice',
          resultType: 'RubricCriterionLevel',
          allowedValue: ['low', 'high'],
          rubricCriterionLevel: [
            { id: 'urn:x:level', type: ['RubricCriterionLevel'], name: 'Independent', points: '3' }
          ]
        }
      ]
    }
  },
  evidence: [{ id: 'https://academy.example/e/1', type: ['Evidence'], name: 'Report' }],
  endorsementJwt: ['aaa.bbb.ccc'],
  credentialSchema: [{ id: 'https://schemas.example/badge.json', type: '1EdTechJsonSchemaValidator2019' }],
  credentialStatus: {
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: '9713',
    statusListCredential: 'https://academy.example/status/7'
  },
  refreshService: { id: 'https://academy.example/refresh/1', type: '1EdTechCredentialRefresh' },
  termsOfUse: [{ type: 'https://academy.example/terms#Terms', id: 'https://academy.example/terms' }],
  proof: [
    {
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-rdfc-2022',
      created: '2026-03-01T00:00:00Z',
      proofPurpose: 'assertionMethod',
      verificationMethod: 'did:web:academy.example#key-1',
      proofValue: 'z5x9'
    }
  ]
}

/** The same badge in the data model 1.1. */
export const badge11: JsonObject = withValues(badge, {
  '/@context': ['https://www.w3.org/2018/credentials/v1', 'https://purl.imsglobal.org/spec/ob/v3p0/context.json'],
  '/validFrom': undefined,
  '/validUntil': undefined,
  '/issuanceDate': '2026-03-01T00:00:00Z',
  '/expirationDate': '2029-03-01T00:00:00Z'
})

export const statusList: JsonObject = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: 'https://academy.example/status/7',
  type: ['VerifiableCredential', 'BitstringStatusListCredential'],
  issuer: 'did:web:academy.example',
  validFrom: '2026-01-01T00:00:00Z',
  credentialSubject: { type: 'BitstringStatusList', statusPurpose: 'revocation', encodedList: 'uH4sI', ttl: 60000 }
}

/** A list of the drafts before Bitstring Status List 1.0, in the data model that they were written for. */
export const statusList2021: JsonObject = {
  '@context': ['https://www.w3.org/2018/credentials/v1', 'https://w3id.org/vc/status-list/2021/v1'],
  id: 'https://academy.example/status/3',
  type: ['VerifiableCredential', 'StatusList2021Credential'],
  issuer: 'did:web:academy.example',
  issuanceDate: '2026-01-01T00:00:00Z',
  credentialSubject: {
    id: 'https://academy.example/status/3#list',
    type: 'StatusList2021',
    statusPurpose: 'revocation',
    encodedList: 'H4sI'
  }
}
