import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { output, versionOf } from './process.mjs'

/** As new as it gets, without the modules and globals of Node. */
const CONFIGURATION = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (services = [(name = "main", worker = .suite)]);
const suite :Workerd.Worker = (
  compatibilityDate = "2026-11-01",
  compatibilityFlags = ["no_nodejs_compat", "no_nodejs_compat_v2"],
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "cases.json", json = embed "cases.json")
  ]
);
`

export function workerd(version) {
  const command = ['-y', '-p', `workerd@${version}`, 'workerd']
  return {
    id: 'workerd',
    name: 'workerd',
    hint: `npx has to find workerd@${version}`,
    version: () => versionOf('npx', [...command, '--version']),
    async run({ folder }) {
      const file = join(folder, 'worker.capnp')
      writeFileSync(file, CONFIGURATION)
      const lines = (await output('npx', [...command, 'test', file])).split('\n')
      return lines.filter((line) => line.startsWith('row ')).map((line) => JSON.parse(line.slice('row '.length)))
    }
  }
}
