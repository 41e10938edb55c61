import { describe, expect, it } from 'vitest'
import { expand, toQuads } from '../../../src/canonical/json-ld.js'
import type { CborValue } from '../../../src/encoding/cbor.js'
import { encodeCbor } from '../../../src/encoding/cbor.js'
import { InputError, KeyError, OptionError } from '../../../src/encoding/errors.js'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import { encodeMultibase } from '../../../src/encoding/multibase.js'
import { createContextSet } from '../../../src/model/contexts.js'
import { createSecrets } from '../../../src/securing/sd/base-proof.js'
import { readStatements } from '../../../src/securing/sd/derived-proof.js'
import { mandatoryFloor } from '../../../src/securing/sd/floor.js'
import { selectPointers } from '../../../src/securing/sd/pointers.js'
import { MAX_SIGNATURES, readBaseProofValue, readDerivedProofValue } from '../../../src/securing/sd/proof-value.js'
import { selectionOf, showPart } from '../../../src/securing/sd/selection.js'
import { pointOfStatementKey } from '../../../src/securing/sd/statement-key.js'
import { createEcdsaSd2023, deriveCredential, ecdsaSd2023 } from '../../../src/selective-disclosure.js'
import { componentsOf, countingRandom, disclosureSigner, editProofValue } from '../../support/disclosure.js'
import { plainBadge } from '../../support/sign.js'

function refusalOf(call: () => unknown): InputError | KeyError | OptionError {
  try {
    call()
  } catch (error) {
    if (error instanceof InputError || error instanceof KeyError || error instanceof OptionError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const bytes = (length: number, fill = 1) => new Uint8Array(length).fill(fill)
const KEY = Uint8Array.of(0x80, 0x24, ...bytes(33, 2))

function proofValueOf(kind: readonly number[], components: CborValue): string {
  return encodeMultibase('base64url', Uint8Array.from([0xd9, 0x5d, ...kind, ...encodeCbor(components)]))
}

const base = (change: Readonly<Record<number, CborValue>> = {}) =>
  proofValueOf([0], replaced([bytes(64), KEY, bytes(32), [bytes(64)], ['/issuer']], change))
const derived = (change: Readonly<Record<number, CborValue>> = {}) =>
  proofValueOf([1], replaced([bytes(64), KEY, [bytes(64)], new Map([[0, bytes(32)]]), [0]], change))
const replaced = (components: CborValue[], change: Readonly<Record<number, CborValue>>) =>
  components.map((component, at) => change[at] ?? component)

describe('the value of a proof', () => {
  it('is taken apart into what was put into it', () => {
    expect(readBaseProofValue(base())).toMatchObject({ publicKey: KEY, mandatoryPointers: ['/issuer'] })
    expect(readDerivedProofValue(derived())).toMatchObject({ publicKey: KEY, mandatoryIndexes: [0] })
  })

  it('79: of another kind is said to be none of this one', () => {
    for (const other of [derived(), proofValueOf([2], []), proofValueOf([], [])])
      expect(refusalOf(() => readBaseProofValue(other)).message).toContain('it is no base proof')
    for (const other of [proofValueOf([2], []), 'u2V0', 'uAAAA'])
      expect(refusalOf(() => readDerivedProofValue(other)).message).toContain('it is no proof of this suite')
    expect(refusalOf(() => readDerivedProofValue(base()))).toMatchObject({
      code: 'PROOF_BASE_SHOWN',
      path: '/proof/proofValue'
    })
  })

  it.each<[string, CborValue, string, string | undefined]>([
    ['four components', [bytes(64), KEY, [], []], '5', '4'],
    ['six components', [bytes(64), KEY, [], new Map(), [], []], '5', '6'],
    ['a text for a list', 'x', 'an array', undefined]
  ])('80: with %s says what it should have', (_what, components, expected, got) => {
    const refusal = refusalOf(() => readDerivedProofValue(proofValueOf([1], components)))
    expect(refusal).toMatchObject({ code: 'ENCODING_INVALID', path: '/proof/proofValue', expected })
    expect(refusal.got).toBe(got)
    if (got === undefined) expect(refusal.faults[0]).not.toHaveProperty('got')
  })

  it.each<[string, Readonly<Record<number, CborValue>>, string]>([
    ['a base signature of 63 bytes', { 0: bytes(63) }, '64 bytes'],
    ['a key of 34 bytes', { 1: bytes(34) }, '35 bytes'],
    ['a list for the signatures that is none', { 2: 'x' }, 'an array'],
    ['a signature of 63 bytes', { 2: [bytes(63)] }, '64 bytes'],
    ['a list for the label map', { 3: [] }, 'a map'],
    ['a label of 31 bytes', { 3: new Map([[0, bytes(31)]]) }, '32 bytes'],
    ['a label below 0', { 3: new Map([[-1, bytes(32)]]) }, 'a number from 0'],
    ['an index below 0', { 4: [-1] }, 'a number from 0'],
    ['an index twice', { 4: [0, 0] }, 'each index once']
  ])('82, 83: with %s says what it should be', (_what, change, expected) => {
    const refusal = refusalOf(() => readDerivedProofValue(derived(change)))
    expect(refusal).toMatchObject({ code: 'ENCODING_INVALID', path: '/proof/proofValue', expected })
  })

  it('has up to 1,000 signatures', () => {
    const many = (count: number) => derived({ 2: Array.from({ length: count }, () => bytes(64)) })
    expect(readDerivedProofValue(many(MAX_SIGNATURES)).signatures).toHaveLength(1_000)
    const refusal = refusalOf(() => readDerivedProofValue(many(MAX_SIGNATURES + 1)))
    expect(refusal).toMatchObject({ expected: 'at most 1000', got: '1001', path: '/proof/proofValue' })
  })

  it('has up to 20,000 items of any kind', () => {
    const indexes = (count: number) => derived({ 4: Array.from({ length: count }, (_, index) => index) })
    expect(readDerivedProofValue(indexes(19_000)).mandatoryIndexes).toHaveLength(19_000)
    expect(refusalOf(() => readDerivedProofValue(indexes(20_001)))).toMatchObject({ path: '/proof/proofValue' })
  })
})

describe('the key of the statements', () => {
  it('85: that is no P-256 key is refused, and the error says how it starts', () => {
    const refusal = refusalOf(() => pointOfStatementKey(Uint8Array.of(0xed, 0x01, ...bytes(33))))
    expect(refusal).toMatchObject({ code: 'KEY_INVALID', path: '/proof/proofValue', got: 'bytes that start with ed01' })
    const offCurve = Uint8Array.of(0x80, 0x24, 2, ...bytes(31, 0), 1)
    expect(refusalOf(() => pointOfStatementKey(offCurve))).toMatchObject({ path: '/proof/proofValue' })
  })
})

describe('the suite', () => {
  it('is named by type and cryptosuite together, and brings no context', () => {
    const proof = { type: 'DataIntegrityProof', cryptosuite: 'ecdsa-sd-2023' }
    expect(ecdsaSd2023.matches(proof)).toBe(true)
    expect(ecdsaSd2023.matches({ ...proof, type: 'Other' })).toBe(false)
    expect(ecdsaSd2023.matches({ ...proof, cryptosuite: 'ecdsa-rdfc-2019' })).toBe(false)
    expect(ecdsaSd2023.proofContext).toBe(false)
  })

  it('can be asked for more that is mandatory, besides what it has', async () => {
    const suite = createEcdsaSd2023({ mandatoryPointers: ['/evidence/0'], random: countingRandom('more') })
    const signer = await disclosureSigner()
    const evidence = ['one', 'two'].map((name) => ({ type: ['Evidence'], name }))
    const more = suite.withMandatoryPointers?.(['/evidence/1'])
    const signed = await signer.sign(plainBadge(signer.id, { evidence }), more)
    expect(componentsOf(signed).components[4]).toEqual(
      expect.arrayContaining(['/evidence/0', '/evidence/1', '/issuer'])
    )
    expect(refusalOf(() => suite.withMandatoryPointers?.(['x']))).toMatchObject({
      code: 'OPTION_INVALID',
      path: 'mandatoryPointers/1',
      got: 'x'
    })
  })

  it('refuses options that cannot be used, and says in a line what they are', () => {
    expect(refusalOf(() => createEcdsaSd2023({ random: 5 as never }))).toMatchObject({
      path: 'random',
      expected: 'a function',
      got: 'number'
    })
    const long = `x${'/a'.repeat(200)}`
    const refusal = refusalOf(() => createEcdsaSd2023({ mandatoryPointers: [long] }))
    expect(refusal).toMatchObject({ path: 'mandatoryPointers/0', got: long.slice(0, 200) })
  })

  it.each([
    ['a number', () => 5],
    ['too few bytes', (length: number) => bytes(length - 1)],
    ['a list', (length: number) => Array(length).fill(1)]
  ])('refuses a random source that gives %s', (_what, random) => {
    expect(refusalOf(() => createSecrets(random as never))).toMatchObject({
      code: 'OPTION_INVALID',
      path: 'random',
      expected: '32 bytes'
    })
  })

  it('says which of the mandatory pointers points at nothing', async () => {
    const signer = await disclosureSigner()
    const suite = createEcdsaSd2023({ mandatoryPointers: ['/nothing'], random: countingRandom('nothing') })
    const error = await signer.sign(plainBadge(signer.id), suite).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'POINTER_INVALID', path: expect.stringMatching(/^mandatoryPointers\/\d+$/) })
  })

  it('says how many statements are too many', async () => {
    const signer = await disclosureSigner()
    const evidence = Array.from({ length: 500 }, (_, n) => ({ type: ['Evidence'], name: `n${n}`, narrative: 'x' }))
    const error = await signer.sign(plainBadge(signer.id, { evidence })).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'CREDENTIAL_INVALID', path: '/', expected: 'at most 1000' })
    expect(Number((error as InputError).got)).toBeGreaterThan(1_000)
  })
})

describe('what a holder derives', () => {
  it('82: comes from as many signatures as there are statements, not from more', async () => {
    const signer = await disclosureSigner()
    const signed = await signer.sign(plainBadge(signer.id))
    const more = editProofValue(signed, (components) =>
      components.map((one, at) => (at === 3 ? [...(one as CborValue[]), bytes(64)] : one))
    )
    await expect(deriveCredential(more, { reveal: [] })).rejects.toMatchObject({ code: 'CREDENTIAL_INVALID' })
  })

  it('82: names no statement that is not there', async () => {
    const document = { '@context': ['https://www.w3.org/ns/credentials/v2'], id: 'urn:a', type: 'VerifiableCredential' }
    const quads = await toQuads(await expand(document, createContextSet()))
    const value = (mandatoryIndexes: number[], signatures: Uint8Array[]) =>
      readStatements(
        quads,
        { baseSignature: bytes(64), publicKey: KEY, labelMap: new Map(), mandatoryIndexes, signatures },
        'codePoint'
      )
    expect(quads).toHaveLength(1)
    expect(await value([0], [])).toMatchObject({ mandatory: [expect.any(String)], optional: [] })
    expect(await value([], [bytes(64)])).toMatchObject({ mandatory: [], optional: [expect.any(String)] })
    for (const [indexes, signatures] of [
      [[1], []],
      [[0], [bytes(64)]],
      [[], []]
    ] as const)
      expect(await value([...indexes], [...signatures])).toBeUndefined()
  })
})

describe('the mandatory part', () => {
  it('78: holds the end of a credential of 1.1, and of anything odd what can be pointed at', () => {
    expect(mandatoryFloor({ expirationDate: 'x' })).toEqual(['/expirationDate'])
    expect(mandatoryFloor({ credentialSubject: 'did:example:a' })).toEqual([])
    expect(mandatoryFloor({ credentialSubject: [null, 'x', { id: 'did:example:a' }] })).toEqual([
      '/credentialSubject/2/id'
    ])
  })

  it('shows a plain value whole, whatever is asked for inside it', () => {
    const document: JsonObject = { a: 5, b: { c: 1, d: 2 }, e: [1, 2] }
    expect(
      showPart(
        document,
        selectionOf([
          ['a', 'x'],
          ['b', 'c'],
          ['e', '1']
        ])
      )
    ).toEqual({ a: 5, b: { c: 1 }, e: [2] })
  })

  it('may point into an ordered term that holds one thing, and into a list of one only as a whole', () => {
    const forms = { ordered: new Set(['steps']) } as never
    const long = 'x'.repeat(300)
    const document: JsonObject = { steps: { a: 1 }, more: { steps: [{ a: 1, [long]: 1 }] } }
    expect(selectPointers(['/steps/a', '/more/steps'], document, forms, 'reveal')).toBeInstanceOf(Map)
    const refusal = refusalOf(() => selectPointers(['/steps', `/more/steps/0/${long}`], document, forms, 'reveal'))
    expect(refusal).toMatchObject({
      code: 'POINTER_INVALID',
      path: 'reveal/1',
      expected: '"/more/steps"',
      got: JSON.stringify(`/more/steps/0/${long}`.slice(0, 200))
    })
    expect(refusal.faults).toHaveLength(1)
  })
})
