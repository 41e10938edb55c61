import { describe, expect, it } from 'vitest'
import { createMemoryStatusStore, KommaError, type KommaEvent, StatusError } from '../../src/index.js'
import { KARI, NOW, testHouse } from '../support/issuer.js'

const AT = '2026-06-01T12:00:00Z'

async function watchedHouse(): Promise<{ house: Awaited<ReturnType<typeof testHouse>>; events: KommaEvent[] }> {
  const events: KommaEvent[] = []
  const house = await testHouse({ onEvent: (event) => events.push(event) })
  return { house, events }
}

describe('the events of an issuer', () => {
  it('tell of every credential that was released, and of a repeat', async () => {
    const { house, events } = await watchedHouse()
    const award = { ...KARI, idempotencyKey: 'kari' }
    const issued = await house.issuer.issue(house.competency, award)
    await house.issuer.issue(house.competency, award)
    const told = { type: 'issued', at: AT, issuer: house.issuer.id, credentialId: issued.id, list: issued.status.list }
    expect(events).toEqual([
      { ...told, repeated: false },
      { ...told, repeated: true }
    ])
    expect(events.every((event) => Object.isFrozen(event))).toBe(true)
  })

  it('tell of a revocation, with its number in the store', async () => {
    const { house, events } = await watchedHouse()
    const { id, status } = await house.issuer.issue(house.competency, KARI)
    await house.issuer.revoke(id, { reason: 'Kari Nordmann moved', actor: 'ola@academy.example' })
    await house.issuer.revoke(id, { reason: 'again' })
    const told = { type: 'revoked', at: AT, issuer: house.issuer.id, credentialId: id, list: status.list, sequence: 1 }
    expect(events.slice(1)).toEqual([told, told])
  })

  it('tell of a failure by its code, and the caller still has the error', async () => {
    const { house, events } = await watchedHouse()
    await expect(house.issuer.issue(house.competency, { recipient: { email: 'kari@example.org' } })).rejects.toThrow()
    await expect(house.issuer.revoke('urn:uuid:unknown', { reason: 'x' })).rejects.toThrow()
    const failed = { type: 'failed', at: AT, issuer: house.issuer.id, retryable: false, document: undefined }
    expect(events).toEqual([
      { ...failed, action: 'issue', code: 'AWARD_INCOMPLETE', credentialId: undefined },
      { ...failed, action: 'changeStatus', code: 'STATUS_UNKNOWN_CREDENTIAL', credentialId: 'urn:uuid:unknown' }
    ])
  })

  it('say whether a failure may pass, and nothing of what a driver said', async () => {
    const events: KommaEvent[] = []
    const status = createMemoryStatusStore()
    status.reserve = async () => {
      throw new KommaError({ code: 'STATUS_STORE_IO', message: 'host db.internal' }, { retryable: true })
    }
    const house = await testHouse({ status, onEvent: (event) => events.push(event) })
    await expect(house.issuer.issue(house.competency, KARI)).rejects.toThrow(StatusError)
    expect(events).toMatchObject([{ type: 'failed', code: 'STATUS_STORE_IO', retryable: true }])
    expect(JSON.stringify(events)).not.toContain('db.internal')
  })

  it('hold nothing of a person but the id of the credential', async () => {
    const { house, events } = await watchedHouse()
    const { id } = await house.issuer.issue(house.competency, {
      ...KARI,
      recipient: { name: 'Kari Nordmann', ...KARI.recipient }
    })
    await house.issuer.revoke(id, { reason: 'Kari Nordmann moved', actor: 'ola@academy.example' })
    const text = JSON.stringify(events).toLowerCase()
    for (const word of ['kari', 'nordmann', 'ola@', 'moved', 'first aid']) expect(text).not.toContain(word)
    expect(events).toHaveLength(2)
  })
})

describe('a hook that breaks', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('the log is full')
      }
    ],
    ['rejects', () => Promise.reject(new Error('the log is full'))],
    [
      'answers with a trap',
      () =>
        Object.defineProperty({}, 'then', {
          get() {
            throw new Error('a trap')
          }
        })
    ]
  ] as const)('by one that %s, breaks nothing', async (_, onEvent) => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    const house = await testHouse({ onEvent })
    const { id } = await house.issuer.issue(house.competency, KARI)
    expect((await house.issuer.revoke(id, { reason: 'x' })).to).toBe(1)
    await expect(house.issuer.revoke('urn:uuid:unknown', { reason: 'x' })).rejects.toThrow(StatusError)
    await new Promise((done) => setImmediate(done))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  it('is refused where it is no function', async () => {
    await expect(testHouse({ onEvent: 'log' as never })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      path: 'onEvent'
    })
  })

  it('is told nothing more by a clock that gives no time', async () => {
    const events: KommaEvent[] = []
    let now = NOW
    const house = await testHouse({ clock: () => now, onEvent: (event) => events.push(event) })
    now = new Date(Number.NaN)
    await expect(house.issuer.issue(house.competency, KARI)).rejects.toThrow(KommaError)
    expect(events).toEqual([])
  })
})
