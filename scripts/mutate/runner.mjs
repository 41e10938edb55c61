// A test runner for Stryker that keeps the test files loaded between mutants: a mutant costs the tests that touch it and nothing
// else. A mutant that already acts while a file loads gets fresh modules, loaded with the mutant in place.
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { declareFactoryPlugin, declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'
import { determineHitLimitReached, toMutantRunResult } from '@stryker-mutator/api/test-runner'
import { bundleTests, openWorld } from './bundle.mjs'
import { runTree, testsOf } from './run-tree.mjs'
import { WORDS } from './words.mjs'

/** What the first run found out, for the runners in other processes: what each file covers while it loads, and how long each test takes. */
const NOTES = resolve('.mutate-notes.json')
const RECENT = 8
/** Where the instrumented code reads which mutant acts, and writes what was covered. */
globalThis.__stryker__ ??= {}
const mutation = globalThis.__stryker__

class InProcessRunner {
  #bundle = resolve(`.mutate-bundle-${process.pid}.mjs`)
  #files
  #notes
  #worlds = 0
  #world
  /** The tests that noticed something last; neighbours are noticed by the same ones. */
  #noticing = []

  capabilities() {
    return { reloadEnvironment: true }
  }

  async init() {
    this.#files = JSON.parse(readFileSync('.mutate-tests.json', 'utf8'))
    await bundleTests(this.#files, this.#bundle)
    this.#world = await this.#open()
    await this.#world.loadLate()
  }

  /** Runs all tests twice: in their own order, to see what each covers, and in the order of a mutant's run. */
  async dryRun() {
    const { tests, files, perTest } = await this.#survey()
    this.#notes = { files, ms: Object.fromEntries(tests.map(({ id, ms }) => [id, ms])) }
    writeFileSync(NOTES, JSON.stringify(this.#notes))
    const again = await this.#run(() => true)
    const failed = [...tests, ...again].find(({ fault }) => fault !== undefined)
    if (failed) return { status: 'error', errorMessage: `${failed.id}: ${failed.fault}` }
    return { status: 'complete', tests: tests.map(asResult), mutantCoverage: { static: {}, perTest } }
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }) {
    const covering = testFilter && new Set(testFilter)
    mutation.hitCount = 0
    mutation.hitLimit = hitLimit
    const tests = await this.#run((id) => covering?.has(id) ?? true, activeMutant.id)
    const endless = determineHitLimitReached(mutation.hitCount, hitLimit)
    mutation.hitCount = undefined
    return toMutantRunResult(endless ?? { status: 'complete', tests: tests.map(asResult) })
  }

  async #survey() {
    const covered = { static: {}, perTest: {} }
    mutation.mutantCoverage = covered
    mutation.currentTestId = 'late'
    await (await this.#open()).loadLate()
    const late = Object.keys(covered.perTest.late ?? {})
    const tests = []
    const files = {}
    const shared = new Map()
    for (const file of this.#files) {
      const world = await this.#open()
      const keys = []
      const enter = (key, ids) => {
        mutation.currentTestId = key
        keys.push(key)
        if (ids.length > 1) shared.set(key, ids)
      }
      enter(`load ${file}`, [])
      const tree = await world.tree(file)
      const ids = testsOf(tree).map(({ id }) => id)
      shared.set(`load ${file}`, ids)
      await runTree(tree, {
        wanted: () => true,
        enter: (next) => enter(next.length === 1 ? next[0] : `hooks of ${next.join()}`, next),
        tell: (result) => void tests.push(result)
      })
      // What a test loads late is loaded for all tests of its file.
      const seen = keys.map((key) => covered.perTest[key] ?? {})
      const loadedLate = late.filter((mutant) => seen.some((mutants) => mutant in mutants))
      covered.perTest[`late ${file}`] = Object.fromEntries(loadedLate.map((mutant) => [mutant, 1]))
      shared.set(`late ${file}`, ids)
      files[file] = { ids, load: [...Object.keys(seen[0]), ...loadedLate] }
    }
    mutation.currentTestId = undefined
    mutation.mutantCoverage = undefined
    return { tests, files, perTest: attribute(tests, shared, covered.perTest) }
  }

  async #run(wanted, mutant) {
    const results = []
    const tell = (result) => {
      results.push(result)
      if (result.fault === undefined || mutant === undefined) return false
      this.#noticing = [result.id, ...this.#noticing].slice(0, RECENT)
      return true
    }
    this.#notes ??= JSON.parse(readFileSync(NOTES, 'utf8'))
    let fresh
    for (const { file, ids, load } of this.#plan(wanted)) {
      const early = load.includes(mutant)
      if (early && fresh === undefined) fresh = await this.#open()
      mutation.activeMutant = early ? mutant : undefined
      const tree = await (early ? fresh : this.#world).tree(file).catch(String)
      mutation.activeMutant = mutant
      const stopped =
        typeof tree === 'string'
          ? tell({ id: ids[0], ms: 0, fault: tree })
          : await runTree(tree, {
              wanted,
              tell,
              sort: (tests) => tests.toSorted((a, b) => this.#rank(a.id) - this.#rank(b.id))
            })
      if (stopped) break
    }
    mutation.activeMutant = undefined
    return results
  }

  /** The files with tests to run, those first that are likely to notice or soon done. */
  #plan(wanted) {
    return Object.entries(this.#notes.files)
      .map(([file, { ids, load }]) => ({ file, load, ids: ids.filter(wanted) }))
      .filter(({ ids }) => ids.length > 0)
      .map((plan) => ({ ...plan, rank: this.#rankAll(plan.ids) }))
      .toSorted((a, b) => a.rank - b.rank)
  }

  #rank(id) {
    return this.#noticing.includes(id) ? -1 : this.#notes.ms[id]
  }

  #rankAll(ids) {
    const ranks = ids.map((id) => this.#rank(id))
    return ranks.includes(-1) ? -1 : ranks.reduce((total, rank) => total + rank, 0)
  }

  #open() {
    this.#worlds += 1
    return openWorld(this.#bundle, this.#worlds)
  }
}

/** What ran for several tests, a hook or the loading of their file, counts as covered by each of them. */
function attribute(tests, shared, covered) {
  const perTest = Object.fromEntries(tests.map(({ id }) => [id, { ...covered[id] }]))
  for (const [key, ids] of shared) {
    for (const [mutant, hits] of Object.entries(covered[key] ?? {})) {
      for (const [at, id] of ids.entries()) perTest[id][mutant] = (perTest[id][mutant] ?? 0) + (at === 0 ? hits : 1)
    }
  }
  return perTest
}

const asResult = ({ id, ms, fault }) => ({
  id,
  name: id,
  fileName: resolve(id.slice(0, id.indexOf(' '))),
  timeSpentMs: ms,
  ...(fault === undefined ? { status: 0 } : { status: 1, failureMessage: fault })
})

const create = () => new InProcessRunner()
create.inject = []

/** Leaves out sentences, as a first run of a chapter may. */
const words = { shouldIgnore: ({ node }) => (isText(node) && WORDS.test(textOf(node)) ? 'words' : undefined) }
const isText = ({ type }) => type === 'StringLiteral' || type === 'TemplateLiteral'
const textOf = ({ value, quasis = [] }) => value ?? quasis.map((part) => part.value.raw).join('$')

export const strykerPlugins = [
  declareFactoryPlugin(PluginKind.TestRunner, 'in-process', create),
  declareValuePlugin(PluginKind.Ignore, 'words', words)
]
