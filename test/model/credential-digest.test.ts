import { expect, it } from 'vitest'
import { credentialDigest } from '../../src/model/credential-digest.js'
import { describeShared, readSharedJson } from '../support/shared.js'

it('does not depend on the order of members, and changes with every value', () => {
  expect(credentialDigest({ a: 1, b: 2 })).toBe(credentialDigest({ b: 2, a: 1 }))
  expect(credentialDigest({ a: 1, b: 2 })).not.toBe(credentialDigest({ a: 1, b: 3 }))
  expect(credentialDigest({})).toMatch(/^u[A-Za-z0-9_-]{67}$/)
})

describeShared('the worked scenario', () => {
  it('has the published digest for its seventh document', () => {
    expect(credentialDigest(readSharedJson('fixtures/scenario/07-certificate-2024-surveillance-reissue.json'))).toBe(
      'uIDC2PqWfmFyWM35YZ29thECcBjIuv0Fl4hNRpvnAORPW38gPnxHZ17nhHzy8CYKIY5E'
    )
  })
})
