// Installs what tests need from Debian, as root; what is there already stays as it is.
//
//   node scripts/debian.mjs PACKAGE ...
import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = installFromDebian('debian', process.argv.slice(2)) ? 0 : 1
}

/** Whether all packages are there afterwards. `who` names the caller in messages. */
export function installFromDebian(who, packages) {
  if (isInstalled(packages)) return true
  if (process.getuid?.() !== 0) {
    console.log(`${who}: only root can install ${packages.join(', ')}`)
    return false
  }
  aptGet(who, 'update', '-qq')
  aptGet(who, 'install', '-y', '-qq', '--no-install-recommends', ...packages)
  return isInstalled(packages)
}

function isInstalled(packages) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the format is filled in by dpkg-query.
  const format = '${db:Status-Status}\n'
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', format, ...packages], { encoding: 'utf8' })
  return (
    status === 0 &&
    stdout
      .trim()
      .split('\n')
      .every((line) => line === 'installed')
  )
}

function aptGet(who, ...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, error } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env })
  if (status !== 0) console.error(`${who}: apt-get ${args[0]} failed ${error?.message ?? ''}`)
}
