// Lets the vendors' own SDKs talk to the fakes that the tests of key stores use, over loopback: what a fake says has to
// be what the SDK understands, and the other way round. Installs the SDKs (some 80 MB) into .tmp/key-services, runs no
// install scripts. Not part of the tests. Usage: npm run key-services
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const FOLDER = '.tmp/key-services'
const PACKAGES = [
  '@aws-sdk/client-kms@3.1162.0',
  '@google-cloud/kms@5.7.0',
  '@azure/keyvault-keys@4.10.2',
  'node-vault@0.12.0'
]

mkdirSync(FOLDER, { recursive: true })
if (!existsSync(`${FOLDER}/node_modules/@aws-sdk/client-kms`)) {
  writeFileSync(`${FOLDER}/package.json`, '{ "private": true, "type": "module" }')
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', ...PACKAGES], {
    cwd: FOLDER,
    stdio: 'inherit'
  })
}
const outfile = `${FOLDER}/sdks.mjs`
await build({
  entryPoints: ['test/keys/fakes/sdks.ts'],
  outfile,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'error'
})
const { main } = await import(pathToFileURL(outfile).href)
await main()
