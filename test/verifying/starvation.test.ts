import { deflateSync } from 'node:zlib'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { createKeyCache, type KeyCache, type VerifyInput, verify } from '../../src/index.js'
import { iTXt, png } from '../baking/png-builder.js'
import { segment } from '../support/jwt.js'
import { noNetwork } from '../support/jwt-refusal.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'

/*
 * A verifier runs in one thread, so a hostile badge harms the others by the work that it causes. Time differs with
 * machines and with what else they do; work does not. So it is counted: documents that JSON-LD expands, digests and the
 * bytes that go into them, signatures that are checked. Whoever wants a bound in seconds puts verifications into workers
 * that can be killed.
 */
const work = vi.hoisted(() => ({ expansions: 0, digests: 0, bytes: 0, signatures: 0 }))

vi.mock('../../src/canonical/json-ld.js', async (original) => {
  const module = await original<typeof import('../../src/canonical/json-ld.js')>()
  return {
    ...module,
    expand: (...given: Parameters<typeof module.expand>) => {
      work.expansions += 1
      return module.expand(...given)
    }
  }
})
vi.mock('../../src/crypto/digest.js', async (original) => {
  const module = await original<typeof import('../../src/crypto/digest.js')>()
  return {
    ...module,
    digest: (...given: Parameters<typeof module.digest>) => {
      work.digests += 1
      work.bytes += given[1].length
      return module.digest(...given)
    }
  }
})

let issuer: TestSigner
let good: JsonObject
beforeAll(async () => {
  issuer = await testSigner('issuer')
  good = await issuer.sign(plainBadge(issuer.did))
})

function countingKeys(): KeyCache {
  const keys = createKeyCache()
  return {
    async importKey(material) {
      const key = await keys.importKey(material)
      return {
        ...key,
        verify: (...given) => {
          work.signatures += 1
          return key.verify(...given)
        }
      }
    }
  }
}

async function verifyAll(inputs: readonly VerifyInput[]) {
  Object.assign(work, { expansions: 0, digests: 0, bytes: 0, signatures: 0 })
  const keyCache = countingKeys()
  const reports = await Promise.all(inputs.map((input) => verify(input, { ...noNetwork, keyCache })))
  return { accepted: reports.map(({ accepted }) => accepted), work: { ...work } }
}

/** Texts, tokens and images that want a verifier to work hard, each refused for another reason. */
function hostileInputs(): readonly VerifyInput[] {
  const text = JSON.stringify(good)
  const evidence = (count: number) => Array.from({ length: count }, () => ({ type: ['Evidence'] }))
  const proof = (good['proof'] as readonly JsonObject[])[0] ?? {}
  const bomb = iTXt('openbadgecredential', new Uint8Array(deflateSync(Buffer.alloc(4_000_000, 'a'))), 1)
  const laughs = Array.from({ length: 9 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`)
  return [
    text.replace('"Badge"', `"${'x'.repeat(1_100_000)}"`),
    text.replace('"Badge"', `${'['.repeat(5_000)}${']'.repeat(5_000)}`),
    text.replace('"Badge"', `[${'1,'.repeat(10_000)}1]`),
    text.replace('"Badge"', '1e400'),
    { ...good, evidence: evidence(700) },
    { ...good, evidence: evidence(5_000) },
    { ...good, type: [...(good['type'] as string[]), ...Array.from({ length: 2_000 }, (_, index) => `a:${index}`)] },
    { ...good, evidence: evidence(10).map((one, index) => ({ ...one, id: `_:n${index}` })) },
    { ...good, proof: Array(9).fill(proof) },
    { ...good, proof: [{ ...proof, proofValue: `z${'1'.repeat(500_000)}` }] },
    { ...good, '@context': Array(2_000).fill((good['@context'] as string[])[0]) },
    { ...good, issuer: { id: `did:key:z${'6'.repeat(500_000)}`, type: ['Profile'] } },
    `${segment({ alg: 'ES256', kid: 'x'.repeat(500_000) })}.${segment(good)}.AAAA`,
    `${segment({ alg: 'ES256' })}.${'A'.repeat(1_000_000)}.AAAA`,
    png(bomb),
    png(new Uint8Array(Buffer.alloc(1_200_000, iTXt('k', '')))),
    `<!DOCTYPE svg [<!ENTITY l0 "ha">${laughs.join('')}]><svg xmlns="http://www.w3.org/2000/svg">&l9;</svg>`,
    `<svg xmlns="http://www.w3.org/2000/svg">${'<g>'.repeat(100_000)}`,
    '<!--'.repeat(250_000),
    new Uint8Array(1_048_577)
  ]
}

describe('a good badge among a hundred hostile ones', () => {
  it('50: is verified with the very work that it takes alone, since none of the others gets as far as JSON-LD', async () => {
    const alone = await verifyAll([good])
    expect(alone).toMatchObject({ accepted: [true], work: { expansions: 1, signatures: 1 } })
    const hostile = Array.from({ length: 5 }, hostileInputs).flat()
    expect(hostile).toHaveLength(100)
    const together = await verifyAll([...hostile, good])
    expect(together.accepted).toEqual([...hostile.map(() => false), true])
    expect(together.work).toEqual(alone.work)
  })
})

describe('a badge that passes every gate and is as large as it may be', () => {
  const many = (count: number, more: (index: number) => JsonObject) =>
    Array.from({ length: count }, (_, index) => ({ type: ['Evidence'], ...more(index) }))

  it.each<[string, JsonObject[]]>([
    ['of things that all look alike', many(655, () => ({}))],
    ['of things that differ in the last letter', many(655, (index) => ({ name: `${'n'.repeat(500)}${index}` }))],
    ['of things that look alike in pairs', many(655, (index) => ({ name: `n${index >> 1}` }))],
    ['of things with ids', many(655, (index) => ({ id: `urn:e:${index}` }))]
  ])(
    '50: causes two digests for each thing in it, and one check of a signature, if it is full %s',
    async (_, evidence) => {
      const { accepted, work: caused } = await verifyAll([{ ...good, evidence }])
      expect(accepted).toEqual([false])
      expect(caused.expansions).toBe(1)
      expect(caused.signatures).toBe(1)
      expect(caused.digests).toBeLessThanOrEqual(2 * evidence.length + 10)
      expect(caused.bytes).toBeLessThanOrEqual(
        4 * JSON.stringify({ ...good, evidence }).length + 1_000 * evidence.length
      )
    }
  )
})
