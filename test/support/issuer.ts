import { sha256 } from '../../src/crypto/digest.js'
import {
  type Competency,
  compileCompetency,
  createIssuer,
  createMapResolver,
  createMemoryKeyStore,
  createMemoryStatusStore,
  didKeyOf,
  type Issuer,
  type IssuerOptions,
  type ManagedKeyStore,
  type Resolver,
  type StatusStore
} from '../../src/index.js'

/** The time that tests live in. */
export const NOW = new Date('2026-06-01T12:00:00Z')

/** Test keys come from published labels, so that everybody can make them again and nobody uses them in earnest. */
export function testSeed(label: string): Uint8Array {
  return sha256(new TextEncoder().encode(`komma-test-${label}`))
}

export interface TestHouse {
  readonly issuer: Issuer
  readonly keys: ManagedKeyStore
  readonly status: StatusStore
  readonly competency: Competency
  /** A resolver over what the issuer publishes now. */
  publish(): Promise<Resolver>
}

export async function testHouse(
  options: Partial<IssuerOptions> & { readonly label?: string } = {}
): Promise<TestHouse> {
  const { label = 'issuer', ...rest } = options
  const keys = await createMemoryKeyStore({ seed: testSeed(label), now: NOW })
  const status = rest.status ?? createMemoryStatusStore()
  const issuer = await createIssuer({
    profile: { id: await didKeyOf(keys), name: 'Example Academy' },
    keys,
    clock: () => NOW,
    ...rest,
    status
  })
  return {
    issuer,
    keys,
    status,
    competency: compileCompetency(FIRST_AID),
    publish: async () => createMapResolver((await issuer.publish()).map(({ id, text }) => [id, text] as const))
  }
}

export const FIRST_AID = {
  id: 'https://academy.example/achievements/first-aid/v1',
  version: '1',
  inLanguage: 'en',
  achievementType: 'Certificate',
  name: 'First aid at work',
  description: 'Acts safely until help arrives.',
  criteria: { narrative: 'Six hours of practice and an observed drill.' },
  resultDescription: [
    {
      id: 'drill',
      name: 'Observed drill',
      resultType: 'RubricCriterionLevel',
      requiredLevel: 'safe',
      rubricCriterionLevel: [
        { id: 'helped', name: 'With help', points: '1' },
        { id: 'safe', name: 'Safely', points: '2' }
      ]
    }
  ],
  validity: 'P2Y'
}

export const KARI = {
  recipient: { email: 'kari@example.org' },
  results: [{ resultDescription: 'drill', achievedLevel: 'safe' }]
}
