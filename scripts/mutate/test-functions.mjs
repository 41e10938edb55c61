// What a test file finds as `vitest` while mutants run: it registers the tests into a tree that the runner keeps and runs as
// often as it likes. What judges, `expect` and `vi`, is the real one.
globalThis.__vitest_worker__ ??= {
  config: { snapshotOptions: {}, fakeTimers: { toFake: ['Date'] }, expect: {} },
  environment: { name: 'node' },
  providedContext: {}
}
const { expect, expectTypeOf, vi } = await import('vitest')

export { expect, expectTypeOf, vi }

let place

const newSuite = (name) => ({ name, beforeAll: [], beforeEach: [], afterEach: [], afterAll: [], tests: [], suites: [] })

/** The tests that `load` registers; each gets an id that starts with `file`. */
export async function collect(file, load) {
  const times = new Map()
  const fill = async (suite, run) => {
    place = { suite, times }
    await run()
    for (const inner of suite.suites) await fill(inner, inner.run)
  }
  const root = newSuite(file)
  await fill(root, load)
  return root
}

const hook = (kind) => (run) => place.suite[kind].push(run)
export const beforeAll = hook('beforeAll')
export const beforeEach = hook('beforeEach')
export const afterEach = hook('afterEach')
export const afterAll = hook('afterAll')

function group(name, run) {
  const { suite } = place
  suite.suites.push({ ...newSuite(`${suite.name} ${String(name)}`), run })
}

function single(name, run) {
  const { suite, times } = place
  const title = `${suite.name} ${String(name)}`
  const time = (times.get(title) ?? 0) + 1
  times.set(title, time)
  suite.tests.push({ id: `${title} #${time}`, run })
}

const ignore = () => {}
const withForms = (register) =>
  Object.assign(register, {
    each: (rows) => (name, run) => {
      const spread = rows.every((row) => Array.isArray(row))
      for (const row of rows) register(name, () => (spread ? run(...row) : run(row)))
    },
    skip: ignore,
    skipIf: (skipped) => (skipped ? ignore : register),
    runIf: (wanted) => (wanted ? register : ignore)
  })
export const describe = withForms(group)
export const it = withForms(single)
export const test = it
