/** A definition and an award that use most of what a badge can say. */
export const WELDING = {
  id: 'https://academy.example/achievements/welding/v2',
  version: '2',
  inLanguage: 'nb-NO',
  achievementType: 'Certification',
  name: 'Sveising av rør, nivå 2',
  description: 'Sveiser rør i alle stillinger.\nØver videre på egen hånd.',
  criteria: {
    id: 'https://academy.example/welding/criteria',
    narrative: 'Tre godkjente **prøver** og en observert økt.'
  },
  creditsAvailable: 7.5,
  tag: ['sveising', 'rør'],
  alignment: [
    {
      targetName: 'weld pipes',
      targetUrl: 'https://frameworks.example/skills/weld-pipes',
      targetType: 'ext:ESCOSkill',
      targetFramework: 'ESCO'
    },
    { targetName: 'EQF level 4', targetUrl: 'http://data.europa.eu/snb/eqf/4', targetType: 'ext:EQF', targetCode: '4' }
  ],
  resultDescription: [
    {
      id: 'craft',
      name: 'Håndverk',
      resultType: 'RubricCriterionLevel',
      requiredLevel: 'independent',
      rubricCriterionLevel: [
        { id: 'assisted', name: 'Med hjelp', points: '1' },
        { id: 'independent', name: 'Selvstendig', points: '2' }
      ]
    },
    { id: 'test', name: 'Skriftlig prøve', resultType: 'Percent', valueMin: '0', valueMax: '100', requiredValue: '80' }
  ],
  evidence: [{ genre: 'ObservedPerformance', min: 1 }],
  validity: 'P2Y'
}

export const WELDER = {
  recipient: { email: 'kari@example.org', name: 'Kari Nordmann' },
  results: [
    { resultDescription: 'craft', achievedLevel: 'independent', status: 'Completed' as const },
    { resultDescription: 'test', value: '91' }
  ],
  evidence: [
    {
      id: 'https://academy.example/evidence/17',
      name: 'Observert økt',
      narrative: 'Fire skjøter, alle godkjent.',
      genre: 'ObservedPerformance'
    }
  ],
  creditsEarned: 7.5,
  activityStartDate: '2026-05-02T08:00:00+02:00',
  activityEndDate: '2026-05-20T16:00:00+02:00'
}

const HEAD = {
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
  type: ['VerifiableCredential', 'OpenBadgeCredential']
}

/** The least that Open Badges 3.0 allows, written by hand. */
export function smallBadge(issuer: string, achievement: Readonly<Record<string, unknown>> = {}) {
  return {
    ...HEAD,
    id: 'urn:uuid:2b7f3c64-5f0c-4f5e-9a52-6d8e2f1a0c11',
    issuer: { id: issuer, type: ['Profile'], name: 'Peer Academy' },
    validFrom: '2026-05-01T00:00:00Z',
    name: 'First aid',
    credentialSubject: {
      id: 'did:example:kari',
      type: ['AchievementSubject'],
      achievement: {
        id: 'https://peer.example/achievements/first-aid',
        type: ['Achievement'],
        name: 'First aid',
        description: 'Acts safely until help arrives.',
        criteria: { narrative: 'An observed drill.' },
        ...achievement
      }
    }
  }
}

/** Results, alignments and evidence, in the forms that other issuers write: single values and blank nodes. */
export function largeBadge(issuer: string) {
  const small = smallBadge(issuer, {
    achievementType: 'Certificate',
    humanCode: 'FA-1',
    creditsAvailable: 2,
    tag: ['first aid', 'førstehjelp'],
    image: { id: 'https://peer.example/first-aid.png', type: 'Image', caption: 'A red cross' },
    alignment: [
      { type: ['Alignment'], targetName: 'EQF 3', targetUrl: 'http://data.europa.eu/snb/eqf/3', targetType: 'ext:EQF' },
      { type: ['Alignment'], targetName: 'give aid', targetUrl: 'https://frameworks.example/aid', targetCode: 'A.1' }
    ],
    resultDescription: [
      {
        id: 'https://peer.example/achievements/first-aid#drill',
        type: ['ResultDescription'],
        name: 'Drill',
        resultType: 'Result',
        allowedValue: ['poor', 'fair', 'good']
      }
    ]
  })
  return {
    ...small,
    awardedDate: '2026-05-01T00:00:00Z',
    validUntil: '2028-05-01T00:00:00Z',
    credentialSubject: {
      ...small.credentialSubject,
      result: [
        {
          type: ['Result'],
          resultDescription: 'https://peer.example/achievements/first-aid#drill',
          value: 'good'
        }
      ]
    },
    evidence: [
      { id: 'https://peer.example/evidence/1', type: ['Evidence'], name: 'Film of the drill', genre: 'Video' },
      { type: ['Evidence'], narrative: 'The observer was **present** throughout.' }
    ]
  }
}

/** A badge whose status stands at `index` of `list`. */
export function badgeWithStatus(issuer: string, list: string, index: number) {
  return {
    ...smallBadge(issuer),
    credentialStatus: {
      id: `${list}#${index}`,
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: String(index),
      statusListCredential: list
    }
  }
}
