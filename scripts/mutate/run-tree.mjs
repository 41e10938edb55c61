const HANGS_AFTER_MS = 60_000
/** As they were before any test replaced them. */
const { setTimeout, clearTimeout } = globalThis

/** Every test of a tree. */
export const testsOf = (suite) => [...suite.tests, ...suite.suites.flatMap(testsOf)]

/**
 * Runs the tests of a tree that are `wanted`, each with its hooks. Tells the result of each; `tell` returns true to stop there.
 * `enter` hears for which tests the code is that runs next. Answers whether it was stopped.
 */
export async function runTree(suite, run, around = { before: [], after: [] }) {
  const { wanted, tell, enter = () => {}, sort = (tests) => tests } = run
  const ids = testsOf(suite).flatMap(({ id }) => (wanted(id) ? [id] : []))
  if (ids.length === 0) return false
  enter(ids)
  const unready = await attempt(suite.beforeAll)
  if (unready !== undefined) return tell({ id: ids[0], ms: 0, fault: unready })
  const inner = { before: [...around.before, ...suite.beforeEach], after: [...suite.afterEach, ...around.after] }
  let stopped = false
  for (const test of sort(suite.tests.filter(({ id }) => wanted(id)))) {
    enter([test.id])
    stopped = tell(await runTest(test, inner)) === true
    if (stopped) break
  }
  for (const group of suite.suites) stopped ||= await runTree(group, run, inner)
  enter(ids)
  const untidy = await attempt(suite.afterAll)
  return stopped || untidy === undefined ? stopped : tell({ id: ids[0], ms: 0, fault: untidy })
}

async function runTest({ id, run }, { before, after }) {
  const start = performance.now()
  const fault = await attempt([...before, run])
  const untidy = await attempt(after)
  return { id, ms: performance.now() - start, fault: fault ?? untidy }
}

async function attempt(steps) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('it hangs')), HANGS_AFTER_MS)
  })
  const all = async () => {
    for (const step of steps) await step()
  }
  try {
    await Promise.race([all(), late])
    return undefined
  } catch (error) {
    return String(error?.message ?? error)
  } finally {
    clearTimeout(timer)
  }
}
