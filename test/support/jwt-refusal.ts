import { expect } from 'vitest'
import { type Report, type VerifyOptions, verify } from '../../src/index.js'
import { NOW } from './issuer.js'

/** Nobody may be asked anything: a resolver that answers would hide a fetch. */
export const noNetwork: VerifyOptions = {
  now: NOW,
  resolver: {
    resolve: async ({ url }) => {
      throw new Error(`asked for ${url}`)
    }
  }
}

export function codesOf(report: Report): string[] {
  return report.checks
    .filter(({ outcome }) => outcome !== 'pass' && outcome !== 'notApplicable')
    .map(({ code }) => code)
}

/** What stopped a token: the one check that did not pass and was reached. */
export async function refusalOf(token: unknown, options: VerifyOptions = noNetwork): Promise<string> {
  const report = await verify(token as string, options)
  expect(report.accepted).toBe(false)
  expect(report.credential).toBeUndefined()
  const made = codesOf(report).filter((code) => code !== 'NOT_REACHED')
  expect(made).toHaveLength(1)
  return made[0] as string
}
