import type { TestRunner } from '../../src/testing/harness.js'

/** What became of the tests of a kit: the name of each, with the error where it failed. */
export type KitOutcome = ReadonlyMap<string, Error | undefined>

/** Runs a kit without a test runner, one test after the other. */
export async function runKit(register: (runner: TestRunner) => void): Promise<KitOutcome> {
  const tests: [name: string, body: () => Promise<void>][] = []
  register({ describe: (_, body) => body(), it: (name, body) => tests.push([name, body]) })
  const outcome = new Map<string, Error | undefined>()
  for (const [name, body] of tests) {
    if (outcome.has(name)) throw new Error(`two tests of the kit are called ${name}`)
    outcome.set(
      name,
      await body().then(
        () => undefined,
        (error: Error) => error
      )
    )
  }
  return outcome
}

export function failedTests(outcome: KitOutcome): string[] {
  return [...outcome].flatMap(([name, error]) => (error === undefined ? [] : [name]))
}
