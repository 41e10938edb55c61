import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../src/encoding/json-types.js'
import { type VerifyOptions, verify } from '../../src/index.js'
import type { SigningKeyAlgorithm } from '../../src/keys/key-store.js'
import { ecdsaJcs2019 } from '../../src/securing/ecdsa-jcs-2019.js'
import { ecdsaRdfc2019 } from '../../src/securing/ecdsa-rdfc-2019.js'
import { ed25519Signature2020 } from '../../src/securing/ed25519-signature-2020.js'
import { eddsa2022 } from '../../src/securing/eddsa-2022.js'
import { eddsaJcs2022 } from '../../src/securing/eddsa-jcs-2022.js'
import { eddsaRdfc2022 } from '../../src/securing/eddsa-rdfc-2022.js'
import type { HashAndSignSuite } from '../../src/securing/hash-and-sign.js'
import { NOW } from '../support/issuer.js'
import { type Level, proofLevel, publicLevel } from '../support/levels.js'
import { type Codes, type Control, DOCUMENT_EDITS, type Edit, PROOF_EDITS, suiteSwaps } from '../support/proof-edits.js'
import { appendProof } from '../support/proofs.js'
import { describeShared } from '../support/shared.js'
import { editable, plainBadge, testSigner } from '../support/sign.js'
import { signedOf, VECTORS, vectorContexts } from '../support/w3c-vectors.js'

const ED25519_2020 = 'https://w3id.org/security/suites/ed25519-2020/v1'
const OPTIONS: VerifyOptions = { now: NOW }
const LEVELS: readonly (readonly [string, Level])[] = [
  ['verify', publicLevel],
  ['the proofs alone', proofLevel]
]

/** Every suite with every kind of key that it signs with. */
const SECURED: readonly (readonly [HashAndSignSuite, SigningKeyAlgorithm])[] = [
  [eddsaRdfc2022, 'Ed25519'],
  [eddsaJcs2022, 'Ed25519'],
  [eddsa2022, 'Ed25519'],
  [ed25519Signature2020, 'Ed25519'],
  [ecdsaRdfc2019, 'P-256'],
  [ecdsaRdfc2019, 'P-384'],
  [ecdsaJcs2019, 'P-256'],
  [ecdsaJcs2019, 'P-384']
]

function codeAt(level: Level, codes: Codes): string | undefined {
  if (typeof codes === 'string') return codes
  return codes[level === publicLevel ? 0 : 1]
}

async function checkEdits(level: Level, signed: JsonObject, control: Control, options: VerifyOptions): Promise<void> {
  expect(await level(signed, options)).toBe('accepted')
  const edits: readonly Edit[] = [...DOCUMENT_EDITS, ...PROOF_EDITS, ...suiteSwaps(control)]
  const wrong: unknown[] = []
  for (const [title, edit, codes] of edits) {
    const wanted = codeAt(level, codes)
    if (wanted === undefined) continue
    const copy = editable(signed)
    edit(copy, control)
    const found = await level(copy, options)
    if (!wanted.split(' or ').includes(found)) wrong.push({ title, wanted, found })
  }
  expect(wrong).toEqual([])
}

/** Every text of a document with one character changed, one document each. */
function* flips(document: JsonObject): Generator<readonly [path: string, document: JsonObject]> {
  for (const [path, text] of texts(document, [])) {
    const copy = editable(document)
    const parent = path.slice(0, -1).reduce((place, name) => place[name], copy)
    parent[path.at(-1) as string] = `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`
    yield [path.join('/'), copy]
  }
}

function* texts(value: JsonValue, path: readonly string[]): Generator<readonly [readonly string[], string]> {
  if (typeof value === 'string') yield [path, value]
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) yield* texts(member as JsonValue, [...path, name])
  }
}

/** A kind of key that no suite takes in the place of the given one. */
function otherThan(algorithm: SigningKeyAlgorithm): SigningKeyAlgorithm {
  return algorithm === 'Ed25519' ? 'P-256' : 'Ed25519'
}

async function controlOf(suite: HashAndSignSuite, algorithm: SigningKeyAlgorithm): Promise<Control> {
  const [stranger, otherKind] = [
    await testSigner('mallory', algorithm),
    await testSigner('mallory', otherThan(algorithm))
  ]
  return { suite, algorithm, stranger: stranger.verificationMethod, otherKind: otherKind.verificationMethod }
}

describe.each(SECURED)('a badge secured with $name and a %s key', (suite, algorithm) => {
  let signed: JsonObject
  let control: Control

  beforeAll(async () => {
    const issuer = await testSigner('issuer', algorithm)
    const badge = plainBadge(issuer.did)
    const context = [...(badge['@context'] as string[]), ...(suite === ed25519Signature2020 ? [ED25519_2020] : [])]
    signed = await appendProof({ ...badge, '@context': context }, issuer, { suite })
    control = await controlOf(suite, algorithm)
  })

  it('is accepted, and handed out as it was signed', async () => {
    const report = await verify(signed, OPTIONS)
    const { proof: _, ...document } = signed
    expect([report.accepted, report.warnings]).toEqual([true, []])
    expect(report.credential).toEqual(document)
  })

  it.each(LEVELS)('54, 58, 63, 64, 65, 66, 68: is refused after every edit, with its code, by %s', async (_, level) => {
    await checkEdits(level, signed, control, OPTIONS)
  })

  it('is refused after any change of one character anywhere', async () => {
    const accepted: string[] = []
    let count = 0
    for (const [path, copy] of flips(signed)) {
      count += 1
      if ((await publicLevel(copy, OPTIONS)) === 'accepted') accepted.push(path)
    }
    expect(accepted).toEqual([])
    expect(count).toBeGreaterThan(20)
  })
})

describeShared('the signed documents of the W3C', () => {
  const options = (): VerifyOptions => ({ now: NOW, expect: 'VerifiableCredential', contexts: vectorContexts() })

  it.each(VECTORS)('$name: as published, holds, and is refused after every edit', async (vector) => {
    const control = await controlOf(vector.suite, vector.algorithm)
    await checkEdits(proofLevel, signedOf(vector), control, options())
  })

  it.each(VECTORS)(
    '$name: with the issuer whose key signs it, is accepted, and refused after every edit',
    async (vector) => {
      const { suite, algorithm } = vector
      const issuer = await testSigner('issuer', algorithm)
      const { proof: _, ...document } = signedOf(vector)
      const own =
        typeof document['issuer'] === 'string' ? issuer.did : { ...(document['issuer'] as JsonObject), id: issuer.did }
      const signed = await appendProof({ ...document, issuer: own }, issuer, { suite, contexts: vectorContexts() })
      await checkEdits(publicLevel, signed, await controlOf(suite, algorithm), options())
    }
  )

  it.each(VECTORS)('$name: is not by its issuer, and verify says so', async (vector) => {
    expect(await publicLevel(signedOf(vector), options())).toBe('ISSUER_KEY_MISMATCH')
  })
})
