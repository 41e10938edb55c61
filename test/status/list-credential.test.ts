import { describe, expect, it } from 'vitest'
import { createBitstring, decodeList, readStatus, setBit } from '../../src/status/bitstring.js'
import {
  buildStatusListCredential,
  type StatusListCredentialInput,
  statusEntry
} from '../../src/status/list-credential.js'

const now = new Date('2026-11-21T09:00:00.750Z')

function inputWith(changes: Partial<StatusListCredentialInput> = {}): StatusListCredentialInput {
  return {
    list: { id: 'https://academy.example/status/1', purpose: 'revocation' },
    bits: createBitstring(131_072),
    issuer: 'did:web:academy.example',
    now,
    ttlSeconds: 300,
    lifetimeSeconds: 86_400,
    ...changes
  }
}

describe('a status list credential', () => {
  it('says what the standard asks, with ttl in milliseconds and times in whole seconds', async () => {
    const bits = createBitstring(131_072)
    setBit(bits, 9713, true)
    const credential = await buildStatusListCredential(inputWith({ bits }))
    const { encodedList, ...subject } = credential.credentialSubject as { encodedList: string }
    expect({ ...credential, credentialSubject: subject }).toEqual({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: 'https://academy.example/status/1',
      type: ['VerifiableCredential', 'BitstringStatusListCredential'],
      issuer: 'did:web:academy.example',
      validFrom: '2026-11-21T09:00:00Z',
      validUntil: '2026-11-22T09:00:00Z',
      credentialSubject: {
        id: 'https://academy.example/status/1#list',
        type: 'BitstringStatusList',
        statusPurpose: 'revocation',
        ttl: 300_000
      }
    })
    const read = await decodeList(encodedList)
    expect([readStatus(read, 9713), readStatus(read, 9712)]).toEqual([1, 0])
  })

  it.each([
    ['2026-11-20T09:00:00Z', '2026-11-21T09:00:00Z'],
    ['2026-11-21T08:59:59Z', '2026-11-21T09:00:00Z'],
    ['2026-11-21T09:00:00Z', '2026-11-21T09:00:01Z'],
    ['2026-12-01T00:00:00Z', '2026-12-01T00:00:01Z']
  ])('after %s starts at %s, wherever the clock stands', async (previousValidFrom, validFrom) => {
    const credential = await buildStatusListCredential(inputWith({ previousValidFrom }))
    expect(credential.validFrom).toBe(validFrom)
    expect(Date.parse(String(credential.validUntil)) - Date.parse(validFrom)).toBe(86_400_000)
  })

  it('keeps a urn as its id and an issuer object as it is', async () => {
    const id = 'urn:uuid:2d9dd2e6-0b1b-4a4e-9f0e-4b8b3b0f6f52'
    const issuer = { id: 'did:web:academy.example', type: ['Profile'], name: 'Academy' }
    const credential = await buildStatusListCredential(inputWith({ list: { id, purpose: 'revocation' }, issuer }))
    expect(credential).toMatchObject({ id, issuer, credentialSubject: { id: `${id}#list` } })
  })

  it.each([
    [{ ttlSeconds: 0 }, 'OPTION_INVALID'],
    [{ ttlSeconds: 1.5 }, 'OPTION_INVALID'],
    [{ lifetimeSeconds: -1 }, 'OPTION_INVALID'],
    [{ ttlSeconds: 86_401 }, 'OPTION_INVALID'],
    [{ bits: new Uint8Array(16_383) }, 'STATUS_LIST_LENGTH'],
    [{ previousValidFrom: 'yesterday' }, 'DATE_INVALID'],
    [{ now: new Date(Number.NaN) }, 'DATE_INVALID']
  ])('refuses %j', async (changes, code) => {
    await expect(buildStatusListCredential(inputWith(changes))).rejects.toMatchObject({ code })
  })
})

describe('a status entry', () => {
  it('carries the index as a text and an id of its own', () => {
    expect(statusEntry({ list: 'https://academy.example/status/7', index: 9713, purpose: 'revocation' })).toEqual({
      id: 'https://academy.example/status/7#9713',
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '9713',
      statusListCredential: 'https://academy.example/status/7'
    })
  })
})
