// The PKCS#11 store on a real token: installs SoftHSM (Debian's, where it may) and pkcs11js into .tmp, and runs the tests
// that are skipped without them. None may be skipped here.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { complaint, report, run } from './gate.mjs'

const BINDING = 'pkcs11js@2.1.7'
const folder = join(process.cwd(), '.tmp', 'pkcs11')
const inherit = { inherit: true }

try {
  if (!existsSync('/usr/lib/softhsm/libsofthsm2.so')) run('apt-get', ['install', '-y', 'softhsm2'], inherit)
  if (!existsSync(join(folder, 'node_modules', 'pkcs11js', 'build', 'Release'))) {
    mkdirSync(folder, { recursive: true })
    // A package of its own, whose native build is allowed; that of this repository allows none.
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, allowScripts: { pkcs11js: true } }))
    run('npm', ['install', '--no-audit', '--no-fund', BINDING], { cwd: folder, ...inherit })
  }
  const env = { ...process.env, KOMMA_SOFTHSM: 'required' }
  run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/keys/pkcs11-softhsm.test.ts'], {
    env,
    ...inherit
  })
  report('softhsm', [])
} catch (error) {
  report('softhsm', [complaint(error)])
}
