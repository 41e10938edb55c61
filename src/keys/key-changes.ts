import { bindKey, type Changed, compromiseKey, type KeyEntry, retireKey, switchKey } from './key-life.js'
import type {
  CompromiseOptions,
  CreateKeyOptions,
  KeyInfo,
  ManagedKeyStore,
  RetireOptions,
  RotateOptions
} from './key-store.js'

/** Changes the keys of a store, one change after the other, as a whole or not at all. */
export type ChangeKeys<Entry extends KeyEntry> = (
  make: (entries: readonly Entry[]) => Promise<Changed<Entry>>
) => Promise<KeyInfo>

/** The keys of a store with one more. */
export type MakeKey<Entry extends KeyEntry> = (
  entries: readonly Entry[],
  options: CreateKeyOptions
) => Promise<Changed<Entry>>

/** The methods that change a store, the same for every driver. */
export function changesOf<Entry extends KeyEntry>(
  change: ChangeKeys<Entry>,
  make: MakeKey<Entry>
): Omit<ManagedKeyStore, 'signer' | 'keys'> {
  return {
    create: (options: CreateKeyOptions = {}) => change((entries) => make(entries, options)),
    rotate: (options: RotateOptions = {}) => change((entries) => rotateKey(entries, options, make)),
    retire: (id: string, options: RetireOptions = {}) => change(async (entries) => retireKey(entries, id, options)),
    compromise: (id: string, options: CompromiseOptions = {}) =>
      change(async (entries) => compromiseKey(entries, id, options)),
    async bind(id: string, issuer: string) {
      await change(async (entries) => bindKey(entries, id, issuer))
    }
  }
}

/** The keys after a rotation: to one that is there, or to a new one, of the kind of the current one unless told. */
async function rotateKey<Entry extends KeyEntry>(
  entries: readonly Entry[],
  { to, ...options }: RotateOptions,
  make: MakeKey<Entry>
): Promise<Changed<Entry>> {
  if (to !== undefined) return switchKey(entries, to, options)
  const algorithm = entries.find(({ info }) => info.current)?.info.algorithm
  const kind = algorithm === undefined ? {} : { algorithm }
  const [more, { id }] = await make(entries, { ...kind, ...options, current: false })
  return switchKey(more, id, options)
}
