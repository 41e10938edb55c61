import { publicEntries } from './gate.mjs'

/** Everything that may be in the tarball. */
const ALLOWED_FILES = [
  /^package\.json$/,
  /^(README|CHANGELOG|SECURITY)\.md$/,
  /^LICENSE$/,
  /^dist\/THIRD-PARTY-LICENCES\.txt$/,
  /^docs\/[a-z-]+\.md$/,
  /^examples\/[a-z0-9-]+\.(mjs|png|csv)$/,
  /^examples\/[a-z0-9-]+\.(definition|award)\.json$/,
  /^dist\/([a-z0-9-]+\/)*[A-Za-z0-9_-]+\.js$/,
  /^dist\/([a-z0-9-]+\/)*[A-Za-z0-9_-]+\.d\.ts$/,
  /^schemas\/([a-z0-9.-]+\/)*[a-z0-9.-]+\.json$/
]

const REQUIRED_FILES = ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md']
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare']

/**
 * What is wrong with the packed package, judged by its manifest and the names of its files.
 *
 * @param {Record<string, any>} manifest
 * @param {string[]} files
 * @returns {string[]}
 */
export function judgePackage(manifest, files) {
  const problems = []
  const entries = publicEntries(manifest)
  if (manifest.type !== 'module') problems.push('package.json: type is not module')
  if (manifest.sideEffects !== false) problems.push('package.json: sideEffects is not false')
  if (entries.length === 0) problems.push('package.json: there are no exports')
  for (const name of INSTALL_SCRIPTS) {
    if (manifest.scripts?.[name] !== undefined) problems.push(`package.json: there is an install script, ${name}`)
  }
  for (const { name, file, types } of entries) {
    if (!files.includes(withoutDot(file))) problems.push(`${name}: ${file} is not in the package`)
    if (types === undefined) problems.push(`${name}: package.json names no types`)
    else if (!files.includes(withoutDot(types))) problems.push(`${name}: ${types} is not in the package`)
  }
  for (const [name, file] of Object.entries(manifest.bin ?? {})) {
    if (!files.includes(withoutDot(file))) problems.push(`bin ${name}: ${file} is not in the package`)
  }
  for (const file of REQUIRED_FILES) if (!files.includes(file)) problems.push(`${file} is not in the package`)
  for (const file of files) {
    if (!ALLOWED_FILES.some((allowed) => allowed.test(file))) problems.push(`${file} does not belong in the package`)
  }
  return problems
}

/**
 * What attw found beyond what an ESM-only package means to be: no require for old TypeScript, no node10 resolution of
 * subpaths. A package without any types passes attw, so that is a problem here.
 *
 * @param {{ analysis: { types: unknown, problems?: { kind: string, resolutionKind?: string, entrypoint?: string }[] } }} result
 * @returns {string[]}
 */
export function judgeTypes({ analysis }) {
  if (!analysis.types) return ['attw: the package has no types']
  return (analysis.problems ?? [])
    .filter((problem) => !isMeant(problem))
    .map((problem) => `attw: ${JSON.stringify(problem)}`)
}

function isMeant({ kind, resolutionKind }) {
  if (kind === 'CJSResolvesToESM') return true
  return kind === 'NoResolution' && resolutionKind === 'node10'
}

function withoutDot(file) {
  return file.replace(/^\.\//, '')
}
