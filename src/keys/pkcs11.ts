import { digest, randomBytes } from '../crypto/digest.js'
import { messageToSign } from '../crypto/private-key.js'
import { KeyError, OptionError } from '../encoding/errors.js'
import { decodeHex, encodeHex } from '../encoding/multibase.js'
import { createTurn } from '../encoding/turn.js'
import type { SigningCapability } from './capabilities.js'
import { changesOf } from './key-changes.js'
import { type Changed, lifeOf, ownInfo, planKey, putKey } from './key-life.js'
import {
  type CreateKeyOptions,
  type KeyInfo,
  keyNotFound,
  type ManagedKeyStore,
  type Signer,
  type SigningKeyAlgorithm
} from './key-store.js'
import { CURVES, parametersOf, readParameters, readPoint } from './pkcs11-curves.js'
import { findObjects, readAttributes, readRecord, type TokenEntry, writeRecord } from './pkcs11-record.js'
import { CK, openToken, type Pkcs11Handle, type TokenOptions } from './pkcs11-token.js'

export type { Pkcs11, Pkcs11Attribute, Pkcs11Handle, Pkcs11Mechanism } from './pkcs11-token.js'

export interface Pkcs11Options extends TokenOptions {
  /** Keeps the keys of several stores on one token apart. `komma` unless told. */
  readonly store?: string
}

/** Which key of the token to take up, and as what. */
export interface AdoptOptions extends Pick<CreateKeyOptions, 'id' | 'now' | 'current' | 'use' | 'signsUntil'> {
  /** The CKA_LABEL of its public key. */
  readonly label: string
}

export interface Pkcs11KeyStore extends ManagedKeyStore {
  /**
   * Takes up a key pair that another tool made on the token. Both of its objects have the same CKA_ID.
   *
   * @throws {KeyError} KEY_NOT_FOUND, also where several keys have the label; KEY_UNSUPPORTED, KEY_INVALID, KEY_EXISTS,
   *   KEY_ACCESS_DENIED, KEY_STORE_IO
   * @throws {OptionError} OPTION_INVALID
   */
  adopt(options: AdoptOptions): Promise<KeyInfo>
  /** Closes the sessions. The module stays loaded: others in this process may use it. */
  close(): void
}

const CAPABILITIES: readonly SigningCapability[] = Object.freeze([
  { algorithm: 'Ed25519', sends: 'message', deterministic: true },
  { algorithm: 'P-256', sends: 'digest', deterministic: false },
  { algorithm: 'P-384', sends: 'digest', deterministic: false }
])

/**
 * Opens the keys of an issuer on a device with PKCS#11: a hardware security module, a smart card, SoftHSM. Keys are made in
 * the device and cannot leave it. Their history lies there too, as a private data object.
 *
 * Works with `pkcs11js`, which the application installs and hands in. Each signature runs in a session of its own, which is
 * replaced after any error. A wrong PIN is never tried again. After the token was away, the next call logs in anew.
 *
 * Reads the history when it is opened and by `keys()`: a change of another process is seen then. Does NOT check that the
 * device keeps its promises, nor a key that it did not make itself.
 *
 * Source: PKCS #11 3.0, sections 5.6, 5.13 and, in the mechanisms, 6.3.
 *
 * @throws {KeyError} KEY_STORE_IO, KEY_ACCESS_DENIED
 *
 * @example
 * ```ts
 * import { openPkcs11KeyStore, type Pkcs11 } from 'komma/keys/pkcs11'
 *
 * // pkcs11: new PKCS11() of the package pkcs11js
 * export async function openKeys(pkcs11: Pkcs11, pin: string) {
 *   const library = '/usr/lib/softhsm/libsofthsm2.so'
 *   const keys = await openPkcs11KeyStore({ pkcs11, library, token: 'academy', pin })
 *   if ((await keys.keys()).length === 0) await keys.create({ algorithm: 'P-256' })
 *   return keys
 * }
 * ```
 */
export async function openPkcs11KeyStore(options: Pkcs11Options): Promise<Pkcs11KeyStore> {
  const { pkcs11, store = 'komma' } = options
  const token = openToken(options)
  const inTurn = createTurn()
  const handles = new Map<string, { readonly handle: Pkcs11Handle; readonly generation: number }>()
  let entries: readonly TokenEntry[] = []

  const read = async (): Promise<readonly TokenEntry[]> => {
    entries = await token.withSession((session) => readRecord(pkcs11, session, store).entries)
    return entries
  }

  /** The session of the change that runs; there is one at a time. */
  let active: Pkcs11Handle = new Uint8Array()
  const change = (make: (before: readonly TokenEntry[]) => Promise<Changed<TokenEntry>>): Promise<KeyInfo> =>
    inTurn(() =>
      token.withSession(async (session) => {
        const before = readRecord(pkcs11, session, store)
        active = session
        const [after, info] = await make(before.entries)
        const made = after.filter(({ objectId }) => !before.entries.some((entry) => entry.objectId === objectId))
        try {
          writeRecord(pkcs11, session, store, { sequence: before.sequence + 1, entries: after })
        } catch (cause) {
          for (const { objectId } of made) if (fresh.has(objectId)) destroy(session, objectId)
          throw cause
        } finally {
          for (const { objectId } of made) fresh.delete(objectId)
        }
        entries = after
        return info
      })
    )

  /** Keys that were made and are not recorded yet. */
  const fresh = new Set<string>()

  function destroy(session: Pkcs11Handle, objectId: string): void {
    const template = [{ type: CK.CKA_ID, value: decodeHex(objectId) }]
    for (const object of findObjects(pkcs11, session, template)) pkcs11.C_DestroyObject(session, object)
  }

  async function make(before: readonly TokenEntry[], wish: CreateKeyOptions): Promise<Changed<TokenEntry>> {
    if (wish.seed !== undefined) throw noSeed()
    const plan = planKey(before, wish)
    const objectId = encodeHex(randomBytes(16))
    const publicKey = generate(active, plan.algorithm, objectId, wish.id ?? store)
    fresh.add(objectId)
    return putKey(before, plan, publicKey, (info) => ({ info, objectId }))
  }

  function generate(
    session: Pkcs11Handle,
    algorithm: SigningKeyAlgorithm,
    objectId: string,
    label: string
  ): Uint8Array {
    const { keyType, generate: mechanism } = CURVES[algorithm]
    const both = [
      { type: CK.CKA_TOKEN, value: true },
      { type: CK.CKA_KEY_TYPE, value: keyType },
      { type: CK.CKA_ID, value: decodeHex(objectId) },
      { type: CK.CKA_LABEL, value: label }
    ]
    const made = pkcs11.C_GenerateKeyPair(
      session,
      { mechanism },
      [...both, { type: CK.CKA_VERIFY, value: true }, { type: CK.CKA_EC_PARAMS, value: parametersOf(algorithm) }],
      [
        ...both,
        { type: CK.CKA_PRIVATE, value: true },
        { type: CK.CKA_SENSITIVE, value: true },
        { type: CK.CKA_EXTRACTABLE, value: false },
        { type: CK.CKA_SIGN, value: true }
      ]
    )
    return readPublicKey(session, made.publicKey).publicKey
  }

  function readPublicKey(session: Pkcs11Handle, object: Pkcs11Handle) {
    const types = [CK.CKA_EC_PARAMS, CK.CKA_EC_POINT, CK.CKA_ID]
    const [parameters, point, id] = readAttributes(pkcs11, session, object, types) as [
      Uint8Array,
      Uint8Array,
      Uint8Array
    ]
    const algorithm = readParameters(parameters)
    return { algorithm, publicKey: readPoint(point, algorithm), objectId: encodeHex(id) }
  }

  async function adopt({ label, ...wish }: AdoptOptions): Promise<KeyInfo> {
    return change(async (before) => {
      const template = [
        { type: CK.CKA_CLASS, value: CK.CKO_PUBLIC_KEY },
        { type: CK.CKA_LABEL, value: label }
      ]
      const [object, ...more] = findObjects(pkcs11, active, template)
      if (object === undefined || more.length > 0) throw keyNotFound(label)
      const found = readPublicKey(active, object)
      const plan = planKey(before, { ...wish, algorithm: found.algorithm })
      return putKey(before, plan, found.publicKey, (info) => ({ info, objectId: found.objectId }))
    })
  }

  function privateKey(session: Pkcs11Handle, objectId: string, keyId: string): Pkcs11Handle {
    const known = handles.get(objectId)
    if (known?.generation === token.generation) return known.handle
    const template = [
      { type: CK.CKA_CLASS, value: CK.CKO_PRIVATE_KEY },
      { type: CK.CKA_ID, value: decodeHex(objectId) }
    ]
    const [handle, ...more] = findObjects(pkcs11, session, template)
    if (handle === undefined || more.length > 0) throw keyNotFound(keyId)
    handles.set(objectId, { handle, generation: token.generation })
    return handle
  }

  async function sign({ info, objectId }: TokenEntry, data: Uint8Array): Promise<Uint8Array> {
    const { sign: mechanism, signatureBytes } = CURVES[info.algorithm]
    const input = toBeSigned(info.algorithm, messageToSign(data))
    const answer: unknown = await token.withSession((session) => {
      pkcs11.C_SignInit(session, { mechanism }, privateKey(session, objectId, info.id))
      return pkcs11.C_SignAsync(session, input, new Uint8Array(signatureBytes))
    })
    if (answer instanceof Uint8Array && answer.length === signatureBytes) return Uint8Array.from(answer)
    throw new KeyError({
      code: 'KEY_STORE_ANSWER',
      message: 'the token gave back something that is not a signature',
      path: info.id,
      expected: `${signatureBytes} bytes`,
      got: answer instanceof Uint8Array ? `${answer.length} bytes` : typeof answer
    })
  }

  async function signer(id?: string): Promise<Signer> {
    const wanted = ({ info }: TokenEntry) => (id === undefined ? info.current : info.id === id)
    const found = entries.find(wanted) ?? (await read()).find(wanted)
    if (found === undefined) throw keyNotFound(id)
    const { info } = found
    const capability = CAPABILITIES.find(({ algorithm }) => algorithm === info.algorithm)
    return Object.freeze({
      ...lifeOf(info),
      id: info.id,
      algorithm: info.algorithm,
      get publicKey() {
        return Uint8Array.from(info.publicKey)
      },
      ...(capability === undefined ? {} : { capability }),
      sign: (data: Uint8Array) => sign(found, data)
    })
  }

  await read()
  return Object.freeze({
    capabilities: CAPABILITIES,
    signer,
    keys: async () => (await read()).map(({ info }) => ownInfo(info)),
    ...changesOf(change, make),
    adopt,
    close: () => token.close()
  })
}

/**
 * What the mechanism is given. Tokens sign any bytes with CKM_ECDSA without a word, also what is no digest, so the digest
 * is made here and nowhere else.
 */
function toBeSigned(algorithm: SigningKeyAlgorithm, data: Uint8Array): Uint8Array {
  if (algorithm === 'Ed25519') return data
  const [name, length] = algorithm === 'P-256' ? (['SHA-256', 32] as const) : (['SHA-384', 48] as const)
  const input = digest(name, data)
  if (input.length === length) return input
  throw new KeyError({
    code: 'KEY_STORE_IO',
    message: 'the digest has another length than it must',
    got: `${input.length}`
  })
}

function noSeed(): OptionError {
  return new OptionError({
    code: 'OPTION_INVALID',
    message: 'keys are made in the device, and no secret is put into it',
    path: 'seed',
    hint: 'Leave it out.'
  })
}
