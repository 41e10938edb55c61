import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/encoding/errors.js'
import { problemDetails } from '../../src/index.js'
import { CHECK_IDS } from '../../src/model/check-ids.js'
import { advisoryFindings, copyPolicy, decide, defaultPolicy, ob30Policy } from '../../src/verifying/policy.js'
import { check, completeChecks, fill, inputFailed, warn } from '../../src/verifying/report.js'

describe('a sentence of a report', () => {
  it('is filled with its facts, and ends once', () => {
    expect(fill('{a} and {b}.', { a: 'One', b: 'another sentence...' })).toBe('One and another sentence.')
    expect(fill('{a}, {a}{unknown}.', { a: 'x.' })).toBe('x, x.')
    expect(fill('{a}', { a: '...' })).toBe('')
  })

  it('belongs to a code, which belongs to a check, a specification and an outcome', () => {
    const made = check('SIGNATURE_INVALID', { reason: 'r' })
    expect(made).toMatchObject({ id: 'proof', outcome: 'fail', code: 'SIGNATURE_INVALID', facts: { reason: 'r' } })
    expect([made.spec.length > 0, made.message.length > 0]).toEqual([true, true])
    expect(check('INTERNAL_ERROR', {}, 'status')).toMatchObject({ id: 'status', outcome: 'unknown' })
    expect(() => check('INTERNAL_ERROR')).toThrow(new TypeError('the code INTERNAL_ERROR needs the id of a check'))
    expect(warn('RELAXED', { path: '/a', form: 'f' })).toMatchObject({ code: 'RELAXED', facts: { path: '/a' } })
  })

  it('of an input that cannot be read has the code and the faults of the error', () => {
    const error = new InputError({ code: 'JSON_SYNTAX', message: 'what it is', path: '/a' })
    expect(inputFailed(error)).toMatchObject({
      id: 'input',
      outcome: 'fail',
      code: 'JSON_SYNTAX',
      facts: { reason: error.message },
      faults: [{ code: 'JSON_SYNTAX', path: '/a' }]
    })
  })
})

describe('the checks of a report', () => {
  it('are always all of them, in order, and say after what those were not reached', () => {
    const checks = completeChecks([check('SIGNATURE_INVALID'), check('INPUT_READ', { form: 'JSON text' })])
    expect(checks.map(({ id }) => id)).toEqual(CHECK_IDS)
    const left = checks.filter(({ code }) => code === 'NOT_REACHED')
    expect(left).toHaveLength(CHECK_IDS.length - 2)
    expect(new Set(left.map(({ facts }) => facts['after']))).toEqual(new Set(['proof']))
    const undecided = completeChecks([check('INPUT_READ'), check('ISSUER_KEY_UNRESOLVED')])
    expect(undecided.find(({ id }) => id === 'status')?.facts).toEqual({ after: 'issuer' })
    expect(completeChecks([]).map(({ facts }) => facts['after'])).toEqual(CHECK_IDS.map(() => 'input'))
  })

  it('are problems where they failed or stayed open, but for those that were not reached', () => {
    const checks = completeChecks([
      check('INPUT_READ'),
      check('SIGNATURE_INVALID'),
      check('TRUST_UNDECIDED', { list: 'Register' })
    ])
    const problems = problemDetails({ checks })
    expect(problems.map(({ title, check: id, outcome }) => [title, id, outcome])).toEqual([
      ['SIGNATURE_INVALID', 'proof', 'fail'],
      ['TRUST_UNDECIDED', 'trust', 'unknown']
    ])
    expect(problems.map(({ detail }) => detail)).toEqual([
      check('SIGNATURE_INVALID').message,
      check('TRUST_UNDECIDED', { list: 'Register' }).message
    ])
    expect(problems.every(({ type }) => type === 'about:blank' || type.startsWith('https://'))).toBe(true)
  })
})

describe('a policy', () => {
  const all = (code: Parameters<typeof check>[0], id?: Parameters<typeof check>[2]) => [
    check('INPUT_READ'),
    check(code, {}, id)
  ]

  it('accepts where every required check passed or does not apply', () => {
    expect(decide(all('STATUS_NONE'), defaultPolicy)).toBe(true)
    expect(decide(all('STATUS_GOOD'), defaultPolicy)).toBe(true)
    expect(decide(all('REVOKED'), defaultPolicy)).toBe(false)
    expect(decide(all('STATUS_UNAVAILABLE'), defaultPolicy)).toBe(false)
  })

  it.each(['credentialSchema', 'refresh', 'endorsementDates', 'trust', 'holderBinding'] as const)(
    'of komma tells of %s and is not decided by it',
    (id) => {
      expect(decide(all('INTERNAL_ERROR', id), defaultPolicy)).toBe(true)
      expect(advisoryFindings(all('INTERNAL_ERROR', id), defaultPolicy).map((one) => one.id)).toEqual([id])
    }
  )

  it.each(['refresh', 'results', 'resources', 'trust', 'holderBinding'] as const)(
    'of the standard tells of %s and is not decided by it',
    (id) => {
      expect(decide(all('INTERNAL_ERROR', id), ob30Policy)).toBe(true)
      expect(advisoryFindings(all('INTERNAL_ERROR', id), ob30Policy).map((one) => one.id)).toEqual([id])
    }
  )

  it('is decided by every other check, and does not tell of it as advice', () => {
    for (const policy of [defaultPolicy, ob30Policy])
      for (const id of CHECK_IDS.filter((one) => !policy.advisory.includes(one))) {
        expect(decide(all('INTERNAL_ERROR', id), policy)).toBe(false)
        expect(advisoryFindings(all('INTERNAL_ERROR', id), policy)).toEqual([])
      }
    expect([defaultPolicy.name, ob30Policy.name]).toEqual(['default', 'ob30'])
  })

  it('is copied with its name, or called own', () => {
    const advisory = ['trust'] as ['trust']
    expect(copyPolicy({ name: 'mine', advisory })).toEqual({ name: 'mine', advisory: ['trust'] })
    expect(copyPolicy({ name: 5 as never, advisory }).name).toBe('own')
    expect(copyPolicy({ name: 'mine', advisory }).advisory).not.toBe(advisory)
  })
})
