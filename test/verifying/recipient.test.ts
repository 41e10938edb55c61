import { describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { type ExpectedRecipient, verify } from '../../src/index.js'
import { hashIdentity } from '../../src/model/identity-hash.js'
import { KARI, NOW, testHouse } from '../support/issuer.js'
import { plainBadge, testSigner } from '../support/sign.js'

async function recipientCheck(identifier: readonly JsonObject[] | undefined, recipient?: ExpectedRecipient) {
  const issuer = await testSigner()
  const badge = plainBadge(issuer.did)
  const subject = {
    ...(badge['credentialSubject'] as JsonObject),
    ...(identifier ? { identifier: [...identifier] } : {})
  }
  const signed = await issuer.sign({ ...badge, credentialSubject: subject })
  const report = await verify(signed as never, { now: NOW, ...(recipient ? { recipient } : {}) })
  return { accepted: report.accepted, ...report.checks.find(({ id }) => id === 'recipient') }
}

const hashed = (identity: string, identityType = 'emailAddress'): JsonObject => ({
  type: 'IdentityObject',
  identityType,
  hashed: true,
  identityHash: hashIdentity(identity, 'Kosher'),
  salt: 'Kosher'
})

describe('the recipient', () => {
  it('hashes as the standard does', () => {
    expect(hashIdentity('a@example.com', 'Kosher')).toBe(
      'sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399'
    )
  })

  it('does not apply where nobody is expected', async () => {
    expect(await recipientCheck(undefined)).toMatchObject({ accepted: true, outcome: 'notApplicable' })
  })

  it('is found by id, by e-mail in any case, and by type and value together', async () => {
    expect(await recipientCheck(undefined, { id: 'did:example:learner' })).toMatchObject({
      accepted: true,
      code: 'RECIPIENT_MATCHED'
    })
    const both = [hashed('a@example.com'), hashed('e0417', 'ext:employeeId')]
    expect(await recipientCheck(both, { email: 'a@example.com' })).toMatchObject({ code: 'RECIPIENT_MATCHED' })
    expect(await recipientCheck(both, { email: 'A@Example.com' })).toMatchObject({ code: 'RECIPIENT_MATCHED' })
    expect(await recipientCheck(both, { identityType: 'ext:employeeId', identity: 'e0417' })).toMatchObject({
      code: 'RECIPIENT_MATCHED'
    })
  })

  it('198: is not found by the value of one identifier and the type of another', async () => {
    const both = [hashed('a@example.com'), hashed('e0417', 'ext:employeeId')]
    expect(await recipientCheck(both, { identityType: 'ext:employeeId', identity: 'a@example.com' })).toMatchObject({
      accepted: false,
      code: 'RECIPIENT_MISMATCH'
    })
  })

  it('is refused where somebody else is expected', async () => {
    expect(await recipientCheck(undefined, { id: 'did:example:other' })).toMatchObject({
      accepted: false,
      code: 'RECIPIENT_MISMATCH'
    })
    expect(await recipientCheck([hashed('a@example.com')], { email: 'b@example.com' })).toMatchObject({
      accepted: false,
      code: 'RECIPIENT_MISMATCH'
    })
  })

  it('is not found by a member without a value', async () => {
    const issuer = await testSigner()
    const badge = plainBadge(issuer.did)
    const { id: _, ...subject } = badge['credentialSubject'] as JsonObject
    const signed = await issuer.sign({
      ...badge,
      credentialSubject: { ...subject, identifier: [hashed('a@example.com')] }
    })
    const recipient = { id: undefined, email: 'eve@evil.example' } as never
    const report = await verify(signed as never, { now: NOW, recipient })
    expect(report.checks.find(({ id }) => id === 'recipient')).toMatchObject({ code: 'RECIPIENT_MISMATCH' })
    await expect(verify(signed as never, { now: NOW, recipient: { id: undefined } as never })).rejects.toMatchObject({
      code: 'OPTION_INVALID'
    })
  })

  it('197: is found by a hash without salt, and in capitals, but by no other hash', async () => {
    const { salt: _, ...unsalted } = hashed('a@example.com')
    const bare = { ...unsalted, identityHash: hashIdentity('a@example.com', '') }
    expect(await recipientCheck([bare], { email: 'a@example.com' })).toMatchObject({ code: 'RECIPIENT_MATCHED' })
    const capitals = { ...hashed('a@example.com'), identityHash: hashIdentity('a@example.com', 'Kosher').toUpperCase() }
    expect(await recipientCheck([capitals], { email: 'a@example.com' })).toMatchObject({ code: 'RECIPIENT_MATCHED' })
    for (const identityHash of ['sha1$b5809d8a', 'sha256$b5809d8a', 'a@example.com', '']) {
      const other = { ...hashed('a@example.com'), identityHash }
      expect(await recipientCheck([other], { email: 'a@example.com' })).toMatchObject({ accepted: false })
    }
  })

  it('197: is compared over its whole length, wherever the first difference is, and nobody is told where', async () => {
    const right = hashIdentity('a@example.com', 'Kosher')
    const wrong = (index: number) =>
      `${right.slice(0, index)}${right[index] === '0' ? '1' : '0'}${right.slice(index + 1)}`
    const compare = async (identityHash: string) => {
      const looks = vi.spyOn(String.prototype, 'charCodeAt')
      const check = await recipientCheck([{ ...hashed('a@example.com'), identityHash }], { email: 'a@example.com' })
      const { calls } = looks.mock
      looks.mockRestore()
      const { message, facts, code } = check as Required<typeof check>
      return { told: { message, facts, code }, looked: calls.length }
    }
    const [early, late] = [await compare(wrong(7)), await compare(wrong(70))]
    expect(early.told).toEqual(late.told)
    expect(early.told.code).toBe('RECIPIENT_MISMATCH')
    expect(early.looked).toBe(late.looked)
  })

  it('197: hashed with md5 stays unknown', async () => {
    const md5 = { ...hashed('a@example.com'), identityHash: 'md5$5d41402abc4b2a76b9719d911017c592' }
    expect(await recipientCheck([md5], { email: 'a@example.com' })).toMatchObject({
      accepted: false,
      code: 'RECIPIENT_HASH_UNSUPPORTED'
    })
  })

  it('of an issued badge is hashed with a salt of its own and found again', async () => {
    const house = await testHouse()
    const [first, second] = [
      await house.issuer.issue(house.competency, KARI),
      await house.issuer.issue(house.competency, KARI)
    ]
    const hashOf = (issued: typeof first) => issued.credential.credentialSubject.identifier?.[0]?.identityHash
    expect(hashOf(first)).not.toBe(hashOf(second))
    const report = await verify(first.text, {
      now: NOW,
      resolver: await house.publish(),
      recipient: { email: 'kari@example.org' }
    })
    expect(report.accepted).toBe(true)
  })
})
