import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expand } from '../../src/canonical/json-ld.js'
import { canonicalize } from '../../src/canonical/rdfc.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import {
  type Award,
  compileCompetency,
  createIssuer,
  createMapResolver,
  createMemoryKeyStore,
  createMemoryStatusStore,
  didKeyOf,
  type KeyStore,
  type Signer,
  type StatusStore,
  verify
} from '../../src/index.js'
import { fillExpandedSlot, fillSlot, provisionalSlot } from '../../src/issuing/slot.js'
import { createContextSet } from '../../src/model/contexts.js'
import { FIRST_AID, KARI, NOW, testHouse, testSeed } from '../support/issuer.js'
import { plainBadge } from '../support/sign.js'

/** Writes down every call of a store, in order. */
function recording(store: StatusStore, log: string[]): StatusStore {
  return new Proxy(store, {
    get: (target, name) => {
      const method = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return (...args: unknown[]) => {
        log.push(String(name))
        return method.apply(target, args)
      }
    }
  })
}

async function keysWith(sign: (signer: Signer) => Signer['sign']): Promise<KeyStore> {
  const keys = await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW })
  const signer = await keys.signer()
  return { keys: () => keys.keys(), signer: async () => ({ ...signer, sign: sign(signer) }) }
}

async function issuanceStates(store: StatusStore): Promise<string[]> {
  const states: string[] = []
  for await (const record of store.issuances()) states.push(record.state)
  return states
}

describe('issuing', () => {
  it('makes a badge that verifies, says whom it is for, and can be read again from its text', async () => {
    const house = await testHouse()
    const issued = await house.issuer.issue(house.competency, KARI)
    const report = await verify(issued.text, {
      now: NOW,
      resolver: await house.publish(),
      recipient: { email: 'kari@example.org' }
    })
    expect(report.checks.filter(({ outcome }) => outcome === 'fail' || outcome === 'unknown')).toEqual([])
    expect(report.accepted).toBe(true)
    expect(JSON.parse(issued.text)).toEqual(issued.credential)
    expect(issued.credential.validUntil).toBe('2028-06-01T12:00:00Z')
    expect(Object.isFrozen(issued.credential.credentialSubject)).toBe(true)
    expect(issued.text).not.toContain('kari@example.org')
  })

  it('works for a did:web issuer, whose document and lists lie beside each other', async () => {
    const house = await testHouse({ profile: { id: 'did:web:academy.example', name: 'Academy' } })
    const issued = await house.issuer.issue(house.competency, KARI)
    expect(issued.status.list).toBe('https://academy.example/status/revocation-1.json')
    expect((await verify(issued.text, { now: NOW })).accepted).toBe(false)
    expect((await verify(issued.text, { now: NOW, resolver: await house.publish() })).accepted).toBe(true)
  })

  it('reserves, signs, records and releases in this order', async () => {
    const log: string[] = []
    const keys = await keysWith((signer) => (data) => {
      log.push('sign')
      return signer.sign(data)
    })
    const house = await testHouse({ keys, status: recording(createMemoryStatusStore(), log) })
    await house.issuer.issue(house.competency, KARI)
    expect(log).toEqual(['reserve', 'sign', 'record', 'release'])
  })

  it('lists everything an award lacks, and neither reserves nor signs', async () => {
    const log: string[] = []
    const house = await testHouse({ status: recording(createMemoryStatusStore(), log) })
    const competency = compileCompetency({
      ...FIRST_AID,
      evidence: [{ genre: 'ObservedPerformance', min: 2, digest: 'required' }]
    })
    const error = await house.issuer
      .issue(competency, { recipient: { email: 'kari@example.org' } })
      .catch((caught) => caught)
    expect(error).toMatchObject({ name: 'AwardError', code: 'AWARD_INCOMPLETE' })
    expect(error.faults.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['/results', '/evidence'])
    )
    expect(log).toEqual([])
  })

  it('104: hands out nothing where the signature is not the key’s, and burns the slot', async () => {
    const keys = await keysWith((signer) => async (data) => {
      const signature = await signer.sign(data)
      signature[0] = (signature[0] as number) ^ 1
      return signature
    })
    const house = await testHouse({ keys })
    await expect(house.issuer.issue(house.competency, KARI)).rejects.toMatchObject({
      code: 'SIGNATURE_OWN_CHECK_FAILED'
    })
    expect(await issuanceStates(house.status)).toEqual(['abandoned'])
  })

  it('202: makes one badge for one idempotency key, also after a crash between signing and recording', async () => {
    const store = createMemoryStatusStore()
    let crash = true
    const crashing: StatusStore = new Proxy(store, {
      get: (target, name) =>
        name === 'record' && crash
          ? () => Promise.reject(new Error('power cut'))
          : Reflect.get(target, name).bind(target)
    })
    const house = await testHouse({ status: crashing })
    const award = { ...KARI, idempotencyKey: 'course-42/kari' }
    await expect(house.issuer.issue(house.competency, award)).rejects.toMatchObject({
      code: 'STATUS_STORE_IO',
      cause: expect.objectContaining({ message: 'power cut' })
    })
    expect(await issuanceStates(store)).toEqual(['intended'])
    crash = false
    const first = await house.issuer.issue(house.competency, award)
    const again = await house.issuer.issue(house.competency, award)
    expect(again.text).toBe(first.text)
    expect([first.repeated, again.repeated]).toEqual([false, true])
    expect(await issuanceStates(store)).toEqual(['released'])
    const other = { ...award, recipient: { email: 'ola@example.org' } }
    await expect(house.issuer.issue(house.competency, other)).rejects.toMatchObject({
      code: 'STATUS_IDEMPOTENCY_CONFLICT'
    })
  })

  it('202: hands out the badge of whoever recorded first, where two work on the same request at once', async () => {
    const house = await testHouse()
    const award = { ...KARI, idempotencyKey: 'course-42/kari' }
    const both = await Promise.all([
      house.issuer.issue(house.competency, award),
      house.issuer.issue(house.competency, award)
    ])
    expect(both[0].text).toBe(both[1].text)
    expect(both.map(({ repeated }) => repeated).sort()).toEqual([false, true])
    expect(await issuanceStates(house.status)).toEqual(['released'])
  })

  it('12: signs what the award was when the call was made', async () => {
    const award = structuredClone(KARI) as { recipient: { email: string } }
    const keys = await keysWith((signer) => async (data) => {
      award.recipient.email = 'mallory@example.org'
      return signer.sign(data)
    })
    const house = await testHouse({ keys })
    const issued = await house.issuer.issue(house.competency, award as Award)
    const report = await verify(issued.text, {
      now: NOW,
      resolver: await house.publish(),
      recipient: { email: 'kari@example.org' }
    })
    expect(report.accepted).toBe(true)
  })

  it('says that the list is full, and issues nothing', async () => {
    const status = createMemoryStatusStore({ capacityForTests: 2, maxLists: 1 })
    const house = await testHouse({ status })
    await house.issuer.issue(house.competency, KARI)
    await house.issuer.issue(house.competency, KARI)
    await expect(house.issuer.issue(house.competency, KARI)).rejects.toMatchObject({ code: 'STATUS_LIST_FULL' })
    expect(await issuanceStates(status)).toEqual(['released', 'released'])
  })

  it('refuses a profile that is none, and a did:key that is another key’s', async () => {
    const keys = await createMemoryKeyStore({ seed: testSeed('issuer') })
    const status = createMemoryStatusStore()
    await expect(createIssuer({ profile: { id: 'academy', name: 'x' }, keys, status })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      path: 'profile/id'
    })
    const other = await didKeyOf(await createMemoryKeyStore({ seed: testSeed('other') }))
    await expect(createIssuer({ profile: { id: other }, keys, status })).rejects.toMatchObject({
      code: 'ISSUER_KEY_MISMATCH'
    })
    await expect(
      createIssuer({ profile: { id: 'did:web:a.example' }, keys, status, statusLists: 'http://a.example/' })
    ).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'statusLists' })
  })

  it('signs a badge whose texts mix characters that libraries order differently, by the standard', async () => {
    const house = await testHouse()
    const competency = compileCompetency({ ...FIRST_AID, tag: ['😀', '～'] })
    const issued = await house.issuer.issue(competency, KARI)
    const report = await verify(issued.text, { now: NOW, resolver: await house.publish() })
    expect(report.accepted).toBe(true)
    expect(report.warnings).toEqual([])
  })
})

describe('an issuer that is set up wrongly', () => {
  const setUp = async (options: object) => {
    const keys = await createMemoryKeyStore({ seed: testSeed('issuer') })
    return createIssuer({
      profile: { id: 'did:web:academy.example' },
      keys,
      status: createMemoryStatusStore(),
      ...options
    } as never)
  }

  it.each<[string, object, string]>([
    ['an http address', { profile: { id: 'http://academy.example' } }, 'profile/id'],
    ['a mail address', { profile: { id: 'mailto:office@academy.example' } }, 'profile/id'],
    ['an empty name', { profile: { id: 'https://academy.example/', name: '' } }, 'profile/name'],
    ['a name of spaces', { profile: { id: 'https://academy.example/', name: ' \n' } }, 'profile/name'],
    ['an address with a query', { profile: { id: 'https://academy.example/a?b=1' } }, 'profile/id'],
    ['an address with a fragment', { profile: { id: 'https://academy.example/#k' } }, 'profile/id'],
    [
      'a control character in its name',
      { profile: { id: 'did:web:academy.example', name: 'Acad\u0000emy' } },
      'profile/name'
    ],
    [
      'the type of a credential',
      { profile: { id: 'did:web:academy.example', type: ['Profile', 'VerifiableCredential'] } },
      'profile/type'
    ],
    ['no store', { status: undefined }, 'status'],
    ['a key store that nobody awaited', { keys: createMemoryKeyStore() }, 'keys'],
    ['a time for a clock', { clock: NOW }, 'clock'],
    ['a password in the address of its lists', { statusLists: 'https://:secret@academy.example/' }, 'statusLists'],
    ['an option that is spelt wrongly', { statuslist: 'https://academy.example/' }, 'statuslist']
  ])('is refused: %s', async (_, options, path) => {
    await expect(setUp(options)).rejects.toMatchObject({ name: 'OptionError', code: 'OPTION_INVALID', path })
  })

  it('gets no badge out of a source of random bytes that gives too few', async () => {
    const issuer = await setUp({ random: () => new Uint8Array(2) })
    const competency = compileCompetency(FIRST_AID)
    await expect(issuer.issue(competency, { ...KARI, recipient: { id: 'did:example:kari' } })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      path: 'random'
    })
  })
})

describe('what is signed', () => {
  it('12: is the competency as it was when the call was made, though it can be changed', async () => {
    const thawed = structuredClone(compileCompetency(FIRST_AID)) as { achievement: { name: string } }
    const store = createMemoryStatusStore()
    const changing: StatusStore = new Proxy(store, {
      get: (target, name) =>
        name === 'reserve'
          ? (request: never) => {
              thawed.achievement.name = 'Doctorate'
              return target.reserve(request)
            }
          : Reflect.get(target, name).bind(target)
    })
    const house = await testHouse({ status: changing })
    const issued = await house.issuer.issue(thawed as never, KARI)
    expect(issued.text).not.toContain('Doctorate')
    expect((await verify(issued.text, { now: NOW, resolver: await house.publish() })).accepted).toBe(true)
  })

  it('describes nothing differently in two places', async () => {
    const house = await testHouse()
    const source = { id: house.issuer.id, name: 'Somebody else' }
    await expect(house.issuer.issue(house.competency, { ...KARI, source })).rejects.toMatchObject({
      code: 'CREDENTIAL_INVALID'
    })
    const evidence = [{ id: FIRST_AID.id, name: 'A drill' }]
    await expect(house.issuer.issue(house.competency, { ...KARI, evidence })).rejects.toMatchObject({
      code: 'CREDENTIAL_INVALID'
    })
  })
})

describe('a store that answers wrongly', () => {
  const answering = (answer: object, slot: object = {}): StatusStore => {
    const store = createMemoryStatusStore()
    return new Proxy(store, {
      get: (target, name) =>
        name === 'reserve'
          ? async (request: never) => {
              const good = await target.reserve(request)
              return { ...good, slots: good.slots.map((one) => ({ ...one, ...slot })), ...answer }
            }
          : Reflect.get(target, name).bind(target)
    })
  }

  it.each([
    ['an index that is none', { index: -1 }, 'index'],
    ['an index that no list has', { index: 2 ** 40 }, 'index'],
    ['a list that nobody reads', { list: 'mailto:office@academy.example' }, 'list'],
    ['a list that is no address', { list: 'list one' }, 'list'],
    ['a list with a fragment', { list: 'https://academy.example/1#2' }, 'list'],
    ['a purpose that is none', { purpose: 'revoked' }, 'purpose'],
    ['a size that the purpose has not', { statusSize: 2 }, 'statusSize']
  ])('gets nothing signed: %s', async (_, slot, path) => {
    const house = await testHouse({ status: answering({}, slot) })
    await expect(house.issuer.issue(house.competency, KARI)).rejects.toMatchObject({
      code: 'STATUS_STORE_ANSWER',
      path: `slots/0/${path}`
    })
  })

  it.each([
    ['no slots', { slots: undefined }, 'slots'],
    ['no slot', { slots: [] }, 'slots'],
    [
      'a slot that nobody asked for',
      { slots: [{ purpose: 'suspension', statusSize: 1, list: 'https://academy.example/1', index: 0 }] },
      'slots'
    ],
    [
      'two slots of one purpose',
      {
        slots: [1, 2].map((index) => ({
          purpose: 'revocation',
          statusSize: 1,
          list: 'https://academy.example/1',
          index
        }))
      },
      'slots'
    ],
    ['an id that is no IRI', { credentialId: 'badge' }, 'credentialId'],
    ['an id that would not pass the schema', { credentialId: 'https://evil.example/"><script>' }, 'credentialId'],
    ['a slot that was given up', { state: 'abandoned' }, 'state'],
    ['a text that is not the recorded one', { text: '{}', digest: '00' }, 'digest'],
    [
      'a text that is not this badge',
      { text: '{}', digest: '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' },
      'text'
    ]
  ])('gets nothing signed: %s', async (_, answer, path) => {
    const house = await testHouse({ status: answering(answer) })
    await expect(house.issuer.issue(house.competency, KARI)).rejects.toMatchObject({
      code: 'STATUS_STORE_ANSWER',
      path
    })
  })
})

describe('an id that the store chose', () => {
  it('is not signed where it is the id of something else in the badge', async () => {
    const store = createMemoryStatusStore()
    const confusing: StatusStore = new Proxy(store, {
      get: (target, name) =>
        name === 'reserve'
          ? async (request: never) => ({ ...(await target.reserve(request)), credentialId: FIRST_AID.id })
          : Reflect.get(target, name).bind(target)
    })
    const house = await testHouse({ status: confusing })
    await expect(house.issuer.issue(house.competency, KARI)).rejects.toMatchObject({ code: 'CREDENTIAL_INVALID' })
  })
})

describe('revoking and publishing', () => {
  it('takes effect with the next list, and cannot be undone', async () => {
    const house = await testHouse()
    const [kept, lost] = [
      await house.issuer.issue(house.competency, KARI),
      await house.issuer.issue(house.competency, KARI)
    ]
    await house.publish()
    const first = await house.issuer.revoke(lost.id, { reason: 'issued in error' })
    expect(await house.issuer.revoke(lost.id, { reason: 'again' })).toEqual(first)
    const resolver = await house.publish()
    const later = new Date(NOW.getTime() + 5000)
    expect((await verify(lost.text, { now: later, resolver })).checks.find(({ id }) => id === 'status')).toMatchObject({
      code: 'REVOKED'
    })
    expect((await verify(kept.text, { now: later, resolver })).accepted).toBe(true)
    await expect(house.issuer.revoke('urn:uuid:none', { reason: 'x' })).rejects.toMatchObject({
      code: 'STATUS_UNKNOWN_CREDENTIAL'
    })
  })

  it('gives the same list again while nothing changed, and a fresh one after an hour, which verifiers still trust', async () => {
    let now = NOW
    const house = await testHouse({ clock: () => now })
    await house.issuer.issue(house.competency, KARI)
    const listText = async () => (await house.issuer.publish()).find(({ kind }) => kind === 'statusList')?.text
    const first = await listText()
    now = new Date(NOW.getTime() + 3_600_000)
    expect(await listText()).toBe(first)
    now = new Date(NOW.getTime() + 4 * 86_400_000)
    const second = await listText()
    expect(JSON.parse(second ?? '').validFrom).toBe('2026-06-05T12:00:00Z')
    expect((await house.status.lists())[0]).toMatchObject({ version: 2, publishedVersion: 2 })
  })

  it('210: never goes back in time when the clock does', async () => {
    let now = NOW
    const house = await testHouse({ clock: () => now })
    const issued = await house.issuer.issue(house.competency, KARI)
    const validFrom = async () => JSON.parse((await house.issuer.publish()).at(-1)?.text ?? '').validFrom
    expect(await validFrom()).toBe('2026-06-01T12:00:00Z')
    now = new Date(NOW.getTime() - 3_600_000)
    await house.issuer.revoke(issued.id, { reason: 'x' })
    expect(await validFrom()).toBe('2026-06-01T12:00:01Z')
  })

  it('publishes what others need, and nothing personal', async () => {
    const house = await testHouse({ profile: { id: 'did:web:academy.example', name: 'Academy' } })
    await house.issuer.issue(house.competency, { ...KARI, idempotencyKey: 'course-42/kari' })
    const published = await house.issuer.publish()
    expect(published.map(({ kind, id }) => [kind, id])).toEqual([
      ['controllerDocument', 'did:web:academy.example'],
      ['jwks', 'https://academy.example/.well-known/jwks.json'],
      ['statusList', 'https://academy.example/status/revocation-1.json']
    ])
    expect(published.map(({ text }) => text).join()).not.toContain('kari')
  })
})

const ENTRIES = [{ purpose: 'revocation', statusSize: 1, statusMessage: undefined }] as const

describe('the slot of a credential', () => {
  it('comes out the same in expanded form as if the finished credential were expanded', async () => {
    const contexts = createContextSet()
    const draft = fillSlot(plainBadge('did:example:issuer'), provisionalSlot('urn:uuid:1', ENTRIES), ENTRIES)
    const expanded = await expand(draft, contexts)
    await fc.assert(
      fc.asyncProperty(
        fc.uuid(),
        fc.integer({ min: 0, max: 2 ** 26 }),
        fc.webUrl({ validSchemes: ['https'] }),
        fc.subarray(['revocation', 'suspension', 'refresh'] as const, { minLength: 1 }),
        async (uuid, index, list, purposes) => {
          const slots = purposes.map((purpose) => ({ purpose, statusSize: 1, list: `${list}/${purpose}`, index }))
          const slot = { credentialId: `urn:uuid:${uuid}`, slots }
          const filled = await canonicalize(fillExpandedSlot(expanded, slot))
          const whole = await canonicalize(await expand(fillSlot(draft, slot, ENTRIES) as JsonObject, contexts))
          expect(filled.text).toBe(whole.text)
        }
      ),
      { numRuns: 20 }
    )
  })
})

describe('an issuer without an address on the web', () => {
  it('names its lists so that a map of what it published can answer for them', async () => {
    const house = await testHouse()
    const issued = await house.issuer.issue(house.competency, KARI)
    expect(issued.status.list).toMatch(/^urn:uuid:/)
    const published = await house.issuer.publish()
    expect(published.map(({ id }) => id)).toEqual([issued.status.list])
    const resolver = createMapResolver(published.map(({ id, text }) => [id, text] as const))
    expect((await verify(issued.text, { now: NOW, resolver })).accepted).toBe(true)
  })
})
