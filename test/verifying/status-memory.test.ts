import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import {
  createMapResolver,
  createStatusMemory,
  OptionError,
  type SeenStatusList,
  type StatusMemory,
  verify
} from '../../src/index.js'
import { testJwtSigner } from '../support/jwt.js'
import { type TestSigner, testSigner } from '../support/sign.js'
import { badgeWith, LIST, serve, signedList, statusOf, unsignedList } from '../support/status.js'

let issuer: TestSigner
let mallory: TestSigner
let badge: JsonObject

beforeAll(async () => {
  issuer = await testSigner('issuer')
  mallory = await testSigner('mallory')
  badge = await badgeWith(issuer)
})

const listOf = (validFrom: string, bits: readonly number[] = [], signer = issuer) =>
  signedList(signer, { bits, document: { validFrom }, created: '2026-06-01T00:00:00Z' })

describe('statusMemory', () => {
  it('165: notices that an older list is served after a newer one', async () => {
    const statusMemory = createStatusMemory()
    const [older, newer] = [await listOf('2026-06-01T10:00:00Z'), await listOf('2026-06-01T11:00:00Z')]
    const codeOf = async (list: JsonObject) => (await statusOf(badge, { statusMemory, resolver: serve(list) })).code
    expect(await codeOf(older)).toBe('STATUS_GOOD')
    expect(await codeOf(newer)).toBe('STATUS_GOOD')
    expect(await codeOf(newer)).toBe('STATUS_GOOD')
    const answer = await statusOf(badge, { statusMemory, resolver: serve(older) })
    expect(answer).toMatchObject({ accepted: false, outcome: 'unknown', code: 'STATUS_ROLLBACK' })
    expect(answer.message).toBe(
      'The status list is older (2026-06-01T10:00:00Z) than one that was seen before (2026-06-01T11:00:00Z).'
    )
    expect(answer.facts).toMatchObject([{ value: 0, outcome: 'unknown', code: 'STATUS_ROLLBACK' }])
    expect(await codeOf(newer)).toBe('STATUS_GOOD')
  })

  it('165: notices it also where the newer list was seen with a revocation', async () => {
    const statusMemory = createStatusMemory()
    const revoked = await statusOf(badge, { statusMemory, resolver: serve(await listOf('2026-06-01T11:00:00Z', [5])) })
    expect(revoked.code).toBe('REVOKED')
    const before = await statusOf(badge, { statusMemory, resolver: serve(await listOf('2026-06-01T10:00:00Z')) })
    expect(before).toMatchObject({ accepted: false, code: 'STATUS_ROLLBACK' })
  })

  it('165: compares points in time, to the last digit, not texts', async () => {
    const order = ['2026-06-01T12:00:00+02:00', '2026-06-01T10:00:00.0000001Z', '2026-06-01T10:30:00Z']
    const statusMemory = createStatusMemory()
    for (const time of order)
      expect((await statusOf(badge, { statusMemory, resolver: serve(await listOf(time)) })).code).toBe('STATUS_GOOD')
    const same = await statusOf(badge, { statusMemory, resolver: serve(await listOf('2026-06-01T11:30:00+01:00')) })
    expect(same.code).toBe('STATUS_GOOD')
    const earlier = await statusOf(badge, { statusMemory, resolver: serve(await listOf('2026-06-01T10:00:00.5Z')) })
    expect(earlier.code).toBe('STATUS_ROLLBACK')
  })

  it('165: lets a revocation count in an older list too', async () => {
    const statusMemory = createStatusMemory()
    await statusOf(badge, { statusMemory, resolver: serve(await listOf('2026-06-01T11:00:00Z')) })
    const answer = await statusOf(badge, { statusMemory, resolver: serve(await listOf('2026-06-01T10:00:00Z', [5])) })
    expect(answer).toMatchObject({ accepted: false, outcome: 'fail', code: 'REVOKED' })
  })

  it('is told where the list lives, whose it is and from when, and of verified lists alone', async () => {
    const seen: SeenStatusList[] = []
    const statusMemory: StatusMemory = {
      remember(list) {
        seen.push(list)
        return list.validFrom
      }
    }
    const good = await listOf('2026-06-01T11:00:00Z')
    await statusOf(badge, { statusMemory, resolver: serve(good) })
    await statusOf(badge, { statusMemory, resolver: serve({ ...good, validFrom: '2026-06-01T11:30:00Z' }) })
    await statusOf(badge, { statusMemory, resolver: createMapResolver({}) })
    expect(seen).toEqual([{ list: LIST, issuer: issuer.did, validFrom: '2026-06-01T11:00:00Z' }])
  })

  it('is not told of a list from the future, which would make every list until then look old', async () => {
    const statusMemory = createStatusMemory()
    const future = await statusOf(badge, { statusMemory, resolver: serve(await listOf('2026-06-01T12:30:00Z')) })
    expect(future.code).toBe('STATUS_LIST_NOT_YET_VALID')
    const now = await statusOf(badge, { statusMemory, resolver: serve(await listOf('2026-06-01T11:00:00Z')) })
    expect(now.code).toBe('STATUS_GOOD')
  })

  it('keeps issuers apart, so that nobody can make the lists of another look old', async () => {
    const statusMemory = createStatusMemory()
    const forged = await listOf('2026-06-01T11:59:00Z', [], mallory)
    const theirs = await statusOf(await badgeWith(mallory), { statusMemory, resolver: serve(forged) })
    expect(theirs.code).toBe('STATUS_GOOD')
    const mine = await statusOf(badge, { statusMemory, resolver: serve(await listOf('2026-06-01T11:00:00Z')) })
    expect(mine.code).toBe('STATUS_GOOD')
  })

  it('is not told of a list without any time', async () => {
    const jwt = await testJwtSigner('issuer')
    const document = await unsignedList(jwt.did, { document: { validFrom: undefined, validUntil: undefined } })
    const served = await jwt.sign(document, { ...jwt.header, typ: 'vc+jwt' })
    const statusMemory: StatusMemory = { remember: () => Promise.reject(new Error('not this')) }
    const answer = await statusOf(badge, { statusMemory, resolver: serve(served) })
    expect(answer.code).toBe('STATUS_LIST_STALE')
  })

  it('is not asked where the caller accepts the status of another time', async () => {
    const statusMemory: StatusMemory = { remember: () => Promise.reject(new Error('not now')) }
    const statusSnapshot = { acceptedAsOf: new Date('2026-06-01T11:30:00Z'), maxAge: 86_400 }
    const options = { statusMemory, statusSnapshot, resolver: serve(await listOf('2026-06-01T11:00:00Z')) }
    expect(await statusOf(badge, options)).toMatchObject({ accepted: true, code: 'STATUS_GOOD' })
  })

  it.each([
    ['rejects', () => Promise.reject(new Error('down'))],
    [
      'throws',
      () => {
        throw new Error('down')
      }
    ],
    ['gives nothing', () => undefined],
    ['gives a number', () => 1_780_000_000],
    ['gives a Date', () => new Date('2026-06-01T12:00:00Z')],
    ['gives a text that is no time', () => 'yesterday'],
    ['gives a time without a zone', () => '2026-06-01T12:00:00'],
    ['gives an earlier time than it was told', () => '2026-06-01T10:59:59Z']
  ])('that %s makes the status unknown, unless the credential is revoked', async (_what, remember) => {
    const statusMemory = { remember } as unknown as StatusMemory
    const good = serve(await listOf('2026-06-01T11:00:00Z'))
    expect(await statusOf(badge, { statusMemory, resolver: good })).toMatchObject({
      accepted: false,
      outcome: 'unknown',
      code: 'STATUS_MEMORY_FAILED'
    })
    const revoked = serve(await listOf('2026-06-01T11:00:00Z', [5]))
    expect(await statusOf(badge, { statusMemory, resolver: revoked })).toMatchObject({ code: 'REVOKED' })
  })

  it('that is none is refused', async () => {
    for (const statusMemory of [null, {}, { remember: true }, 'memory']) {
      const error = await verify('{}', { statusMemory: statusMemory as never }).catch((reason: unknown) => reason)
      expect(error).toBeInstanceOf(OptionError)
      expect(error).toMatchObject({ code: 'OPTION_INVALID', path: 'statusMemory' })
    }
  })
})

describe('createStatusMemory', () => {
  const seen = (list: string, validFrom: string): SeenStatusList => ({ list, issuer: 'did:web:a.example', validFrom })

  it('answers with the latest time it knows', async () => {
    const memory = createStatusMemory()
    expect(await memory.remember(seen('a', '2026-01-01T00:00:00Z'))).toBe('2026-01-01T00:00:00Z')
    expect(await memory.remember(seen('a', '2026-01-03T00:00:00Z'))).toBe('2026-01-03T00:00:00Z')
    expect(await memory.remember(seen('a', '2026-01-02T00:00:00Z'))).toBe('2026-01-03T00:00:00Z')
    expect(await memory.remember(seen('b', '2026-01-01T00:00:00Z'))).toBe('2026-01-01T00:00:00Z')
  })

  it('does not mix up an address and an issuer', async () => {
    const memory = createStatusMemory()
    await memory.remember({ list: 'a","b', issuer: 'c', validFrom: '2026-01-03T00:00:00Z' })
    expect(await memory.remember({ list: 'a', issuer: 'b","c', validFrom: '2026-01-01T00:00:00Z' })).toBe(
      '2026-01-01T00:00:00Z'
    )
  })

  it('forgets the list that was unused for longest, where it has no room', async () => {
    const memory = createStatusMemory({ maxLists: 2 })
    const ask = (list: string) => memory.remember(seen(list, '2026-01-01T00:00:00Z'))
    for (const list of ['a', 'b']) await memory.remember(seen(list, '2026-01-03T00:00:00Z'))
    expect(await ask('a')).toBe('2026-01-03T00:00:00Z')
    expect(await ask('c')).toBe('2026-01-01T00:00:00Z')
    expect(await ask('a')).toBe('2026-01-03T00:00:00Z')
    expect(await ask('b')).toBe('2026-01-01T00:00:00Z')
  })

  it('can have room for a single list', async () => {
    const memory = createStatusMemory({ maxLists: 1 })
    await memory.remember(seen('a', '2026-01-03T00:00:00Z'))
    expect(await memory.remember(seen('a', '2026-01-01T00:00:00Z'))).toBe('2026-01-03T00:00:00Z')
  })

  it.each([0, -1, 1.5, Number.NaN, '5'])('refuses the size %s', (maxLists) => {
    let error: unknown
    try {
      createStatusMemory({ maxLists: maxLists as number })
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(OptionError)
    expect(error).toMatchObject({ code: 'OPTION_INVALID', path: 'maxLists', expected: 'a whole number from 1' })
  })
})
