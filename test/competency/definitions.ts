/** The least that a definition has to say. */
export function minimal(): Record<string, unknown> {
  return {
    id: 'https://nka.example/achievements/first-aid/v1',
    version: '1',
    inLanguage: 'en',
    name: 'First aid at work',
    description: 'Acts safely until help arrives.',
    criteria: { narrative: 'Six hours of practice.' }
  }
}

/** A definition in two languages with levels. */
export function translated(): Record<string, unknown> {
  return {
    id: 'https://nka.example/achievements/audit/v2',
    version: '2',
    inLanguage: 'da-DK',
    achievementType: 'MicroCredential',
    name: { da: 'Auditteknik', sv: 'Revisionsteknik' },
    description: { 'da-DK': 'Kan auditere.', sv: 'Kan revidera.' },
    criteria: { narrative: { da: 'Bestået audit.\n\nI praksis.', sv: 'Godkänd revision.\n\nI praktiken.' } },
    tag: ['ISO 9001', { da: 'audit', sv: 'revision' }],
    related: [{ id: 'https://nka.example/achievements/audit/v1', version: '1', inLanguage: 'da-DK' }],
    alignment: [
      {
        targetName: 'audit techniques',
        targetUrl: 'http://data.europa.eu/esco/skill/6a536b36-c5c7-4d10-bf67-a4fb0f8549b2',
        targetType: 'ext:ESCOSkill'
      }
    ],
    resultDescription: [
      {
        id: 'practice',
        name: { da: 'Praksis', sv: 'Praktik' },
        resultType: 'RubricCriterionLevel',
        requiredLevel: 'independent',
        rubricCriterionLevel: [
          { id: 'beginner', name: { da: 'Begynder', sv: 'Nybörjare' }, points: '1' },
          {
            id: 'independent',
            name: { da: 'Selvstændig', sv: 'Självständig' },
            level: { da: 'Niveau 2', sv: 'Nivå 2' },
            points: '10'
          }
        ]
      }
    ]
  }
}
