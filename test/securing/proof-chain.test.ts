import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../src/encoding/json-types.js'
import { findChainFault, previousProofs } from '../../src/securing/proof-chain.js'

const chain = (...proofs: readonly (readonly [id: string | undefined, previousProof?: JsonValue])[]) =>
  proofs.map(([id, previousProof]) => ({
    ...(id === undefined ? {} : { id }),
    ...(previousProof === undefined ? {} : { previousProof })
  }))

describe('proofs that build on each other', () => {
  it('63: may each name any that stand before', () => {
    expect(findChainFault(chain(['a'], ['b', 'a'], ['c', ['a', 'b']], [undefined, 'c']))).toBeUndefined()
  })

  it.each([
    ['no id', chain(['a'], ['b', []]), 'previousProof is not one id or more'],
    ['a number', chain(['a'], ['b', 5]), 'previousProof is not one id or more'],
    ['an id and a number', chain(['a'], ['b', ['a', 5]]), 'previousProof is not one id or more'],
    ['an id and nothing', chain(['a'], ['b', ['a', null]]), 'previousProof is not one id or more'],
    ['nobody', chain(['a'], ['b', 'x']), 'previousProof names a proof that is not there'],
    ['one of two', chain(['a'], ['a'], ['b', 'a']), 'previousProof names more than one proof'],
    ['themselves', chain(['a', 'a']), 'a proof builds on itself'],
    ['a later one', chain(['a', 'b'], ['b']), 'a proof builds on one that comes after it'],
    ['a good one and a later one', chain(['a'], ['b', ['a', 'c']], ['c']), 'a proof builds on one that comes after it']
  ])('63: are refused where they name %s', (_what, proofs, fault) => {
    expect(findChainFault(proofs)).toBe(fault)
  })

  it('63: are found by their ids, in the order of the document', () => {
    const proofs = chain(['a'], ['b'], [undefined], ['c', ['b', 'a']])
    expect(previousProofs({ previousProof: ['b', 'a'] }, proofs)).toEqual([{ id: 'a' }, { id: 'b' }])
    expect(previousProofs({}, proofs)).toEqual([])
  })
})
