import { spawnSync } from 'node:child_process'

const PACKAGES = ['chromium', 'firefox-esr', 'webkit2gtk-driver', 'xvfb', 'xauth']

/** Installs the browsers from Debian. What is there already stays as it is; runtimes from npm are fetched when they run. */
export function installBrowsers() {
  if (process.getuid?.() !== 0) {
    console.log(`runtimes: only root can install ${PACKAGES.join(', ')}`)
    return
  }
  if (spawnSync('dpkg', ['-s', ...PACKAGES]).status === 0) return
  aptGet('update', '-qq')
  aptGet('install', '-y', '-qq', '--no-install-recommends', ...PACKAGES)
}

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status, error } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env })
  if (status !== 0) console.error(`runtimes: apt-get ${args[0]} failed ${error?.message ?? ''}`)
}
