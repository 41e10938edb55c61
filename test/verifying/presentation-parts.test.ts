import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import {
  createMemoryChallengeStore,
  type Report,
  type VerifyPresentationOptions,
  verifyPresentation
} from '../../src/index.js'
import {
  type Answered,
  checkChallenge,
  checkCredentials as checkCredentialsOf,
  checkDomain,
  checkHolderBinding,
  presentedCredentials,
  readAnswered
} from '../../src/verifying/presentation-checks.js'
import type { Secured } from '../../src/verifying/secured.js'
import { expectedSigner, expectedSignerOfJwt } from '../../src/verifying/signer.js'

const answering = (...challenges: Answered['challenges']): Answered => ({ challenges, domains: [] })
const shownTo = (...domains: Answered['domains']): Answered => ({ challenges: [], domains })

describe('what a presentation answers', () => {
  it('is in nonce and aud of a token', () => {
    const of = (claims: JsonObject) => readAnswered({ form: 'jwt', jwt: { claims } } as unknown as Secured)
    expect(of({ nonce: 'c', aud: 'd' })).toEqual({ challenges: ['c'], domains: [['d']] })
    expect(of({ nonce: 5, aud: ['d', 5] })).toEqual({ challenges: [undefined], domains: [['d', '']] })
    expect(of({})).toEqual({ challenges: [undefined], domains: [[]] })
  })

  it('is in challenge and domain of each proof', () => {
    const proof = [{ challenge: 'c', domain: ['d', 'e'] }, { challenge: ['c'] }]
    expect(readAnswered({ form: 'embedded', document: { proof } })).toEqual({
      challenges: ['c', undefined],
      domains: [['d', 'e'], []]
    })
  })

  it('72: is the one challenge that was asked, in every proof', async () => {
    const codeOf = async (answered: Answered, challenge: string | undefined) =>
      (await checkChallenge(answered, { challenge, store: undefined }, 10)).code
    expect(await codeOf(answering('c', 'c'), 'c')).toBe('CHALLENGE_ANSWERED')
    expect(await codeOf(answering('c'), undefined)).toBe('CHALLENGE_NOT_ASKED')
    for (const answered of [
      answering('x'),
      answering('c', 'x'),
      answering(undefined),
      answering(),
      answering('c', undefined)
    ])
      expect(await codeOf(answered, 'c')).toBe('CHALLENGE_MISMATCH')
  })

  it('72: is taken from the store once, and only where it is the one that was asked', async () => {
    const asked: string[] = []
    const codeOf = async (answer: unknown, answered = answering('c'), challenge?: string) => {
      const store = {
        take: (one: string) => {
          asked.push(one)
          if (answer instanceof Error) throw answer
          return answer as boolean
        }
      }
      return (await checkChallenge(answered, { challenge, store }, 10)).code
    }
    expect(await codeOf(true)).toBe('CHALLENGE_ANSWERED')
    expect(await codeOf(false)).toBe('CHALLENGE_USED')
    for (const answer of ['yes', undefined, new Error('down')]) expect(await codeOf(answer)).toBe('CHALLENGE_UNDECIDED')
    expect(asked).toEqual(Array(5).fill('c'))
    expect(await codeOf(true, answering('c', 'd'))).toBe('CHALLENGE_MISMATCH')
    expect(await codeOf(true, answering('c'), 'd')).toBe('CHALLENGE_MISMATCH')
    expect(asked).toHaveLength(5)
  })

  it('73: is shown to exactly the domains that were expected, in any order', () => {
    const codeOf = (answered: Answered, expected?: readonly string[]) => checkDomain(answered, expected).code
    expect(codeOf(shownTo(['a']))).toBe('DOMAIN_NOT_ASKED')
    for (const answered of [shownTo(['a', 'b']), shownTo(['b', 'a'], ['a', 'b', 'a'])])
      expect(codeOf(answered, ['a', 'b'])).toBe('DOMAIN_MATCHED')
    for (const answered of [
      shownTo(['a']),
      shownTo(['a', 'b', 'c']),
      shownTo(['a', 'c']),
      shownTo([]),
      shownTo(['a', 'b'], [])
    ])
      expect(codeOf(answered, ['a', 'b'])).toBe('DOMAIN_MISMATCH')
  })
})

describe('the credentials of a presentation', () => {
  const about = (credentialSubject: unknown, accepted = true) =>
    ({ accepted, credential: { credentialSubject } }) as Report

  it('74: say whom they are about, and whether that is the holder', () => {
    const codeOf = (...subjects: unknown[]) =>
      checkHolderBinding(
        'did:example:a',
        subjects.map((one) => about(one))
      ).code
    const [a, b] = [{ id: 'did:example:a' }, { id: 'did:example:b' }]
    expect(codeOf()).toBe('HOLDER_BINDING_NONE')
    for (const subjects of [[a], [a, [a]], [[a, a]]]) expect(codeOf(...subjects)).toBe('HOLDER_IS_SUBJECT')
    for (const subjects of [[b], [a, b], [[a, b]]]) expect(codeOf(...subjects)).toBe('HOLDER_IS_NOT_SUBJECT')
    for (const subjects of [[{}], [a, {}], [[a, {}]], [undefined], [a, []]])
      expect(codeOf(...subjects)).toBe('HOLDER_BINDING_OPEN')
    expect(checkHolderBinding('did:example:a', [{ credential: undefined } as Report]).code).toBe('HOLDER_BINDING_OPEN')
  })

  it('75: are counted, and the first that is not accepted is named', () => {
    const [good, bad] = [about({}), about({}, false)]
    const checkCredentials = (reports: readonly Report[], most: number, found: number, allowEmpty = false) =>
      checkCredentialsOf(reports, found, { most, allowEmpty })
    expect(checkCredentials([], 2, 0)).toMatchObject({ code: 'CREDENTIALS_NONE', outcome: 'fail' })
    expect(checkCredentials([], 2, 0, true)).toMatchObject({ code: 'CREDENTIALS_NOT_NEEDED', outcome: 'notApplicable' })
    expect(checkCredentials([bad], 2, 1, true).code).toBe('CREDENTIAL_NOT_ACCEPTED')
    expect(checkCredentials([], 2, 3, true).code).toBe('CREDENTIALS_TOO_MANY')
    expect(checkCredentials([good, good], 2, 2)).toMatchObject({ code: 'CREDENTIALS_ACCEPTED', facts: { count: '2' } })
    expect(checkCredentials([good, bad, bad], 3, 3)).toMatchObject({
      code: 'CREDENTIAL_NOT_ACCEPTED',
      facts: { path: '/verifiableCredential/1' }
    })
    expect(checkCredentials([bad], 2, 2).facts).toEqual({ path: '/verifiableCredential/0' })
    expect(checkCredentials([good, good], 2, 3)).toMatchObject({ code: 'CREDENTIALS_TOO_MANY', facts: { most: '2' } })
  })

  it('are its objects, one or several', () => {
    expect(presentedCredentials({ verifiableCredential: [{ id: 'a' }, 'text', { id: 'b' }] })).toEqual([
      { id: 'a' },
      { id: 'b' }
    ])
    expect(presentedCredentials({ verifiableCredential: { id: 'a' } })).toEqual([{ id: 'a' }])
    expect(presentedCredentials({})).toEqual([])
  })
})

describe('who has to have signed', () => {
  const method = 'did:example:b#key-1'

  it('is the issuer of a credential, to assert it', () => {
    const expected = { id: 'did:example:a', purpose: 'assertionMethod' }
    const document = { issuer: { id: 'did:example:a' }, holder: 'did:example:c', proof: { verificationMethod: method } }
    for (const kind of ['AchievementCredential', 'EndorsementCredential', 'VerifiableCredential'] as const) {
      expect(expectedSigner(document, kind)).toEqual(expected)
      expect(expectedSignerOfJwt(document, kind, { iss: 'did:example:d', kid: method })).toEqual(expected)
    }
    expect(expectedSigner({}, 'VerifiableCredential').id).toBe('')
  })

  it('is the holder of a presentation, or else whoever did, to authenticate', () => {
    const of = (document: JsonObject) => expectedSigner(document, 'VerifiablePresentation')
    expect(of({ holder: { id: 'did:example:c' }, proof: { verificationMethod: method } })).toEqual({
      id: 'did:example:c',
      purpose: 'authentication'
    })
    expect(of({ proof: [{ verificationMethod: method }] }).id).toBe('did:example:b')
    expect(of({}).id).toBe('')
    const ofToken = (iss: string | undefined, kid: string | undefined) =>
      expectedSignerOfJwt({}, 'VerifiablePresentation', { iss, kid }).id
    expect([ofToken('did:example:d', method), ofToken(undefined, method), ofToken(undefined, undefined)]).toEqual([
      'did:example:d',
      'did:example:b',
      ''
    ])
  })
})

describe('options of verifyPresentation', () => {
  it.each<[path: string, options: unknown, expected: string]>([
    ['challenge', { challenge: '' }, 'a text'],
    ['challenge', { challenge: 5 }, 'a text'],
    ['challenges', { challenges: {} }, 'an object with the method take'],
    ['challenges', { challenges: null }, 'an object with the method take'],
    ['domain', { domain: '' }, 'a text, or several'],
    ['domain', { domain: [] }, 'a text, or several'],
    ['domain', { domain: ['a', 5] }, 'a text, or several'],
    ['domain', { domain: ['a', ''] }, 'a text, or several'],
    ['allowEmpty', { allowEmpty: 'yes' }, 'true or false'],
    ['allowEmpty', { allowEmpty: null }, 'true or false'],
    ['resolvr', { resolvr: {} }, 'an option of verify']
  ])('126: refuse a %s that cannot be one: %j', async (path, options, expected) => {
    await expect(verifyPresentation('{}', options as VerifyPresentationOptions)).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      path,
      expected
    })
  })
})

describe('a store of challenges in memory', () => {
  it('72: gives each challenge once, and takes it once, as long as it counts', () => {
    let now = 0
    let count = 0
    const random = (length: number) => {
      count += 1
      return new Uint8Array(length).fill(count)
    }
    const store = createMemoryChallengeStore({ lifetime: 10, clock: () => new Date(now), random })
    const [first, second] = [store.give(), store.give()]
    expect([first.length, first === second]).toEqual([22, false])
    now = 10_000
    expect([store.take(first), store.take(first)]).toEqual([true, false])
    now = 10_001
    expect([store.take(second), store.take('never given')]).toEqual([false, false])
  })

  it('72: forgets the oldest challenge where it holds too many', () => {
    const store = createMemoryChallengeStore({ most: 2 })
    const given = [store.give(), store.give(), store.give()]
    expect(given.map((one) => store.take(one))).toEqual([false, true, true])
  })

  it.each([
    ['lifetime', 0],
    ['lifetime', Number.NaN],
    ['lifetime', '5'],
    ['most', -1]
  ])('refuses a %s of %s', (path, value) => {
    expect(() => createMemoryChallengeStore({ [path]: value })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID', path, expected: 'above 0' })
    )
  })
})
