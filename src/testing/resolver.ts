import type { Resolution, ResolveRequest, Resolver } from '../did/resolver.js'
import { parseDateTimeStamp } from '../encoding/dates.js'
import { ResolutionError } from '../encoding/errors.js'
import { expectEqual, expectRejection, expectThat, type TestRunner } from './harness.js'

/** A document that a resolver under test has to find. */
export interface KitDocument extends Pick<ResolveRequest, 'url' | 'kind'> {
  readonly text: string
}

/** What `testResolver` has to know of a driver besides how to open it. */
export interface ResolverKit<Driver extends Resolver = Resolver> extends TestRunner {
  /** Stands in the names of the tests. */
  readonly name?: string
  /** Whether the driver finds status lists that have a `urn:uuid:` name. False unless told. */
  readonly findsUrns?: boolean
  /** A resolver whose source cannot be reached, for the clause on failure. */
  readonly unreachable?: () => Promise<Resolver>
  /** A resolver whose source contradicts itself about `did:web:academy.example`, where a driver can tell. */
  readonly contradicting?: () => Promise<Resolver>
  /** A resolver whose source never answers, for the clause on giving up. */
  readonly hanging?: () => Promise<Resolver>
  /** Called with each resolver after its test. */
  readonly close?: (resolver: Driver) => Promise<void> | void
}

/**
 * Registers the tests that every {@link Resolver} has to pass, one for each clause of its contract. `docs/testing.md` lists
 * the clauses.
 *
 * Does NOT test what a resolver has to do about strangers: addresses of private networks, redirects, bodies without end.
 *
 * @param open - opens a resolver of its own for one test, which has the given documents and no others
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test'
 * import { createMapResolver } from 'komma'
 * import { testResolver } from 'komma/testing'
 *
 * const open = async (documents: readonly { url: string; text: string }[]) =>
 *   createMapResolver(documents.map(({ url, text }) => [url, text] as const))
 * testResolver(open, { describe, it, findsUrns: true })
 * ```
 */
export function testResolver<Driver extends Resolver>(
  open: (documents: readonly KitDocument[]) => Promise<Driver>,
  kit: ResolverKit<Driver>
): void {
  const { describe, it, name = 'a resolver', findsUrns = false } = kit
  const documents = DOCUMENTS.filter(({ url }) => findsUrns || !url.startsWith('urn:'))
  describe(name, () => {
    for (const [title, body] of Object.entries(CLAUSES)) {
      it(title, async () => {
        const resolver = await open(documents)
        try {
          await body(resolver, documents)
        } finally {
          await kit.close?.(resolver)
        }
      })
    }
    const { unreachable, contradicting, hanging } = kit
    if (unreachable !== undefined) it(UNREACHABLE, () => checkUnreachable(unreachable))
    if (contradicting !== undefined) it(CONTRADICTING, () => checkContradicting(contradicting))
    if (hanging !== undefined) it(HANGING, () => checkHanging(hanging))
  })
}

const UNREACHABLE = 'says RESOLUTION_FAILED where it cannot find out, and not that there is nothing'
const CONTRADICTING = 'says RESOLUTION_INVALID where what it found contradicts itself'
const HANGING = 'gives up with RESOLUTION_FAILED when the signal is aborted'
/** How long a resolver may take to notice that nobody waits for it. */
const PATIENCE_MS = 5_000

const DID = 'did:web:academy.example'
const KEY = '"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"'
const DOCUMENTS: readonly KitDocument[] = [
  controllerDocument(DID, DID),
  controllerDocument('did:web:academy.example:schools:7', 'did:web:academy.example:schools:7'),
  controllerDocument('https://academy.example/issuers/7', 'https://academy.example/issuers/7'),
  {
    url: 'https://academy.example/.well-known/jwks.json',
    kind: 'jwks',
    text: `{"keys":[{${KEY},"kid":"${DID}#key-1","iss":"${DID}"}]}`
  },
  statusList('https://academy.example/status/revocation-1.json'),
  statusList('urn:uuid:0f7a4c0e-1111-4222-8333-444455556666')
]

/** Nobody has these, however much they look like what somebody has. */
const NEAR_MISSES: readonly Pick<KitDocument, 'url' | 'kind'>[] = [
  { url: 'did:web:academy.example:schools', kind: 'controllerDocument' },
  { url: 'did:web:academy.example:schools:77', kind: 'controllerDocument' },
  { url: 'did:web:academy.example.evil.example', kind: 'controllerDocument' },
  { url: 'did:web:other.example', kind: 'controllerDocument' },
  { url: 'https://academy.example/issuers/7/', kind: 'controllerDocument' },
  { url: 'https://academy.example/issuers/8', kind: 'controllerDocument' },
  { url: 'https://academy.example/ISSUERS/7', kind: 'controllerDocument' },
  { url: 'https://other.example/issuers/7', kind: 'controllerDocument' },
  { url: 'https://other.example/.well-known/jwks.json', kind: 'jwks' },
  { url: 'https://academy.example/status/revocation-1.json?list=2', kind: 'statusList' },
  { url: 'https://academy.example/status/revocation-2.json', kind: 'statusList' },
  { url: 'https://academy.example/status/', kind: 'statusList' },
  { url: 'urn:uuid:00000000-0000-4000-8000-000000000000', kind: 'statusList' },
  { url: 'https://academy.example/status/../status/revocation-3.json', kind: 'statusList' }
]

type Clause = (resolver: Resolver, documents: readonly KitDocument[]) => Promise<void>

const CLAUSES: Readonly<Record<string, Clause>> = {
  async 'gives the content of the URL that is asked for, to the byte'(resolver, documents) {
    for (const { text, ...request } of documents) {
      const found = await resolver.resolve(request)
      expectThat(`there is something for ${request.url}`, found !== undefined)
      expectEqual(`the content of ${request.url}`, textOf(found), text)
    }
  },

  async 'answers in the form of a Resolution, and vouches for no key'(resolver, documents) {
    for (const { text: _, ...request } of documents) checkForm(await resolver.resolve(request))
  },

  async 'has nothing for any other URL, however much it looks like one that it has'(resolver) {
    for (const request of NEAR_MISSES) {
      const found = await resolver.resolve(request).catch(onlyResolutionError(request.url))
      expectThat(`there is nothing for ${request.url}`, found === undefined, found)
    }
  },

  async 'says undefined for what it knows that it does not have'(resolver) {
    const request = { url: 'https://academy.example/status/revocation-2.json', kind: 'statusList' } as const
    expectEqual('the answer', await resolver.resolve(request), undefined)
  },

  async 'throws nothing but ResolutionError, whatever it is asked for'(resolver) {
    for (const url of [
      '',
      'x',
      'did:',
      'did:web:',
      'did:web:%00',
      'https://',
      'file:///etc/passwd',
      'urn:uuid:',
      '\u0000'
    ])
      for (const kind of ['controllerDocument', 'statusList'] as const) {
        const found = await resolver.resolve({ url, kind }).catch(onlyResolutionError(JSON.stringify(url)))
        expectThat(`there is nothing for ${JSON.stringify(url)}`, found === undefined, found)
      }
  },

  async 'gives everybody a copy of their own'(resolver, documents) {
    for (const { text, ...request } of documents) {
      const first = await resolver.resolve(request)
      if (first?.body instanceof Uint8Array) first.body.fill(0)
      expectEqual(`the second answer for ${request.url}`, textOf(await resolver.resolve(request)), text)
    }
  },

  async 'gives each of many who ask at once what they asked for'(resolver, documents) {
    const asked = Array.from({ length: 30 }, (_, n) => documents[n % documents.length] as KitDocument)
    const found = await Promise.all(asked.map(({ text: _, ...request }) => resolver.resolve(request)))
    for (const [n, { url, text }] of asked.entries()) expectEqual(`answer ${n}, for ${url}`, textOf(found[n]), text)
  },

  async 'answers the same in a session, and another session does not change it'(resolver, documents) {
    const sessions = [resolver.session?.() ?? resolver, resolver.session?.() ?? resolver]
    for (const session of sessions) {
      for (const { text, ...request } of documents.slice(0, 2)) {
        expectEqual(`the content of ${request.url} in a session`, textOf(await session.resolve(request)), text)
      }
    }
  }
}

async function checkUnreachable(unreachable: () => Promise<Resolver>): Promise<void> {
  const resolver = await unreachable()
  for (const { text: _, ...request } of DOCUMENTS.slice(0, 4)) {
    const call = () => resolver.resolve(request)
    await expectRejection(`resolve(${request.url})`, call, { type: ResolutionError, codes: ['RESOLUTION_FAILED'] })
  }
}

async function checkContradicting(contradicting: () => Promise<Resolver>): Promise<void> {
  const resolver = await contradicting()
  const call = () => resolver.resolve({ url: DID, kind: 'controllerDocument' })
  await expectRejection(`resolve(${DID})`, call, { type: ResolutionError, codes: ['RESOLUTION_INVALID'] })
}

async function checkHanging(hanging: () => Promise<Resolver>): Promise<void> {
  const resolver = await hanging()
  const controller = new AbortController()
  const answer = resolver.resolve({ url: DID, kind: 'controllerDocument', signal: controller.signal })
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it did not give up')), PATIENCE_MS)
  })
  controller.abort()
  const call = () => Promise.race([answer, late])
  try {
    await expectRejection('an aborted resolve', call, { type: ResolutionError, codes: ['RESOLUTION_FAILED'] })
  } finally {
    clearTimeout(timer)
  }
}

function checkForm(found: Resolution | undefined): void {
  const { body, mediaType, readAt, legacyFragment } = found ?? { body: undefined }
  expectThat('the body is a text or a Uint8Array', typeof body === 'string' || body instanceof Uint8Array, body)
  expectThat(
    'the media type is a text, or missing',
    mediaType === undefined || typeof mediaType === 'string',
    mediaType
  )
  expectThat('readAt is a dateTimeStamp, or missing', readAt === undefined || isDateTimeStamp(readAt), readAt)
  expectEqual('legacyFragment', legacyFragment, undefined)
}

function isDateTimeStamp(text: unknown): boolean {
  try {
    parseDateTimeStamp(text as string)
    return true
  } catch {
    return false
  }
}

/** A refusal is as good as nothing; an error of another class would end a verification that it should not end. */
function onlyResolutionError(what: string): (error: unknown) => undefined {
  return (error) => {
    expectThat(`what is thrown for ${what} is a ResolutionError`, error instanceof ResolutionError, error)
    return undefined
  }
}

function textOf(found: Resolution | undefined): string | undefined {
  const body = found?.body
  return body instanceof Uint8Array ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(body) : body
}

function controllerDocument(url: string, id: string): KitDocument {
  const method = `{"id":"${id}#key-1","type":"JsonWebKey","controller":"${id}","publicKeyJwk":{${KEY}}}`
  return {
    url,
    kind: 'controllerDocument',
    text: `{ "id":"${id}",\n "name":"Sk\u00e5ne \ud83c\udf93","verificationMethod":[${method}] }\n`
  }
}

function statusList(id: string): KitDocument {
  return {
    url: id,
    kind: 'statusList',
    text: `{"id":"${id}","type":["VerifiableCredential","BitstringStatusListCredential"]}`
  }
}
