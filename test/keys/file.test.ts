import { spawnSync } from 'node:child_process'
import { createPrivateKey, verify } from 'node:crypto'
import * as fs from 'node:fs'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { p256 } from '@noble/curves/nist.js'
import { FlattenedEncrypt, flattenedDecrypt } from 'jose'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { sha256 } from '../../src/crypto/digest.js'
import { importEd25519PublicKey } from '../../src/crypto/ed25519.js'
import { jwkOf } from '../../src/crypto/jwk.js'
import { multikeyOf } from '../../src/crypto/multikey.js'
import { type Fault, KommaError } from '../../src/encoding/errors.js'
import { decodeBase64url, encodeBase64url } from '../../src/encoding/multibase.js'
import { createKeyFile, openKeyFile } from '../../src/keys/file.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'

type Failing = 'rename' | 'link' | 'none'
const failing = vi.hoisted(() => ({ step: 'none' as Failing }))
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  const fail = (step: Failing) => {
    if (failing.step === step) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
  }
  return {
    ...real,
    rename: async (from: string, to: string) => {
      fail('rename')
      return real.rename(from, to)
    },
    link: async (from: string, to: string) => {
      fail('link')
      return real.link(from, to)
    }
  }
})

const seed = sha256(new TextEncoder().encode('komma-test-issuer'))
const now = new Date('2026-01-31T09:00:00Z')
const password = 'correct horse battery staple'
const utf8 = new TextEncoder()
const JOSE = { keyManagementAlgorithms: ['PBES2-HS512+A256KW'], maxPBES2Count: 210_000 }
const isPosix = process.platform !== 'win32'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'komma-keys-'))
  path = join(folder, 'keys.jwe')
})
afterEach(() => {
  failing.step = 'none'
  rmSync(folder, { recursive: true, force: true })
})

type Members = Record<string, string>
const readMembers = (): Members => JSON.parse(readFileSync(path, 'utf8'))
const write = (text: string | Uint8Array) => writeFileSync(path, text, { mode: 0o600 })

// What somebody who changes the file on purpose would write: the checksum is right again.
function writeWithChecksum(members: Members): void {
  const { sha256: _old, ...rest } = members
  const canonical = JSON.stringify(Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))))
  write(JSON.stringify({ ...rest, sha256: encodeBase64url(sha256(utf8.encode(canonical))) }))
}

function changeHeader(change: (header: Record<string, unknown>) => void): void {
  const members = readMembers()
  const header = JSON.parse(Buffer.from(members.protected ?? '', 'base64url').toString())
  change(header)
  writeWithChecksum({ ...members, protected: encodeBase64url(utf8.encode(JSON.stringify(header))) })
}

/** Writes a key file with nothing but another JOSE library. */
async function encryptKeys(keys: readonly object[], secrets: readonly object[]): Promise<void> {
  const jwe = await new FlattenedEncrypt(utf8.encode(JSON.stringify({ keys: secrets })))
    .setProtectedHeader({
      alg: 'PBES2-HS512+A256KW',
      enc: 'A256GCM',
      typ: 'komma-keys',
      cty: 'jwk-set+json',
      version: 1,
      keys
    })
    .setKeyManagementParameters({ p2c: 210_000 })
    .encrypt(utf8.encode(password))
  writeWithChecksum(jwe as never)
}

async function codeOf(action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => undefined,
    (reason: unknown) => reason
  )
  expect(error).toBeInstanceOf(KommaError)
  return (error as KommaError).code
}

describe('a key file', () => {
  test('gives back its keys, which sign', async () => {
    const made = await createKeyFile(path, { password, now, seed, id: 'key-1' })
    const opened = await openKeyFile(path, { password })
    expect(await opened.keys()).toEqual(await made.keys())
    const signer = await opened.signer()
    const key = await importEd25519PublicKey(signer.publicKey)
    expect(await key.verify(await signer.sign(utf8.encode('x')), utf8.encode('x'))).toBe(true)
    expect(await opened.keys()).toMatchObject([{ id: 'key-1', created: '2026-01-31T09:00:00Z', current: true }])
  })

  test.each(['P-256', 'P-384'] as const)(
    'keeps %s keys beside Ed25519 keys, which sign after it is opened',
    async (algorithm) => {
      const made = await createKeyFile(path, { password, now, algorithm, id: 'key-1' })
      await made.create({ id: 'key-2', now, current: false })
      const opened = await openKeyFile(path, { password })
      expect(await opened.keys()).toEqual(await made.keys())
      expect((await opened.keys()).map((key) => key.algorithm)).toEqual([algorithm, 'Ed25519'])
      expect(await (await opened.signer()).sign(seed)).toEqual(await (await made.signer()).sign(seed))
      const { plaintext } = await flattenedDecrypt(readMembers() as never, utf8.encode(password), JOSE)
      const [jwk] = JSON.parse(new TextDecoder().decode(plaintext)).keys
      expect(Object.keys(jwk).sort()).toEqual(['crv', 'd', 'kid', 'kty', 'use', 'x', 'y'])
      const pair = { key: createPrivateKey({ format: 'jwk', key: jwk }), dsaEncoding: 'ieee-p1363' } as const
      const signature = await (await opened.signer()).sign(seed)
      expect(verify(algorithm === 'P-256' ? 'sha256' : 'sha384', seed, pair, signature)).toBe(true)
    }
  )

  test('reads what an earlier version wrote: members of a JWK in another order, and Ed25519 only', async () => {
    const bytes = (await (await createMemoryKeyStore({ seed, now })).signer()).publicKey
    const entry = { kid: 'key-1', publicKeyMultibase: multikeyOf({ algorithm: 'Ed25519', bytes }) }
    const names = { kty: 'OKP', crv: 'Ed25519', kid: 'key-1', use: 'sig' }
    const jwk = { ...names, x: encodeBase64url(bytes), d: encodeBase64url(seed) }
    await encryptKeys([{ ...entry, created: '2026-01-31T09:00:00Z', current: true }], [jwk])
    const opened = await openKeyFile(path, { password })
    expect(await opened.keys()).toMatchObject([{ id: 'key-1', algorithm: 'Ed25519', publicKey: bytes }])
    await opened.create({ algorithm: 'P-256', id: 'key-2', now })
    expect(await (await openKeyFile(path, { password })).keys()).toHaveLength(2)
  })

  test('227: whose public key, curve or coordinates are not those of its secret is refused', async () => {
    const secret = p256.utils.randomSecretKey()
    const bytes = p256.getPublicKey(secret)
    const other = p256.getPublicKey(p256.utils.randomSecretKey())
    const info = (key: Uint8Array) => ({
      kid: 'key-1',
      publicKeyMultibase: multikeyOf({ algorithm: 'P-256', bytes: key }),
      created: '2026-01-31T09:00:00Z',
      current: true
    })
    const jwk = (key: Uint8Array) => ({
      ...jwkOf({ algorithm: 'P-256', bytes: key }),
      kid: 'key-1',
      use: 'sig',
      d: encodeBase64url(secret)
    })
    const cases = [
      [info(other), jwk(other), 'KEY_INVALID'],
      [info(bytes), jwk(other), 'KEY_FILE_DAMAGED'],
      [info(other), jwk(bytes), 'KEY_FILE_DAMAGED'],
      [info(bytes), { ...jwk(bytes), crv: 'P-384' }, 'KEY_FILE_DAMAGED'],
      [info(bytes), { ...jwk(bytes), y: (jwk(other) as Members)['y'] }, 'KEY_FILE_DAMAGED'],
      [info(bytes), { ...jwk(bytes), d: encodeBase64url(secret.subarray(1)) }, 'KEY_INVALID'],
      [info(bytes), { ...jwk(bytes), d: 'AAAA'.repeat(20) }, 'KEY_FILE_DAMAGED'],
      [info(bytes), { ...jwk(bytes), kty: 'OKP' }, 'KEY_FILE_DAMAGED']
    ] as const
    for (const [entry, key, code] of cases) {
      await encryptKeys([entry], [key])
      expect(await codeOf(openKeyFile(path, { password })), JSON.stringify(key).slice(0, 60)).toBe(code)
      rmSync(path)
    }
    await encryptKeys([info(bytes)], [jwk(bytes)])
    expect(await (await openKeyFile(path, { password })).keys()).toHaveLength(1)
  })

  test('is a JWE that another library decrypts to a JWK Set, once it allows the rounds', async () => {
    await createKeyFile(path, { password, now, seed, id: 'key-1' })
    const { plaintext, protectedHeader } = await flattenedDecrypt(readMembers() as never, utf8.encode(password), JOSE)
    const set = JSON.parse(new TextDecoder().decode(plaintext))
    expect(set.keys).toMatchObject([{ kty: 'OKP', crv: 'Ed25519', kid: 'key-1', d: encodeBase64url(seed) }])
    expect(protectedHeader).toMatchObject({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', p2c: 210_000, version: 1 })
    expect(decodeBase64url(String(protectedHeader?.p2s)).length).toBeGreaterThanOrEqual(16)
  })

  test('is closed to others, and nothing else lies beside it', async () => {
    await createKeyFile(path, { password, now })
    if (isPosix) expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['keys.jwe'])
    expect(readFileSync(path, 'utf8')).not.toContain(encodeBase64url(seed))
  })

  test('a password typed in another Unicode form is the same', async () => {
    await createKeyFile(path, { password: 'bl\u00e5b\u00e6r \ufb01', now })
    expect(await (await openKeyFile(path, { password: 'bla\u030ab\u00e6r fi' })).keys()).toHaveLength(1)
  })

  test('an empty password, or one that is not text, is refused', async () => {
    for (const bad of ['', undefined as never, 7 as never, '\ud800']) {
      expect(await codeOf(createKeyFile(path, { password: bad, now }))).toBe('PASSWORD_INVALID')
      expect(await codeOf(openKeyFile(path, { password: bad }))).toBe('PASSWORD_INVALID')
    }
    expect(readdirSync(folder)).toEqual([])
    expect(await codeOf(openKeyFile(path, undefined as never))).toBe('OPTION_INVALID')
  })
})

describe('opening a key file', () => {
  test('222: a wrong password and a changed file are the same error, word for word', async () => {
    await createKeyFile(path, { password, now, seed })
    const whole = readMembers()
    const messages = new Set<string>()
    const attempt = async (word: string) => {
      const error = await openKeyFile(path, { password: word }).catch((reason: KommaError) => reason)
      expect(error).toMatchObject({ name: 'KeyError', code: 'KEY_FILE_UNLOCK' })
      expect((error as Error).cause).toBeUndefined()
      messages.add((error as Error).message)
    }
    await attempt('wrong')
    for (const name of ['encrypted_key', 'iv', 'ciphertext', 'tag']) {
      const bytes = decodeBase64url(whole[name] ?? '')
      bytes[0] = (bytes[0] ?? 0) ^ 1
      writeWithChecksum({ ...whole, [name]: encodeBase64url(bytes) })
      await attempt(password)
      writeWithChecksum({ ...whole, [name]: encodeBase64url(bytes.slice(0, -1)) })
      await attempt(password)
    }
    writeWithChecksum(whole)
    changeHeader((header) => {
      const [key] = header.keys as { created: string }[]
      if (key) key.created = '2020-01-01T00:00:00Z'
    })
    await attempt(password)
    expect(messages.size).toBe(1)
  })

  test('222: the header of another key file is refused', async () => {
    await createKeyFile(path, { password, now })
    const other = readMembers().protected ?? ''
    rmSync(path)
    await createKeyFile(path, { password, now })
    writeWithChecksum({ ...readMembers(), protected: other })
    expect(await codeOf(openKeyFile(path, { password }))).toBe('KEY_FILE_UNLOCK')
  })

  test('222: one damaged bit anywhere is told apart from a wrong password', async () => {
    await createKeyFile(path, { password, now })
    const whole = readFileSync(path)
    for (let index = 0; index < whole.length; index += 1) {
      const damaged = Uint8Array.from(whole)
      damaged[index] = (damaged[index] ?? 0) ^ (1 << (index % 8))
      write(damaged)
      expect(await codeOf(openKeyFile(path, { password })), `byte ${index}`).toBe('KEY_FILE_DAMAGED')
    }
  })

  test('222: a truncated or empty file is damaged', async () => {
    await createKeyFile(path, { password, now })
    const whole = readFileSync(path)
    for (const length of [0, 1, 10, whole.length >> 1, whole.length - 3]) {
      write(whole.subarray(0, length))
      expect(await codeOf(openKeyFile(path, { password })), `${length} bytes`).toBe('KEY_FILE_DAMAGED')
    }
  })

  test('128, 223: costs out of bounds are refused before anything is derived', async () => {
    await createKeyFile(path, { password, now })
    const whole = readMembers()
    for (const p2c of [1, 209_999, 1_000_001, 2 ** 31, -1, 210_000.5, '210000', null]) {
      writeWithChecksum(whole)
      changeHeader((header) => Object.assign(header, { p2c }))
      expect(await codeOf(openKeyFile(path, { password })), `p2c ${p2c}`).toBe('KEY_FILE_PARAMETERS')
    }
    for (const change of [{ p2s: 'AAAA' }, { alg: 'dir' }, { alg: 'PBES2-HS256+A128KW' }, { enc: 'A128CBC-HS256' }]) {
      writeWithChecksum(whole)
      changeHeader((header) => Object.assign(header, change))
      expect(await codeOf(openKeyFile(path, { password })), JSON.stringify(change)).toBe('KEY_FILE_PARAMETERS')
    }
  })

  test('224: a second recipient, an unprotected header or any other member is refused', async () => {
    await createKeyFile(path, { password, now })
    const { encrypted_key, ...rest } = readMembers()
    const whole = { encrypted_key, ...rest }
    const variants = [
      { ...rest, recipients: [{ encrypted_key }, { encrypted_key }] },
      { ...whole, recipients: [{ encrypted_key }] },
      { ...whole, header: { alg: 'PBES2-HS512+A256KW' } },
      { ...whole, unprotected: {} },
      { ...whole, aad: 'AAAA' },
      rest,
      [whole],
      'text'
    ]
    for (const variant of variants) {
      write(JSON.stringify(variant))
      expect(await codeOf(openKeyFile(path, { password })), JSON.stringify(variant).slice(0, 60)).toBe(
        'KEY_FILE_DAMAGED'
      )
    }
    const text = JSON.stringify(whole)
    write(text.replace('"iv"', '"tag":"AAAA","iv"'))
    expect(await codeOf(openKeyFile(path, { password }))).toBe('KEY_FILE_DAMAGED')
  })

  test('an extra member of the header, or another version, is refused', async () => {
    await createKeyFile(path, { password, now })
    const whole = readMembers()
    for (const change of [
      { zip: 'DEF' },
      { crit: ['x'] },
      { version: 3 },
      { typ: 'JWT' },
      { keys: [] },
      { keys: {} }
    ]) {
      writeWithChecksum(whole)
      changeHeader((header) => Object.assign(header, change))
      expect(await codeOf(openKeyFile(path, { password })), JSON.stringify(change)).toBe('KEY_FILE_DAMAGED')
    }
  })

  test('a missing file, a folder in its place and a huge file are told in words', async () => {
    const missing = openKeyFile(path, { password })
    await expect(missing).rejects.toMatchObject({ code: 'KEY_STORE_IO', path, got: 'ENOENT' })
    await expect(missing).rejects.toThrow('there is no key file')
    expect(await codeOf(openKeyFile(join(folder, 'none', 'keys.jwe'), { password }))).toBe('KEY_STORE_IO')
    mkdirSync(path)
    chmodSync(path, 0o700)
    expect(await codeOf(openKeyFile(path, { password }))).toBe('KEY_STORE_IO')
    rmSync(path, { recursive: true })
    write(new Uint8Array(1_048_577))
    expect(await codeOf(openKeyFile(path, { password }))).toBe('KEY_FILE_DAMAGED')
  })
})

describe.skipIf(!isPosix)('permissions', () => {
  test.each(['644', '640', '604', '660', '601'])(
    '225: mode %s is refused, or told where that was asked for',
    async (mode) => {
      await createKeyFile(path, { password, now })
      chmodSync(path, Number.parseInt(mode, 8))
      expect(await codeOf(openKeyFile(path, { password }))).toBe('KEY_FILE_PERMISSIONS')
      const warnings: Fault[] = []
      await openKeyFile(path, { password, onPermissionWarning: (fault) => warnings.push(fault) })
      expect(warnings).toMatchObject([{ code: 'KEY_FILE_PERMISSIONS', path }])
    }
  )

  test('225: a symbolic link is refused', async () => {
    await createKeyFile(path, { password, now })
    const alias = join(folder, 'alias.jwe')
    symlinkSync(path, alias)
    expect(await codeOf(openKeyFile(alias, { password }))).toBe('KEY_FILE_PERMISSIONS')
  })

  test('225: a folder that anybody can write to is refused, for reading and for writing', async () => {
    await createKeyFile(path, { password, now })
    chmodSync(folder, 0o777)
    expect(await codeOf(openKeyFile(path, { password }))).toBe('KEY_FILE_PERMISSIONS')
    expect(await codeOf(createKeyFile(join(folder, 'new.jwe'), { password, now }))).toBe('KEY_FILE_PERMISSIONS')
    chmodSync(folder, 0o700)
    expect(readdirSync(folder)).toEqual(['keys.jwe'])
  })

  test('a pipe in place of the file does not block', async () => {
    if (spawnSync('mkfifo', ['-m', '600', path]).status !== 0) return
    expect(await codeOf(openKeyFile(path, { password }))).toBe('KEY_STORE_IO')
  })
})

describe('writing a key file', () => {
  test('a file that is there is never replaced by a new one', async () => {
    await createKeyFile(path, { password, now })
    const before = readFileSync(path)
    expect(await codeOf(createKeyFile(path, { password, now }))).toBe('KEY_FILE_EXISTS')
    expect(readFileSync(path)).toEqual(before)
    expect(readdirSync(folder)).toEqual(['keys.jwe'])
  })

  test('rounds out of bounds are refused, and nothing is written', async () => {
    for (const p2c of [1, 209_999, 1_000_001, Number.NaN]) {
      expect(await codeOf(createKeyFile(path, { password, now, p2c }))).toBe('KEY_FILE_PARAMETERS')
    }
    expect(readdirSync(folder)).toEqual([])
  })

  test('a new key is in the file at once', async () => {
    const store = await createKeyFile(path, { password, now, id: 'key-1' })
    await Promise.all([store.create({ id: 'key-2', now }), store.create({ id: 'key-3', now, current: false })])
    const opened = await openKeyFile(path, { password })
    expect((await opened.keys()).map(({ id, current }) => [id, current])).toEqual([
      ['key-1', false],
      ['key-2', true],
      ['key-3', false]
    ])
    expect(await opened.keys()).toEqual(await store.keys())
    expect(await codeOf(store.create({ id: 'key-1', now }))).toBe('KEY_EXISTS')
  })

  test('keys that two openings make one after the other are both kept', async () => {
    await createKeyFile(path, { password, now, id: 'key-1' })
    const [first, second] = [await openKeyFile(path, { password }), await openKeyFile(path, { password })]
    await first.create({ id: 'key-2', now })
    await second.create({ id: 'key-3', now })
    const ids = (await (await openKeyFile(path, { password })).keys()).map(({ id }) => id)
    expect(ids).toEqual(['key-1', 'key-2', 'key-3'])
  })

  test('after a change of password only the new one opens, with a new salt and the rounds asked for', async () => {
    const store = await createKeyFile(path, { password, now, seed })
    const before = readMembers()
    await store.changePassword('another one', { p2c: 250_000 })
    expect(readMembers().protected).not.toBe(before.protected)
    const header = JSON.parse(Buffer.from(readMembers().protected ?? '', 'base64url').toString())
    expect(header).toMatchObject({ p2c: 250_000 })
    expect(await codeOf(openKeyFile(path, { password }))).toBe('KEY_FILE_UNLOCK')
    expect(await (await openKeyFile(path, { password: 'another one' })).keys()).toEqual(await store.keys())
    await store.create({ id: 'key-2', now })
    expect(await (await openKeyFile(path, { password: 'another one' })).keys()).toHaveLength(2)
    expect(await codeOf(store.changePassword(''))).toBe('PASSWORD_INVALID')
    expect(await codeOf(store.changePassword('x', { p2c: 1 }))).toBe('KEY_FILE_PARAMETERS')
  })

  test('226: when the disk is full the old file stays, nothing is left behind, and the store goes on', async () => {
    const store = await createKeyFile(path, { password, now, id: 'key-1' })
    const before = readFileSync(path)
    failing.step = 'rename'
    const failure = store.create({ id: 'key-2', now })
    await expect(failure).rejects.toMatchObject({ name: 'KeyError', code: 'KEY_STORE_IO', got: 'ENOSPC' })
    expect(await codeOf(store.changePassword('another one'))).toBe('KEY_STORE_IO')
    expect(readFileSync(path)).toEqual(before)
    expect(readdirSync(folder)).toEqual(['keys.jwe'])
    expect(await store.keys()).toHaveLength(1)
    failing.step = 'none'
    await store.create({ id: 'key-2', now })
    expect(await (await openKeyFile(path, { password })).keys()).toHaveLength(2)
  })

  test('when a new file cannot be put in its place nothing is left behind', async () => {
    failing.step = 'link'
    expect(await codeOf(createKeyFile(path, { password, now }))).toBe('KEY_STORE_IO')
    expect(readdirSync(folder)).toEqual([])
    expect(await codeOf(createKeyFile(join(folder, 'none', 'keys.jwe'), { password, now }))).toBe('KEY_STORE_IO')
    expect(fs.existsSync(join(folder, 'none'))).toBe(false)
  })
})
