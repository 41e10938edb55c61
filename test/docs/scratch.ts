import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { drawDefaultBadge } from '../../src/cli/default-image.js'
import { didWebToPath } from '../../src/did/did-web.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { type Award, bakePng, compileCompetency, createIssuer, type Issuer, type Signer } from '../../src/index.js'
import { createKeyFile } from '../../src/keys/file.js'
import { createContextSet } from '../../src/model/contexts.js'
import { addProof } from '../../src/securing/add-proof.js'
import { expandUnsecured } from '../../src/securing/unsecured-document.js'
import { openSqliteStatusStore } from '../../src/status/sqlite.js'
import { blocksOf } from './blocks.js'

/** The password of `keys.jwe` in the folder that examples run in. */
export const PASSWORD = 'correct horse battery staple'

const ISSUER = 'did:web:academy.example'

export interface Scratch {
  /** Holds the bundles, and `node_modules` to load packages from. */
  readonly root: string
  /** A fresh copy of the prepared files for one example. */
  copy(name: string): string
  remove(): void
}

/** A folder with every file that an example may name, made now, because examples live in real time. */
export async function prepareScratch(): Promise<Scratch> {
  const root = mkdtempSync(join(tmpdir(), 'komma-docs-'))
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'), 'junction')
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  const prepared = join(root, 'prepared')
  mkdirSync(prepared)
  await fill(prepared)
  return {
    root,
    copy(name) {
      const folder = join(root, 'runs', name)
      cpSync(prepared, folder, { recursive: true })
      return folder
    },
    remove: () => rmSync(root, { recursive: true, force: true })
  }
}

/** The definition and the award that `docs/definition.md` shows. */
export function shownInputs(): { readonly definition: string; readonly award: string } {
  const blocks = blocksOf(readFileSync('docs/definition.md', 'utf8'), 'docs/definition.md')
  const [definition, award] = blocks.filter(({ language }) => language === 'json')
  if (definition === undefined || award === undefined) throw new Error('docs/definition.md shows no example')
  return { definition: definition.text, award: award.text }
}

async function fill(folder: string): Promise<void> {
  const write = (name: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  const { definition, award } = shownInputs()
  write('definition.json', definition)
  write('award.json', award)
  const picture = drawDefaultBadge()
  write('picture.png', picture)
  write('picture.svg', '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><circle cx="1" cy="1" r="1"/></svg>')

  const keys = await createKeyFile(join(folder, 'keys.jwe'), { password: PASSWORD })
  const status = await openSqliteStatusStore(join(folder, 'issuer.db'))
  try {
    const issuer = await createIssuer({ profile: { id: ISSUER, name: 'Example Academy' }, keys, status })
    const issued = await issuer.issue(compileCompetency(definition), JSON.parse(award) as Award)
    write('badge.json', issued.text)
    write('badge.png', bakePng(picture, issued.text))
    await writeCopies(issuer, JSON.parse(issued.text), write)
    write('membership.json', await signMembership(await keys.signer(), JSON.parse(issued.text)))
    for (const { id, kind, text } of await issuer.publish()) {
      write(`published/${kind === 'controllerDocument' ? didWebToPath(id) : new URL(id).pathname.slice(1)}`, text)
    }
  } finally {
    await status.close()
  }
  cpSync('examples', join(folder, 'examples'), { recursive: true })
}

/** A badge with a newer copy and the digest of a file. */
async function writeCopies(
  issuer: Issuer,
  { proof: _proof, credentialStatus: _status, ...badge }: JsonObject,
  write: (name: string, content: string) => void
): Promise<void> {
  const sign = async (name: string, credential: JsonObject): Promise<void> =>
    write(name, (await issuer.issueAsGiven(credential, { status: 'asGiven' })).text)
  await sign('newer.json', badge)
  await sign('older.json', {
    ...badge,
    '@context': [...(badge['@context'] as string[]), 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'],
    validFrom: '2020-01-01T00:00:00Z',
    refreshService: { id: 'https://academy.example/refresh/7', type: '1EdTechCredentialRefresh' },
    relatedResource: [{ id: 'https://academy.example/plan.txt', digestSRI: sriOf('Six hours of practice.') }]
  })
}

/** A credential that is no badge, which an issuer of badges does not sign. */
async function signMembership(signer: Signer, badge: JsonObject): Promise<string> {
  const [{ verificationMethod, created }] = badge['proof'] as [{ verificationMethod: string; created: string }]
  const membership = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiableCredential'],
    issuer: ISSUER,
    credentialSubject: { id: 'did:example:kari', description: 'A member of the academy' }
  }
  const secured = await expandUnsecured(membership, createContextSet())
  return JSON.stringify(await addProof(secured, { signer, suite: undefined, verificationMethod, created }))
}

function sriOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
