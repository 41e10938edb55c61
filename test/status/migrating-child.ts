import process from 'node:process'
import { MIGRATIONS } from '../../src/status/sqlite-schema.js'
import { openRawDatabase } from './raw-sqlite.js'

// A process of its own for migrations.test.ts: `node child.mjs FILE STATEMENTS` dies in the middle of a migration.

const [path = '', statements = '0'] = process.argv.slice(2)
const database = await openRawDatabase(path)
database.exec('PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE')
for (const statement of MIGRATIONS.slice(1).flat().slice(0, Number(statements))) database.exec(statement)
process.kill(process.pid, 'SIGKILL')
