import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CborValue, encodeCbor } from '../../../src/encoding/cbor.js'
import { KommaError } from '../../../src/encoding/errors.js'
import { parsePointer, valueAt } from '../../../src/encoding/json-pointer.js'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import { encodeMultibase } from '../../../src/encoding/multibase.js'
import { type Check, createMapResolver, type Report, verify } from '../../../src/index.js'
import { readBaseProofValue, readDerivedProofValue } from '../../../src/securing/sd/proof-value.js'
import { deriveCredential, ecdsaSd2023 } from '../../../src/selective-disclosure.js'
import {
  componentsOf,
  disclosureSigner,
  editProofValue,
  proofBytes,
  suites,
  withProofText,
  withProofValue
} from '../../support/disclosure.js'
import { pointersInto } from '../../support/disclosure-badges.js'
import { NOW } from '../../support/issuer.js'
import { plainBadge } from '../../support/sign.js'

const signer = await disclosureSigner()
const resolver = createMapResolver([signer.controllerDocument])
const check = (document: JsonObject) => verify(document, { now: NOW, resolver, suites })
const proofOf = (report: Report): Check | undefined => report.checks.find(({ id }) => id === 'proof')

// Cases 79 to 85 start from the plain badge with an end of validity; what is derived shows an optional statement or two.
const base = await signer.sign(plainBadge(signer.id, { validUntil: '2030-01-01T00:00:00Z', evidence: evidence('one') }))
const derived = await deriveCredential(base, { reveal: ['/evidence'] })

function evidence(name: string): JsonObject[] {
  return [
    { type: ['Evidence'], name, narrative: 'Seen.' },
    { type: ['Evidence'], name: 'Another', narrative: 'Heard.' }
  ]
}

/** No point of P-256 has this x. */
const OFF_CURVE = Uint8Array.from({ length: 32 }, (_, index) => (index === 31 ? 1 : 0))

async function expectMalformed(document: JsonObject): Promise<void> {
  const report = await check(document)
  expect(report.accepted).toBe(false)
  expect(report.credential).toBe(undefined)
  expect(proofOf(report)).toMatchObject({ outcome: 'fail', code: 'PROOF_MALFORMED' })
}

async function expectInvalid(document: JsonObject): Promise<void> {
  const report = await check(document)
  expect(report.accepted).toBe(false)
  expect(report.credential).toBe(undefined)
  expect(proofOf(report)).toMatchObject({ outcome: 'fail', code: 'SIGNATURE_INVALID' })
}

/** Components of the derived proof by their place. */
const [SIGNATURE, KEY, SIGNATURES, LABELS, INDEXES] = [0, 1, 2, 3, 4] as const
const replaced = (place: number, value: (old: CborValue) => CborValue) =>
  editProofValue(derived, (components) => setEntry(components, place, value(components[place] as CborValue)))
const setEntry = (entries: readonly CborValue[], at: number, value: CborValue) =>
  entries.map((entry, index) => (index === at ? value : entry))
const setByte = (bytes: Uint8Array, at: number, value: number) =>
  bytes.map((byte, index) => (index === at ? value : byte))
const list = (value: CborValue) => value as readonly CborValue[]
const map = (value: CborValue) => value as ReadonlyMap<number, Uint8Array>

const at = (document: JsonObject, pointer: string) => valueAt(document, parsePointer(pointer) ?? ['no pointer'])

/** The document with more at the end of one text. */
function changed(document: JsonObject, pointer: string, more: string): JsonObject {
  const copy = structuredClone(document)
  const tokens = parsePointer(pointer) ?? []
  const last = tokens.at(-1) as string
  const parent = valueAt(copy, tokens.slice(0, -1)) as Record<string, string>
  parent[last] = `${parent[last]}${more}`
  return copy
}

describe('the control', () => {
  it('is accepted, and says that it is a part', async () => {
    const report = await check(derived)
    expect(report.checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown')).toEqual([])
    expect(report.accepted).toBe(true)
    const { proof: _, ...document } = derived
    expect(report.credential).toEqual(document)
    expect(report.proofs).toMatchObject([{ cryptosuite: 'ecdsa-sd-2023', checked: true }])
    expect(report.warnings.map(({ code }) => code)).toEqual(['PART_SHOWN'])
    expect(list(componentsOf(derived).components[SIGNATURES] as CborValue).length).toBeGreaterThan(3)
  })

  it('is unchecked, not accepted, where the suite was not asked for', async () => {
    const report = await verify(derived, { now: NOW, resolver })
    expect(report.accepted).toBe(false)
    expect(proofOf(report)).toMatchObject({ code: 'PROOF_SUITE_NOT_ACCEPTED' })
  })
})

describe('a derived proof', () => {
  it('79: is not a base proof, which holds the key of what is hidden', async () => {
    const report = await check(base)
    expect(report.accepted).toBe(false)
    expect(report.credential).toBe(undefined)
    expect(proofOf(report)).toMatchObject({ outcome: 'fail', code: 'PROOF_BASE_SHOWN' })
  })

  it('80: has five components, not six', async () => {
    const bytes = proofBytes(derived)
    expect(bytes[3]).toBe(0x85)
    await expectMalformed(withProofValue(derived, Uint8Array.from([...setByte(bytes, 3, 0x86), 0])))
  })

  it('80: has five components, not four', async () => {
    await expectMalformed(editProofValue(derived, (components) => components.slice(0, 4)))
  })

  it('81: is base64url without padding, in its one spelling', async () => {
    const text = `u${Buffer.from(proofBytes(derived)).toString('base64url')}`
    const changed = [`${text}=`, `${text}==`, ` ${text}`, `${text}\n`, text.replace('u', 'U'), `${text}A`]
    changed.push(text.replace('u', 'm'), `z${text.slice(1)}`, text.replaceAll('-', '+').replaceAll('_', '/'))
    for (const other of changed.filter((one) => one !== text)) await expectMalformed(withProofText(derived, other))
  })

  it('81: is one deterministic CBOR value', async () => {
    const bytes = proofBytes(derived)
    const [head, body] = [bytes.slice(0, 3), bytes.slice(3)]
    const long = Uint8Array.from([...head, 0x98, 0x05, ...body.slice(1)])
    const open = Uint8Array.from([...head, 0x9f, ...body.slice(1), 0xff])
    const tagged = Uint8Array.from([...head, 0xd8, 0x40, ...body])
    const tagInside = Uint8Array.from([...head, 0x85, 0xd8, 0x40, ...body.slice(1)])
    const trailing = Uint8Array.from([...bytes, 0])
    for (const other of [long, open, tagged, tagInside, trailing]) await expectMalformed(withProofValue(derived, other))
  })

  it('81: has each label once and every number in its shortest form', async () => {
    const { header, components } = componentsOf(derived)
    const labels = map(components[LABELS] as CborValue)
    const before = components.slice(0, 3).flatMap((one) => [...encodeCbor(one)])
    const after = encodeCbor(components[INDEXES] as CborValue)
    const write = (...keys: number[][]) => {
      const [label] = [...labels.values()].map(encodeCbor)
      const entries = keys.flatMap((key) => [...key, ...(label ?? [])])
      return Uint8Array.from([...header, 0x85, ...before, 0xa0 + keys.length, ...entries, ...after])
    }
    await expectMalformed(withProofValue(derived, write([0], [0])))
    await expectMalformed(withProofValue(derived, write([0x18, 0x00], [1])))
  })

  it('81: starts with its header', async () => {
    for (const header of [[0xd9, 0x5d, 0x02], [0xd9, 0x5e, 0x01], [0xd8, 0x5d, 0x01], []]) {
      await expectMalformed(withProofValue(derived, Uint8Array.from([...header, ...proofBytes(derived).slice(3)])))
    }
  })

  it('82: has a signature for each statement that is not mandatory', async () => {
    await expectInvalid(replaced(SIGNATURES, (signatures) => list(signatures).slice(1)))
    await expectInvalid(replaced(SIGNATURES, (signatures) => [...list(signatures), list(signatures)[0] as Uint8Array]))
    await expectInvalid(replaced(SIGNATURES, () => []))
  })

  it('82: has its signatures in order, each of the statement it stands for', async () => {
    await expectInvalid(replaced(SIGNATURES, (signatures) => [...list(signatures)].reverse()))
    await expectInvalid(
      replaced(SIGNATURES, (signatures) => list(signatures).map(() => list(signatures)[0] as Uint8Array))
    )
    await expectMalformed(replaced(SIGNATURES, (signatures) => setEntry(list(signatures), 0, new Uint8Array(63))))
    await expectMalformed(replaced(SIGNATURES, () => new Uint8Array(64)))
    await expectMalformed(replaced(SIGNATURES, () => Array.from({ length: 1001 }, () => new Uint8Array(64))))
  })

  it('82: has mandatory indexes that are in range, each once', async () => {
    const change = (edit: (indexes: readonly CborValue[]) => readonly CborValue[]) =>
      replaced(INDEXES, (indexes) => edit(list(indexes)))
    await expectMalformed(change((indexes) => [...indexes, indexes[0] as number]))
    await expectMalformed(change((indexes) => setEntry(indexes, 0, indexes[1] as number)))
    await expectMalformed(change((indexes) => setEntry(indexes, 0, -1)))
    await expectMalformed(change((indexes) => setEntry(indexes, 0, '0')))
    await expectInvalid(change((indexes) => setEntry(indexes, indexes.length - 1, 1000)))
    await expectInvalid(change((indexes) => setEntry(indexes, indexes.length - 1, Number.MAX_SAFE_INTEGER - 1)))
    await expectInvalid(change((indexes) => indexes.slice(1)))
  })

  it('82: does not pass an optional statement off as a mandatory one, or the other way round', async () => {
    const { components } = componentsOf(derived)
    const indexes = list(components[INDEXES] as CborValue)
    const optional = Array.from({ length: 100 }, (_, index) => index).find((index) => !indexes.includes(index))
    await expectInvalid(
      editProofValue(derived, (parts) => [
        ...parts.slice(0, SIGNATURES),
        list(parts[SIGNATURES] as CborValue).slice(1),
        parts[LABELS] as CborValue,
        [...indexes, optional as number]
      ])
    )
  })

  it('83: names every blank node, and no other', async () => {
    const labels = (edit: (entries: [number | string, CborValue][]) => [number | string, CborValue][]) =>
      replaced(LABELS, (old) => new Map(edit([...map(old)])))
    const label = new Uint8Array(32).fill(7)
    await expectInvalid(labels((entries) => entries.slice(1)))
    await expectInvalid(labels((entries) => [...entries, [entries.length, label]]))
    await expectInvalid(labels((entries) => entries.map(([key, value]) => [Number(key) + 1, value])))
    await expectInvalid(labels((entries) => entries.map(([key, value], at) => [key, at === 0 ? label : value])))
  })

  it('83: gives each node a name of its own, of 32 bytes, by number', async () => {
    const labels = (edit: (entries: [number | string, CborValue][]) => [number | string, CborValue][]) =>
      replaced(LABELS, (old) => new Map(edit([...map(old)])))
    await expectMalformed(labels((entries) => entries.map(([key]) => [key, (entries[0] as [number, CborValue])[1]])))
    await expectMalformed(labels((entries) => entries.map(([key]) => [key, new Uint8Array(31)])))
    await expectMalformed(labels((entries) => entries.map(([key]) => [key, new Uint8Array(33)])))
    await expectMalformed(labels((entries) => entries.map(([key, value]) => [`c14n${key}`, value])))
    await expectMalformed(labels((entries) => entries.map(([key, value]) => [-1 - Number(key), value])))
    await expectMalformed(replaced(LABELS, () => []))
  })

  it('84: fits one credential: not another of the same issuer', async () => {
    const other = await signer.sign(
      plainBadge(signer.id, { validUntil: '2031-01-01T00:00:00Z', evidence: evidence('two') })
    )
    const spliced = await deriveCredential(other, { reveal: ['/evidence'] })
    await expectInvalid({ ...derived, proof: spliced['proof'] as JsonObject })
    await expectInvalid({ ...spliced, proof: derived['proof'] as JsonObject })
    await expectInvalid({ ...derived, evidence: spliced['evidence'] as JsonObject[] })
    await expectInvalid({ ...derived, validUntil: '2031-01-01T00:00:00Z' })
  })

  it('84: fits one credential: the signed statements of two do not join', async () => {
    const other = await deriveCredential(
      await signer.sign(plainBadge(signer.id, { validUntil: '2030-01-01T00:00:00Z', evidence: evidence('two') })),
      { reveal: ['/evidence'] }
    )
    for (const place of [SIGNATURE, KEY, SIGNATURES, LABELS]) {
      const part = componentsOf(other).components[place] as CborValue
      await expectInvalid(replaced(place, () => part))
    }
  })

  it('85: carries a P-256 key and no other', async () => {
    const key = (edit: (bytes: Uint8Array) => Uint8Array) => replaced(KEY, (bytes) => edit(bytes as Uint8Array))
    await expectMalformed(key((bytes) => setByte(bytes, 0, 0x81)))
    await expectMalformed(key((bytes) => Uint8Array.from([0xed, 0x01, ...bytes.slice(2)])))
    await expectMalformed(key((bytes) => Uint8Array.from([0x81, 0x24, ...bytes.slice(2), ...new Uint8Array(16)])))
    await expectMalformed(key((bytes) => Uint8Array.from([...bytes, 0])))
    await expectMalformed(key((bytes) => bytes.slice(0, -1)))
    await expectMalformed(key((bytes) => setByte(bytes, 2, 4)))
    await expectMalformed(key((bytes) => Uint8Array.from([...bytes.slice(0, 3), ...new Uint8Array(32).fill(0xff)])))
    await expectMalformed(key((bytes) => Uint8Array.from([...bytes.slice(0, 3), ...OFF_CURVE])))
    await expectInvalid(key((bytes) => setByte(bytes, 2, (bytes[2] as number) ^ 1)))
  })

  it('is read or refused with an error of this library, whatever the bytes', () => {
    const bytes = proofBytes(derived)
    const mutated = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(3)).map(([at, byte, how]) => {
      if (how === 0) return bytes.slice(0, at)
      return how === 1 ? Uint8Array.from([...bytes.slice(0, at), byte, ...bytes.slice(at)]) : setByte(bytes, at, byte)
    })
    const text = fc.oneof(
      mutated.map((changed) => encodeMultibase('base64url', changed)),
      fc
        .uint8Array({ maxLength: 40 })
        .map((rest) => encodeMultibase('base64url', Uint8Array.from([0xd9, 0x5d, 1, 0x85, ...rest]))),
      fc.string()
    )
    fc.assert(
      fc.property(
        text,
        fc.constantFrom(ecdsaSd2023.checkProofValue, readDerivedProofValue, readBaseProofValue),
        (value, read) => {
          try {
            read(value)
          } catch (error) {
            expect(error).toBeInstanceOf(KommaError)
          }
        }
      ),
      { numRuns: 1000 }
    )
  })

  it('holds for nothing but itself: any changed member is refused', async () => {
    const { proof: _, ...document } = derived
    const leaves = pointersInto(document).filter((pointer) => typeof at(document, pointer) === 'string')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...leaves), fc.constantFrom(' ', 'x', '\u200b'), async (pointer, more) => {
        const report = await check({ ...changed(document, pointer, more), proof: derived['proof'] as JsonObject })
        expect(report.accepted).toBe(false)
        expect(report.credential).toBe(undefined)
      }),
      { numRuns: 60 }
    )
  })

  it('holds for nothing but itself: any changed byte is refused', async () => {
    const bytes = proofBytes(derived)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const report = await check(withProofValue(derived, setByte(bytes, at, (bytes[at] as number) ^ change)))
        expect(report.accepted).toBe(false)
        expect(report.credential).toBe(undefined)
        expect(['PROOF_MALFORMED', 'SIGNATURE_INVALID', 'PROOF_BASE_SHOWN']).toContain(proofOf(report)?.code)
      }),
      { numRuns: 60 }
    )
  })
})
