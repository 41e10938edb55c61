import { describe, expect, it } from 'vitest'
import * as errors from '../../src/encoding/errors.js'
import { type Fault, KommaError } from '../../src/encoding/errors.js'

const classes = Object.values(errors).filter(
  (value): value is typeof KommaError => typeof value === 'function' && value.prototype instanceof Error
)
const fault: Fault = {
  code: 'OPTION_INVALID',
  message: 'an option cannot be used',
  path: 'limits.maxItems',
  expected: 'a whole number',
  got: '-1',
  hint: 'Leave it out'
}

describe('an error', () => {
  it('is of one of these classes, each with its name', () => {
    expect(classes.map(({ name }) => name).sort()).toEqual([
      'AwardError',
      'BakingError',
      'BatchError',
      'DefinitionError',
      'InputError',
      'KeyError',
      'KommaError',
      'OptionError',
      'PublicationError',
      'ResolutionError',
      'SecuringError',
      'StatusError'
    ])
    for (const Class of classes) expect(new Class(fault).name).toBe(Class.name)
  })

  it.each(classes)('200: shows what it says itself, and neither its cause nor where it was thrown: %o', (Class) => {
    const cause = new Error('password hunter2 in /srv/keys/issuer.pem')
    const error = new Class(fault, { cause, retryable: true })
    const { code, path, expected, got, hint } = fault
    const { progress: _, ...said } = JSON.parse(JSON.stringify(error))
    expect(said).toEqual({
      name: Class.name,
      code,
      path,
      expected,
      got,
      hint,
      faults: [fault],
      retryable: true
    })
    const sentence = 'an option cannot be used at limits.maxItems; expected a whole number, got -1. Leave it out'
    expect([error.message, String(error)]).toEqual([sentence, `${Class.name}: ${sentence}`])
    expect(error.cause).toBe(cause)
  })

  it('lists every fault, and is about the first', () => {
    const second: Fault = { code: 'INPUT_TYPE', message: 'another fault' }
    const error = new KommaError([fault, second])
    expect([error.code, error.path, error.faults]).toEqual([fault.code, fault.path, [fault, second]])
    expect(error.message.split('\n')).toEqual(['2 faults:', expect.stringContaining('- an option'), '- another fault'])
    expect(() => new KommaError([])).toThrow(TypeError)
  })
})
