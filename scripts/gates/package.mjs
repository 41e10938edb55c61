// The package as a user gets it: packed, judged by publint and attw, installed in a project of its own, imported,
// required, and type-checked under both resolutions.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { complaint, publicEntries, report, run } from './gate.mjs'
import { judgePackage, judgeTypes } from './package-rules.mjs'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const repository = process.cwd()
// Outside the repository: nothing may resolve from its node_modules.
const folder = mkdtempSync(join(tmpdir(), 'komma-package-'))
try {
  report('package', await checkPackage())
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function checkPackage() {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]))
  const tarball = join(folder, packed.filename)
  console.log(`package: ${packed.filename}: ${packed.files.length} files, ${(packed.size / 1000).toFixed(1)} kB packed`)
  const files = packed.files.map(({ path }) => path)
  const problems = [
    ...judgePackage(manifest, files),
    ...checkGate(files),
    ...(await lint(tarball)),
    ...judgeResolution(tarball)
  ]
  return [...problems, ...checkInstalled(tarball)]
}

async function lint(tarball) {
  const buffer = readFileSync(tarball)
  const archive = buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.length)
  const { messages, pkg } = await publint({ strict: true, pack: { tarball: archive } })
  const texts = messages.map((message) => [message.type, `publint: ${formatMessage(message, pkg, { color: false })}`])
  for (const [type, text] of texts) if (type === 'suggestion') console.log(text)
  return texts.filter(([type]) => type !== 'suggestion').map(([, text]) => text)
}

function judgeResolution(tarball) {
  const program = join(repository, 'node_modules/.bin/attw')
  const args = [tarball, '--format', 'json', '--profile', 'esm-only', '--no-definitely-typed']
  let output
  try {
    output = run(program, args)
  } catch (error) {
    output = error.stdout
    if (!output) return [`attw: ${complaint(error)}`]
  }
  return judgeTypes(JSON.parse(output))
}

function checkInstalled(tarball) {
  const names = publicEntries(manifest).map(({ name }) => manifest.name + name.slice(1))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  const install = [
    'install',
    '--prefer-offline',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--omit=optional',
    tarball
  ]
  const failed = attempt('npm install', 'npm', install)
  if (failed.length > 0) return failed
  return [
    ...names.flatMap((name) =>
      attempt(`import ${name}`, process.execPath, ['--input-type=module', '-e', loads('await import', name)])
    ),
    ...names.flatMap((name) =>
      attempt(`require ${name}`, process.execPath, ['--input-type=commonjs', '-e', loads('require', name)])
    ),
    ...Object.keys(manifest.bin ?? {}).flatMap((name) =>
      attempt(`${name} --help`, join(folder, 'node_modules/.bin', name), ['--help'])
    ),
    ...['nodenext', 'bundler'].flatMap((resolution) => compileConsumer(names, resolution))
  ]
}

/** A program that loads an entry and fails where it exports nothing. */
function loads(how, name) {
  return `const entry = ${how}('${name}'); if (Object.keys(entry).length === 0) throw new Error('exports nothing')`
}

function compileConsumer(names, resolution) {
  const imports = names.map((name, index) => `import * as entry${index} from '${name}'`)
  const uses = names.map((_, index) => `entry${index} satisfies object`)
  writeFileSync(join(folder, 'consumer.ts'), `${[...imports, ...uses].join('\n')}\n`)
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2022', 'DOM', 'DOM.Iterable'],
    module: resolution === 'nodenext' ? 'NodeNext' : 'ESNext',
    moduleResolution: resolution,
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
  return attempt(`types under ${resolution}`, process.execPath, [
    join(repository, 'node_modules/typescript/bin/tsc'),
    '-p',
    folder
  ])
}

function attempt(what, program, args) {
  try {
    run(program, args, { cwd: folder })
    console.log(`package: ${what}: ok`)
    return []
  } catch (error) {
    return [`${what} failed: ${complaint(error)}`]
  }
}

/** A package with one fault of every kind must be refused for each. */
function checkGate(files) {
  const faults = [
    ['a file too many', manifest, [...files, 'src/index.ts']],
    ['a missing licence', manifest, files.filter((file) => file !== 'LICENSE')],
    ['an install script', { ...manifest, scripts: { postinstall: 'true' } }, files],
    ['side effects', { ...manifest, sideEffects: true }, files],
    [
      'missing types',
      { ...manifest, exports: { './planted': { types: './dist/none.d.ts', default: './dist/index.js' } } },
      files
    ]
  ]
  const known = judgePackage(manifest, files)
  return faults
    .filter(([, planted, list]) => judgePackage(planted, list).every((problem) => known.includes(problem)))
    .map(([name]) => `the gate does not catch a planted violation: ${name}`)
}
