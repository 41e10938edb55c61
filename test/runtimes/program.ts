import { readFileSync, writeFileSync } from 'node:fs'

// For runtimes with files: node program.mjs CASES ROWS [--without-webcrypto]
const [cases = '', rows = '', mode] = process.argv.slice(2)
if (mode === '--without-webcrypto') Reflect.deleteProperty(globalThis, 'crypto')
if ((mode === '--without-webcrypto') !== (globalThis.crypto === undefined))
  throw new Error('WebCrypto is not as asked for')

// After the change, so that nothing has seen what is gone.
const { run } = await import('./run.js')
writeFileSync(rows, JSON.stringify(await run(JSON.parse(readFileSync(cases, 'utf8')))))
