#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import process from 'node:process'
import { createGuardedFetch } from '../did/node-fetch.js'
import { run } from './program.js'
import type { ProgressBar } from './progress.js'

async function promptPassword(message: string): Promise<string | undefined> {
  const { password } = await import('@clack/prompts')
  const answer = await password({ message, input: process.stdin, output: process.stderr })
  return typeof answer === 'string' ? answer : undefined
}

async function showProgress(most: number, message: string): Promise<ProgressBar> {
  const { progress } = await import('@clack/prompts')
  const bar = progress({ max: Math.max(most, 1), output: process.stderr })
  bar.start(message)
  return { advance: (by, text) => bar.advance(by, text), stop: (text) => bar.stop(text) }
}

function untilStopped(): Promise<void> {
  return new Promise((done) => {
    // A second signal ends the process as always.
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => done())
  })
}

// A reader that has seen enough, such as head, is no reason to fail.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const { stdin, stdout, stderr, env } = process
const thread = new URL('./thread.js', import.meta.url)
const asking = { prompt: promptPassword, progress: showProgress, untilStopped }
const world = { now: () => new Date(), fetch: createGuardedFetch(), thread, ...asking }
run(process.argv.slice(2), { stdin, stdout, stderr, env, ...world }).then(
  (code) => {
    process.exitCode = code
  },
  () => {
    process.exitCode = 2
  }
)
