import { FlattenedEncrypt, flattenedDecrypt } from 'jose'
import { sha256 } from '../crypto/digest.js'
import { jwkOf } from '../crypto/jwk.js'
import { materialFromMultikey, multikeyOf } from '../crypto/multikey.js'
import { KeyError, type KommaError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import { isWellFormed } from '../encoding/json-rules.js'
import type { JsonObject, JsonValue } from '../encoding/json-types.js'
import { decodeBase64url, encodeBase64url } from '../encoding/multibase.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { lifeOf } from './key-life.js'
import type { SecretKeyEntry } from './key-ring.js'
import { isKeyId, type KeyInfo, type KeyLife, materialOfKey } from './key-store.js'

/** Rounds of PBKDF2-HMAC-SHA-512 of a new key file, and the bounds of what is read. */
export const KEY_FILE_ROUNDS = Object.freeze({ standard: 210_000, least: 210_000, most: 1_000_000 })

const KEY_MANAGEMENT = 'PBES2-HS512+A256KW'
const CONTENT_ENCRYPTION = 'A256GCM'
const TYPE = 'komma-keys'
const CONTENT_TYPE = 'jwk-set+json'
/** A file without anything about the life of its keys is written as the first version, which older readers know. */
const VERSIONS = { first: 1, life: 2 } as const
const MAX_KEYS = 100
const MEMBERS = ['ciphertext', 'encrypted_key', 'iv', 'protected', 'tag'] as const
const HEADER_MEMBERS = ['alg', 'cty', 'enc', 'keys', 'p2c', 'p2s', 'typ', 'version']
const VERSIONS_READ: readonly unknown[] = Object.values(VERSIONS)
const REQUIRED = ['created', 'current', 'kid', 'publicKeyMultibase']
const LIFE = ['expires', 'issuer', 'revoked', 'signsUntil', 'use']
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/

/** What a key file says once it is opened. */
export interface KeyFileContent {
  readonly entries: readonly SecretKeyEntry[]
  readonly rounds: number
}

/**
 * Takes in a password: NFKC-normalised, so that one typed on another keyboard is the same, then UTF-8, then a key
 * object that cannot be exported.
 *
 * @throws {KeyError} PASSWORD_INVALID if it is empty or not well-formed text
 */
export async function importPassword(password: string): Promise<CryptoKey> {
  if (typeof password !== 'string' || password === '' || !isWellFormed(password)) {
    throw new KeyError({ code: 'PASSWORD_INVALID', message: 'the password is empty or not text', path: 'password' })
  }
  const bytes = new TextEncoder().encode(password.normalize('NFKC'))
  const key = await globalThis.crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveBits'])
  bytes.fill(0)
  return key
}

/**
 * Checks a number of rounds.
 *
 * @throws {KeyError} KEY_FILE_PARAMETERS
 */
export function checkRounds(rounds: unknown): number {
  const { least, most } = KEY_FILE_ROUNDS
  if (typeof rounds === 'number' && Number.isInteger(rounds) && rounds >= least && rounds <= most) return rounds
  throw new KeyError({
    code: 'KEY_FILE_PARAMETERS',
    message: 'the number of key derivation rounds is out of bounds',
    path: 'p2c',
    expected: `a whole number from ${least} to ${most}`,
    got: String(rounds).slice(0, 40)
  })
}

/**
 * Writes keys as the text of a key file.
 *
 * The format is a JWE in the flattened JSON serialisation (RFC 7516 section 7.2.2), `PBES2-HS512+A256KW` with
 * `A256GCM`, that any JOSE library decrypts to a JWK Set (RFC 7517) of the private keys. The protected header, which is
 * authenticated and readable without the password, holds `typ`, `cty`, `version` and `keys`: id (`kid`), public key,
 * time of making, which one is current, and where each stands in its life. Beside the JWE stands `sha256`, a checksum over the canonical JSON of the
 * other members: it tells accidental damage from a wrong password and protects against nothing.
 *
 * @throws {KeyError} KEY_FILE_PARAMETERS for a number of rounds out of bounds or more than 100 keys
 */
export async function encodeKeyFile(content: KeyFileContent, password: CryptoKey): Promise<string> {
  if (content.entries.length > MAX_KEYS) {
    throw new KeyError({
      code: 'KEY_FILE_PARAMETERS',
      message: 'a key file holds no more keys',
      expected: `${MAX_KEYS}`
    })
  }
  const lives = content.entries.map(({ info }) => lifeOf(info))
  const set = { keys: content.entries.map(({ info, secret }) => toJwk(info, secret)) }
  const plaintext = new TextEncoder().encode(JSON.stringify(set))
  const header = {
    alg: KEY_MANAGEMENT,
    enc: CONTENT_ENCRYPTION,
    typ: TYPE,
    cty: CONTENT_TYPE,
    version: lives.some((life) => Object.keys(life).length > 0) ? VERSIONS.life : VERSIONS.first,
    keys: content.entries.map(({ info }, index) => ({
      kid: info.id,
      publicKeyMultibase: multikeyOf(materialOfKey(info)),
      created: info.created,
      current: info.current,
      ...lives[index]
    }))
  }
  try {
    const jwe = await new FlattenedEncrypt(plaintext)
      .setProtectedHeader(header)
      .setKeyManagementParameters({ p2c: checkRounds(content.rounds) })
      .encrypt(password)
    const file = Object.fromEntries(MEMBERS.map((name) => [name, jwe[name] ?? '']))
    return `${JSON.stringify({ ...file, sha256: checksum(file) }, undefined, 2)}\n`
  } finally {
    plaintext.fill(0)
  }
}

/**
 * Reads a key file, and checks that each public key belongs to its secret as far as the words go; opening the keys
 * checks the rest.
 *
 * @throws {KeyError} KEY_FILE_DAMAGED, KEY_FILE_PARAMETERS (before anything is derived), KEY_FILE_UNLOCK for a wrong
 *   password and for a file that somebody changed, which cannot be told apart
 */
export async function decodeKeyFile(bytes: Uint8Array, password: CryptoKey): Promise<KeyFileContent> {
  const file = readMembers(bytes)
  const { infos, rounds } = readHeader(file.protected ?? '')
  let plaintext: Uint8Array
  try {
    const options = {
      keyManagementAlgorithms: [KEY_MANAGEMENT],
      contentEncryptionAlgorithms: [CONTENT_ENCRYPTION],
      maxPBES2Count: KEY_FILE_ROUNDS.most
    }
    plaintext = (await flattenedDecrypt(file as Record<(typeof MEMBERS)[number], string>, password, options)).plaintext
  } catch {
    throw new KeyError({
      code: 'KEY_FILE_UNLOCK',
      message: 'the key file does not open: the password is wrong, or somebody changed the file',
      hint: 'Try the password again; if it is right, restore the file from a backup.'
    })
  }
  try {
    return { entries: readKeySet(plaintext, infos), rounds }
  } finally {
    plaintext.fill(0)
  }
}

function readMembers(bytes: Uint8Array): Record<string, string> {
  const file = readJson(bytes, 'the file is not JSON')
  if (!isJsonObject(file)) throw damaged('the file is not a JSON object')
  if (!hasExactly(file, [...MEMBERS, 'sha256'])) throw damaged('the file has other members than a key file has')
  const members: Record<string, string> = {}
  for (const name of MEMBERS) members[name] = readBase64url(file[name], name, 1)
  if (file.sha256 !== checksum(members)) throw damaged('the checksum of the file is not that of its content')
  return members
}

function readHeader(encoded: string): { infos: readonly KeyInfo[]; rounds: number } {
  const header = readJson(decodeBase64url(encoded, { maxLength: encoded.length }), 'the header is not JSON')
  if (!isJsonObject(header)) throw damaged('the header is not a JSON object')
  if (header.alg !== KEY_MANAGEMENT || header.enc !== CONTENT_ENCRYPTION) {
    throw new KeyError({
      code: 'KEY_FILE_PARAMETERS',
      message: 'the file is encrypted in another way than a key file',
      path: 'protected',
      expected: `${KEY_MANAGEMENT} and ${CONTENT_ENCRYPTION}`
    })
  }
  if (!hasExactly(header, HEADER_MEMBERS)) throw damaged('the header has other members than that of a key file')
  if (header.typ !== TYPE || header.cty !== CONTENT_TYPE || !VERSIONS_READ.includes(header.version)) {
    throw damaged(`the file is not a key file of version ${VERSIONS_READ.join(' or ')}`)
  }
  const rounds = checkRounds(header.p2c)
  checkSalt(header.p2s)
  const list = header.keys
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_KEYS) throw damaged('the header lists no keys')
  const infos = list.map((entry) => readInfo(entry, header.version === VERSIONS.first ? [] : LIFE))
  const once = new Set(infos.map(({ id }) => id)).size === infos.length
  if (!once || infos.filter(({ current }) => current).length !== 1) throw damaged('the list of keys contradicts itself')
  return { infos, rounds }
}

function checkSalt(salt: JsonValue | undefined): void {
  const text = readBase64url(salt, 'p2s', 0)
  if (text.length >= 22 && text.length <= 1366) return
  throw new KeyError({
    code: 'KEY_FILE_PARAMETERS',
    message: 'the salt of the key derivation is too short or too long',
    path: 'p2s',
    expected: '16 to 1024 bytes'
  })
}

function readInfo(entry: JsonValue, more: readonly string[]): KeyInfo {
  const given = isJsonObject(entry) ? Object.keys(entry).filter((name) => more.includes(name)) : []
  if (!isJsonObject(entry) || !hasExactly(entry, [...REQUIRED, ...given])) {
    throw damaged('an entry of the list of keys has other members than it may')
  }
  const { kid, created, current, publicKeyMultibase, use, issuer, signsUntil, expires, revoked } = entry
  const times = [created, signsUntil ?? created, expires ?? created, revoked ?? created]
  const isTimed = times.every((time) => typeof time === 'string' && TIME.test(time))
  const isOwned = issuer === undefined || (typeof issuer === 'string' && issuer !== '')
  const isUsed = use === undefined || use === 'authentication' || use === 'keyAgreement'
  if (!isKeyId(kid) || typeof current !== 'boolean' || !isTimed || !isOwned || !isUsed) {
    throw damaged('an entry of the list of keys is not well-formed')
  }
  try {
    const { algorithm, bytes } = materialFromMultikey(publicKeyMultibase as string)
    return { id: kid, algorithm, publicKey: bytes, created: String(created), current, ...lifeOf(entry as KeyLife) }
  } catch {
    throw damaged('a public key in the list of keys is not well-formed')
  }
}

function readKeySet(plaintext: Uint8Array, infos: readonly KeyInfo[]): readonly SecretKeyEntry[] {
  const set = readJson(plaintext, 'the encrypted part is not JSON')
  const list = isJsonObject(set) ? set.keys : undefined
  if (!Array.isArray(list) || list.length !== infos.length) throw damaged('the encrypted part does not hold the keys')
  return infos.map((info, index) => {
    const jwk: JsonValue | undefined = list[index]
    const text = isJsonObject(jwk) && typeof jwk.d === 'string' ? jwk.d : ''
    const secret = decodeSecret(text)
    const expected = toJwk(info, secret)
    const same = isJsonObject(jwk) && hasExactly(jwk, Object.keys(expected))
    if (same && Object.entries(expected).every(([name, value]) => jwk[name] === value)) return { info, secret }
    throw damaged('an encrypted key is not the one that the header lists')
  })
}

function decodeSecret(text: string): Uint8Array {
  try {
    return decodeBase64url(text, { maxLength: 64 })
  } catch {
    throw damaged('an encrypted key is not well-formed')
  }
}

function toJwk(info: KeyInfo, secret: Uint8Array): JsonObject {
  return { ...jwkOf(materialOfKey(info)), kid: info.id, use: 'sig', d: encodeBase64url(secret) }
}

function checksum(members: Record<string, string>): string {
  const canonical = JSON.stringify(Object.fromEntries(MEMBERS.map((name) => [name, members[name]])))
  return encodeBase64url(sha256(new TextEncoder().encode(canonical)))
}

function hasExactly(object: JsonObject, names: readonly string[]): boolean {
  return Object.keys(object).length === names.length && names.every((name) => Object.hasOwn(object, name))
}

function readBase64url(value: JsonValue | undefined, name: string, least: number): string {
  const text = typeof value === 'string' ? value : ''
  try {
    if (typeof value === 'string' && decodeBase64url(text, { maxLength: text.length }).length >= least) return text
  } catch (error) {
    if ((error as KommaError).code !== 'ENCODING_INVALID') throw error
  }
  throw damaged(`${name} is not base64url`)
}

// Causes are left out on purpose: an excerpt of the encrypted part must not travel in an error.
function readJson(bytes: Uint8Array, message: string): JsonValue {
  try {
    return parseJson(bytes)
  } catch {
    throw damaged(message)
  }
}

function damaged(message: string): KeyError {
  return new KeyError({ code: 'KEY_FILE_DAMAGED', message, hint: 'Restore the key file from a backup.' })
}
