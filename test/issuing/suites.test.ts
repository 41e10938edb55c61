import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import {
  type Cryptosuite,
  compileCompetency,
  createIssuer,
  createMapResolver,
  createMemoryStatusStore,
  didKeyOf,
  ecdsaJcs2019,
  ecdsaRdfc2019,
  ed25519Signature2020,
  eddsa2022,
  eddsaJcs2022,
  eddsaRdfc2022,
  type KeyStore,
  type Signer,
  verify
} from '../../src/index.js'
import type { SigningKeyAlgorithm } from '../../src/keys/key-store.js'
import { FIRST_AID, KARI, NOW } from '../support/issuer.js'
import { testSigner } from '../support/sign.js'

const ALGORITHMS: readonly SigningKeyAlgorithm[] = ['Ed25519', 'P-256', 'P-384']
const SUITES: readonly Cryptosuite[] = [eddsaRdfc2022, eddsaJcs2022, ecdsaRdfc2019, ecdsaJcs2019]
const PAIRS = SUITES.flatMap((suite) =>
  ALGORITHMS.filter((algorithm) => suite.keyAlgorithms.includes(algorithm)).map(
    (algorithm) => [suite.name, algorithm, suite] as const
  )
)
const DID_WEB = 'did:web:academy.example'

async function houseOf(
  algorithm: SigningKeyAlgorithm,
  suite?: Cryptosuite,
  given: { id?: string; keys?: KeyStore } = {}
) {
  const keys = given.keys ?? (await testSigner('issuer', algorithm)).keys
  const issuer = await createIssuer({
    profile: { id: given.id ?? (await didKeyOf(keys)), name: 'Example Academy' },
    keys,
    status: createMemoryStatusStore(),
    clock: () => NOW,
    ...(suite !== undefined && { suite })
  })
  return { issuer, issue: () => issuer.issue(compileCompetency(FIRST_AID), KARI) }
}

type House = Awaited<ReturnType<typeof houseOf>>

async function reportOn({ issuer, issue }: House) {
  const issued = await issue()
  const published = (await issuer.publish()).map(({ id, text }) => [id, text] as const)
  return { issued, published, report: await verify(issued.text, { now: NOW, resolver: createMapResolver(published) }) }
}

const proofOf = (document: unknown) => (document as { proof: JsonObject[] }).proof[0]

describe.each(PAIRS)('an issuer that signs with %s and a %s key', (name, algorithm, suite) => {
  it('makes badges and status lists that verify, under a did:key', async () => {
    const { issued, published, report } = await reportOn(await houseOf(algorithm, suite))
    expect(proofOf(issued.credential)?.['cryptosuite']).toBe(name)
    expect(published.map(([, text]) => proofOf(JSON.parse(text))?.['cryptosuite'])).toEqual([name])
    expect([report.accepted, report.warnings]).toEqual([true, []])
    expect(report.checks.find(({ id }) => id === 'status')?.code).toBe('STATUS_GOOD')
    expect(report.proofs.map(({ cryptosuite, checked }) => [cryptosuite, checked])).toEqual([[name, true]])
  })

  it('makes badges that verify with the keys it publishes, under a did:web', async () => {
    const { report } = await reportOn(await houseOf(algorithm, suite, { id: DID_WEB }))
    expect([report.accepted, report.warnings]).toEqual([true, []])
  })

  it('104: hands nothing out where the signer makes a fault', async () => {
    const { keys, signer } = await testSigner('issuer', algorithm)
    const faulty: Signer = {
      id: signer.id,
      algorithm,
      publicKey: signer.publicKey,
      sign: async (data) => {
        const signature = await signer.sign(data)
        signature[5] = (signature[5] as number) ^ 1
        return signature
      }
    }
    const house = await houseOf(algorithm, suite, { keys: { ...keys, signer: async () => faulty } })
    await expect(house.issue()).rejects.toMatchObject({ code: 'SIGNATURE_OWN_CHECK_FAILED' })
  })
})

describe('an issuer that is told no suite', () => {
  it.each(ALGORITHMS)('signs with the RDFC suite of its %s key', async (algorithm) => {
    const { issued, report } = await reportOn(await houseOf(algorithm))
    const wanted = algorithm === 'Ed25519' ? 'eddsa-rdfc-2022' : 'ecdsa-rdfc-2019'
    expect(proofOf(issued.credential)?.['cryptosuite']).toBe(wanted)
    expect(report.accepted).toBe(true)
  })
})

describe('an issuer is not created', () => {
  it.each<[string, SigningKeyAlgorithm, unknown]>([
    ['a suite that is only read', 'Ed25519', eddsa2022],
    ['a proof type that is only read', 'Ed25519', ed25519Signature2020],
    ['an ECDSA suite for an Ed25519 key', 'Ed25519', ecdsaRdfc2019],
    ['an EdDSA suite for a P-256 key', 'P-256', eddsaJcs2022],
    ['a name in place of a suite', 'Ed25519', 'eddsa-rdfc-2022'],
    ['a null', 'Ed25519', null]
  ])('with %s', async (_, algorithm, suite) => {
    await expect(houseOf(algorithm, suite as Cryptosuite).then(() => 'created')).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      path: 'suite'
    })
  })
})
