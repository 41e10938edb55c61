import { defaultSuites } from '../../src/securing/default-suites.js'
import { ecdsaSd2023 } from '../../src/selective-disclosure.js'
import type { KeyCache, Resolver } from '../../src/verify.js'
import { createMapResolver, verify, verifyPresentation } from '../../src/verify.js'
import type { HostileInput } from './inputs.js'

/** What a test may watch. */
export interface Watched {
  readonly resolver?: (resolver: Resolver) => Resolver
  readonly keyCache?: KeyCache
}

/** Verifies a hostile input, and gives back every code that came out. */
export async function judge(
  input: HostileInput,
  { resolver = (one) => one, keyCache }: Watched = {}
): Promise<readonly string[]> {
  const { content, options, presented, published = {} } = input
  const given = typeof content === 'string' ? content : new Uint8Array(Buffer.from(content.base64, 'base64'))
  const settings = {
    ...options,
    ...(keyCache === undefined ? {} : { keyCache }),
    now: new Date('2026-06-01T12:00:00Z'),
    suites: [...defaultSuites, ecdsaSd2023],
    resolver: resolver(createMapResolver(published))
  }
  if (!presented) return (await verify(given, settings)).checks.map(({ code }) => code)
  const report = await verifyPresentation(given, { ...settings, challenge: 'c-1', domain: 'jobs.example' })
  return [report, ...report.credentials].flatMap(({ checks }) => checks.map(({ code }) => code))
}
