import { KeyError, KommaError } from '../encoding/errors.js'

/** A handle of a session or an object, as the module gives it. */
export type Pkcs11Handle = Uint8Array

/** An attribute of an object. In a template that is read, `value` is left out. */
export interface Pkcs11Attribute {
  readonly type: number
  readonly value?: Uint8Array | string | number | boolean
}

/** A mechanism without parameters. */
export interface Pkcs11Mechanism {
  readonly mechanism: number
}

/**
 * As much of a PKCS#11 module as this package calls. An object of the class `PKCS11` of `pkcs11js` is one. Its errors say
 * in their `message` which CKR_ code the token gave.
 */
export interface Pkcs11 {
  load(path: string): void
  C_Initialize(options?: { readonly flags: number }): void
  C_GetSlotList(tokenPresent: boolean): Pkcs11Handle[]
  C_GetTokenInfo(slot: Pkcs11Handle): { readonly label: string; readonly serialNumber: string }
  C_OpenSession(slot: Pkcs11Handle, flags: number): Pkcs11Handle
  C_CloseSession(session: Pkcs11Handle): void
  C_Login(session: Pkcs11Handle, userType: number, pin: string): void
  C_FindObjectsInit(session: Pkcs11Handle, template: Pkcs11Attribute[]): void
  C_FindObjects(session: Pkcs11Handle, maxObjectCount: number): Pkcs11Handle[]
  C_FindObjectsFinal(session: Pkcs11Handle): void
  C_GetAttributeValue(session: Pkcs11Handle, object: Pkcs11Handle, template: Pkcs11Attribute[]): Pkcs11Attribute[]
  C_CreateObject(session: Pkcs11Handle, template: Pkcs11Attribute[]): Pkcs11Handle
  C_DestroyObject(session: Pkcs11Handle, object: Pkcs11Handle): void
  C_GenerateKeyPair(
    session: Pkcs11Handle,
    mechanism: Pkcs11Mechanism,
    publicKey: Pkcs11Attribute[],
    privateKey: Pkcs11Attribute[]
  ): { readonly publicKey: Pkcs11Handle; readonly privateKey: Pkcs11Handle }
  C_SignInit(session: Pkcs11Handle, mechanism: Pkcs11Mechanism, key: Pkcs11Handle): void
  C_SignAsync(session: Pkcs11Handle, data: Uint8Array, signature: Uint8Array): Promise<Uint8Array>
}

/** Numbers of PKCS #11 3.0. `pkcs11js` has no names for those of Edwards curves. */
export const CK = Object.freeze({
  CKF_OS_LOCKING_OK: 2,
  CKF_SERIAL_RW: 6,
  CKU_USER: 1,
  CKO_DATA: 0,
  CKO_PUBLIC_KEY: 2,
  CKO_PRIVATE_KEY: 3,
  CKA_CLASS: 0,
  CKA_TOKEN: 1,
  CKA_PRIVATE: 2,
  CKA_LABEL: 3,
  CKA_APPLICATION: 0x10,
  CKA_VALUE: 0x11,
  CKA_KEY_TYPE: 0x100,
  CKA_ID: 0x102,
  CKA_SENSITIVE: 0x103,
  CKA_SIGN: 0x108,
  CKA_VERIFY: 0x10a,
  CKA_EXTRACTABLE: 0x162,
  CKA_EC_PARAMS: 0x180,
  CKA_EC_POINT: 0x181
})

/** Where a token is, and what opens it. */
export interface TokenOptions {
  /** A new object of the class `PKCS11` of `pkcs11js`. */
  readonly pkcs11: Pkcs11
  /** The path of the module of the device, such as `/usr/lib/softhsm/libsofthsm2.so`. */
  readonly library: string
  /** The label of the token. */
  readonly token: string
  /** The PIN of the user, or a function that asks for it each time the token is logged in to. */
  readonly pin: string | (() => string | Promise<string>)
  /** How many sessions are open at once, beside the one that keeps the login. 4 unless told. */
  readonly sessions?: number
}

/** Sessions of a logged-in token: each does one piece of work at a time, and none is used again after an error. */
export interface Token {
  /**
   * @throws {KommaError} what `work` throws as one, KEY_ACCESS_DENIED, and KEY_STORE_IO, whose message names the CKR_ code
   */
  withSession<T>(work: (session: Pkcs11Handle) => T | Promise<T>): Promise<T>
  /** Rises with every error, after which handles of objects may mean something else. */
  readonly generation: number
  close(): void
}

/** Codes after which no other PIN and no repetition helps: a few wrong PINs lock a token. */
const DENIED =
  /CKR_(PIN_INCORRECT|PIN_LOCKED|PIN_EXPIRED|PIN_INVALID|PIN_LEN_RANGE|USER_PIN_NOT_INITIALIZED|KEY_FUNCTION_NOT_PERMITTED|ACTION_PROHIBITED)/
const RETRYABLE =
  /CKR_(SESSION_HANDLE_INVALID|SESSION_CLOSED|SESSION_COUNT|USER_NOT_LOGGED_IN|DEVICE_\w+|TOKEN_\w+|HOST_MEMORY|FUNCTION_FAILED|GENERAL_ERROR|OPERATION_ACTIVE|OBJECT_HANDLE_INVALID|KEY_HANDLE_INVALID)/

/**
 * Loads the module of a device. Logs in with the first piece of work, and again after the token was away.
 *
 * Never finalises the module: others in this process may use it.
 *
 * @throws {KeyError} KEY_STORE_IO where the module is missing or is none
 */
export function openToken({ pkcs11, library, token: label, pin, sessions = 4 }: TokenOptions): Token {
  attempt(() => pkcs11.load(library), `the PKCS#11 module ${library} cannot be loaded`)
  try {
    pkcs11.C_Initialize({ flags: CK.CKF_OS_LOCKING_OK })
  } catch (cause) {
    if (!codeIn(cause).includes('CKR_CRYPTOKI_ALREADY_INITIALIZED')) throw tokenError(cause)
  }
  const idle: Pkcs11Handle[] = []
  const waiting: (() => void)[] = []
  let free = sessions
  let keeper: Promise<Pkcs11Handle> | undefined
  let refusal: KommaError | undefined
  let generation = 0
  let closed = false

  async function login(): Promise<Pkcs11Handle> {
    const session = pkcs11.C_OpenSession(findSlot(pkcs11, label), CK.CKF_SERIAL_RW)
    try {
      pkcs11.C_Login(session, CK.CKU_USER, typeof pin === 'string' ? pin : await pin())
    } catch (cause) {
      // Another session of this process has logged in: the login is that of all of them.
      if (codeIn(cause).includes('CKR_USER_ALREADY_LOGGED_IN')) return session
      discard(session)
      const error = tokenError(cause)
      if (error.code === 'KEY_ACCESS_DENIED') refusal = error
      throw error
    }
    return session
  }

  function discard(session: Pkcs11Handle): void {
    try {
      pkcs11.C_CloseSession(session)
    } catch {
      // The token is away, and the session with it.
    }
  }

  async function open(): Promise<Pkcs11Handle> {
    if (closed) throw new KeyError({ code: 'KEY_STORE_IO', message: 'the token was closed' })
    // The same wrong PIN again would bring the token nearer to being locked.
    if (refusal !== undefined) throw refusal
    keeper ??= login()
    await keeper.catch((error: unknown) => {
      keeper = undefined
      throw error
    })
    return idle.pop() ?? pkcs11.C_OpenSession(findSlot(pkcs11, label), CK.CKF_SERIAL_RW)
  }

  /** After an error nothing is known of sessions and handles; the login is lost with the last session. */
  async function forget(): Promise<void> {
    generation += 1
    for (const session of idle.splice(0)) discard(session)
    const kept = keeper
    keeper = undefined
    if (kept !== undefined) await kept.then(discard, () => undefined)
  }

  return {
    get generation() {
      return generation
    },
    async withSession<T>(work: (session: Pkcs11Handle) => T | Promise<T>): Promise<T> {
      if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
      else free -= 1
      let session: Pkcs11Handle | undefined
      try {
        session = await open()
        const answer = await work(session)
        if (closed) discard(session)
        else idle.push(session)
        return answer
      } catch (cause) {
        if (session !== undefined) discard(session)
        if (!(cause instanceof KommaError)) await forget()
        throw tokenError(cause)
      } finally {
        const next = waiting.shift()
        if (next === undefined) free += 1
        else next()
      }
    },
    close() {
      closed = true
      void forget()
    }
  }
}

function findSlot(pkcs11: Pkcs11, label: string): Pkcs11Handle {
  const slots = pkcs11.C_GetSlotList(true).filter((slot) => pkcs11.C_GetTokenInfo(slot).label.trim() === label.trim())
  const [slot] = slots
  if (slot !== undefined && slots.length === 1) return slot
  const message = slot === undefined ? 'no token with this label is present' : 'several tokens have this label'
  throw new KeyError({ code: 'KEY_STORE_IO', message, path: 'token', got: label.slice(0, 100) }, { retryable: true })
}

/** The error of a call to the module. The PIN is in no message of a module, and none is taken over as it is. */
export function tokenError(cause: unknown): KommaError {
  if (cause instanceof KommaError) return cause
  const code = codeIn(cause)
  if (DENIED.test(code)) {
    return new KeyError(
      {
        code: 'KEY_ACCESS_DENIED',
        message: 'the token does not accept the PIN, or does not let it use the key',
        got: code,
        hint: 'Check the PIN before trying again: a few wrong ones lock the token.'
      },
      { cause }
    )
  }
  const got = code === '' ? {} : { got: code }
  const message = 'the token failed'
  return new KeyError({ code: 'KEY_STORE_IO', message, ...got }, { cause, retryable: RETRYABLE.test(code) })
}

function attempt(call: () => void, message: string): void {
  try {
    call()
  } catch (cause) {
    throw new KeyError({ code: 'KEY_STORE_IO', message, hint: 'Check the path of the module.' }, { cause })
  }
}

function codeIn(cause: unknown): string {
  return cause instanceof Error ? (/CKR_\w+/.exec(cause.message)?.[0] ?? '') : ''
}
