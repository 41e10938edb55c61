import { spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'

const LIMIT = 10 * 60_000
const GRACE = 1000

/** Starts a program in a group of its own, so that everything it starts ends with it. */
export function start(program, args, options = {}) {
  return spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options })
}

/** Asks a program and everything it started to end, and ends what is left of them. */
export async function stop(child) {
  if (child.pid === undefined) return
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    try {
      process.kill(-child.pid, signal)
    } catch {
      return
    }
    await pause(GRACE)
  }
}

/** Runs a program to its end and gives what it printed. */
export async function output(program, args, options = {}) {
  const child = start(program, args, options)
  const timer = setTimeout(() => stop(child), LIMIT)
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (texts[name] += text))
  try {
    const code = await ended(child)
    if (code === 0) return texts.stdout
  } finally {
    clearTimeout(timer)
  }
  throw new Error(`${program} ${args.join(' ')}: ${`${texts.stdout}${texts.stderr}`.trim().slice(-2000)}`)
}

/** What a program says its version is, or nothing where it cannot be started. */
export async function versionOf(program, args) {
  try {
    return /\d+([.-]\d+)+\S*/.exec(await output(program, args))?.[0]
  } catch {
    return undefined
  }
}

function ended(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
}
