import type { KeyCache } from '../crypto/key-cache.js'
import type { Signer } from '../keys/key-store.js'
import type { ContextSet } from '../model/contexts.js'
import type { Profile } from '../model/types.js'
import type { Cryptosuite } from '../securing/cryptosuite.js'
import type { IssuingStore } from './checked-store.js'
import type { Emit } from './events.js'
import type { ListUrl } from './list-url.js'
import type { SettledEntry } from './status-entries.js'

/** What the write way needs, settled once when the issuer is created. */
export interface Workshop {
  readonly profile: Profile
  readonly signer: () => Promise<Signer>
  readonly status: IssuingStore
  readonly listUrl: ListUrl
  /** The status entries that every credential gets. */
  readonly statusEntries: readonly SettledEntry[]
  readonly contexts: ContextSet
  /** Whether any credential may be signed as it is given, or badges alone. */
  readonly credentials: 'badges' | 'any'
  readonly inlineContexts: 'refused' | 'admitted'
  /** Where undefined, the one for the kind of key that signs. */
  readonly suite: Cryptosuite | undefined
  readonly keyCache: KeyCache
  readonly now: () => Date
  readonly random: (length: number) => Uint8Array
  readonly randomUuid: () => string
  readonly emit: Emit
}
