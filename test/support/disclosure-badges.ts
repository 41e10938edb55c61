import type { JsonObject } from '../../src/encoding/json-types.js'

const ACHIEVEMENT = 'https://academy.example/achievements/welding'
export const STATUS_LIST = 'https://academy.example/status/1'

/** A badge with about everything that Open Badges knows, ordered lists and things without id among them. */
export function wideBadge(issuer: string, index = 6): JsonObject {
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
    id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000a',
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: 'Welding',
    issuer: { id: issuer, type: ['Profile'], name: 'Academy', address: { type: ['Address'], addressCountry: 'NO' } },
    validFrom: '2024-01-01T00:00:00Z',
    validUntil: '2030-01-01T00:00:00Z',
    awardedDate: '2024-01-01T00:00:00Z',
    credentialStatus: {
      id: `${STATUS_LIST}#${index}`,
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: String(index),
      statusListCredential: STATUS_LIST
    },
    evidence: [
      { id: 'https://academy.example/evidence/1', type: ['Evidence'], name: 'Film', genre: 'Video' },
      { type: ['Evidence'], narrative: 'The observer was present throughout: _:b0 "quoted".' }
    ],
    credentialSubject: {
      id: 'did:example:kari',
      type: ['AchievementSubject'],
      identifier: [
        { type: 'IdentityObject', hashed: false, identityHash: 'Kari Nordmann', identityType: 'name' },
        { type: 'IdentityObject', hashed: false, identityHash: 'kari@example.org', identityType: 'emailAddress' }
      ],
      activityStartDate: '2023-10-01T00:00:00Z',
      creditsEarned: 7.5,
      narrative: 'Welded pipes in all positions.',
      achievement: {
        id: ACHIEVEMENT,
        type: ['Achievement'],
        name: 'Welding',
        description: 'Welds pipes.',
        criteria: { narrative: 'Three approved samples.' },
        humanCode: 'W-2',
        tag: ['welding', 'pipes'],
        alignment: [
          { type: ['Alignment'], targetName: 'EQF 4', targetUrl: 'http://data.europa.eu/snb/eqf/4' },
          {
            type: ['Alignment'],
            targetName: 'weld pipes',
            targetUrl: 'https://frameworks.example/weld',
            targetCode: 'W'
          }
        ],
        resultDescription: [
          {
            id: `${ACHIEVEMENT}#drill`,
            type: ['ResultDescription'],
            name: 'Drill',
            resultType: 'Result',
            allowedValue: ['poor', 'fair', 'good']
          },
          { id: `${ACHIEVEMENT}#done`, type: ['ResultDescription'], name: 'Done', resultType: 'Status' }
        ]
      },
      result: [
        { type: ['Result'], resultDescription: `${ACHIEVEMENT}#drill`, value: 'good' },
        { type: ['Result'], resultDescription: `${ACHIEVEMENT}#done`, status: 'Completed' },
        { type: ['Result'], resultDescription: `${ACHIEVEMENT}#done`, status: 'Failed' }
      ]
    }
  }
}

/** Every JSON Pointer into a document. */
export function pointersInto(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inside = Object.entries(value).flatMap(([name, member]) =>
    pointersInto(member, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  )
  return [path, ...inside]
}
