// A certificate travels the whole house: three modules, a certificate that rests on them, a picture to share, a
// stranger who checks it, a forger who fails, and a revocation. Run it with: npm run demo
//
// Read it from top to bottom. The calls are the ones your own program would make.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bakePng, compileCompetency, createIssuer, credentialDigest, verify } from 'komma'
import { createKeyFile, openKeyFile } from 'komma/keys/file'
import { openFolderResolver } from 'komma/resolve/folder'
import { openSqliteStatusStore } from 'komma/status/sqlite'
import { publishTo } from './publish-folder.mjs'
import { say, sayReport, title } from './say.mjs'

const example = async (name) => JSON.parse(await readFile(new URL(`${name}.json`, import.meta.url), 'utf8'))
const folder = await mkdtemp(join(tmpdir(), 'komma-demo-'))
const site = join(folder, 'site')

title('An issuer: encrypted keys, a durable store, an address on the web')
const password = 'correct horse battery staple'
await createKeyFile(join(folder, 'keys.jwe'), { password })
const status = await openSqliteStatusStore(join(folder, 'issuer.db'))
const issuer = await createIssuer({
  profile: { id: 'did:web:nka.example', name: 'Nordisk Kvalitetsakademi', url: 'https://nka.example' },
  keys: await openKeyFile(join(folder, 'keys.jwe'), { password }),
  status
})
say(`${issuer.id} keeps its keys and its book in ${folder}`)

title('Three modules, each awarded on evidence of practice')
const modules = []
for (const name of ['iso9001-module-1', 'iso9001-module-2', 'iso9001-module-3']) {
  const competency = compileCompetency(await example(`${name}.definition`))
  const issued = await issuer.issue(competency, await example(`${name}.award`))
  modules.push(issued)
  say(`${issued.credential.name}`)
}

title('An award with something missing is refused, and everything that is missing is named')
const certificate = compileCompetency(await example('iso9001-internal-auditor.definition'))
const award = await example('iso9001-internal-auditor.award')
try {
  await issuer.issue(certificate, { recipient: award.recipient })
} catch (error) {
  for (const fault of error.faults) say(`${fault.code} ${fault.path}: ${fault.message}`)
}

title('The certificate rests on the modules: each is bound by id and digest')
const parts = modules.map(({ id, credential }) => ({
  id,
  name: credential.name,
  genre: 'PartCredential',
  digestMultibase: credentialDigest(credential),
  mediaType: 'application/vc'
}))
const others = award.evidence.filter(({ genre }) => genre !== 'PartCredential')
const issued = await issuer.issue(certificate, { ...award, evidence: [...parts, ...others] })
const { name, validFrom, validUntil } = issued.credential
say(`${name}, valid from ${validFrom} until ${validUntil}`)
for (const language of ['sv', 'en']) {
  const edition = compileCompetency(await example('iso9001-internal-auditor.definition'), { language })
  say(`in ${language}: ${edition.achievement.name}`)
}

title('Baked into a picture, published as a folder that any static host can serve')
const picture = join(folder, 'certificate.png')
await writeFile(picture, bakePng(await readFile(new URL('badge.png', import.meta.url)), issued.text))
say(`the badge: ${picture}`)
for (const file of await publishTo(site, await issuer.publish())) say(`published: ${file}`)

title('A stranger verifies the picture with what the issuer published, and no network')
const asPublished = { resolver: await openFolderResolver(site) }
const recipient = { email: award.recipient.email }
sayReport(await verify(await readFile(picture), { ...asPublished, recipient }))

title('A forger changes the number of the certificate')
const forged = issued.text.replace('"licenseNumber":"NKA-IA-2026-0112"', '"licenseNumber":"NKA-IA-2026-9999"')
sayReport(await verify(forged, asPublished))

title('A forger hides the end of the certificate where JSON-LD would still find it')
const { validUntil: end, ...endless } = JSON.parse(issued.text)
sayReport(await verify({ ...endless, '@nest': { validUntil: end } }, asPublished))

title('The academy revokes the certificate, publishes again, and the stranger looks again')
await issuer.revoke(issued.id, { reason: 'misconduct' })
await publishTo(site, await issuer.publish())
const inAMoment = new Date(Date.now() + 2000)
sayReport(await verify(await readFile(picture), { resolver: await openFolderResolver(site), now: inAMoment }))

title('The modules stand: a comma, not a full stop')
for (const module of modules) {
  const report = await verify(module.text, { resolver: await openFolderResolver(site), now: inAMoment })
  say(`${report.accepted ? 'accepted    ' : 'not accepted'} ${module.credential.name}`)
}
await status.close()
say('')
say(`Everything lies in ${folder}`)
