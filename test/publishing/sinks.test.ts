import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createHttpSink, createMemorySink, type PublicationSink } from '../../src/index.js'
import { openFolderSink } from '../../src/publishing/folder-sink.js'
import { fakeBucket } from './fake-bucket.js'

const folder = mkdtempSync(join(tmpdir(), 'komma-sinks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const METADATA = { mediaType: 'application/json', maxAge: 300 }
const BASE = 'https://s3.example/bucket/site/'
let count = 0

function freshFolder(): string {
  count += 1
  return join(folder, `site-${count}`)
}

describe.each<[string, () => Promise<PublicationSink>]>([
  ['memory', async () => createMemorySink()],
  ['folder', () => openFolderSink(freshFolder())],
  ['http', async () => createHttpSink({ base: BASE, fetch: fakeBucket().fetch })]
])('a sink in a %s', (_, open) => {
  it('has nothing in a place until it is written, and then exactly that', async () => {
    const sink = await open()
    expect(await sink.read('status/1.json')).toBeUndefined()
    const text = '{"a":"\u00e5\ud83d\ude00"}\n'
    expect(await sink.write('status/1.json', text, undefined, METADATA)).toBe(true)
    expect((await sink.read('status/1.json'))?.text).toBe(text)
    expect(await sink.read('status/2.json')).toBeUndefined()
  })

  it('writes only where the content is the one with the tag', async () => {
    const sink = await open()
    expect(await sink.write('a.json', '1', 'no such tag', METADATA)).toBe(false)
    expect(await sink.read('a.json')).toBeUndefined()
    expect(await sink.write('a.json', '1', undefined, METADATA)).toBe(true)
    const first = await sink.read('a.json')
    expect(await sink.write('a.json', '2', undefined, METADATA)).toBe(false)
    expect(await sink.write('a.json', '2', first?.tag, METADATA)).toBe(true)
    expect(await sink.write('a.json', '3', first?.tag, METADATA)).toBe(false)
    expect((await sink.read('a.json'))?.text).toBe('2')
  })

  it('209: lets one of many who come with the same tag win', async () => {
    const sink = await open()
    await sink.write('a.json', 'old', undefined, METADATA)
    const tag = (await sink.read('a.json'))?.tag
    const texts = Array.from({ length: 20 }, (_, n) => `new ${n}`)
    const won = await Promise.all(texts.map((text) => sink.write('a.json', text, tag, METADATA)))
    expect(won.filter(Boolean)).toHaveLength(1)
    expect((await sink.read('a.json'))?.text).toBe(texts[won.indexOf(true)])
  })
})

describe('a folder', () => {
  it('holds whole files alone, in folders that are made, and what it writes with is hidden', async () => {
    const site = freshFolder()
    const sink = await openFolderSink(site)
    await sink.write('a/b/c.json', '1', undefined, METADATA)
    await sink.write('a/b/c.json', '22', (await sink.read('a/b/c.json'))?.tag, METADATA)
    expect(readFileSync(join(site, 'a/b/c.json'), 'utf8')).toBe('22')
    expect(readdirSync(join(site, 'a/b'))).toEqual(['c.json'])
    expect(readdirSync(site)).toEqual(['.komma.lock', 'a'])
  })

  it('207: loses what somebody left beside a place when they were killed, and nothing else', async () => {
    const site = freshFolder()
    const sink = await openFolderSink(site)
    mkdirSync(join(site, 'a'))
    const kept = ['.c.json.notes.tmp', '.d.json.0123456789abcdef.tmp', 'c.json.0123456789abcdef.tmp']
    for (const name of [...kept, '.c.json.0123456789abcdef.tmp']) writeFileSync(join(site, 'a', name), 'half')
    await sink.write('a/c.json', '1', undefined, METADATA)
    expect(readdirSync(join(site, 'a')).sort()).toEqual([...kept, 'c.json'].sort())
  })

  it('is not left through a place or a link', async () => {
    const site = freshFolder()
    const sink = await openFolderSink(site)
    for (const place of [
      '../a.json',
      'a/../../b.json',
      '/etc/a.json',
      'a//b.json',
      '',
      'a\\b.json',
      'a\u0000.json',
      '.'
    ]) {
      await expect(sink.write(place, '1', undefined, METADATA)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
      await expect(sink.read(place)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
    }
    const outside = freshFolder()
    mkdirSync(outside)
    symlinkSync(outside, join(site, 'link'))
    await expect(sink.write('link/a.json', '1', undefined, METADATA)).rejects.toMatchObject({ code: 'PUBLICATION_IO' })
    expect(readdirSync(outside)).toEqual([])
  })

  it('replaces a link to a file by the file, and leaves what it led to', async () => {
    const site = freshFolder()
    const sink = await openFolderSink(site)
    const precious = join(folder, 'precious.json')
    writeFileSync(precious, 'precious')
    symlinkSync(precious, join(site, 'a.json'))
    const entry = await sink.read('a.json')
    expect(await sink.write('a.json', '1', entry?.tag, METADATA)).toBe(true)
    expect(readFileSync(precious, 'utf8')).toBe('precious')
  })

  it('213: says so where it is none, where a folder lies in the place of a file, and where the lock is none', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, 'x')
    await expect(openFolderSink(file)).rejects.toMatchObject({ code: 'PUBLICATION_IO', path: file })
    await expect(openFolderSink(join(file, 'below'))).rejects.toMatchObject({ code: 'PUBLICATION_IO' })
    const site = freshFolder()
    const sink = await openFolderSink(site)
    mkdirSync(join(site, 'a.json'))
    await expect(sink.read('a.json')).rejects.toMatchObject({ code: 'PUBLICATION_IO', got: 'EISDIR' })
    await expect(sink.write('a.json', '1', undefined, METADATA)).rejects.toMatchObject({ code: 'PUBLICATION_IO' })
    expect(readdirSync(site).sort()).toEqual(['.komma.lock', 'a.json'])
    const lockFile = join(folder, 'nowhere', 'lock')
    const unlocked = await openFolderSink(site, { lockFile })
    await expect(unlocked.write('b.json', '1', undefined, METADATA)).rejects.toMatchObject({
      code: 'PUBLICATION_IO',
      path: lockFile
    })
    expect(await unlocked.read('b.json')).toBeUndefined()
  })
})

describe('a store over HTTP', () => {
  const sinkOf = (bucket: ReturnType<typeof fakeBucket>) => createHttpSink({ base: BASE, fetch: bucket.fetch })

  it('is asked with conditions, and told the type of a document and how long it may be kept', async () => {
    const bucket = fakeBucket()
    const sink = sinkOf(bucket)
    await sink.write('a.json', '1', undefined, { mediaType: 'application/vc', maxAge: 60 })
    const tag = (await sink.read('a.json'))?.tag
    await sink.write('a.json', '2', tag, METADATA)
    const puts = bucket.requests.filter(({ url, method }) => method === 'PUT' && url === `${BASE}a.json`)
    expect(puts.map(({ headers }) => [headers.get('if-none-match'), headers.get('if-match')])).toEqual([
      ['*', null],
      [null, tag]
    ])
    expect(puts[0]?.headers.get('content-type')).toBe('application/vc')
    expect(puts[0]?.headers.get('cache-control')).toBe('public, max-age=60')
  })

  it.each([
    ['no condition', []],
    ['If-None-Match alone', ['if-none-match']],
    ['If-Match alone', ['if-match']]
  ])('209: is refused before anything is written where it honours %s', async (_, honours) => {
    const bucket = fakeBucket(honours)
    const sink = sinkOf(bucket)
    for (const _again of [1, 2]) {
      await expect(sink.write('a.json', '1', undefined, METADATA)).rejects.toMatchObject({
        code: 'PUBLICATION_UNFENCED'
      })
    }
    expect([...bucket.objects.keys()]).toEqual([`${BASE}.komma-probe`])
  })

  it('is asked once whether it compares, also by a second process', async () => {
    const bucket = fakeBucket()
    const sink = sinkOf(bucket)
    await sink.write('a.json', '1', undefined, METADATA)
    await sink.write('b.json', '1', undefined, METADATA)
    expect(bucket.requests.filter(({ url }) => url.endsWith('probe'))).toHaveLength(3)
    expect(await sinkOf(bucket).write('c.json', '1', undefined, METADATA)).toBe(true)
  })

  it.each([
    [409, false],
    [412, false],
    [404, false]
  ])('has somebody else in the place where it answers %i to a replacement', async (status, expected) => {
    const bucket = fakeBucket()
    const sink = sinkOf(bucket)
    await sink.write('a.json', '1', undefined, METADATA)
    const tag = (await sink.read('a.json'))?.tag
    bucket.answers.push(new Response(null, { status }))
    expect(await sink.write('a.json', '2', tag, METADATA)).toBe(expected)
  })

  it.each([
    [500, true],
    [503, true],
    [429, true],
    [403, false],
    [301, false],
    [400, false]
  ])('fails where it answers %i, and says whether that may pass', async (status, retryable) => {
    const bucket = fakeBucket()
    const sink = sinkOf(bucket)
    bucket.answers.push(new Response('<Secret>AKIA</Secret>', { status }))
    const error = await sink.read('a.json').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'PUBLICATION_IO', retryable, path: `${BASE}a.json`, got: `${status}` })
    expect(String(error)).not.toContain('AKIA')
    bucket.answers.push(new Response(null, { status }))
    await expect(sink.write('a.json', '1', undefined, METADATA)).rejects.toMatchObject({
      code: 'PUBLICATION_IO',
      retryable
    })
    expect(await sink.write('a.json', '1', undefined, METADATA)).toBe(true)
  })

  it('fails where it cannot be reached, breaks off, says no tag, a weak one, or too much', async () => {
    const bucket = fakeBucket()
    const sink = createHttpSink({ base: BASE, fetch: bucket.fetch, maxBytes: 4 })
    const broken = new ReadableStream({ start: (controller) => controller.error(new Error('reset')) })
    const etag = { headers: { ETag: '"1"' } }
    for (const [answer, retryable] of [
      [new Error('no route to 10.0.0.7'), true],
      [new Response(broken, etag), true],
      [new Response('1'), false],
      [new Response('1', { headers: { ETag: 'W/"1"' } }), false],
      [new Response('12345', etag), false]
    ] as const) {
      bucket.answers.push(answer)
      await expect(sink.read('a.json')).rejects.toMatchObject({ code: 'PUBLICATION_IO', retryable })
    }
  })

  it.each([
    ['http://s3.example/'],
    ['https://s3.example/?x=1'],
    ['https://s3.example/#x'],
    ['https://user:secret@s3.example/'],
    ['bucket'],
    [undefined]
  ])('is refused under %s', (base) => {
    const { fetch } = fakeBucket()
    expect(() => createHttpSink({ base: base as string, fetch })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' })
    )
  })

  it('may lie on this machine without TLS', () => {
    const { fetch } = fakeBucket()
    expect(() => createHttpSink({ base: 'http://localhost:9000/bucket', fetch })).not.toThrow()
  })
})
