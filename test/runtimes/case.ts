import type { PublicKeyMaterial, SignatureAlgorithm } from '../../src/crypto/public-key.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import type { VerifyOptions, VerifyPresentationOptions } from '../../src/verify.js'

/** What every runtime is asked. Plain JSON, so that one file serves all of them. */
export type Case = BadgeCase | PresentationCase | SignatureCase | ImageCase | SelfTestCase

interface Named {
  /** Stable: tables of two runtimes are compared by it. */
  readonly name: string
  readonly expected: 'accepted' | 'refused'
}

export interface BadgeCase extends Named {
  readonly kind: 'badge'
  readonly input: CaseInput
  readonly options: CaseOptions
}

export interface PresentationCase extends Named {
  readonly kind: 'presentation'
  readonly input: CaseInput
  readonly options: PresentationOptions
}

/** A signature by itself, so that a runtime's arithmetic is seen without a document around it. */
export interface SignatureCase extends Named {
  readonly kind: 'signature'
  readonly key: CaseKey
  readonly algorithm: SignatureAlgorithm
  /** Hexadecimal, as is the message. */
  readonly signature: string
  readonly message: string
}

export interface ImageCase extends Named {
  readonly kind: 'image'
  readonly input: CaseInput
}

/** The package looks at itself, as it does in place. */
export interface SelfTestCase extends Named {
  readonly kind: 'selfTest'
}

export type CaseInput = { readonly json: JsonObject } | { readonly text: string } | { readonly base64: string }

/** A public key with its bytes in hexadecimal. */
export type CaseKey = InHex<PublicKeyMaterial>
type InHex<Material> = Material extends unknown
  ? { readonly [Name in keyof Material]: Material[Name] extends Uint8Array ? string : Material[Name] }
  : never

/** The options of `verify` that are data, and what a resolver would find. */
export interface CaseOptions extends Pick<VerifyOptions, 'expect' | 'recipient' | 'maxStatusAge' | 'requireAllProofs'> {
  /** Default: the time that tests live in. */
  readonly now?: string
  readonly published?: readonly (readonly [url: string, document: JsonObject | string])[]
  readonly legacyFragments?: true
}

export type PresentationOptions = CaseOptions & Pick<VerifyPresentationOptions, 'challenge' | 'domain'>

/** How a runtime decided. */
export interface Row {
  readonly name: string
  readonly verdict: string
  /** Everything that was said, to the last word. */
  readonly details?: unknown
}
