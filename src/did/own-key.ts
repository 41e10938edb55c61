import type { PublicKeyMaterial } from '../crypto/public-key.js'
import type { VerificationPurpose } from './purpose.js'

/** What a DID says that is its key, and needs nobody else to say so: `did:key` and `did:jwk`. */
export interface OwnKey {
  readonly method: 'did:key' | 'did:jwk'
  readonly did: string
  /** Not checked to be a good key: importing it does that. */
  readonly material: PublicKeyMaterial
  /** The DID URL of its one verification method. */
  readonly verificationMethod: string
  readonly purposes: readonly VerificationPurpose[]
}
