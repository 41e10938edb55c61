import { describe, expect, test } from 'vitest'
import {
  askResolver,
  combineResolvers,
  createMapResolver,
  type ResolveRequest,
  type Resolver
} from '../../src/did/resolver.js'
import { ResolutionError } from '../../src/encoding/errors.js'

const request = { url: 'did:web:academy.example', kind: 'controllerDocument' } as const
const nothing: Resolver = { resolve: async () => undefined }
const failing = (code: 'RESOLUTION_FAILED' | 'RESOLUTION_INVALID'): Resolver => ({
  resolve: async () => {
    throw new ResolutionError({ code, message: 'for the test' })
  }
})
const broken: Resolver = {
  resolve: () => {
    throw new TypeError('a bug')
  }
}
const known = createMapResolver({ [request.url]: '{"id":"did:web:academy.example"}' })

describe('createMapResolver', () => {
  test('refuses documents that were not awaited', () => {
    const promised = Promise.resolve({ 'did:web:academy.example': '{}' })
    const refusal = (path: string) => expect.objectContaining({ code: 'OPTION_INVALID', path, hint: 'Await it.' })
    expect(() => createMapResolver(promised as never)).toThrow(refusal('entries'))
    const content = Promise.resolve('{}') as never
    expect(() => createMapResolver({ 'did:web:a.example': content })).toThrow(refusal('entries.did:web:a.example'))
    expect(() => createMapResolver([['did:web:a.example', content]])).toThrow(refusal('entries.did:web:a.example'))
  })

  test('gives text, bytes and objects for exactly their URL', async () => {
    const resolver = createMapResolver(
      new Map<string, string | Uint8Array | { id: string }>([
        ['https://a.example/1', 'text'],
        ['https://a.example/2', Uint8Array.of(1, 2)],
        ['https://a.example/3', { id: 'x' }]
      ])
    )
    const body = async (url: string) => (await resolver.resolve({ url, kind: 'statusList' }))?.body
    expect(await body('https://a.example/1')).toBe('text')
    expect(await body('https://a.example/2')).toEqual(Uint8Array.of(1, 2))
    expect(await body('https://a.example/3')).toBe('{"id":"x"}')
    for (const other of ['https://a.example/1#x', 'https://A.example/1', '__proto__', 'constructor']) {
      expect(await body(other)).toBeUndefined()
    }
  })

  test('keeps what it was given', async () => {
    const bytes = Uint8Array.of(1, 2)
    const resolver = createMapResolver({ x: bytes })
    bytes.fill(0)
    const first = await resolver.resolve({ url: 'x', kind: 'statusList' })
    if (first?.body instanceof Uint8Array) first.body.fill(0)
    expect((await resolver.resolve({ url: 'x', kind: 'statusList' }))?.body).toEqual(Uint8Array.of(1, 2))
  })
})

describe('combineResolvers', () => {
  test('the first that knows wins, past those that know nothing or could not find out', async () => {
    const last = createMapResolver({ [request.url]: 'last' })
    const combined = combineResolvers(nothing, failing('RESOLUTION_FAILED'), broken, known, last)
    expect((await combined.resolve(request))?.body).toContain('academy')
  })

  test('nobody knows: undefined, or the error of the one that could not find out', async () => {
    expect(await combineResolvers().resolve(request)).toBeUndefined()
    expect(await combineResolvers(nothing, nothing).resolve(request)).toBeUndefined()
    await expect(combineResolvers(failing('RESOLUTION_FAILED'), nothing).resolve(request)).rejects.toMatchObject({
      code: 'RESOLUTION_FAILED'
    })
  })

  test('a contradiction ends the search', async () => {
    await expect(combineResolvers(failing('RESOLUTION_INVALID'), known).resolve(request)).rejects.toMatchObject({
      code: 'RESOLUTION_INVALID'
    })
  })
})

describe('askResolver', () => {
  test('a foreign error becomes RESOLUTION_FAILED, with its cause', async () => {
    const error = await askResolver(broken, request).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'ResolutionError', code: 'RESOLUTION_FAILED', cause: expect.any(TypeError) })
  })

  test.each([[null], [{}], ['text'], [{ body: { id: 'x' } }], [{ body: [1] }], [7]])(
    '%j is no answer',
    async (answer) => {
      const resolver: Resolver = { resolve: async () => answer as never }
      await expect(askResolver(resolver, request)).rejects.toMatchObject({ code: 'RESOLUTION_FAILED' })
    }
  )

  test('passes the request on, and asks nobody once it was aborted', async () => {
    const asked: ResolveRequest[] = []
    const spy: Resolver = {
      resolve: async (each) => {
        asked.push(each)
        return { body: 'x', mediaType: 'application/json' }
      }
    }
    const controller = new AbortController()
    const full = { ...request, signal: controller.signal }
    expect(await askResolver(spy, full)).toEqual({ body: 'x', mediaType: 'application/json' })
    controller.abort()
    await expect(askResolver(spy, full)).rejects.toMatchObject({ code: 'RESOLUTION_FAILED' })
    expect(asked).toEqual([full])
  })
})
