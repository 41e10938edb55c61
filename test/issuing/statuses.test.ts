import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Issued,
  type IssuerOptions,
  type KommaEvent,
  type Report,
  type StatusEntryOption,
  type StatusEvent,
  verify
} from '../../src/index.js'
import { lastChange } from '../../src/status/history.js'
import { KARI, NOW, type TestHouse, testHouse } from '../support/issuer.js'

const REASON = { reason: 'the drill is being looked into' }
const SUSPENSION: StatusEntryOption = { purpose: 'suspension' }
const MESSAGE: StatusEntryOption = {
  purpose: 'message',
  statusSize: 2,
  statusMessage: [
    { status: '0x0', message: 'in force' },
    { status: '0x1', message: 'under review' },
    { status: '0x2', message: 'renewal due' },
    { status: '0x3', message: 'replaced' }
  ]
}

/** A house whose badges have these entries, with a badge. */
async function houseWith(
  statusEntries: readonly StatusEntryOption[],
  more: Partial<IssuerOptions> = {}
): Promise<{ house: TestHouse; badge: Issued }> {
  const house = await testHouse({ ...more, statusEntries, severalStatusEntries: statusEntries.length > 1 })
  return { house, badge: await house.issuer.issue(house.competency, KARI) }
}

async function judge({ house, badge }: { house: TestHouse; badge: Issued }, now = NOW): Promise<Report> {
  return verify(badge.text, { now, resolver: await house.publish() })
}

function codeOf(report: Pick<Report, 'checks'>): string | undefined {
  return report.checks.find(({ id }) => id === 'status')?.code
}

describe('a badge with an entry for suspension', () => {
  it('is suspended and lifted, and verifiers see each after the next publish', async () => {
    const made = await houseWith([SUSPENSION])
    const { house, badge } = made
    expect(badge.credential.credentialStatus).toMatchObject({ statusPurpose: 'suspension' })
    expect(await judge(made)).toMatchObject({ accepted: true })
    for (const [change, code, accepted] of [
      ['suspend', 'SUSPENDED', false],
      ['lift', 'STATUS_GOOD', true],
      ['suspend', 'SUSPENDED', false]
    ] as const) {
      await house.issuer[change](badge.id, REASON)
      const report = await judge(made)
      expect([codeOf(report), report.accepted]).toEqual([code, accepted])
    }
  })

  it('cannot be revoked, and says so', async () => {
    const { house, badge } = await houseWith([SUSPENSION])
    await expect(house.issuer.revoke(badge.id, REASON)).rejects.toMatchObject({ code: 'STATUS_NO_ENTRY' })
  })

  it('is not suspended by a call of before it was lifted that is repeated', async () => {
    const made = await houseWith([SUSPENSION])
    const { house, badge } = made
    const first = await house.issuer.suspend(badge.id, { ...REASON, idempotencyKey: 'case 7' })
    await house.issuer.lift(badge.id, REASON)
    expect(await house.issuer.suspend(badge.id, { ...REASON, idempotencyKey: 'case 7' })).toEqual(first)
    expect((await judge(made)).accepted).toBe(true)
    const other = house.issuer.lift(badge.id, { ...REASON, idempotencyKey: 'case 7' })
    await expect(other).rejects.toMatchObject({ code: 'STATUS_IDEMPOTENCY_CONFLICT' })
  })

  it('is not suspended where it has another entry than the caller thinks', async () => {
    const { house, badge } = await houseWith([SUSPENSION])
    const entry = { list: badge.status.list, index: badge.status.index + 1 }
    const attempt = house.issuer.suspend(badge.id, { ...REASON, entry })
    await expect(attempt).rejects.toMatchObject({ code: 'STATUS_UNKNOWN_CREDENTIAL', path: 'entry' })
    expect(await house.issuer.history(badge.id)).toEqual([])
  })
})

describe('a badge with an entry for a message or a refresh', () => {
  it('carries the message that its value stands for, and stays valid', async () => {
    const made = await houseWith([MESSAGE])
    const { house, badge } = made
    expect(badge.credential.credentialStatus).toMatchObject({ statusSize: 2, statusMessage: MESSAGE.statusMessage })
    for (const [status, message] of ['in force', 'under review', 'renewal due', 'replaced'].entries()) {
      if (status > 0) await house.issuer.setStatus(badge.id, { ...REASON, purpose: 'message', status })
      const report = await judge(made)
      expect(report).toMatchObject({ accepted: true, status: [{ purpose: 'message', value: status, message }] })
    }
    const tooLarge = house.issuer.setStatus(badge.id, { ...REASON, purpose: 'message', status: 4 })
    await expect(tooLarge).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'status' })
  })

  it('announces a newer copy, once and for all', async () => {
    const made = await houseWith([{ purpose: 'refresh' }])
    const { house, badge } = made
    await house.issuer.setStatus(badge.id, { ...REASON, purpose: 'refresh', status: 1 })
    const report = await judge(made)
    expect(report.accepted).toBe(true)
    expect(report.warnings.map(({ code }) => code)).toContain('STATUS_REFRESH')
    const back = house.issuer.setStatus(badge.id, { ...REASON, purpose: 'refresh', status: 0 })
    await expect(back).rejects.toMatchObject({ code: 'STATUS_FINAL' })
  })
})

describe('several status entries', () => {
  const both: readonly StatusEntryOption[] = [{ purpose: 'revocation' }, SUSPENSION]

  it('are refused unless the issuer asks for them: Open Badges 3.0 allows one', async () => {
    const attempt = testHouse({ statusEntries: both })
    await expect(attempt).rejects.toMatchObject({ code: 'OB_SINGLE_STATUS', path: 'statusEntries' })
  })

  it('make a badge whose form verifiers refuse, and each entry is still read', async () => {
    const made = await houseWith([...both, { purpose: 'refresh' }, MESSAGE])
    const { house, badge } = made
    expect(badge.credential.credentialStatus).toHaveLength(4)
    const report = await judge(made)
    expect(report.accepted).toBe(false)
    expect(report.checks.find(({ id }) => id === 'schema')?.outcome).toBe('fail')
    expect((await house.issuer.publish()).map(({ kind }) => kind)).toEqual(Array(4).fill('statusList'))
  })

  it('make a credential that is no badge, and its worst entry counts', async () => {
    const house = await testHouse({ statusEntries: both, severalStatusEntries: true, credentials: 'any' })
    const issued = await house.issuer.issueAsGiven({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiableCredential'],
      issuer: house.issuer.id,
      validFrom: '2026-01-01T00:00:00Z',
      credentialSubject: { id: 'did:example:learner' }
    })
    const id = String(issued.id)
    const look = async () => {
      const report = await verify(issued.text, {
        now: NOW,
        expect: 'VerifiableCredential',
        resolver: await house.publish()
      })
      return [codeOf(report), report.status.map(({ value }) => value)]
    }
    expect(await look()).toEqual(['STATUS_GOOD', [0, 0]])
    await house.issuer.suspend(id, REASON)
    expect(await look()).toEqual(['SUSPENDED', [0, 1]])
    await house.issuer.revoke(id, REASON)
    expect(await look()).toEqual(['REVOKED', [1, 1]])
    await house.issuer.lift(id, REASON)
    expect(await look()).toEqual(['REVOKED', [1, 0]])
  })

  it.each([
    [[], 'statusEntries'],
    ['revocation', 'statusEntries'],
    [['revocation'], 'statusEntries/0'],
    [[{ purpose: 'revoked' }], 'statusEntries/0/purpose'],
    [[{ purpose: 'revocation', size: 1 }], 'statusEntries/0/size'],
    [[{ purpose: 'suspension', statusSize: 2 }], 'statusEntries/0'],
    [[{ purpose: 'revocation' }, { purpose: 'revocation' }], 'statusEntries'],
    [[{ purpose: 'message', statusSize: 2 }], 'statusEntries/0/statusMessage'],
    [[{ ...MESSAGE, statusMessage: [{ status: '0x0', message: 'one' }] }], 'statusEntries/0/statusMessage'],
    [[{ purpose: 'message', statusSize: 33 }], 'statusEntries/0/statusSize']
  ])('are refused in the form %j', async (statusEntries, path) => {
    const attempt = testHouse({ statusEntries: statusEntries as never, severalStatusEntries: true })
    await expect(attempt).rejects.toMatchObject({ code: 'OPTION_INVALID', path })
  })
})

describe('the status of a badge in the store', () => {
  it('is what it was at a time, with the change that made it so', async () => {
    let now = new Date('2026-06-01T12:00:00Z')
    const { house, badge } = await houseWith([SUSPENSION], { clock: () => now })
    const moments = ['2026-06-02T12:00:00Z', '2026-06-03T12:00:00Z', '2026-06-04T12:00:00Z']
    for (const [n, moment] of moments.entries()) {
      now = new Date(moment)
      await house.issuer[n % 2 === 0 ? 'suspend' : 'lift'](badge.id, { ...REASON, actor: `person ${n}` })
    }
    const at = async (moment: string) => {
      const [entry] = await house.issuer.statusOf(badge.id, { at: new Date(moment) })
      return [entry?.status, entry?.since?.actor]
    }
    expect(await at('2026-06-02T11:59:59Z')).toEqual([0, undefined])
    expect(await at('2026-06-02T12:00:00Z')).toEqual([1, 'person 0'])
    expect(await at('2026-06-03T12:00:00Z')).toEqual([0, 'person 1'])
    expect(await at('2026-06-30T00:00:00Z')).toEqual([1, 'person 2'])
    expect(await house.issuer.statusOf(badge.id)).toMatchObject([
      { purpose: 'suspension', status: 1, ...badge.status, since: { at: moments[2], reason: REASON.reason } }
    ])
    expect((await house.issuer.history(badge.id)).map(({ from, to }) => [from, to])).toEqual([
      [0, 1],
      [1, 0],
      [0, 1]
    ])
  })

  it('is not known for a badge of somebody else', async () => {
    const { house } = await houseWith([SUSPENSION])
    await expect(house.issuer.statusOf('urn:uuid:1')).rejects.toMatchObject({ code: 'STATUS_UNKNOWN_CREDENTIAL' })
    expect(await house.issuer.history('urn:uuid:1')).toEqual([])
  })

  it('is the fold of the events, at any time, whatever the clock did', () => {
    const step = fc.record({ to: fc.integer({ min: 0, max: 1 }), day: fc.integer({ min: 1, max: 9 }) })
    fc.assert(
      fc.property(fc.array(step), fc.integer({ min: 1, max: 9 }), (steps, asked) => {
        const time = (day: number) => `2026-06-0${day}T00:00:00Z`
        let from = 0
        const events = steps.map(({ to, day }, sequence): StatusEvent => {
          const place = { credentialId: 'urn:x', list: 'urn:l', index: 0, purpose: 'suspension' } as const
          const event = { ...place, sequence, from, to, reason: 'r', actor: 'a', at: time(day), idempotencyKey: 'k' }
          from = to
          return event
        })
        const found = lastChange(events, 'suspension', new Date(time(asked)))
        const counted = events.filter(({ from, to, at }) => from !== to && at <= time(asked))
        expect(found).toBe(counted[counted.length - 1])
        expect(lastChange(events, 'suspension')?.to ?? 0).toBe(steps.at(-1)?.to ?? 0)
        expect(lastChange(events, 'revocation')).toBeUndefined()
      })
    )
  })
})

describe('the changes of an issuer', () => {
  it('are told to whoever listens', async () => {
    const events: KommaEvent[] = []
    const onEvent = (event: KommaEvent) => events.push(event)
    const { house, badge } = await houseWith([{ purpose: 'revocation' }, SUSPENSION, MESSAGE], { onEvent })
    await house.issuer.suspend(badge.id, REASON)
    await house.issuer.lift(badge.id, REASON)
    await house.issuer.setStatus(badge.id, { ...REASON, purpose: 'message', status: 3 })
    await house.issuer.revoke(badge.id, REASON)
    expect(events.map(({ type }) => type)).toEqual(['issued', 'suspended', 'lifted', 'statusChanged', 'revoked'])
  })
})
