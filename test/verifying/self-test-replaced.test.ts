import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { KommaError } from '../../src/encoding/errors.js'
import type { Report } from '../../src/index.js'
import type { VerifyInput } from '../../src/verify.js'
import { testSigner } from '../support/sign.js'

async function failureOf(work: Promise<void>): Promise<readonly (readonly (string | undefined)[])[]> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown
  )
  expect(error).toMatchObject({ name: 'KommaError', code: 'SELF_TEST_FAILED' })
  return (error as KommaError).faults.map(({ path, expected, got }) => [path, expected, got])
}

/** The package anew, after a dependency was replaced. */
async function freshPackage() {
  vi.resetModules()
  return import('../../src/verify.js')
}

beforeEach(() => {
  vi.resetModules()
})
afterEach(() => {
  vi.doUnmock('jsonld/lib/events.js')
  vi.doUnmock('../../src/verifying/verify.js')
  vi.restoreAllMocks()
})

describe('selfTest', () => {
  it('43: notices that safe mode was switched off in the JSON-LD library, which nothing else in a badge shows', async () => {
    vi.doMock('jsonld/lib/events.js', async (original) => {
      const { default: events } = await original<{ default: object }>()
      return { default: { ...events, safeEventHandler: () => undefined } }
    })
    const { selfTest } = await freshPackage()
    expect(await failureOf(selfTest())).toEqual([['a member that no context defines', 'UNDEFINED_TERM', 'accepted']])
  })

  it('43: notices a verifier that says yes or no to everything, and names each badge', async () => {
    for (const accepted of [true, false]) {
      vi.doMock('../../src/verifying/verify.js', () => ({
        verify: async (): Promise<Partial<Report>> => ({ accepted, checks: [], credential: undefined })
      }))
      const { selfTest } = await freshPackage()
      const faults = await failureOf(selfTest())
      expect(faults).toHaveLength(10)
      expect(new Set(faults.map(([path]) => path)).size).toBe(10)
    }
  })

  it('uses a badge that anybody can sign again', async () => {
    const asked: VerifyInput[] = []
    vi.doMock('../../src/verifying/verify.js', async (original) => {
      const { verify } = await original<typeof import('../../src/verifying/verify.js')>()
      return {
        verify: (input: VerifyInput, options: object) => {
          asked.push(input)
          return verify(input, options)
        }
      }
    })
    const { selfTest } = await freshPackage()
    await selfTest()
    const { proof, ...document } = asked[0] as Record<string, never>
    const signed = await (await testSigner('self-test')).sign(document)
    expect(signed['proof']).toEqual(proof)
  })
})
