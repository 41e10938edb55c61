import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compressPoint, type EcCurve } from '../../../src/crypto/ec-point.js'
import { materialFromJwk } from '../../../src/crypto/jwk.js'
import type { PublicKeyMaterial, SignatureAlgorithm } from '../../../src/crypto/public-key.js'
import { KommaError } from '../../../src/encoding/errors.js'
import { parseJson } from '../../../src/encoding/json.js'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import { decodeBase64url, decodeHex, encodeHex } from '../../../src/encoding/multibase.js'
import { JWT_ALGORITHMS } from '../../../src/securing/jwt/jose-header.js'
import type { BadgeCase, Case, CaseKey, SignatureCase } from '../case.js'
import { base64Of } from './hostile.js'

/** A set of cases that others wrote. It is read in place, so it can be missing. */
interface VectorSet {
  readonly path: string
  readonly count: number
  readonly read: (path: string) => readonly Case[]
}

const SETS: readonly VectorSet[] = [
  { path: 'vectors/cctv-ed25519/ed25519vectors.json', count: 914, read: edgeCases },
  { path: 'vectors/ed25519-speccheck/cases.json', count: 12, read: specCases },
  { path: 'vectors/wycheproof/ed25519_test.json', count: 151, read: wycheproofEd25519 },
  { path: 'vectors/wycheproof/ecdsa_secp256r1_sha256_p1363_test.json', count: 262, read: ecdsaCases('P-256', 'ES256') },
  { path: 'vectors/wycheproof/ecdsa_secp384r1_sha384_p1363_test.json', count: 280, read: ecdsaCases('P-384', 'ES384') },
  { path: 'vectors/wycheproof/json_web_signature_test.json', count: 309, read: jwsCases },
  { path: 'vectors/jsontestsuite/test_parsing', count: 318, read: jsonCases },
  { path: 'fixtures/validator', count: 10, read: sampleCases }
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

/** The samples of the official validator that hold, once a key counts that nobody publishes. */
const GOOD_SAMPLES = ['simple.json', 'simple_v1.json', 'simple.1ob', 'simple-json.png', 'endorsement-valid.json']

function sampleCases(path: string): BadgeCase[] {
  return readdirSync(path).map((file) => ({
    kind: 'badge',
    name: `validator ${file}`,
    expected: GOOD_SAMPLES.includes(file) ? 'accepted' : 'refused',
    input: { base64: base64Of(readFileSync(join(path, file))) },
    options: { legacyFragments: true, ...(file.startsWith('endorsement') && { expect: 'EndorsementCredential' }) }
  }))
}

interface SignatureTest {
  readonly tcId: number
  readonly msg: string
  readonly sig: string
  readonly result: string
}

interface Wycheproof<Key, Test = SignatureTest> {
  readonly testGroups: readonly (Key & { readonly tests: readonly Test[] })[]
}

function wycheproofEd25519(path: string): SignatureCase[] {
  const { testGroups } = readJson<Wycheproof<{ readonly publicKey: { readonly pk: string } }>>(path)
  return testGroups.flatMap(({ publicKey, tests }) =>
    tests.map(({ tcId, msg, sig, result }) =>
      ed25519(`wycheproof-ed25519-${tcId}`, expectedOf(result), publicKey.pk, sig, msg)
    )
  )
}

function ecdsaCases(curve: EcCurve, algorithm: SignatureAlgorithm): (path: string) => SignatureCase[] {
  return (path) => {
    const { testGroups } = readJson<Wycheproof<{ readonly publicKey: { readonly uncompressed: string } }>>(path)
    return testGroups.flatMap(({ publicKey, tests }) => {
      const key: CaseKey = { algorithm: curve, bytes: encodeHex(compressed(curve, publicKey.uncompressed)) }
      return tests.map(({ tcId, msg, sig, result }) => {
        const name = `wycheproof-${curve}-${tcId}`
        return { kind: 'signature', name, expected: expectedOf(result), key, algorithm, signature: sig, message: msg }
      })
    })
  }
}

function compressed(curve: EcCurve, uncompressed: string): Uint8Array {
  const point = decodeHex(uncompressed).subarray(1)
  const size = point.length / 2
  return compressPoint(curve, { x: point.subarray(0, size), y: point.subarray(size) })
}

interface JwsTest {
  readonly tcId: number
  readonly jws: string | object
  readonly result: string
}

/** Valid in Wycheproof, and refused here: the header says PS384 with a key that its JWK keeps for PS256. */
const FOR_PS384 = [346, 350]

/** The signatures alone, of tokens that can be read and name an algorithm of ours. */
function jwsCases(path: string): SignatureCase[] {
  const { testGroups } = readJson<Wycheproof<{ readonly public?: JsonObject }, JwsTest>>(path)
  return testGroups.flatMap(({ public: jwk, tests }) => {
    const key = jwk && readable(() => materialFromJwk(jwk))
    return key === undefined ? [] : tests.flatMap((test) => jwsCase(key, test))
  })
}

function jwsCase(material: PublicKeyMaterial, { tcId, jws, result }: JwsTest): SignatureCase[] {
  const [header = '', payload = '', signature = ''] = String(jws).split('.')
  const read = readable(() => ({
    algorithm: (parseJson(decodeBase64url(header)) as JsonObject)['alg'],
    signature: encodeHex(decodeBase64url(signature))
  }))
  if (read === undefined || !isAlgorithm(read.algorithm)) return []
  const expected = FOR_PS384.includes(tcId) ? 'refused' : expectedOf(result)
  const message = encodeHex(new TextEncoder().encode(`${header}.${payload}`))
  const key = inHex(material)
  return [
    { kind: 'signature', name: `wycheproof-jws-${tcId}`, expected, key, ...read, algorithm: read.algorithm, message }
  ]
}

function readable<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof KommaError) return undefined
    throw error
  }
}

function isAlgorithm(name: unknown): name is SignatureAlgorithm {
  return (JWT_ALGORITHMS as readonly unknown[]).includes(name)
}

function inHex(material: PublicKeyMaterial): CaseKey {
  if (material.algorithm !== 'RSA') return { ...material, bytes: encodeHex(material.bytes) }
  return { ...material, modulus: encodeHex(material.modulus), exponent: encodeHex(material.exponent) }
}

function expectedOf(result: string): Expected {
  return result === 'valid' ? 'accepted' : 'refused'
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
