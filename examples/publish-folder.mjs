// Writes what an issuer publishes as files: the DID document where did:web looks for it, each status list at the path of
// its address. The command `komma publish` does this and more.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export async function publishTo(site, published) {
  const files = published.map(({ id, text }) => ({ file: join(site, pathOf(id)), text }))
  for (const { file, text } of files) {
    await mkdir(dirname(file), { recursive: true })
    // A reader sees the old file or the new one, never half of one.
    await writeFile(`${file}.new`, text)
    await rename(`${file}.new`, file)
  }
  return files.map(({ file }) => file)
}

function pathOf(id) {
  return id.startsWith('did:web:') ? '.well-known/did.json' : new URL(id).pathname
}
