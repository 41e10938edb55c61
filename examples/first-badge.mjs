// The shortest way from a definition to a badge that verifies. Everything lives in memory.
import { readFile } from 'node:fs/promises'
import {
  compileCompetency,
  createIssuer,
  createMapResolver,
  createMemoryKeyStore,
  createMemoryStatusStore,
  didKeyOf,
  verify
} from 'komma'

const example = async (name) => JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8'))

const keys = await createMemoryKeyStore()
const issuer = await createIssuer({
  profile: { id: await didKeyOf(keys), name: 'Nordisk Kvalitetsakademi' },
  keys,
  status: createMemoryStatusStore()
})

const competency = compileCompetency(await example('first-badge.definition.json'))
const issued = await issuer.issue(competency, await example('first-badge.award.json'))
console.log(`Issued ${issued.id}: ${issued.credential.name}`)

// What an issuer publishes is all that a verifier needs.
const resolver = createMapResolver(await issuer.publish())
const report = await verify(issued.text, { resolver })
for (const check of report.checks) console.log(`  ${check.outcome.padEnd(13)} ${check.id.padEnd(16)} ${check.message}`)
console.log(report.accepted ? 'Accepted.' : 'Not accepted.')
