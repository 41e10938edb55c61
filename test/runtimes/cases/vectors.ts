import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeHex } from '../../../src/encoding/multibase.js'
import type { BadgeCase, Case, SignatureCase } from '../case.js'
import { base64Of } from './hostile.js'

/** A set of cases that others wrote. It is read in place, so it can be missing. */
interface VectorSet {
  readonly path: string
  readonly count: number
  readonly read: (path: string) => readonly Case[]
}

const SETS: readonly VectorSet[] = [
  { path: 'cctv-ed25519/ed25519vectors.json', count: 914, read: edgeCases },
  { path: 'ed25519-speccheck/cases.json', count: 12, read: specCases },
  { path: 'wycheproof/ed25519_test.json', count: 151, read: wycheproofEd25519 },
  { path: 'jsontestsuite/test_parsing', count: 318, read: jsonCases }
]

export interface Vectors {
  readonly cases: readonly Case[]
  /** How many cases are missing with their files. */
  readonly leftOut: number
}

/** @throws {Error} where a set has another size than it had when it was taken in */
export function readVectors(folder: string): Vectors {
  const present = SETS.filter(({ path }) => existsSync(join(folder, path)))
  const cases = present.flatMap(({ path, count, read }) => {
    const found = read(join(folder, path))
    if (found.length !== count) throw new Error(`${path} holds ${found.length} cases, not ${count}`)
    return found
  })
  const all = SETS.reduce((sum, { count }) => sum + count, 0)
  return { cases, leftOut: all - cases.length }
}

interface EdgeCase {
  readonly number: number
  readonly key: string
  readonly sig: string
  readonly msg: string
}

function edgeCases(path: string): SignatureCase[] {
  const expected = strictestVerdicts(path)
  return readJson<readonly EdgeCase[]>(path).map(({ number, key, sig, msg }) => {
    const name = `cctv-${number}`
    return ed25519(name, expected(name), key, sig, encodeHex(new TextEncoder().encode(msg)))
  })
}

interface SpecCase {
  readonly message: string
  readonly pub_key: string
  readonly signature: string
}

function specCases(path: string): SignatureCase[] {
  const expected = strictestVerdicts(path)
  return readJson<readonly SpecCase[]>(path).map(({ message, pub_key, signature }, index) => {
    const name = `speccheck-${index}`
    return ed25519(name, expected(name), pub_key, signature, message)
  })
}

interface WycheproofGroup {
  readonly publicKey: { readonly pk: string }
  readonly tests: readonly {
    readonly tcId: number
    readonly msg: string
    readonly sig: string
    readonly result: string
  }[]
}

function wycheproofEd25519(path: string): SignatureCase[] {
  return readJson<{ readonly testGroups: readonly WycheproofGroup[] }>(path).testGroups.flatMap(
    ({ publicKey, tests }) =>
      tests.map(({ tcId, msg, sig, result }) => {
        const expected = result === 'valid' ? 'accepted' : 'refused'
        return ed25519(`wycheproof-ed25519-${tcId}`, expected, publicKey.pk, sig, msg)
      })
  )
}

/** None of these texts is a badge: what is compared is the code of the refusal. */
function jsonCases(path: string): BadgeCase[] {
  return readdirSync(path).map((file) => ({
    kind: 'badge',
    name: `JSON ${file}`,
    expected: 'refused',
    input: { base64: base64Of(readFileSync(join(path, file))) },
    options: {}
  }))
}

type Expected = SignatureCase['expected']

function ed25519(name: string, expected: Expected, key: string, signature: string, message: string): SignatureCase {
  const algorithm = 'Ed25519'
  return { kind: 'signature', name, expected, key: { algorithm, bytes: key }, algorithm: 'EdDSA', signature, message }
}

/** The table beside the sets says of each vector whether it passes every check, torsion of the key included. */
function strictestVerdicts(path: string): (name: string) => Expected {
  const table = readFileSync(join(path, '../../ed25519-expected.tsv'), 'utf8')
  const lines = table.trim().split('\n')
  const verdicts = new Map(lines.map((line) => line.split('\t')).map((cells) => [cells[0], cells[6]]))
  return (name) => {
    const verdict = verdicts.get(name)
    if (verdict === undefined) throw new Error(`${name} has no expected verdict`)
    return verdict === '1' ? 'accepted' : 'refused'
  }
}

function readJson<Content>(path: string): Content {
  return JSON.parse(readFileSync(path, 'utf8'))
}
