import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { drawDefaultBadge } from '../../src/cli/default-image.js'
import { didWebToPath } from '../../src/did/did-web.js'
import { type Award, bakePng, compileCompetency, createIssuer } from '../../src/index.js'
import { createKeyFile } from '../../src/keys/file.js'
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
    for (const { id, kind, text } of await issuer.publish()) {
      write(`published/${kind === 'controllerDocument' ? didWebToPath(id) : new URL(id).pathname.slice(1)}`, text)
    }
  } finally {
    await status.close()
  }
  cpSync('examples', join(folder, 'examples'), { recursive: true })
}
