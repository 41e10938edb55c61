import { describe, expect, it } from 'vitest'
import { expand } from '../../../src/canonical/json-ld.js'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import { createMapResolver, verify } from '../../../src/index.js'
import { createContextSet } from '../../../src/model/contexts.js'
import { proofOptionsOf } from '../../../src/securing/hash-and-sign.js'
import { createBaseProof, createSecrets } from '../../../src/securing/sd/base-proof.js'
import { disclose } from '../../../src/securing/sd/disclosure.js'
import { unsecured } from '../../../src/securing/unsecured-document.js'
import { ecdsaSd2023 } from '../../../src/selective-disclosure.js'
import { componentsOf, countingRandom, discloseFreely, disclosureSigner, suites } from '../../support/disclosure.js'
import { wideBadge } from '../../support/disclosure-badges.js'
import { NOW } from '../../support/issuer.js'
import { plainBadge } from '../../support/sign.js'

// An issuer with other rules than ours, and a holder without our gates: what a verifier meets all the same.
const contexts = createContextSet()
const signer = await disclosureSigner('lax')
const resolver = createMapResolver([signer.controllerDocument])
const secured = async (document: JsonObject) => unsecured(document, await expand(document, contexts), contexts)

async function show(document: JsonObject, mandatory: readonly string[], reveal: readonly string[]) {
  const random = countingRandom('lax')
  const base = await signer.sign(document, {
    ...ecdsaSd2023,
    createProof: (given, options, proofSigner) => {
      const proof = proofOptionsOf({ type: 'DataIntegrityProof', cryptosuite: 'ecdsa-sd-2023' }, options)
      return createBaseProof(given, proof, mandatory, createSecrets(random), proofSigner)
    }
  })
  return discloseFreely(base, reveal)
}

const check = (document: JsonObject) => verify(document, { now: NOW, resolver, suites })

describe('what others derive from credentials of others', () => {
  it('is not derived where it would say something else than the whole does', async () => {
    const document = plainBadge(signer.id)
    const base = await signer.sign(document)
    const [proof] = base['proof'] as readonly [JsonObject]
    const { shown, derive } = await disclose(await secured(document), String(proof['proofValue']), [])
    expect(await derive(await secured(shown))).toMatch(/^u2V0B/)
    for (const other of [
      { ...shown, name: 'Other' },
      { ...shown, description: 'More' }
    ]) {
      await expect(derive(await secured(other))).rejects.toMatchObject({
        name: 'SecuringError',
        code: 'CANONICALIZATION_FAILED'
      })
    }
  })

  it('87: is refused by the schema where nothing is left of it', async () => {
    const shown = await show(plainBadge(signer.id), ['/issuer'], [])
    expect(Object.keys(shown).sort()).toEqual(['@context', 'id', 'issuer', 'proof', 'type'])
    const report = await check(shown)
    expect(report.accepted).toBe(false)
    expect(report.credential).toBe(undefined)
    expect(report.checks.find(({ id }) => id === 'schema')).toMatchObject({ outcome: 'fail', code: 'SCHEMA_INVALID' })
  })

  it('78: comes with a warning, because an end of validity or a status may have been left out', async () => {
    const badge = { ...plainBadge(signer.id), validUntil: '2025-01-01T00:00:00Z' }
    const shown = await show(badge, ['/issuer', '/validFrom'], ['/credentialSubject', '/name'])
    expect(shown).not.toHaveProperty('validUntil')
    const report = await check(shown)
    expect(report.accepted).toBe(true)
    expect(report.warnings).toMatchObject([{ code: 'PART_SHOWN' }])
  })

  it('verifies where nothing at all is mandatory', async () => {
    const shown = await show(plainBadge(signer.id), [], [''])
    expect(componentsOf(shown).components[4]).toEqual([])
    expect((await check(shown)).accepted).toBe(true)
  })

  it('verifies with an ordered list that is not mandatory', async () => {
    const { credentialStatus: _, ...badge } = wideBadge(signer.id)
    const subject = '/credentialSubject'
    const reveal = ['id', 'type', 'name', 'description', 'criteria', 'resultDescription/0'].map(
      (name) => `${subject}/achievement/${name}`
    )
    const report = await check(await show(badge, ['/issuer', '/validFrom', '/name'], reveal))
    expect(report.checks.filter(({ outcome }) => outcome === 'fail')).toEqual([])
    expect(report.accepted).toBe(true)
    expect(report.credential?.credentialSubject.achievement?.resultDescription).toHaveLength(1)
  })
})
