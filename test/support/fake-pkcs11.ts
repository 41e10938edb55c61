import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { p256, p384 } from '@noble/curves/nist.js'
import type { SigningKeyAlgorithm } from '../../src/keys/key-store.js'
import type { Pkcs11, Pkcs11Attribute, Pkcs11Handle, Pkcs11Mechanism } from '../../src/keys/pkcs11.js'

type Value = Uint8Array | string | number | boolean
type FakeObject = Map<number, Value> & { secret?: KeyObject; algorithm?: SigningKeyAlgorithm }

interface Session {
  operation: { readonly mechanism: number; readonly key: FakeObject } | undefined
}

export interface FakeOptions {
  /** How the public point is shown: as the standard says, or as it is. */
  readonly point?: 'octets' | 'raw'
  /** How the curve is shown. */
  readonly curve?: 'oid' | 'name'
  readonly pin?: string
}

const OIDS: Readonly<Record<SigningKeyAlgorithm, string>> = {
  Ed25519: '06032b6570',
  'P-256': '06082a8648ce3d030107',
  'P-384': '06052b81040022'
}
const NAMES = { Ed25519: 'edwards25519', 'P-256': 'secp256r1', 'P-384': 'secp384r1' } as const
const CKA = { class: 0, value: 0x11, id: 0x102, params: 0x180, point: 0x181 }

/**
 * A token in memory with real keys. It signs undigested input, as SoftHSM does, keeps an operation active after a failed
 * C_Sign, and locks its PIN after three wrong ones. A test says what fails next.
 */
export class FakePkcs11 implements Pkcs11 {
  readonly calls: string[] = []
  /** The input of each C_Sign. */
  readonly signed: Uint8Array[] = []
  /** By method: the CKR_ codes that its next calls fail with. */
  readonly failing = new Map<string, string[]>()
  present = true
  mostSessions = 0
  readonly #options: Required<FakeOptions>
  readonly #objects = new Map<string, FakeObject>()
  readonly #sessions = new Map<string, Session>()
  #next = 1
  #loggedIn = false
  #wrongPins = 0
  #initialized = false

  constructor(options: FakeOptions = {}) {
    this.#options = { point: 'octets', curve: 'oid', pin: '1234', ...options }
  }

  get openSessions(): number {
    return this.#sessions.size
  }

  /** The token is pulled out: sessions, login and handles are gone. */
  remove(): void {
    this.present = false
    this.#sessions.clear()
    this.#loggedIn = false
  }

  insert(): void {
    this.present = true
    const objects = [...this.#objects.values()]
    this.#objects.clear()
    this.#next += 1000
    for (const object of objects) this.#put(object)
  }

  load(path: string): void {
    this.#enter('load')
    if (!path.endsWith('.so')) throw new Error('cannot open shared object file')
  }

  C_Initialize(): void {
    this.#enter('C_Initialize')
    if (this.#initialized) throw fault('CKR_CRYPTOKI_ALREADY_INITIALIZED')
    this.#initialized = true
  }

  C_GetSlotList(): Pkcs11Handle[] {
    this.#enter('C_GetSlotList')
    return this.present ? [Uint8Array.of(1)] : []
  }

  C_GetTokenInfo(): { label: string; serialNumber: string } {
    this.#enter('C_GetTokenInfo')
    return { label: 'academy'.padEnd(32), serialNumber: '1' }
  }

  C_OpenSession(): Pkcs11Handle {
    this.#enter('C_OpenSession')
    if (!this.present) throw fault('CKR_TOKEN_NOT_PRESENT')
    const handle = this.#handle()
    this.#sessions.set(nameOf(handle), { operation: undefined })
    this.mostSessions = Math.max(this.mostSessions, this.#sessions.size)
    return handle
  }

  C_CloseSession(session: Pkcs11Handle): void {
    this.#enter('C_CloseSession')
    if (!this.#sessions.delete(nameOf(session))) throw fault('CKR_SESSION_HANDLE_INVALID')
    if (this.#sessions.size === 0) this.#loggedIn = false
  }

  C_Login(session: Pkcs11Handle, _user: number, pin: string): void {
    this.#enter('C_Login')
    this.#session(session)
    if (this.#loggedIn) throw fault('CKR_USER_ALREADY_LOGGED_IN')
    if (this.#wrongPins >= 3) throw fault('CKR_PIN_LOCKED')
    if (pin !== this.#options.pin) {
      this.#wrongPins += 1
      throw fault('CKR_PIN_INCORRECT')
    }
    this.#loggedIn = true
  }

  #found: Pkcs11Handle[] = []
  C_FindObjectsInit(session: Pkcs11Handle, template: Pkcs11Attribute[]): void {
    this.#enter('C_FindObjectsInit')
    this.#session(session)
    if (!this.#loggedIn) throw fault('CKR_USER_NOT_LOGGED_IN')
    this.#found = [...this.#objects]
      .filter(([, object]) => template.every(({ type, value }) => show(object.get(type)) === show(value)))
      .map(([name]) => Uint8Array.from(Buffer.from(name, 'hex')))
  }

  C_FindObjects(_session: Pkcs11Handle, most: number): Pkcs11Handle[] {
    this.#enter('C_FindObjects')
    return this.#found.splice(0, most)
  }

  C_FindObjectsFinal(): void {
    this.#enter('C_FindObjectsFinal')
  }

  C_GetAttributeValue(session: Pkcs11Handle, handle: Pkcs11Handle, template: Pkcs11Attribute[]): Pkcs11Attribute[] {
    this.#enter('C_GetAttributeValue')
    this.#session(session)
    const object = this.#object(handle)
    return template.map(({ type }) => {
      const value = object.get(type)
      if (value === undefined) throw fault('CKR_ATTRIBUTE_TYPE_INVALID')
      return { type, value: typeof value === 'string' ? new TextEncoder().encode(value) : value }
    })
  }

  C_CreateObject(session: Pkcs11Handle, template: Pkcs11Attribute[]): Pkcs11Handle {
    this.#enter('C_CreateObject')
    this.#session(session)
    return this.#put(objectOf(template))
  }

  C_DestroyObject(session: Pkcs11Handle, handle: Pkcs11Handle): void {
    this.#enter('C_DestroyObject')
    this.#session(session)
    this.#object(handle)
    this.#objects.delete(nameOf(handle))
  }

  C_GenerateKeyPair(
    session: Pkcs11Handle,
    _: Pkcs11Mechanism,
    publicKey: Pkcs11Attribute[],
    privateKey: Pkcs11Attribute[]
  ): { publicKey: Pkcs11Handle; privateKey: Pkcs11Handle } {
    this.#enter('C_GenerateKeyPair')
    this.#session(session)
    const [open, closed] = [objectOf(publicKey), objectOf(privateKey)]
    open.set(CKA.class, 2)
    closed.set(CKA.class, 3)
    const oid = show(open.get(CKA.params))
    const algorithm = (Object.keys(OIDS) as SigningKeyAlgorithm[]).find((name) => OIDS[name] === oid)
    if (algorithm === undefined) throw fault('CKR_CURVE_NOT_SUPPORTED')
    const pair = newPair(algorithm)
    open.set(CKA.point, this.#point(pair.publicKey))
    if (this.#options.curve === 'name') {
      const name = NAMES[algorithm]
      open.set(CKA.params, Uint8Array.of(0x13, name.length, ...new TextEncoder().encode(name)))
    }
    closed.secret = pair.privateKey
    closed.algorithm = algorithm
    return { publicKey: this.#put(open), privateKey: this.#put(closed) }
  }

  C_SignInit(session: Pkcs11Handle, { mechanism }: Pkcs11Mechanism, handle: Pkcs11Handle): void {
    this.#enter('C_SignInit')
    const found = this.#session(session)
    if (!this.#loggedIn) throw fault('CKR_USER_NOT_LOGGED_IN')
    if (found.operation !== undefined) throw fault('CKR_OPERATION_ACTIVE')
    found.operation = { mechanism, key: this.#object(handle) }
  }

  async C_SignAsync(session: Pkcs11Handle, data: Uint8Array, room: Uint8Array): Promise<Uint8Array> {
    // A device takes its time, so that calls overlap.
    await new Promise((resolve) => setImmediate(resolve))
    this.#enter('C_SignAsync')
    const found = this.#session(session)
    const { operation } = found
    if (operation === undefined) throw fault('CKR_OPERATION_NOT_INITIALIZED')
    const { secret, algorithm } = operation.key
    if (secret === undefined || algorithm === undefined) throw fault('CKR_KEY_HANDLE_INVALID')
    const length = algorithm === 'P-384' ? 96 : 64
    if (room.length < length) throw fault('CKR_BUFFER_TOO_SMALL')
    found.operation = undefined
    this.signed.push(Uint8Array.from(data))
    return Uint8Array.from(algorithm === 'Ed25519' ? sign(null, data, secret) : signDigest(data, secret))
  }

  #point(key: KeyObject): Uint8Array {
    const { x = '', y } = key.export({ format: 'jwk' })
    const raw = [Buffer.from(x, 'base64url'), ...(y === undefined ? [] : [Buffer.from(y, 'base64url')])]
    const point = Uint8Array.from(Buffer.concat(y === undefined ? raw : [Buffer.of(4), ...raw]))
    return this.#options.point === 'raw' ? point : Uint8Array.of(4, point.length, ...point)
  }

  #enter(method: string): void {
    this.calls.push(method)
    const code = this.failing.get(method)?.shift()
    if (code !== undefined) throw fault(code)
  }

  #handle(): Pkcs11Handle {
    const handle = new Uint8Array(8)
    new DataView(handle.buffer).setUint32(0, this.#next)
    this.#next += 1
    return handle
  }

  #put(object: FakeObject): Pkcs11Handle {
    const handle = this.#handle()
    this.#objects.set(nameOf(handle), object)
    return handle
  }

  #session(handle: Pkcs11Handle): Session {
    const session = this.#sessions.get(nameOf(handle))
    if (session === undefined) throw fault('CKR_SESSION_HANDLE_INVALID')
    return session
  }

  #object(handle: Pkcs11Handle): FakeObject {
    const object = this.#objects.get(nameOf(handle))
    if (object === undefined) throw fault('CKR_OBJECT_HANDLE_INVALID')
    return object
  }
}

function newPair(algorithm: SigningKeyAlgorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  if (algorithm === 'Ed25519') return generateKeyPairSync('ed25519')
  return generateKeyPairSync('ec', { namedCurve: algorithm })
}

/** ECDSA over what is given, digest or not, as CKM_ECDSA does: longer input is cut to the length of the order. */
function signDigest(input: Uint8Array, key: KeyObject): Uint8Array {
  const { d = '', crv } = key.export({ format: 'jwk' })
  const curve = crv === 'P-384' ? p384 : p256
  return curve.sign(input, Uint8Array.from(Buffer.from(d, 'base64url')), { prehash: false, lowS: false })
}

function objectOf(template: Pkcs11Attribute[]): FakeObject {
  return new Map(template.flatMap(({ type, value }) => (value === undefined ? [] : [[type, value] as const])))
}

function show(value: Value | undefined): string {
  return value instanceof Uint8Array ? nameOf(value) : String(value)
}

function nameOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function fault(code: string): Error {
  return Object.assign(new Error(code), { name: 'Pkcs11Error' })
}
