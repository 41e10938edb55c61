import { describe, expect, it, vi } from 'vitest'
import { createKeyCache, type KeyCache, type Resolver } from '../../src/verify.js'
import { type HostileInput, hostileInputs } from './inputs.js'
import { judge } from './judge.js'

/** What is done for an input; time is not looked at, because it differs with machines and work does not. */
interface Work {
  /** Documents that JSON-LD expands. */
  readonly expansions: number
  /** Keys that are imported. */
  readonly keys: number
  readonly signatures: number
  /** What the resolver is asked for. */
  readonly requests: number
}

const work = vi.hoisted(() => ({ expansions: 0, keys: 0, signatures: 0, requests: 0 }))

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

const NOTHING: Work = { expansions: 0, keys: 0, signatures: 0, requests: 0 }

type Row = readonly [name: string, expansions: number, keys: number, signatures: number, requests: number]

/** What the inputs cause that get past the gates; every other one causes nothing of it. */
const CAUSED: readonly Row[] = [
  ['nodes that look alike, as many as may be', 1, 1, 1, 0],
  ['long texts beyond the first plane', 1, 1, 1, 0],
  ['many texts beyond the first plane', 1, 1, 2, 0],
  ['a long text in every place', 1, 1, 1, 0],
  ['a long name of a member', 1, 1, 0, 0],
  ['a date with a million digits', 1, 1, 1, 0],
  ['everything to relax', 1, 1, 1, 0],
  ['results against descriptions', 1, 1, 1, 0],
  ['eight proofs of a wide document', 2, 8, 1, 0],
  ['proofs that build on all before', 2, 8, 1, 0],
  ['a derived proof with 900 signatures', 1, 1, 1, 0],
  ['sixty-four endorsements', 1, 1, 1, 0],
  ['sixty-four endorsements in an unusual form', 1, 1, 1, 0],
  ['sixty-four endorsements of data model 1.1', 2, 1, 1, 0],
  ['endorsements of things that look alike, inside tokens', 7, 13, 13, 0],
  ['endorsements with proofs inside tokens', 20, 39, 39, 0],
  ['thousands of endorsements that are none', 1, 1, 1, 0],
  ['eight status lists of 8 MiB', 9, 9, 9, 8],
  ['endorsements with status lists of 8 MiB', 17, 17, 17, 8],
  ['a status list that unpacks to 100 MiB', 2, 2, 2, 1],
  ['a status list of 8 MiB', 2, 2, 2, 1],
  ['revocation lists of 4 MiB', 1, 1, 1, 8],
  ['a long revocation list', 1, 1, 1, 1],
  ['an RSA key of 8,192 bits with the largest exponent', 0, 1, 1, 0],
  ['a controller document of two hundred keys', 0, 0, 0, 1],
  ['endorsements by RSA keys of 8,192 bits', 1, 33, 33, 0],
  ['a key among a hundred', 0, 1, 1, 2],
  ['endorsements by a key among a hundred', 1, 33, 33, 2],
  ['endorsements by a key of a set of a hundred', 1, 1, 1, 1],
  ['a presentation of 32 endorsed credentials', 66, 65, 65, 0],
  ['a presentation of tokens of things that look alike', 34, 65, 65, 0],
  ['a presentation of 34 tokens with proofs inside', 34, 65, 65, 0],
  ['a presentation of tokens full of endorsements', 98, 129, 129, 0],
  ['a presentation of 32 credentials', 34, 33, 33, 0]
]

function causedBy(name: string): Work {
  const [, expansions, keys, signatures, requests] = CAUSED.find(([one]) => one === name) ?? [name, 0, 0, 0, 0]
  return { expansions, keys, signatures, requests }
}

function countingKeys(): KeyCache {
  const keys = createKeyCache()
  return {
    async importKey(material) {
      work.keys += 1
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

function countingResolver(resolver: Resolver): Resolver {
  return {
    resolve(request) {
      work.requests += 1
      return resolver.resolve(request)
    }
  }
}

describe('a hostile input of up to 1 MiB causes the work that its gates let through, and no more', async () => {
  const inputs = await hostileInputs()

  it('has a name of its own, and each that causes work is there', () => {
    const names = inputs.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(CAUSED.map(([name]) => name).filter((name) => !names.includes(name))).toEqual([])
  })

  it.each(inputs.map((input) => [input.name, input] as const))('%s', async (name, input: HostileInput) => {
    Object.assign(work, NOTHING)
    const codes = await judge(input, { keyCache: countingKeys(), resolver: countingResolver })
    expect(codes).toEqual(expect.arrayContaining([...input.codes]))
    expect(codes).not.toContain('INTERNAL_ERROR')
    expect(work).toEqual(causedBy(name))
  })
})
