// komma beside @digitalbazaar/vc in one process, interleaved, with raw Ed25519 as the limit.
//
//   npm run bench             the whole comparison, about a minute
//   npm run bench -- --quick  the same jobs with short rounds, to see that everything runs

import { createHash, createPrivateKey, createPublicKey, sign, verify as verifyRaw } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import {
  compileCompetency,
  createIssuer,
  createKeyCache,
  createMapResolver,
  createMemoryKeyStore,
  createMemoryStatusStore,
  didKeyOf,
  verify
} from 'komma'
import { openSqliteStatusStore } from 'komma/status/sqlite'
import { measureSizes, sizeTable } from '../scripts/bundle-size.mjs'
import { BADGES } from './badges.mjs'
import { loadParts } from './inside.mjs'
import { createJose } from './jwt.mjs'
import { compare, table } from './measure.mjs'
import { createPeer } from './peer.mjs'
import { reservationTable } from './reservations.mjs'
import { verifyWithVerifierCore } from './verifier-core.mjs'

const PEER = '@digitalbazaar/vc'
const VERIFIER = '@digitalcredentials/verifier-core'
const QUICK = { warmUp: 60, batch: 30, rounds: 3, reservations: 200 }
const FULL = { warmUp: 600, batch: 90, rounds: 13, reservations: 5_000 }
const budget = process.argv.includes('--quick') ? QUICK : FULL

const seed = createHash('sha256').update('komma-bench').digest()
const parts = await loadParts()
const contexts = parts.createContextSet()
const lists = new Map()
const peer = await createPeer({ seed, contexts, lists })
const raw = await rawEd25519()
const folder = mkdtempSync(join(tmpdir(), 'komma-bench-'))
try {
  await printMachine()
  await printSize()
  for (const [size, badge] of Object.entries(BADGES)) await runJobs(size, badge)
  console.log(`\n## Slots\n\n${await reservationTable(folder, budget.reservations)}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function runJobs(size, { profile, definition, award }) {
  const keys = await createMemoryKeyStore({ seed })
  const competency = compileCompetency(definition)
  const id = await didKeyOf(keys)
  const database = await openSqliteStatusStore(join(folder, `${size}.db`))
  const inMemory = await createIssuer({ profile: { id, ...profile }, keys, status: createMemoryStatusStore() })
  const onDisk = await createIssuer({ profile: { id, ...profile }, keys, status: database })

  const issued = await inMemory.issue(competency, award)
  const published = (await inMemory.publish()).map(({ id: url, text }) => [url, text])
  for (const [url, text] of published) lists.set(url, text)
  const options = { resolver: createMapResolver(published), keyCache: createKeyCache() }
  const accept = async (text) => {
    const report = await verify(text, options)
    if (!report.accepted) throw new Error(JSON.stringify(report.checks))
  }

  const { proof: _, ...unsigned } = JSON.parse(issued.text)
  const { credentialStatus: __, ...plain } = unsigned
  const sign = await signerOf(keys, id)
  const unsignedText = JSON.stringify(unsigned)
  const plainText = JSON.stringify(await sign(JSON.stringify(plain), new Date()))
  await requireEqualBytes(issued.text, plainText)
  await accept(issued.text)
  await accept(plainText)
  await peer.verify(issued.text)
  await peer.verify(plainText)
  await verifyWithVerifierCore(plainText)

  const { lines, blanks } = await countQuads(unsigned)
  console.log(`\n## ${size}: ${Buffer.byteLength(issued.text)} bytes signed, ${lines} quads, ${blanks} blank nodes\n`)
  console.log('The canonical forms of both libraries are equal: same document, same signature.')
  await job(`issue, ${size}`, [
    { name: 'komma, award to release, memory', run: () => inMemory.issue(competency, award) },
    { name: 'komma, award to release, SQLite', run: () => onDisk.issue(competency, award) },
    { name: 'komma, sign and check only', run: () => sign(unsignedText, new Date()) },
    { name: PEER, run: () => peer.sign(unsignedText) },
    { name: 'Ed25519 sign, node:crypto', run: raw.signNode },
    { name: 'Ed25519 sign, WebCrypto', run: raw.signWeb },
    { name: 'Ed25519 sign + verify, WebCrypto', run: raw.signAndVerifyWeb }
  ])
  const verifier = { name: VERIFIER, run: () => verifyWithVerifierCore(plainText) }
  await job(`verify without status, ${size}`, [...verifyContestants(plainText), verifier])
  await job(`verify with status list, ${size}`, verifyContestants(issued.text))
  await verifyJwt()
  await database.close()

  async function verifyJwt() {
    const recipient = { ...award.recipient, id: 'did:example:kari' }
    const { text } = await inMemory.issue(competency, { ...award, recipient }, { format: 'jwt' })
    const signer = await keys.signer()
    const token = await withoutStatus(text, signer)
    const jose = await createJose(signer.publicKey)
    await accept(token)
    await job(
      `verify a JWT, ${size}`,
      [
        { name: 'komma', run: () => accept(token) },
        { name: 'jose, signature and times only', run: () => jose(token) },
        { name: 'Ed25519 verify, WebCrypto', run: raw.verifyWeb }
      ],
      'jose, signature and times only'
    )
  }

  function verifyContestants(text) {
    return [
      { name: 'komma', run: () => accept(text) },
      { name: PEER, run: () => peer.verify(text) },
      { name: 'Ed25519 verify, node:crypto', run: raw.verifyNode },
      { name: 'Ed25519 verify, WebCrypto', run: raw.verifyWeb }
    ]
  }
}

/** The same token without a status entry, so that only the token is compared. */
async function withoutStatus(text, signer) {
  const [header, payload] = text.split('.')
  const { credentialStatus: _, ...claims } = JSON.parse(Buffer.from(payload, 'base64url'))
  const input = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  return `${input}.${Buffer.from(await signer.sign(Buffer.from(input))).toString('base64url')}`
}

async function job(title, contestants, peerName = PEER) {
  const results = await compare(contestants, budget)
  console.log(`\n### ${title}\n\n${table(results, peerName)}`)
}

/** Only the step from an unsigned document to a signed one, which is what the peer calls issuing. */
async function signerOf(keys, id) {
  const { expandUnsecured, addProof, eddsaRdfc2022 } = parts
  const signer = await keys.signer()
  const keyCache = parts.createKeyCache()
  const verificationMethod = `${id}#${id.slice('did:key:'.length)}`
  return async (text, now) => {
    const document = JSON.parse(text)
    const created = `${now.toISOString().slice(0, 19)}Z`
    return addProof(await expandUnsecured(document, contexts), {
      signer,
      suite: eddsaRdfc2022,
      keyCache,
      verificationMethod,
      created
    })
  }
}

/** Ed25519 is deterministic, so equal signatures mean equal canonical forms of document and proof options. */
async function requireEqualBytes(...texts) {
  for (const text of texts) {
    const { proof, ...unsigned } = JSON.parse(text)
    const [own] = proof
    const { proof: theirs } = await peer.signAt(JSON.stringify(unsigned), own.created)
    if (theirs.proofValue !== own.proofValue) throw new Error('the canonical forms differ; nothing is worth timing')
  }
}

async function countQuads(document) {
  const { text } = await parts.canonicalize(await parts.expand(document, contexts))
  return { lines: text.split('\n').length - 1, blanks: new Set(text.match(/_:c14n\d+/g)).size }
}

async function rawEd25519() {
  const message = Buffer.alloc(64, 7)
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
  const pkcs8 = Buffer.concat([prefix, seed])
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey)
  const signature = sign(null, message, privateKey)
  const spki = publicKey.export({ format: 'der', type: 'spki' })
  const { subtle } = globalThis.crypto
  const webPrivate = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign'])
  const webPublic = await subtle.importKey('spki', spki, 'Ed25519', false, ['verify'])
  const verifyWeb = () => subtle.verify('Ed25519', webPublic, signature, message)
  return {
    signNode: () => sign(null, message, privateKey),
    verifyNode: () => verifyRaw(null, message, publicKey, signature),
    signWeb: () => subtle.sign('Ed25519', webPrivate, message),
    verifyWeb,
    signAndVerifyWeb: async () => {
      await subtle.sign('Ed25519', webPrivate, message)
      return verifyWeb()
    }
  }
}

async function printMachine() {
  const names = [
    '@digitalbazaar/vc',
    '@digitalbazaar/data-integrity',
    '@digitalbazaar/eddsa-rdfc-2022-cryptosuite',
    '@digitalcredentials/verifier-core',
    'jose',
    'jsonld'
  ]
  const versions = names.map((name) => `${name} ${versionOf(`node_modules/${name}`)}`)
  const [{ model }] = cpus()
  console.log(`# komma ${versionOf('.')} beside ${PEER}\n`)
  console.log(`- ${cpus().length} × ${model.trim()}, ${process.platform} ${release()}, Node ${process.version}`)
  console.log(`- ${versions.join(', ')}`)
  console.log(`- medians of ${budget.rounds} interleaved rounds of about ${budget.batch} ms each`)
}

function versionOf(path) {
  return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')).version
}

async function printSize() {
  console.log(`\n## Size\n\n${sizeTable(await measureSizes())}`)
}
