import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { KommaError } from '../../src/index.js'
import { checkUnsigned } from '../../src/issuing/gate.js'
import { contextDigest, createContextSet } from '../../src/model/contexts.js'
import type { CredentialKind } from '../../src/model/credential-kind.js'
import { describeShared, readSharedJson, sharedPath } from '../support/shared.js'

async function verdictOf(path: string, kind: CredentialKind = 'AchievementCredential') {
  const { proof: _, ...document } = readSharedJson(path) as JsonObject
  const lineage = readSharedJson('fixtures/scenario/00-lineage-context.jsonld')
  const contexts = createContextSet([
    { url: 'https://example.org/lineage/v1', document: lineage, sha256: contextDigest(lineage) }
  ])
  try {
    await checkUnsigned(document, kind, { contexts })
    return 'builds'
  } catch (error) {
    if (error instanceof KommaError) return `${error.code} ${error.path ?? ''}`.trim()
    throw error
  }
}
const all = (folder: string) =>
  readdirSync(sharedPath(folder))
    .filter((name) => name.endsWith('.json'))
    .map((name) => [name, `${folder}/${name}`] as const)

const kindOf = (name: string): CredentialKind => {
  if (/status-list/.test(name)) return 'BitstringStatusListCredential'
  return /endorsement/i.test(name) ? 'EndorsementCredential' : 'AchievementCredential'
}

async function verdicts(folder: string): Promise<Record<string, string>> {
  const entries = await Promise.all(
    all(folder).map(async ([name, path]) => {
      return [name, await verdictOf(path, kindOf(name))] as const
    })
  )
  return Object.fromEntries(entries)
}

const every = (verdict: string, names: readonly string[]) => Object.fromEntries(names.map((name) => [name, verdict]))

describeShared('the gate before signing', () => {
  it('gives every example of the specification the verdict it should have', async () => {
    expect(await verdicts('fixtures/spec')).toEqual({
      ...every('builds', [
        'achievementAlignmentCase--achievement-alignment-case.json',
        'achievementAlignmentCe--achievement-alignment-credential-engine.json',
        'all-properties-v2.unsigned.json',
        'basicOpenBadgeCredential--sample-openbadgecredential.json',
        'docformat--sample-openbadgecredential-file-contents.json',
        'endorsement--sample-endorsementcredential.json',
        'linked-data-proof-ob--credential.json',
        'linked-data-proof-ob--signed-credential.json',
        // These write single values where the schema wants lists; they are read as lists.
        'recommended-practices--achievement-alignment-case.json',
        'recommended-practices--skill-assertion-credential-registry.json',
        'skillAssertionCase--skill-assertion-case.json',
        'skillAssertionCtdl--skill-assertion-credential-registry.json'
      ]),
      // A level and a status for a letter grade that has neither.
      'fullOpenBadge--complete-openbadgecredential.json':
        'CREDENTIAL_INVALID /credentialSubject/result/1/achievedLevel',
      'getting-started--getting-started-md-jsonld-2.json': 'SCHEMA_INVALID /credentialSubject/achievement/type',
      'migrating--upgraded-ob-2-0-assertion-included-within-clr-2-0.json':
        'SCHEMA_INVALID /issuer/otherIdentifier/0/type',
      // A context that is not bundled, a fragment, or a credential of another kind.
      ...every('CREDENTIAL_INVALID /@context', [
        'equality-and-comparison--sample-credential-a.json',
        'equality-and-comparison--sample-credential-b.json',
        'equality-and-comparison--sample-credential-c.json',
        'equality-and-comparison--sample-credential-d.json',
        'extensions--ob-clr-extension-json-ld-context.json',
        'extensions--ob-clr-extension-json-schema.json',
        'getting-started--getting-started-md-jsonld-0.json',
        'getting-started--getting-started-md-jsonld-1.json',
        'linked-data-proof-clr--credential.json',
        'linked-data-proof-clr--document-before-signing.json',
        'linked-data-proof-clr--proof.json',
        'linked-data-proof-clr--signed-credential.json',
        'linked-data-proof-ob--proof.json',
        'migrating--issuer-profile-relation-between-open-badges-2-0-and-open-badges-3-0.json',
        'migrating--openbadges-2-0-with-related-openbadges-3-0.json',
        'recommended-practices--email-identifier-in-credential-subject.json',
        'recommended-practices--given-name-and-family-name-credential-subject-with-profile.json',
        'recommended-practices--name-identifier-in-credential-subject.json'
      ])
    })
  })

  it('builds the worked scenario, and refuses its variant with two status entries', async () => {
    expect(await verdicts('fixtures/scenario')).toEqual({
      ...every('builds', [
        '01-module-1.json',
        '02-module-2.json',
        '03-module-3.json',
        '04-mentor-endorsement.json',
        '05-certificate-2022-initial.json',
        '06-certificate-2023-surveillance-reissue.json',
        '07-certificate-2024-surveillance-reissue.json',
        '08-certificate-2025-recertified.json',
        '09-status-list-before.json',
        '10-status-list-after-revocation.json'
      ]),
      '11-variant-multi-status-NOT-ob-schema-valid.json': 'OB_SINGLE_STATUS /credentialStatus',
      '12-clr-associations.json': 'CREDENTIAL_INVALID /@context'
    })
  })
})
