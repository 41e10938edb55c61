import type { JsonObject } from '../../../src/encoding/json-types.js'
import { presentationOf, testHolder } from '../../support/present.js'
import { plainBadge, testSigner } from '../../support/sign.js'
import type { PresentationCase, PresentationOptions } from '../case.js'

const ASKED: PresentationOptions = { challenge: 'c-1', domain: 'jobs.example' }

/** What a holder shows, and what a thief or a listener makes of it. */
export async function presentationCases(): Promise<readonly PresentationCase[]> {
  const issuer = await testSigner('issuer')
  const holder = await testHolder('holder')
  const thief = await testHolder('thief')
  const badge = await issuer.sign(plainBadge(issuer.did))
  const shown = await holder.present(presentationOf(holder.did, badge))
  const forged = presentationOf(holder.did, badge, { ...badge, name: 'Doctorate' })
  return [
    presentation('control', 'accepted', shown),
    presentation('with another challenge', 'refused', shown, { ...ASKED, challenge: 'c-2' }),
    presentation('for another domain', 'refused', shown, { ...ASKED, domain: 'other.example' }),
    presentation('that nobody asked for', 'refused', shown, {}),
    presentation('with a forged credential', 'refused', await holder.present(forged)),
    presentation('signed by a thief', 'refused', await thief.present(presentationOf(holder.did, badge))),
    presentation('signed as an issuer', 'refused', await holder.present(forged, { proofPurpose: 'assertionMethod' })),
    presentation('with one credential more', 'refused', { ...shown, verifiableCredential: [badge, badge] }),
    presentation('with another challenge written in', 'refused', withProof(shown, { challenge: 'c-2' }), {
      ...ASKED,
      challenge: 'c-2'
    })
  ]
}

function withProof(shown: JsonObject, more: JsonObject): JsonObject {
  return { ...shown, proof: { ...(shown['proof'] as JsonObject), ...more } }
}

function presentation(
  name: string,
  expected: PresentationCase['expected'],
  json: JsonObject,
  options: PresentationOptions = ASKED
): PresentationCase {
  return { kind: 'presentation', name: `presentation: ${name}`, expected, input: { json }, options }
}
