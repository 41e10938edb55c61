import { writeSync } from 'node:fs'
import { openKeyFile } from '../../src/keys/file.js'

// Rewrites a key file under one password after the other until it is killed: each time it says which one it has put in.
const [path = '', ...passwords] = process.argv.slice(2)
const keys = await openKeyFile(path, { password: passwords[0] ?? '' })
for (let count = 1; ; count += 1) {
  const next = passwords[count % passwords.length] ?? ''
  writeSync(1, `start ${next}\n`)
  await keys.changePassword(next)
  writeSync(1, `done ${next}\n`)
}
