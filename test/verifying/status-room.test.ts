import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { createMapResolver } from '../../src/index.js'
import { settle } from '../../src/verifying/options.js'
import { checkStatus } from '../../src/verifying/status.js'
import { NOW } from '../support/issuer.js'
import { plainBadge, type TestSigner, testSigner } from '../support/sign.js'
import { credentialWith, entry, serve, signedList, statusOf } from '../support/status.js'

const MIB = 1_048_576
const EXPECT = { expect: 'VerifiableCredential' } as const

let issuer: TestSigner
beforeAll(async () => {
  issuer = await testSigner('issuer')
})

const address = (number: number) => `https://academy.example/status/${number}.json`

/** The address of a list, and a list that unpacks to so many bytes. */
async function listOf(number: number, bytes: number, encoded = encodedZeros(bytes)): Promise<[string, JsonObject]> {
  const url = address(number)
  return [
    url,
    await signedList(issuer, { document: { id: url }, subject: { id: `${url}#list`, encodedList: encoded } })
  ]
}

function encodedZeros(bytes: number): string {
  return `u${gzipSync(Buffer.alloc(bytes), { level: 9 }).toString('base64url')}`
}

/** What each list says of a credential that names them all, in order. */
async function codesOf(lists: readonly [string, JsonObject][]): Promise<readonly string[]> {
  const entries = lists.map(([url]) => entry({ id: `${url}#5`, statusListCredential: url }))
  const signed = await credentialWith(issuer, entries)
  const answer = await statusOf(signed, { ...EXPECT, resolver: createMapResolver(lists) })
  const good = answer.facts.map(({ code }) => code)
  return [...good, ...(answer.code === 'STATUS_GOOD' ? [] : [String(answer.code)])]
}

describe('the lists of one verification', () => {
  it('162: may unpack to 8 MiB each', async () => {
    expect(await codesOf([await listOf(1, 8 * MIB)])).toEqual(['STATUS_GOOD'])
    expect(await codesOf([await listOf(1, 8 * MIB + 1)])).toEqual(['STATUS_LIST_MALFORMED'])
    expect(await codesOf([await listOf(1, 8 * MIB), await listOf(2, 8 * MIB + 1)])).toEqual([
      'STATUS_GOOD',
      'STATUS_LIST_MALFORMED'
    ])
  })

  it('162: may unpack to 16 MiB in all; what is beyond is not read, and that is no fault of the list', async () => {
    const [first, second] = [await listOf(1, 6 * MIB), await listOf(2, 6 * MIB)]
    expect(await codesOf([first, second, await listOf(3, 4 * MIB)])).toEqual(Array(3).fill('STATUS_GOOD'))
    const full = [first, second, await listOf(3, 4 * MIB + 1)]
    expect(await codesOf(full)).toEqual(['STATUS_GOOD', 'STATUS_GOOD', 'STATUS_UNAVAILABLE'])
  })

  it('163: are malformed where they cannot be unpacked, however little room is left', async () => {
    const lists = [await listOf(1, 6 * MIB), await listOf(2, 6 * MIB), await listOf(3, 0, 'uH4sI')]
    expect(await codesOf(lists)).toEqual(['STATUS_GOOD', 'STATUS_GOOD', 'STATUS_LIST_MALFORMED'])
  })
})

describe('a list whose reading fails in a way that nobody foresaw', () => {
  it('leaves the status unknown, and does not call the list malformed', async () => {
    const [url, list] = await listOf(1, 16_384)
    const settings = settle({ now: NOW, resolver: serve(list, url) })
    const room = {
      ...settings.room,
      get listBytes(): number {
        throw new TypeError('boom')
      }
    }
    const document = { ...plainBadge(issuer.did), credentialStatus: entry({ statusListCredential: url }) }
    const answer = await checkStatus(document, { issuer: issuer.did, legacy: false }, { ...settings, room })
    expect(answer.check).toMatchObject({ outcome: 'unknown', code: 'INTERNAL_ERROR' })
  })
})
