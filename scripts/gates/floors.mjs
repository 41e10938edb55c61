// The floors of src: runs the rules of .dependency-cruiser.cjs on src, and on a tree that breaks every one of them.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { freshFolder, report, run } from './gate.mjs'

const CONFIG = '.dependency-cruiser.cjs'
const rules = createRequire(import.meta.url)(join(process.cwd(), CONFIG)).forbidden.map(({ name }) => name)

/** Each rule and a file that breaks it. Several floors share one shape, so the climbs are made from their names. */
const PLANTED = {
  ...Object.fromEntries(rules.filter((rule) => rule.startsWith('climb-from-')).map((rule) => [rule, climb(rule)])),
  'climb-to-top': { 'src/http/to-top.ts': "export { all } from '../index.js'" },
  'unknown-floor': { 'src/attic/box.ts': "export { ground } from '../encoding/ground.js'" },
  circle: {
    'src/baking/chicken.ts': "import type { Egg } from './egg.js'\nexport interface Chicken { egg: Egg }",
    'src/baking/egg.ts': "import type { Chicken } from './chicken.js'\nexport interface Egg { chicken: Chicken }"
  },
  'node-outside-driver': { 'src/baking/disk.ts': "export { readFileSync } from 'fs'" },
  'node-scheme-outside-driver': { 'src/status/late.ts': "export const open = () => import('node:sqlite')" },
  'driver-in-portable-code': {
    'src/keys/file.ts': "export { readFileSync } from 'node:fs'",
    'src/keys/any.ts': "export { readFileSync } from './file.js'"
  },
  'development-package': { 'src/model/compile.ts': "export { default } from 'ajv'" },
  'undeclared-package': { 'src/model/bundle.ts': "export { rollup } from 'rollup'" },
  unresolvable: { 'src/model/nowhere.ts': "export { lost } from './lost.js'" },
  'digitalbazaar-vc': { 'src/securing/peer.ts': "export { issue } from '@digitalbazaar/vc'" },
  'calendar-outside-durations': { 'src/verifying/age.ts': "export { Temporal } from 'temporal-polyfill'" },
  'disclosure-in-default-entry': {
    'src/index.ts': "export { ground as all } from './securing/sd/suite.js'",
    'src/securing/sd/suite.ts': "export { ground } from '../../encoding/ground.js'"
  },
  'verify-reaches-write-way': { 'src/verify.ts': "export { ground } from './issuing/issue.js'" }
}

const GOOD = {
  'src/encoding/ground.ts': 'export const ground = 1',
  'src/issuing/issue.ts': "export { ground } from '../encoding/ground.js'",
  'src/index.ts': "export { ground as all } from './issuing/issue.js'",
  'src/cli/disk.ts': "export { readFileSync } from 'node:fs'",
  'src/encoding/duration.ts': "export { Temporal } from 'temporal-polyfill'"
}

const problems = cruise(process.cwd()).map(describe)
problems.push(...checkGate())
report('floors', problems)

function checkGate() {
  const good = plant('good', GOOD)
  const alarms = cruise(good).map((violation) => `the gate refuses a good file: ${describe(violation)}`)
  const folder = plant('planted', Object.assign({}, GOOD, ...Object.values(PLANTED)))
  const found = cruise(folder)
  const missed = rules.filter((rule) => {
    const files = Object.keys(PLANTED[rule] ?? {})
    return !found.some((violation) => violation.rule.name === rule && files.includes(violation.from))
  })
  if (missed.length === 0) console.log(`floors: each of the ${rules.length} planted violations was caught`)
  const gone = Object.keys(PLANTED).filter((rule) => !rules.includes(rule))
  return [
    ...alarms,
    ...gone.map((rule) => `the rule ${rule} is gone from ${CONFIG}`),
    ...missed.map((rule) => `the gate does not catch a planted violation of ${rule}`)
  ]
}

function plant(name, files) {
  const folder = freshFolder(`floors-${name}`)
  for (const file of [CONFIG, 'package.json', 'tsconfig.json']) cpSync(file, join(folder, file))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), `${text}\n`)
  }
  return folder
}

/** A file on the floor that is named in the rule, which imports from the top floor. */
function climb(rule) {
  const floor = rule.slice('climb-from-'.length)
  return { [`src/${floor}/climb.ts`]: "export { readFileSync } from '../cli/disk.js'" }
}

function cruise(cwd) {
  const program = join(process.cwd(), 'node_modules/.bin/depcruise')
  const args = ['--config', CONFIG, '--output-type', 'json', 'src']
  let output
  try {
    output = run(program, args, { cwd })
  } catch (error) {
    output = error.stdout
    if (!output) throw error
  }
  const { summary } = JSON.parse(output)
  if (summary.totalCruised === 0) throw new Error('the floors gate looked at no file')
  return summary.violations
}

function describe({ rule, from, to, comment }) {
  return `${rule.name}: ${from} → ${to}${comment ? ` (${comment})` : ''}`
}
