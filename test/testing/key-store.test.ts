import { describe, expect, it, test } from 'vitest'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { testKeyStore } from '../../src/testing/key-store.js'
import { failedTests, runKit } from '../support/kit.js'
import { outOfReach, runOn, withSigner } from './faulty-stores.js'
import { FAULTS, FINDS, SIGNS } from './key-store-faults.js'

testKeyStore((algorithm) => createMemoryKeyStore({ algorithm }), {
  describe,
  it,
  name: 'the memory store',
  makesKeys: true,
  reopen: async (store) => store,
  unreachable: async () => {
    throw outOfReach()
  }
})

describe('testKeyStore', () => {
  test.each(FAULTS)('notices %s', async (_, clause, kit) => {
    const failed = failedTests(await runOn(kit))
    expect(failed).toContain(clause)
  })

  test('finds no fault in a good store, and has a planted fault for each of its clauses', async () => {
    const outcome = await runOn({ faulty: withSigner(() => ({})) })
    expect([...outcome].filter(([, error]) => error !== undefined)).toEqual([])
    expect([...outcome.keys()].sort()).toEqual([...new Set(FAULTS.map(([, clause]) => clause))].sort())
  })

  test('says what was expected and what came instead', async () => {
    const outcome = await runOn({ faulty: withSigner(() => ({ sign: async () => new Uint8Array(70) })) })
    expect(outcome.get(SIGNS)?.message).toBe('how many bytes a signature of Ed25519 has: expected 64, got 70')
    const unknown = await runOn({ faulty: (good) => ({ signer: () => good.signer() }) })
    expect(unknown.get(FINDS)?.message).toMatch(/^the id of the signer: expected "key-0", got "key-a"$/)
  })

  test('closes each store that it opened, also after a failure', async () => {
    let open = 0
    const kit = {
      algorithms: ['Ed25519'],
      close: () => {
        open -= 1
      }
    } as const
    const outcome = await runKit((runner) =>
      testKeyStore(
        async () => {
          open += 1
          return { ...(await createMemoryKeyStore()), keys: async () => [] }
        },
        { ...runner, ...kit }
      )
    )
    expect(failedTests(outcome)).not.toEqual([])
    expect(open).toBe(0)
  })
})
