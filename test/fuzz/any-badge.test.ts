import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { ecdsaSd2023 } from '../../src/selective-disclosure.js'
import { createKeyCache, createMapResolver, defaultSuites, type VerifyOptions, verify } from '../../src/verify.js'
import { type CorpusIssuer, corpusIssuer } from '../corpus/issuers.js'
import { arbitraryBadge } from '../support/arbitrary-badge.js'
import { changesOfABadge, fuzzing, tell } from '../support/fuzz.js'
import { NOW } from '../support/issuer.js'
import { mutations } from '../support/mutate.js'
import { SIGNED_FORMS, type SignedForm } from '../support/signed-forms.js'
import { entry, LIST, unsignedList } from '../support/status.js'

const CHANGES_OF_A_BADGE = changesOfABadge()
const FINE: readonly string[] = ['pass', 'notApplicable']

/** What a badge carries besides itself. */
const company = fc.record({
  status: fc.boolean(),
  endorsed: fc.constantFrom('nothing', 'the badge', 'the achievement', 'the issuer'),
  byJwt: fc.boolean(),
  picks: fc.array(fc.nat(), { minLength: 3, maxLength: 3 })
})

describe('any badge, signed in any form', () => {
  it('is accepted; changed in any way it is refused, or says exactly what was signed', { timeout: 0 }, async () => {
    const endorser = await corpusIssuer('form-endorser')
    let badges = 0
    let changes = 0
    let acceptedChanges = 0
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SIGNED_FORMS.keys()),
        arbitraryBadge(),
        company,
        fc.array(mutations, { minLength: CHANGES_OF_A_BADGE, maxLength: CHANGES_OF_A_BADGE }),
        async (index, bare, { status, endorsed, byJwt, picks }, ways) => {
          const form = SIGNED_FORMS[index] as SignedForm
          const issuer = await issuerOf(form)
          const badge = ownedBy(issuer, status ? { ...bare, credentialStatus: entry() } : bare)
          const endorsedBadge = await endorse(badge, endorser, endorsed, byJwt)
          const { text, document } = await form.sign(endorsedBadge, issuer, picks)
          const options = await optionsOf(issuer)

          const honest = await verify(text, options)
          expect(honest.checks.filter(({ outcome, id }) => !FINE.includes(outcome) && id !== 'refresh')).toEqual([])
          expect(honest.accepted).toBe(true)
          expect(honest.credential).toEqual(document)
          badges += 1

          for (const way of ways) {
            const changed = form.change(text, way)
            if (changed === undefined) continue
            changes += 1
            const report = await verify(changed, options)
            expect(report.checks.map(({ code }) => code)).not.toContain('INTERNAL_ERROR')
            if (!report.accepted) continue
            acceptedChanges += 1
            expect(form.covered(report.credential as JsonObject)).toEqual(form.covered(document))
          }
        }
      ),
      // Each smaller badge would have to be signed anew; the seed brings the large one back.
      { ...fuzzing(250, 1 / CHANGES_OF_A_BADGE), endOnFailure: true }
    )
    tell(
      `${badges} badges accepted; ${changes} changes, of which ${acceptedChanges} were accepted and say what was signed`
    )
    expect(acceptedChanges).toBeGreaterThan(0)
  })
})

const issuers = new Map<SignedForm, Promise<CorpusIssuer>>()
const lists = new Map<string, string>()
const keyCache = createKeyCache()

function issuerOf(form: SignedForm): Promise<CorpusIssuer> {
  const issuer = issuers.get(form) ?? form.issuer()
  issuers.set(form, issuer)
  return issuer
}

async function optionsOf(issuer: CorpusIssuer): Promise<VerifyOptions> {
  const list = lists.get(issuer.id) ?? (await issuer.embed(await unsignedList(issuer.id)))
  lists.set(issuer.id, list)
  return { now: NOW, resolver: createMapResolver([[LIST, list]]), suites: [...defaultSuites, ecdsaSd2023], keyCache }
}

function ownedBy(issuer: CorpusIssuer, badge: JsonObject): JsonObject {
  return { ...badge, issuer: { ...(badge['issuer'] as JsonObject), id: issuer.id } }
}

async function endorse(badge: JsonObject, endorser: CorpusIssuer, what: string, byJwt: boolean): Promise<JsonObject> {
  const subject = badge['credentialSubject'] as JsonObject
  const achievement = subject['achievement'] as JsonObject
  const issuer = badge['issuer'] as JsonObject
  const carry = async ({ id }: JsonObject): Promise<JsonObject> => {
    const endorsement = endorsementOf(endorser.id, String(id))
    if (byJwt) return { endorsementJwt: [await endorser.jwt(endorsement, 'JWT')] }
    return { endorsement: [JSON.parse(await endorser.embed(endorsement))] }
  }
  switch (what) {
    case 'the badge':
      return { ...badge, ...(await carry(badge)) }
    case 'the achievement':
      return {
        ...badge,
        credentialSubject: { ...subject, achievement: { ...achievement, ...(await carry(achievement)) } }
      }
    case 'the issuer':
      return { ...badge, issuer: { ...issuer, ...(await carry(issuer)) } }
    default:
      return badge
  }
}

function endorsementOf(endorser: string, about: string): JsonObject {
  return {
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
    id: 'urn:uuid:0f0f0f0f-0000-4000-8000-00000000000e',
    type: ['VerifiableCredential', 'EndorsementCredential'],
    issuer: { id: endorser, type: ['Profile'], name: 'The Board' },
    validFrom: '2025-01-01T00:00:00Z',
    name: 'Endorsement',
    credentialSubject: { id: about, type: ['EndorsementSubject'], endorsementComment: 'Observed two audits.' }
  }
}
