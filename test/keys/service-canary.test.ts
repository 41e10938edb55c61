import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { signChecked } from '../../src/keys/checked-signer.js'
import type { WireFault } from './fakes/fake-service.js'
import { type Refusal, type Started, VENDORS } from './fakes/vendors.js'

const data = new TextEncoder().encode('to be signed')

/** Every way in which a program or a person could look at a thing. */
function shown(thing: unknown): string {
  const seen = [
    inspect(thing, { depth: 20, showHidden: true, getters: true, maxArrayLength: null, breakLength: 1e9 }),
    String(thing),
    JSON.stringify(thing) ?? '',
    JSON.stringify(Object.getOwnPropertyDescriptors(Object(thing)))
  ]
  if (!(thing instanceof Error)) return seen.join('\n')
  return [...seen, thing.message, thing.stack ?? '', thing.cause === undefined ? '' : shown(thing.cause)].join('\n')
}

/** The text, also as it stands in a header for basic or bearer authentication, and in base64. */
function spellings(secret: string): string[] {
  return [secret, ...(['hex', 'base64url'] as const).map((form) => Buffer.from(secret).subarray(3, -3).toString(form))]
}

function expectNoSecret({ secrets }: Pick<Started, 'secrets'>, things: readonly unknown[]): void {
  const text = things.map(shown).join('\n')
  for (const secret of secrets.flatMap(spellings)) expect(text.includes(secret), 'a credential is shown').toBe(false)
}

async function errorOf(action: () => Promise<unknown>): Promise<unknown> {
  try {
    await action()
  } catch (error) {
    return error
  }
  throw new Error('nothing was refused')
}

describe.each(VENDORS.map((vendor) => [vendor.name, vendor] as const))('the credentials for %s', (_, vendor) => {
  afterEach(() => vi.restoreAllMocks())

  it('would be found if they were shown', () => {
    const { secrets } = vendor.start({ algorithms: ['P-256'] })
    for (const secret of secrets) {
      const leaks = [{ secret }, new Error(secret), new Error('outer', { cause: { token: `Bearer ${secret}` } })]
      for (const leak of leaks) expect(() => expectNoSecret({ secrets }, [leak])).toThrow('a credential is shown')
    }
  })

  it('106: show in no error, though the service quotes them, and in nothing that a store gives', async () => {
    const consoles = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(console, name))
    const fake = vendor.start({ algorithms: ['P-256'] })
    const store = await fake.open([], { retries: 0, breakAfter: 1000 })
    const signer = await store.signer()
    const quoting: WireFault = { body: JSON.stringify({ error: fake.secrets, errors: fake.secrets }) }
    const faults: readonly WireFault[] = [
      ...Object.keys(fake.refusals).map((name) => ({ answer: fake.refusals[name as Refusal] })),
      { answer: { status: 418, json: { __type: fake.secrets[0] ?? '', error: { code: fake.secrets[0] ?? '' } } } },
      fake.signature(data),
      fake.another,
      quoting,
      { hang: 3000 },
      { cut: 'broken' },
      { unreachable: 'ECONNREFUSED' },
      { redirect: `https://elsewhere.example/?token=${fake.secrets[0]}` }
    ]
    const errors: unknown[] = []
    for (const fault of faults) {
      fake.service.script(fault)
      errors.push(await errorOf(() => signChecked(signer, data)))
      fake.service.calm()
    }
    errors.push(await errorOf(async () => structuredClone(signer)))
    fake.expireCredentials()
    errors.push(await errorOf(() => fake.open([], { retries: 0 })))
    expect(errors.length).toBeGreaterThan(15)
    expectNoSecret(fake, [...errors, store, signer, await store.keys(), await signer.sign(data).catch(String)])
    for (const spy of consoles) expect(spy).not.toHaveBeenCalled()
  })

  it('106: are sent to nobody but the service', async () => {
    const fake = vendor.start({ algorithms: ['P-256'] })
    const signer = await (await fake.open()).signer()
    fake.service.script({ redirect: 'https://elsewhere.example/' })
    await errorOf(() => signer.sign(data))
    expect(new Set(fake.service.seen.map(({ url }) => url.host)).size).toBe(1)
    for (const { url } of fake.service.seen)
      expect(spellings(fake.secrets[0] ?? '').some((one) => url.href.includes(one))).toBe(false)
  })
})
