import { describe, expect, it } from 'vitest'
import { KommaError } from '../../src/encoding/errors.js'
import { createTrustList, type VerifyInput } from '../../src/index.js'
import { createOfflineBundle } from '../../src/verifying/offline-bundle.js'
import { readSecured } from '../../src/verifying/read-secured.js'
import { readExpectedRecipient } from '../../src/verifying/recipient.js'
import { readResources } from '../../src/verifying/resources.js'
import { checkTrust, readTrustLists } from '../../src/verifying/trust.js'
import { verifyMany } from '../../src/verifying/verify-many.js'
import { segment } from '../support/jwt.js'

function refusalOf(call: () => unknown): KommaError {
  try {
    call()
  } catch (error) {
    expect(error).toBeInstanceOf(KommaError)
    return error as KommaError
  }
  throw new Error('nothing was refused')
}

describe('the expected recipient', () => {
  it.each([
    [{ id: 'did:example:a' }, { id: 'did:example:a' }],
    [{ email: 'a@b.example', id: undefined }, { email: 'a@b.example' }],
    [
      { identity: 'Kari', identityType: 'name' },
      { identity: 'Kari', identityType: 'name' }
    ]
  ])('may be %j, and is kept as it was', (given, kept) => {
    const read = readExpectedRecipient(given)
    expect([read, Object.isFrozen(read)]).toEqual([kept, true])
    expect(readExpectedRecipient(undefined)).toBeUndefined()
  })

  it.each([
    ['kari@x.example', 'a text'],
    [null, 'nothing'],
    [5, 'nothing'],
    [{}, 'nothing'],
    [{ id: '' }, 'id'],
    [{ id: 5 }, 'id'],
    [{ identity: 'Kari' }, 'identity'],
    [{ name: 'Kari' }, 'name'],
    [{ id: 'a', email: 'b' }, 'email, id'],
    [{ identityType: 'name', identity: 5 }, 'identity, identityType'],
    [{ identityType: 'name', identity: 'Kari', id: 'a' }, 'id, identity, identityType']
  ])('cannot be %j, and the error says what was given', (given, got) => {
    const refusal = refusalOf(() => readExpectedRecipient(given))
    expect(refusal).toMatchObject({
      code: 'OPTION_INVALID',
      path: 'recipient',
      expected: '{ id }, { email } or { identityType, identity }',
      got
    })
    expect(refusal.hint).toBe(got === 'a text' ? 'Write { email } or { id } around it.' : undefined)
    expect(Object.hasOwn(refusal.faults[0] ?? {}, 'hint')).toBe(got === 'a text')
  })
})

describe('lists of issuers', () => {
  it.each([
    [{}],
    [[createTrustList('a', []), null]],
    [[null]],
    [[{}]],
    [[{ name: 'a' }]],
    [[{ knows: () => true }]],
    ['abc']
  ])('cannot be %j', (given) => {
    expect(refusalOf(() => readTrustLists(given))).toMatchObject({
      code: 'OPTION_INVALID',
      path: 'trust',
      expected: 'one or more objects with a name and the method knows; leave it out to ask nobody'
    })
  })

  it.each(['did:example:a', [5], [''], ['did:example:a', undefined]])('hold no ids such as %j', (issuers) => {
    expect(refusalOf(() => createTrustList('a', issuers as never))).toMatchObject({
      path: 'issuers',
      expected: 'the ids of issuers, as texts'
    })
  })

  it('are asked one after the other, until one cannot tell', async () => {
    const [known, unknown] = [createTrustList('A', ['x']), createTrustList('B', [])]
    const silent = { name: 'C', knows: () => 'yes' as never }
    expect(readTrustLists(undefined)).toEqual([])
    expect(readTrustLists([known])).toEqual([known])
    expect(refusalOf(() => readTrustLists([]))).toMatchObject({ code: 'OPTION_INVALID', path: 'trust' })
    expect(await checkTrust('x', [], 10)).toMatchObject({ code: 'TRUST_NOT_ASKED' })
    expect(await checkTrust('x', [unknown], 10)).toMatchObject({ code: 'TRUST_UNKNOWN' })
    expect(await checkTrust('x', [known, unknown, { ...known, name: 'D' }], 10)).toMatchObject({
      code: 'TRUST_KNOWN',
      facts: { lists: 'A, D' }
    })
    expect(await checkTrust('x', [known, silent], 10)).toMatchObject({ code: 'TRUST_UNDECIDED', facts: { list: 'C' } })
  })
})

describe('files', () => {
  it.each<[string, unknown, string]>([
    ['a list', [], 'resources'],
    ['a Map', new Map(), 'resources'],
    ['null', null, 'resources'],
    ['numbers', { [`https://a.example/${'a'.repeat(200)}`]: 5 }, `resources.https://a.example/${'a'.repeat(82)}`]
  ])('cannot be %s', (_what, given, path) => {
    expect(refusalOf(() => readResources(given))).toMatchObject({
      code: 'OPTION_INVALID',
      path,
      expected: 'bytes or text, by URL, in an object'
    })
  })

  it('are copied', () => {
    const bytes = Uint8Array.of(1, 2)
    const read = readResources({ a: bytes, b: 'é' })
    bytes[0] = 9
    expect(read).toEqual(
      new Map([
        ['a', Uint8Array.of(1, 2)],
        ['b', Uint8Array.of(0xc3, 0xa9)]
      ])
    )
    expect(readResources(undefined)).toEqual(new Map())
  })
})

describe('an input', () => {
  const read = (given: unknown) => readSecured(given, { limits: {} })
  const token = `${segment({ alg: 'none' })}.${segment({ iss: 'a' })}.AAAA`

  it.each([
    ['null', 'null'],
    ['[]', 'an array'],
    ['5', 'number'],
    ['"x"', 'string'],
    ['true', 'boolean']
  ])('that is %s is no credential, and the error says what it is', (text, got) => {
    for (const given of [text, new TextEncoder().encode(text)])
      expect(refusalOf(() => read(given))).toMatchObject({ code: 'INPUT_TYPE', got })
  })

  it('is a token as text, as bytes and in an envelope', () => {
    for (const given of [token, new TextEncoder().encode(token)]) expect(read(given).form).toBe('jwt')
    for (const type of ['EnvelopedVerifiableCredential', ['x', 'EnvelopedVerifiablePresentation']])
      for (const kind of ['vc', 'vp', 'VC'])
        expect(read({ type, id: `data:application/${kind}+jwt,${token}` }).form).toBe('jwt')
  })

  it('is no token where it only looks like an envelope', () => {
    const id = `data:application/vc+jwt,${token}`
    for (const given of [
      { id },
      { id, type: 'NotEnvelopedVerifiableCredential' },
      { id: ` ${id}`, type: 'EnvelopedVerifiableCredential' },
      { id: `data:text/plain,${token}`, type: 'EnvelopedVerifiableCredential' },
      { type: 'EnvelopedVerifiableCredential' }
    ])
      expect(read(given)).toMatchObject({ form: 'embedded', document: given })
  })

  it('115: is not a token in the JSON serialisation', () => {
    expect(refusalOf(() => read({ payload: 'x', signature: 'y' }))).toMatchObject({
      code: 'JWS_MALFORMED',
      expected: 'the compact form, header.payload.signature'
    })
    expect(read({ payload: 5 }).form).toBe('embedded')
    expect(read({ payload: 'x', '@context': [] }).form).toBe('embedded')
  })

  it('8: is measured before it is read', () => {
    for (const given of ['{}  ', new TextEncoder().encode('{}  ')])
      expect(refusalOf(() => readSecured(given, { limits: { maxLength: 3 } }))).toMatchObject({
        code: 'INPUT_TOO_LARGE'
      })
  })
})

describe('many inputs', () => {
  it.each([['{}'], [new Uint8Array(1)], [undefined], [null], [{}], [5]])('cannot be %j', async (inputs) => {
    const first = verifyMany(inputs as unknown as readonly VerifyInput[]).next()
    await expect(first).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      path: 'inputs',
      expected: 'an array, a generator or a stream of badges'
    })
  })
})

describe('an offline bundle', () => {
  it('cannot be made of nothing to read from, and the error says so', async () => {
    await expect(createOfflineBundle('{}', {})).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      path: 'resolver',
      expected: 'a resolver'
    })
  })
})
