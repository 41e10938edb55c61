import { installFromDebian } from '../debian.mjs'

const PACKAGES = ['chromium', 'firefox-esr', 'webkit2gtk-driver', 'xvfb', 'xauth']

/** Installs the browsers from Debian. What is there already stays as it is; runtimes from npm are fetched when they run. */
export function installBrowsers() {
  installFromDebian('runtimes', PACKAGES)
}
