import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { output, versionOf } from './process.mjs'

/** A Node line: this process's Node where it is of that line, else one from npm. Text never becomes code. */
export function node(line) {
  return program(`node${line}`, `Node ${line}`, nodeCommand(line))
}

/** Node with its WebCrypto taken away before anything is imported. */
export function nodeWithoutWebCrypto(line) {
  return program(`no-webcrypto`, `Node ${line} without WebCrypto`, nodeCommand(line), ['--without-webcrypto'])
}

export function deno(version) {
  const command = ['run', '--allow-read', '--allow-write', '--node-modules-dir=manual']
  return program('deno', 'Deno', { ...fromNpm('deno', version, 'deno'), before: command })
}

export function bun(version) {
  return program('bun', 'Bun', fromNpm('bun', version, 'bun'))
}

function nodeCommand(line) {
  const before = ['--disallow-code-generation-from-strings']
  const own = process.version.startsWith(`v${line}.`)
  return own ? { start: [process.execPath], before } : { ...fromNpm('node', String(line), 'node'), before }
}

function fromNpm(name, version, command) {
  return { start: ['npx', '-y', '-p', `${name}@${version}`, command], hint: `npx has to find ${name}@${version}` }
}

function program(id, name, { start: [command, ...args], before = [], hint = '' }, after = []) {
  return {
    id,
    name,
    hint,
    version: () => versionOf(command, [...args, '--version']),
    async run({ folder, cases }) {
      const rows = join(folder, `${id}.answer.json`)
      await output(command, [...args, ...before, join(folder, 'program.js'), cases, rows, ...after])
      return JSON.parse(readFileSync(rows, 'utf8'))
    }
  }
}
