import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { createMapResolver, type VerifyOptions, verify } from '../../src/verify.js'
import { corpusIssuer } from '../corpus/issuers.js'
import { fuzzing } from '../support/fuzz.js'
import { NOW } from '../support/issuer.js'
import { segment } from '../support/jwt.js'
import { mutated, mutations } from '../support/mutate.js'
import { plainBadge } from '../support/sign.js'
import { entry, LIST, unsignedList } from '../support/status.js'

const WEB = 'https://school.example/issuer'
const REVOCATIONS = 'https://school.example/revoked'
const COPY = 'https://school.example/copy'
const issuer = await corpusIssuer('any-issuer', 'Ed25519', WEB)
const header = { alg: 'EdDSA', kid: issuer.verificationMethod }
const badge = richBadge()
const list = await unsignedList(WEB)
const revocations = { id: REVOCATIONS, issuer: WEB, revokedCredential: [{ id: 'urn:x', revocationReason: 'x' }] }
const keySet = { keys: [] }

/** Two changes in three are to one of the documents alone, so that the others lead to it. */
const changes = fc.record({
  badge: fc.option(mutations, { freq: 2, nil: [] }),
  list: fc.option(mutations, { freq: 1, nil: [] }),
  revocations: fc.option(mutations, { freq: 1, nil: [] }),
  copy: fc.option(mutations, { freq: 1, nil: [] }),
  controller: fc.option(mutations, { freq: 1, nil: [] }),
  form: fc.constantFrom('JWT', 'vc+jwt', 'vc'),
  expect: fc.constantFrom('AchievementCredential', 'VerifiableCredential', 'EndorsementCredential'),
  lenient: fc.boolean()
})

describe('whatever an issuer signs and publishes', () => {
  it('nothing is thrown, every check is there, and none fails inside', { timeout: 0 }, async () => {
    let signed = 0
    await fc.assert(
      fc.asyncProperty(changes, async ({ form, lenient, expect: kind, ...change }) => {
        const document = mutated(badge, change.badge) ?? badge
        const text = await issuer.token(claimsOf(document, form), { ...header, typ: form === 'vc' ? 'JWT' : form })
        const copy = mutated({ ...badge, validFrom: '2025-06-01T00:00:00Z' }, change.copy)
        const published = {
          [WEB]: mutated(issuer.controllerDocument, change.controller),
          'https://school.example/.well-known/jwks.json': keySet,
          [LIST]: await issuer.token(mutated(list, change.list) ?? {}, { ...header, typ: 'vc+jwt' }),
          [REVOCATIONS]: mutated(revocations, change.revocations),
          [COPY]: await issuer.token(claimsOf(copy ?? {}, form), { ...header, typ: form === 'vc' ? 'JWT' : form })
        }
        const resolver = createMapResolver(
          Object.entries(published).map(
            ([url, one]) => [url, typeof one === 'string' ? one : JSON.stringify(one)] as const
          )
        )
        const resources = { 'https://school.example/plan.txt': 'x' }
        const options = { now: NOW, resolver, refresh: true, lenient, expect: kind, resources }
        const { checks } = await verify(text, options as VerifyOptions)
        if (checks.some(({ code }) => code === 'PROOF_VALID')) signed += 1
        expect(checks.filter(({ code }) => code === 'INTERNAL_ERROR')).toEqual([])
      }),
      fuzzing(500)
    )
    expect(signed).toBeGreaterThan(50)
  })
})

function claimsOf(document: JsonObject, form: string): JsonObject {
  if (form !== 'JWT') return document
  const claims = { iss: WEB, sub: 'did:example:learner', jti: String(badge['id']), nbf: 1_704_067_200 }
  return { ...document, ...claims }
}

/** A badge of which every check has something to look at. */
function richBadge(): JsonObject {
  const endorsement = `${segment(header)}.${segment({ iss: WEB })}.${segment('x')}`
  return plainBadge(WEB, {
    '@context': [
      'https://www.w3.org/ns/credentials/v2',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
      'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'
    ],
    credentialStatus: [entry(), { id: REVOCATIONS, type: '1EdTechRevocationList' }],
    credentialSchema: [{ id: 'https://school.example/schema', type: 'JsonSchema' }],
    refreshService: { id: COPY, type: '1EdTechCredentialRefresh' },
    relatedResource: [{ id: 'https://school.example/plan.txt', digestSRI: 'sha256-AAAA' }],
    evidence: [{ id: 'https://school.example/plan.txt', type: ['Evidence'], digestMultibase: 'zQm' }],
    endorsementJwt: [endorsement]
  })
}
