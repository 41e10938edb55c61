import { KeyError } from '../encoding/errors.js'

/** All that a store holds, in one record. */
export interface StoredRecord<Entry> {
  /** Rises with every change. */
  readonly sequence: number
  readonly entries: readonly Entry[]
}

export interface RecordDatabase<Entry> {
  /** @throws {KeyError} KEY_STORE_IO */
  read(): Promise<StoredRecord<Entry>>
  /**
   * Writes the entries where the record is still the one that was read; false where another page was faster.
   *
   * @throws {KeyError} KEY_STORE_IO
   */
  replace(before: StoredRecord<Entry>, entries: readonly Entry[]): Promise<boolean>
  close(): void
}

const STORE = 'keys'
const RECORD = 'all'
const VERSION = 1

/**
 * Opens a database of one record. Key objects of WebCrypto are kept in it as they are: IndexedDB clones them without
 * showing them.
 *
 * @throws {KeyError} KEY_STORE_IO
 */
export async function openDatabase<Entry>(name: string): Promise<RecordDatabase<Entry>> {
  const factory = globalThis.indexedDB as IDBFactory | undefined
  if (factory === undefined) {
    throw new KeyError({
      code: 'KEY_STORE_IO',
      message: 'this runtime has no IndexedDB',
      hint: 'Use createWebCryptoKeyStore, or a store that lasts on this runtime.'
    })
  }
  const opening = factory.open(name, VERSION)
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(STORE)
  }
  const database = await settled(opening)
  // Another version of this library, in another page, may need the database for itself.
  database.onversionchange = () => database.close()

  const start = (mode: IDBTransactionMode): IDBTransaction => {
    try {
      return database.transaction(STORE, mode, { durability: 'strict' })
    } catch (cause) {
      throw failed(cause)
    }
  }
  return {
    async read() {
      const request = start('readonly').objectStore(STORE).get(RECORD)
      return ((await settled(request)) as StoredRecord<Entry> | undefined) ?? { sequence: 0, entries: [] }
    },
    async replace(before, entries) {
      const transaction = start('readwrite')
      const committed = completed(transaction)
      const store = transaction.objectStore(STORE)
      let isMine = false
      const request = store.get(RECORD)
      request.onsuccess = () => {
        isMine = ((request.result as StoredRecord<Entry> | undefined)?.sequence ?? 0) === before.sequence
        if (isMine) store.put({ sequence: before.sequence + 1, entries }, RECORD)
      }
      await committed
      return isMine
    },
    close: () => database.close()
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(failed(request.error))
    if ('onblocked' in request)
      request.onblocked = () => reject(failed(new Error('another page keeps the database open')))
  })
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(failed(transaction.error))
    transaction.onerror = () => reject(failed(transaction.error))
  })
}

function failed(cause: unknown): KeyError {
  return new KeyError(
    { code: 'KEY_STORE_IO', message: 'the database of the keys failed', hint: 'See the cause.' },
    { cause }
  )
}
