import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FolderResolverOptions, openFolderResolver } from '../../src/did/folder-resolver.js'

let outside = ''
let folder = ''
beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), 'komma-folder-'))
  folder = join(outside, 'published')
  mkdirSync(folder)
})
afterEach(() => rmSync(outside, { recursive: true, force: true }))

function put(path: string, content: unknown): string {
  const full = join(folder, path)
  mkdirSync(dirname(full), { recursive: true })
  const text = typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content)
  writeFileSync(full, text)
  return full
}

async function ask(url: string, options?: FolderResolverOptions): Promise<unknown> {
  const resolver = await openFolderResolver(folder, options)
  const found = await resolver.resolve({ url, kind: 'controllerDocument' })
  return found === undefined ? undefined : JSON.parse(new TextDecoder().decode(found.body as Uint8Array))
}

describe('openFolderResolver', () => {
  test('finds a document by its id, wherever it lies', async () => {
    put('.well-known/did.json', { id: 'did:web:academy.example' })
    put('a/b/did.json', { id: 'did:web:academy.example:a:b' })
    put('status/1.json', { id: 'https://academy.example/status/1', type: 'x' })
    expect(await ask('did:web:academy.example')).toEqual({ id: 'did:web:academy.example' })
    expect(await ask('did:web:academy.example:a:b')).toEqual({ id: 'did:web:academy.example:a:b' })
    expect(await ask('https://academy.example/status/1')).toMatchObject({ type: 'x' })
    expect(await ask('https://academy.example/status/2')).toBeUndefined()
    expect(await ask('did:web:academy.example:c')).toBeUndefined()
    expect(await ask('__proto__')).toBeUndefined()
  })

  test('finds a JWK Set by the issuers that its keys name', async () => {
    const url = 'https://academy.example/.well-known/jwks.json'
    const set = {
      keys: [
        { kid: 'a', iss: 'https://academy.example/7' },
        { kid: 'b', iss: 'did:web:academy.example' }
      ]
    }
    put('keys.json', set)
    put('a.json', { keys: [{ kid: 'a' }] })
    put('b.json', { keys: [{ iss: 'https://academy.example' }, { iss: 'https://other.example' }] })
    put('c.json', { keys: [{ iss: 'academy.example' }] })
    put('d.json', { keys: [{ iss: 'https://academy.example' }, {}] })
    put('e.json', { keys: [] })
    expect(await ask(url)).toEqual(set)
    expect(await ask('https://other.example/.well-known/jwks.json')).toBeUndefined()
  })

  test('gives the bytes of the file as they are', async () => {
    put('x.json', '{ "id" : "urn:x" }\n')
    const resolver = await openFolderResolver(folder)
    const found = await resolver.resolve({ url: 'urn:x', kind: 'statusList' })
    expect(new TextDecoder().decode(found?.body as Uint8Array)).toBe('{ "id" : "urn:x" }\n')
  })

  test('passes over what is no document: other files, broken JSON, a member twice, no id, a list', async () => {
    put('a.txt', '{"id":"urn:x"}')
    put('b.json', '{"id":"urn:x"')
    put('c.json', '{"id":"urn:y","id":"urn:x"}')
    put('d.json', { name: 'urn:x' })
    put('e.json', [{ id: 'urn:x' }])
    put('f.json', Uint8Array.of(0xff, 0xfe))
    put('g.json', { id: ['urn:x'] })
    expect(await ask('urn:x')).toBeUndefined()
  })

  test('two files with the same id and other content are a contradiction; the same content is not', async () => {
    put('a.json', '{"id":"urn:x","n":1}')
    put('b.json', '{"id":"urn:x","n":1}')
    expect(await ask('urn:x')).toEqual({ id: 'urn:x', n: 1 })
    put('c.json', '{"id":"urn:x","n":2}')
    put('d.json', '{"id":"urn:y"}')
    await expect(ask('urn:x')).rejects.toMatchObject({ name: 'ResolutionError', code: 'RESOLUTION_INVALID' })
    expect(await ask('urn:y')).toEqual({ id: 'urn:y' })
  })

  test('a did.json in the place of a DID that is that of another is a contradiction', async () => {
    put('.well-known/did.json', { id: 'did:web:other.example' })
    await expect(ask('did:web:academy.example')).rejects.toMatchObject({ code: 'RESOLUTION_INVALID' })
    expect(await ask('did:web:other.example')).toEqual({ id: 'did:web:other.example' })
  })

  test('a DID cannot lead out of the folder', async () => {
    writeFileSync(join(outside, 'did.json'), '{"id":"urn:secret"}')
    await expect(ask('did:web:academy.example:..')).rejects.toMatchObject({ code: 'DID_INVALID' })
    expect(await ask('did:web:academy.example:x')).toBeUndefined()
  })

  test('a symbolic link is followed inside the folder, and not out of it', async () => {
    writeFileSync(join(outside, 'secret.json'), '{"id":"urn:secret"}')
    const real = put('real.data', '{"id":"urn:linked"}')
    symlinkSync(real, join(folder, 'linked.json'))
    symlinkSync(join(outside, 'secret.json'), join(folder, 'escape.json'))
    symlinkSync(outside, join(folder, 'up'))
    symlinkSync(folder, join(folder, 'loop'))
    symlinkSync(join(folder, 'none.json'), join(folder, 'dangling.json'))
    expect(await ask('urn:linked')).toEqual({ id: 'urn:linked' })
    expect(await ask('urn:secret')).toBeUndefined()
  })

  test('bounds hold: number of files, length of a file', async () => {
    for (const name of ['a', 'b', 'c']) put(`${name}.json`, { id: `urn:${name}` })
    expect(await ask('urn:a', { maxFiles: 3 })).toEqual({ id: 'urn:a' })
    await expect(ask('urn:a', { maxFiles: 2 })).rejects.toMatchObject({ code: 'RESOLUTION_FAILED' })
    expect(await ask('urn:a', { maxBytes: 14 })).toEqual({ id: 'urn:a' })
    expect(await ask('urn:a', { maxBytes: 13 })).toBeUndefined()
  })

  test('a list longer than the usual bound of a document is read', async () => {
    put('long.json', { id: 'urn:long', encodedList: 'u'.repeat(2_000_000) })
    expect(await ask('urn:long')).toMatchObject({ id: 'urn:long' })
  })

  test('a missing folder, or a file in its place, could not be read', async () => {
    const failed = { name: 'ResolutionError', code: 'RESOLUTION_FAILED' }
    await expect(openFolderResolver(join(folder, 'none'))).rejects.toMatchObject(failed)
    await expect(openFolderResolver(put('file.json', {}))).rejects.toMatchObject(failed)
  })

  test('a file that disappears or becomes another after the first question is not served', async () => {
    const path = put('a.json', { id: 'urn:a' })
    const resolver = await openFolderResolver(folder)
    expect(await resolver.resolve({ url: 'urn:a', kind: 'statusList' })).toBeDefined()
    writeFileSync(path, '{"id":"urn:b"}')
    await expect(resolver.resolve({ url: 'urn:a', kind: 'statusList' })).rejects.toMatchObject({
      code: 'RESOLUTION_FAILED'
    })
    rmSync(path)
    await expect(resolver.resolve({ url: 'urn:a', kind: 'statusList' })).rejects.toMatchObject({
      code: 'RESOLUTION_FAILED'
    })
  })
})
