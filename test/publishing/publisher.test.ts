import { describe, expect, it } from 'vitest'
import {
  createMapResolver,
  createMemoryKeyStore,
  createMemorySink,
  createMemoryStatusStore,
  createPublisher,
  type PublicationSink,
  verify
} from '../../src/index.js'
import { NOW, testSeed } from '../support/issuer.js'
import { barrier, fakeTime, LIST, until, validFromOf, WEB_ISSUER, webHouse } from './support.js'

const AT = '2026-06-01T12:00:00Z'

describe('a round of a publisher', () => {
  it('puts every document where its address leads, and a list of them where one is wanted', async () => {
    const house = await webHouse()
    await house.issue()
    const sink = createMemorySink()
    const round = await house.publisher(sink, { index: 'index.json' }).publish()
    const places = ['.well-known/did.json', '.well-known/jwks.json', LIST, 'index.json']
    expect(round.written.map(({ place }) => place)).toEqual(places)
    expect(round.documents).toEqual(round.written)
    expect([...sink.entries().keys()].sort()).toEqual([...places].sort())
    const entries = sink.entries()
    expect(entries.get(LIST)?.metadata).toEqual({ mediaType: 'application/vc', maxAge: 300 })
    expect(entries.get('.well-known/jwks.json')?.metadata.mediaType).toBe('application/jwk-set+json')
    expect(JSON.parse(entries.get('index.json')?.text ?? '')).toMatchObject({ [WEB_ISSUER]: '.well-known/did.json' })
  })

  it('is told document by document, and writes nothing again that did not change', async () => {
    const house = await webHouse()
    const sink = createMemorySink()
    const publisher = house.publisher(sink)
    await publisher.publish()
    const told = { type: 'published', at: AT, issuer: WEB_ISSUER, delay: undefined }
    expect(house.events).toEqual([
      { ...told, document: WEB_ISSUER, kind: 'controllerDocument', place: '.well-known/did.json' },
      {
        ...told,
        document: 'https://academy.example/.well-known/jwks.json',
        kind: 'jwks',
        place: '.well-known/jwks.json'
      }
    ])
    expect((await publisher.publish()).written).toEqual([])
    expect(house.events).toHaveLength(2)
    expect(publisher.metrics()).toEqual({ lag: 0, longestDelay: 0, published: 2, late: 0, failed: 0 })
  })

  it('brings what was revoked before it to whoever reads', async () => {
    const house = await webHouse()
    const sink = createMemorySink()
    const publisher = house.publisher(sink)
    const issued = await house.issuer.issue(house.competency, {
      recipient: { email: 'k@example.org' },
      results: [{ resultDescription: 'drill', achievedLevel: 'safe' }]
    })
    const read = async () => {
      const documents = (await publisher.publish()).documents
      const resolver = createMapResolver(
        documents.map(({ id, place }) => [id, sink.entries().get(place)?.text ?? ''] as const)
      )
      return verify(issued.text, { resolver, now: house.time.now() })
    }
    expect((await read()).accepted).toBe(true)
    house.time.move(60)
    await house.revoke(issued.id)
    expect((await read()).checks.find(({ id }) => id === 'status')?.code).toBe('REVOKED')
  })

  it('takes further documents, and places of the caller', async () => {
    const house = await webHouse()
    const sink = createMemorySink()
    const document = {
      id: 'https://academy.example/achievements/1',
      kind: 'achievement',
      text: '{"id":"https://academy.example/achievements/1"}'
    } as const
    await house
      .publisher(sink, { documents: async () => [document], place: (all) => all.map((_, n) => `${n}.json`) })
      .publish()
    expect(sink.entries().get('2.json')?.text).toBe(document.text)
  })

  it('is refused where two documents have one place', async () => {
    const house = await webHouse()
    const publisher = house.publisher(createMemorySink(), { place: (all) => all.map(() => 'one.json') })
    await expect(publisher.publish()).rejects.toMatchObject({ code: 'OPTION_INVALID', path: 'place' })
  })
})

describe('two publishers', () => {
  it.each(['write', 'read'] as const)(
    '209: the slow one, held up at a %s, never puts an older list back',
    async (step) => {
      const house = await webHouse()
      const credentialId = await house.issue()
      const sink = createMemorySink()
      const fast = house.publisher(sink)
      await fast.publish()
      const gate = barrier()
      let isHeld = false
      const slowSink: PublicationSink = {
        read: async (place) => {
          const entry = await sink.read(place)
          if (step === 'read' && place === LIST && !isHeld) {
            isHeld = true
            await gate.pass()
          }
          return entry
        },
        write: async (place, ...rest) => {
          if (step === 'write' && place === LIST && !isHeld) {
            isHeld = true
            await gate.pass()
          }
          return sink.write(place, ...rest)
        }
      }
      house.time.move(4_000)
      const slow = house.publisher(slowSink).publish()
      await gate.reached
      house.time.move(10)
      await house.revoke(credentialId)
      await fast.publish()
      const newest = sink.entries().get(LIST)?.text
      gate.open()
      await slow
      expect(sink.entries().get(LIST)?.text).toBe(newest)
      expect((await house.status.publication(`https://academy.example/${LIST}`))?.text).toBe(newest)
    }
  )

  it('209: the slow one never puts an older set of keys back', async () => {
    const time = fakeTime()
    const keys = await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW })
    const house = await webHouse({ keys }, time)
    const sink = createMemorySink()
    await house.publisher(sink).publish()
    await keys.create({ seed: testSeed('second'), now: NOW })
    const gate = barrier()
    const slow = house.publisher({
      read: (place) => sink.read(place),
      write: async (place, ...rest) => {
        await gate.pass()
        return sink.write(place, ...rest)
      }
    })
    const publishing = slow.publish()
    await gate.reached
    await keys.create({ seed: testSeed('third'), now: NOW })
    await house.publisher(sink).publish()
    gate.open()
    await publishing
    const { verificationMethod } = JSON.parse(sink.entries().get('.well-known/did.json')?.text ?? '')
    expect(verificationMethod).toHaveLength(3)
  })

  it('209: a hundred rounds of four at once only ever go forward', async () => {
    const house = await webHouse()
    const sink = createMemorySink()
    const seen: string[] = []
    const watched: PublicationSink = {
      read: (place) => sink.read(place),
      write: async (place, text, ...rest) => {
        const isWritten = await sink.write(place, text, ...rest)
        if (isWritten && place === LIST) seen.push(validFromOf(text))
        return isWritten
      }
    }
    const publishers = Array.from({ length: 4 }, () => house.publisher(watched))
    for (let n = 0; n < 25; n += 1) {
      const credentialId = await house.issue()
      await Promise.allSettled([...publishers.map((one) => one.publish()), house.revoke(credentialId)])
      house.time.move(1)
    }
    await publishers[0]?.publish()
    expect(seen.length).toBeGreaterThan(20)
    expect(seen).toEqual([...new Set(seen)].sort())
    expect(sink.entries().get(LIST)?.text).toBe(
      (await house.status.publication(`https://academy.example/${LIST}`))?.text
    )
  })
})

describe('a publisher over a store that was put back', () => {
  it('219, 209: replaces no list that is newer than what the store knows, and says so', async () => {
    const house = await webHouse()
    await house.issue()
    const sink = createMemorySink()
    await house.publisher(sink).publish()
    const entry = await sink.read(LIST)
    const newer = JSON.stringify({ ...JSON.parse(entry?.text ?? ''), validFrom: '2026-06-02T00:00:00Z' })
    await sink.write(LIST, newer, entry?.tag, { mediaType: 'application/vc', maxAge: 1 })
    await expect(house.publisher(sink).publish()).rejects.toMatchObject({ code: 'STATUS_CONFLICT', path: LIST })
    expect((await sink.read(LIST))?.text).toBe(newer)
    expect(house.events.at(-1)).toMatchObject({
      type: 'failed',
      code: 'STATUS_CONFLICT',
      document: `https://academy.example/${LIST}`
    })
  })
})

describe('a clock that goes back between publications', () => {
  it('210: makes a list that starts a second after the one before, with the change in it', async () => {
    const house = await webHouse()
    const credentialId = await house.issue()
    const sink = createMemorySink()
    const publisher = house.publisher(sink)
    await publisher.publish()
    expect(validFromOf(sink.entries().get(LIST)?.text)).toBe(AT)
    house.time.set(new Date('2026-05-01T00:00:00Z'))
    await house.revoke(credentialId)
    await publisher.publish()
    expect(validFromOf(sink.entries().get(LIST)?.text)).toBe('2026-06-01T12:00:01Z')
    expect(house.events.filter(({ type }) => type === 'failed')).toEqual([])
    const { version, publishedVersion } = (await house.status.lists())[0] ?? {}
    expect(publishedVersion).toBe(version)
  })
})

describe('a signer that is slow', () => {
  it('211: is waited for outside the store, and what it signed counts only if nobody published since', async () => {
    const keys = await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW })
    const gate = barrier()
    let isSlow = false
    const slowKeys: typeof keys = {
      ...keys,
      signer: async (id) => {
        const signer = await keys.signer(id)
        const sign = async (data: Uint8Array) => {
          if (isSlow) await gate.pass()
          return signer.sign(data)
        }
        return { ...signer, sign }
      }
    }
    const status = createMemoryStatusStore()
    const house = await webHouse({ keys: slowKeys, status })
    const quick = await webHouse({ keys, status }, house.time)
    const credentialId = await house.issue()
    const sink = createMemorySink()
    isSlow = true
    const publishing = house.publisher(sink).publish()
    await gate.reached
    // The store is free for everything while the key service thinks.
    const other = await quick.issue()
    await quick.revoke(credentialId)
    await quick.publisher(sink).publish()
    const newest = sink.entries().get(LIST)?.text
    isSlow = false
    gate.open()
    await publishing
    expect(sink.entries().get(LIST)?.text).toBe(newest)
    expect(await status.find(other)).toMatchObject({ state: 'released' })
  })
})

describe('what lies in a place', () => {
  const metadata = { mediaType: 'text/html', maxAge: 1 }

  it.each([
    ['a page', '.well-known/did.json', '<html></html>'],
    ['another JSON', '.well-known/did.json', '{"name":"site"}'],
    ['the document of another', '.well-known/did.json', '{"id":"did:web:other.example"}'],
    ['the keys of another', '.well-known/jwks.json', '{"keys":[{"iss":"did:web:other.example"}]}'],
    ['a JWK Set of nobody', '.well-known/jwks.json', '{"keys":[{"kty":"OKP"}]}'],
    ['no JWK Set', '.well-known/jwks.json', '[]']
  ])('is not replaced where it is %s, and the rest is published', async (_, place, text) => {
    const house = await webHouse()
    await house.issue()
    const sink = createMemorySink()
    await sink.write(place, text, undefined, metadata)
    await expect(house.publisher(sink).publish()).rejects.toMatchObject({ code: 'FILE_EXISTS', path: place })
    expect(sink.entries().get(place)?.text).toBe(text)
    expect(sink.entries().size).toBe(3)
    expect(house.events.filter(({ type }) => type === 'failed')).toHaveLength(1)
  })

  it('keeps everything from being written where all shall be or nothing', async () => {
    const house = await webHouse()
    await house.issue()
    const sink = createMemorySink()
    await sink.write('.well-known/jwks.json', '[]', undefined, metadata)
    await expect(house.publisher(sink, { allOrNothing: true }).publish()).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    expect(sink.entries().size).toBe(1)
  })

  it('is replaced where it is empty, or damaged and listed as the document of this issuer', async () => {
    const house = await webHouse()
    const sink = createMemorySink()
    const publisher = house.publisher(sink, { index: 'index.json' })
    await publisher.publish()
    for (const damaged of ['', '{"id":"did:we', 'x']) {
      const entry = await sink.read('.well-known/did.json')
      await sink.write('.well-known/did.json', damaged, entry?.tag, metadata)
      expect((await publisher.publish()).written).toMatchObject([{ place: '.well-known/did.json' }])
    }
  })

  it.each(['<html></html>', '{"name":"app"}', '[]', '{"x":1}'])('is no list of files where it is %s', async (text) => {
    const house = await webHouse()
    const sink = createMemorySink()
    await sink.write('index.json', text, undefined, metadata)
    const publisher = house.publisher(sink, { index: 'index.json' })
    await expect(publisher.publish()).rejects.toMatchObject({ code: 'FILE_EXISTS', path: 'index.json' })
    expect(sink.entries().get('index.json')?.text).toBe(text)
  })
})

describe('a sink that fails', () => {
  it('that does not keep what it took is noticed', async () => {
    const house = await webHouse()
    const sink = { read: async () => undefined, write: async () => true }
    await expect(house.publisher(sink).publish()).rejects.toMatchObject({ code: 'PUBLICATION_IO', retryable: true })
    expect(house.events.some(({ type }) => type === 'published')).toBe(false)
  })

  it('that always has somebody else in the place is given up after some tries', async () => {
    const house = await webHouse()
    let tries = 0
    const sink = {
      read: async () => undefined,
      write: async () => {
        tries += 1
        return false
      }
    }
    await expect(house.publisher(sink).publish()).rejects.toMatchObject({ code: 'PUBLICATION_IO', retryable: true })
    expect(tries).toBe(10)
  })

  it('with an error of its own fails with one of this library, which keeps it as the cause', async () => {
    const house = await webHouse()
    const cause = new Error('secret host')
    const sink = { read: () => Promise.reject(cause), write: async () => true }
    const error = await house
      .publisher(sink)
      .publish()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'PublicationError', code: 'PUBLICATION_IO', cause })
    expect(String(error)).not.toContain('secret')
    expect(JSON.stringify(house.events)).not.toContain('secret')
  })

  it('that hangs is not waited for longer than the timeout', async () => {
    const house = await webHouse()
    let signal: AbortSignal | undefined
    const sink: PublicationSink = {
      read: (_, call) => {
        signal = call?.signal
        return new Promise(() => {})
      },
      write: async () => true
    }
    const publishing = house.publisher(sink, { timeout: 5 }).publish()
    const refused = expect(publishing).rejects.toMatchObject({
      code: 'PUBLICATION_IO',
      retryable: true,
      expected: 'an answer within 5 seconds'
    })
    await until(() => house.time.waiting() > 0)
    house.time.move(5)
    await refused
    expect(signal?.aborted).toBe(true)
  })
})

describe('the options of a publisher', () => {
  it.each([
    ['issuer', {}],
    ['sink', { read: () => {} }],
    ['documents', []],
    ['clock', 7],
    ['index', '../x'],
    ['allOrNothing', 'yes'],
    ['maxDelay', 0],
    ['interval', Number.NaN],
    ['timeout', '5'],
    ['lists.refreshAfter', { lifetime: 3_600 }],
    ['colour', 'red']
  ])('are refused where %s is wrong', async (path, value) => {
    const { issuer } = await webHouse()
    const name = path.split('.')[0] as string
    const options = { issuer, sink: createMemorySink(), [name]: value }
    expect(() => createPublisher(options as never)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', path }))
  })
})
