import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePointer, valueAt } from '../../../src/encoding/json-pointer.js'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import { mandatoryFloor } from '../../../src/securing/sd/floor.js'
import { readBaseProofValue } from '../../../src/securing/sd/proof-value.js'
import { createEcdsaSd2023, deriveCredential } from '../../../src/selective-disclosure.js'
import { countingRandom, disclosureSigner } from '../../support/disclosure.js'
import { pointersInto, wideBadge } from '../../support/disclosure-badges.js'

const signer = await disclosureSigner()
const badge = wideBadge(signer.id)
const at = (document: JsonObject, pointer: string) => valueAt(document, parsePointer(pointer) ?? ['no pointer'])

describe('the floor of a badge', () => {
  it('78: names all that no holder may hide, and nothing that is not there', () => {
    const achievement = ['id', 'type', 'name', 'description', 'criteria', 'resultDescription']
    expect(mandatoryFloor(badge)).toEqual([
      '/id',
      '/type',
      '/name',
      '/issuer',
      '/validFrom',
      '/validUntil',
      '/awardedDate',
      '/credentialStatus',
      '/credentialSubject/id',
      '/credentialSubject/type',
      '/credentialSubject/identifier',
      ...achievement.map((name) => `/credentialSubject/achievement/${name}`),
      '/credentialSubject/result/1/status',
      '/credentialSubject/result/1/resultDescription',
      '/credentialSubject/result/2/status',
      '/credentialSubject/result/2/resultDescription'
    ])
    const more = {
      credentialSchema: { id: 'https://a.example/s' },
      refreshService: {},
      termsOfUse: {},
      issuanceDate: ''
    }
    for (const name of Object.keys(more)) expect(mandatoryFloor({ ...badge, ...more })).toContain(`/${name}`)
    expect(mandatoryFloor({ type: 'VerifiableCredential', credentialSubject: [{ id: 'did:example:a' }, {}] })).toEqual([
      '/type',
      '/credentialSubject/0/id'
    ])
  })

  it('78: is mandatory in every base proof, whatever the issuer asks for', async () => {
    const suite = createEcdsaSd2023({
      mandatoryPointers: ['/issuer', '/credentialSubject/creditsEarned'],
      random: countingRandom('floor')
    })
    const { proof } = await signer.sign(badge, suite)
    const [{ proofValue }] = proof as unknown as readonly [JsonObject & { proofValue: string }]
    expect(readBaseProofValue(proofValue).mandatoryPointers).toEqual([
      ...mandatoryFloor(badge),
      '/credentialSubject/creditsEarned'
    ])
  })

  it('78: survives every derivation', async () => {
    const signed = await signer.sign(badge)
    const ordered = /\/allowedValue\/\d$/
    const pointers = pointersInto(badge).filter((pointer) => pointer !== '' && !ordered.test(pointer))
    const fixed = mandatoryFloor(badge).filter((pointer) => !pointer.includes('/result/'))
    await fc.assert(
      fc.asyncProperty(fc.subarray(pointers, { maxLength: 6 }), async (reveal) => {
        const shown = await deriveCredential(signed, { reveal }).catch((error: unknown) => {
          // A part without what the schema requires of it, such as an alignment without its target.
          expect(error).toMatchObject({ name: 'InputError', code: 'SCHEMA_INVALID' })
          return undefined
        })
        if (shown === undefined) return
        for (const pointer of fixed) expect([pointer, at(shown, pointer)]).toEqual([pointer, at(badge, pointer)])
        const statuses = (at(shown, '/credentialSubject/result') as readonly JsonObject[]).map(({ status }) => status)
        expect(statuses.filter((status) => status !== undefined)).toEqual(['Completed', 'Failed'])
        expect(at(shown, '/@context')).toEqual(badge['@context'])
      }),
      { numRuns: 60 }
    )
  }, 60_000)

  it('78: is all that is shown where nothing else is revealed', async () => {
    const { proof: _, ...shown } = await deriveCredential(await signer.sign(badge), { reveal: [] })
    const subject = badge['credentialSubject'] as JsonObject
    const { humanCode: _h, tag: _t, alignment: _a, ...achievement } = subject['achievement'] as JsonObject
    const { evidence: _e, ...rest } = badge
    const [, second, third] = subject['result'] as readonly JsonObject[]
    expect(shown).toEqual({
      ...rest,
      credentialSubject: {
        id: subject['id'],
        type: subject['type'],
        identifier: subject['identifier'],
        achievement,
        result: [second, third]
      }
    })
  })
})
