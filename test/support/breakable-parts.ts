import { expect } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import {
  createMapResolver,
  createStatusMemory,
  createTrustList,
  problemDetails,
  type Report,
  type VerifyOptions
} from '../../src/index.js'
import { NOW } from './issuer.js'
import { presentationOf, testHolder } from './present.js'
import { plainBadge, testSigner } from './sign.js'
import { entry, LIST, signedList } from './status.js'

/** What somebody else's error may say, and what no stranger may read. */
const SECRET = 'password hunter2 of 10.1.2.3 in /srv/keys/issuer.pem'

export interface BreakableParts {
  readonly badge: JsonObject
  /** The badge with an endorsement in it. */
  readonly endorsed: JsonObject
  readonly presentation: JsonObject
  /** With all that a verification may use. */
  readonly options: VerifyOptions
}

/** A badge, and all parts of an application that verifies it, working. */
export async function breakableParts(): Promise<BreakableParts> {
  const issuer = await testSigner('issuer')
  const plain = plainBadge(issuer.did, { credentialStatus: entry() })
  const badge = await issuer.sign(plain)
  const { '@context': context = null } = plain
  const mentor = await testSigner('mentor')
  const endorsement = await mentor.sign({
    '@context': context,
    id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000e',
    type: ['VerifiableCredential', 'EndorsementCredential'],
    issuer: { id: mentor.did, type: ['Profile'] },
    validFrom: '2024-01-01T00:00:00Z',
    name: 'Endorsement',
    credentialSubject: { id: plain['id'] ?? null, type: ['EndorsementSubject'] }
  })
  const endorsed = await issuer.sign(plainBadge(issuer.did, { credentialStatus: entry(), endorsement: [endorsement] }))
  const holder = await testHolder('holder')
  const presentation = await holder.present(presentationOf(holder.did, badge))
  const options = {
    now: NOW,
    resolver: createMapResolver([[LIST, await signedList(issuer)]]),
    recipient: { id: 'did:example:learner' },
    trust: [createTrustList('Register', [issuer.did])],
    statusMemory: createStatusMemory()
  }
  return { badge, endorsed, presentation, options }
}

export const brokenCall = (): never => {
  throw new Error(SECRET)
}

/** A report that says of each check how it came out, accepts nothing, and tells no stranger what broke. */
export function expectRefusal(report: Pick<Report, 'accepted' | 'checks'>): void {
  expect(report.accepted).toBe(false)
  expect(report.checks.some(({ outcome }) => outcome === 'unknown' || outcome === 'fail')).toBe(true)
  expect(report.checks.every(({ code }) => typeof code === 'string')).toBe(true)
  for (const shown of [JSON.stringify(report), JSON.stringify(problemDetails(report))]) expectNoSecret(shown)
}

export function expectNoSecret(shown: string): void {
  for (const part of ['hunter2', '10.1.2.3', '/srv/', 'node_modules', 'at async', '.ts:', '.js:']) {
    expect(shown).not.toContain(part)
  }
}
