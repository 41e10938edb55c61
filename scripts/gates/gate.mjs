import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** An empty folder for one gate, inside the repository so that packages resolve. */
export function freshFolder(name) {
  const folder = join(process.cwd(), '.tmp', 'gates', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Runs a program to its end. Output is returned, or inherited where `inherit` is set. */
export function run(program, args, options = {}) {
  const { inherit, ...rest } = options
  return execFileSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', inherit ? 'inherit' : 'pipe', inherit ? 'inherit' : 'pipe'],
    ...rest
  })
}

/** What a failed program said, shortened. */
export function complaint(error) {
  return `${error.stdout ?? ''}${error.stderr ?? ''}`.trim().slice(-4000) || error.message
}

/** Prints what is wrong and sets the exit code; a gate without problems says so. */
export function report(gate, problems) {
  for (const problem of problems) console.error(`${gate}: ${problem}`)
  if (problems.length > 0) process.exitCode = 1
  else console.log(`${gate}: ok`)
}

/** The entries of package.json#exports that are code: name, file, and file of the types. */
export function publicEntries(manifest) {
  return Object.entries(manifest.exports ?? {}).flatMap(([name, target]) => {
    const file = pick(target, 'default')
    return /\.m?js$/.test(file ?? '') ? [{ name, file, types: pick(target, 'types') }] : []
  })
}

function pick(target, condition) {
  if (typeof target === 'string') return condition === 'default' ? target : undefined
  if (target === null || typeof target !== 'object') return undefined
  if (typeof target[condition] === 'string') return target[condition]
  return pick(target.import, condition) ?? pick(target.default, condition)
}
