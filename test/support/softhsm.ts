import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, it } from 'vitest'
import type { Pkcs11 } from '../../src/keys/pkcs11.js'

/** Where the gate puts the binding. */
const BINDING = resolve('.tmp/pkcs11/node_modules/pkcs11js')
const LIBRARIES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so'
]
export const library = LIBRARIES.find((path) => existsSync(path)) ?? ''
const present = library !== '' && existsSync(BINDING)
if (!present && process.env['KOMMA_SOFTHSM'] === 'required') throw new Error('SoftHSM or pkcs11js is missing')

/** Tests on SoftHSM. Where it or the binding is missing, nothing of them runs, and each block counts as a skipped test. */
export const describeSoftHsm: typeof describe = present
  ? describe
  : (((name: string) => {
      it.skip(`${name}: there is no SoftHSM, or no pkcs11js`, () => {})
    }) as typeof describe)

export const PIN = '1234'

/** A token of its own in a temporary folder. SoftHSM reads one folder in the life of a process: call it once. */
export function makeToken(label: string): { readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'komma-softhsm-'))
  mkdirSync(join(folder, 'tokens'))
  const configuration = join(folder, 'softhsm2.conf')
  writeFileSync(
    configuration,
    `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`
  )
  process.env['SOFTHSM2_CONF'] = configuration
  const args = ['--init-token', '--free', '--label', label, '--pin', PIN, '--so-pin', '87654321']
  const made = spawnSync('softhsm2-util', args, { encoding: 'utf8' })
  if (made.status !== 0) throw new Error(`softhsm2-util failed: ${made.stderr}`)
  return { remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The binding, as an application makes it. */
export function newBinding(): Pkcs11 {
  const { PKCS11 } = createRequire(import.meta.url)(BINDING) as { PKCS11: new () => Pkcs11 }
  return new PKCS11()
}
