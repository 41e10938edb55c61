const ACADEMY = 'https://academy.example'

/** The profile of the issuer in the typical badge; the minimal one has a name only. */
const ADDRESS = {
  url: `${ACADEMY}/`,
  email: 'mail@academy.example',
  address: {
    type: ['Address'],
    addressCountry: 'Danmark',
    addressCountryCode: 'DK',
    addressLocality: 'Aarhus',
    postalCode: '8000',
    streetAddress: 'Åboulevarden 1'
  }
}

const MINIMAL = {
  profile: { name: 'Nordisk Kvalitetsakademi' },
  definition: {
    id: `${ACADEMY}/achievements/first-aid`,
    version: '1',
    inLanguage: 'en',
    name: 'First aid at work',
    description: 'Acts safely until help arrives.',
    criteria: { narrative: 'Six hours of practice and an observed drill.' }
  },
  award: { recipient: { email: 'kari@example.org' } }
}

const TYPICAL = {
  profile: { ...MINIMAL.profile, ...ADDRESS },
  definition: {
    id: `${ACADEMY}/achievements/internal-auditor/v1`,
    version: '1',
    inLanguage: 'da-DK',
    achievementType: 'Certification',
    name: 'Certificeret intern auditor, ISO 9001',
    description: 'Gennemfører interne audits af et ledelsessystem efter ISO 9001, så organisationen lærer af dem.',
    criteria: {
      id: `${ACADEMY}/achievements/internal-auditor/criteria`,
      narrative: '- De tre moduler er bestået.\n- En mentor har skrevet under.\n- To audits er observeret.'
    },
    image: { id: `${ACADEMY}/images/internal-auditor.png`, caption: 'Et komma i en cirkel' },
    humanCode: 'NKA-IA',
    fieldOfStudy: 'Kvalitetsledelse',
    tag: ['ISO 9001', 'ISO 19011', 'intern audit'],
    creditsAvailable: 6,
    alignment: [
      {
        targetName: 'perform quality audits',
        targetUrl: 'http://data.europa.eu/esco/skill/d83cba15-8511-4d07-b89a-9fde0d1d8241',
        targetType: 'ext:ESCOSkill',
        targetFramework: 'ESCO v1.2'
      },
      {
        targetName: 'EQF niveau 5',
        targetUrl: 'http://data.europa.eu/snb/eqf/5',
        targetType: 'ext:EQF',
        targetFramework: 'European Qualifications Framework',
        targetCode: '5'
      }
    ],
    resultDescription: [
      {
        id: 'practice',
        name: 'Samlet auditkompetence',
        resultType: 'RubricCriterionLevel',
        requiredLevel: 'independent',
        rubricCriterionLevel: [
          { id: 'practised', name: 'Øvet', description: 'Auditerer kendte processer med støtte.', points: '1' },
          { id: 'independent', name: 'Selvstændig', description: 'Leder audits af alle processer.', points: '2' }
        ]
      },
      {
        id: 'exam',
        name: 'Skriftlig prøve',
        resultType: 'Percent',
        valueMin: '0',
        valueMax: '100',
        requiredValue: '70'
      }
    ],
    validity: 'P3Y'
  },
  award: {
    recipient: { email: 'sofie.holm@example.org' },
    results: [
      { resultDescription: 'practice', achievedLevel: 'independent', status: 'Completed' },
      { resultDescription: 'exam', value: '86' }
    ],
    evidence: [
      {
        id: 'urn:uuid:c93e5b10-6f2d-4a78-9b41-0e8d7a2c5f51',
        name: 'Observeret audit: indkøb',
        narrative: 'Observeret fra åbningsmøde til afsluttende møde.',
        genre: 'ObservedPerformance',
        audience: 'Certificeringsudvalg'
      },
      { name: 'Mentorattest', narrative: 'Mentoren anbefaler certificering.', genre: 'MentorAttestation' }
    ],
    creditsEarned: 6,
    role: 'Intern auditor',
    licenseNumber: 'NKA-IA-2026-0112'
  }
}

/** What is issued: the profile of the issuer, a competency definition and an award of it. */
export const BADGES = { minimal: MINIMAL, typical: TYPICAL }
