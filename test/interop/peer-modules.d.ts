// The peer ships no types; these are the parts that the tests use.

declare module '@digitalbazaar/vc' {
  import type { DataIntegrityProof } from '@digitalbazaar/data-integrity'

  export type Loader = (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: unknown }>
  export interface CredentialResult {
    readonly verified: boolean
    readonly error?: { readonly errors?: readonly Error[] }
  }
  export function issue(options: {
    credential: object
    suite: DataIntegrityProof
    documentLoader: Loader
  }): Promise<Record<string, unknown>>
  export function derive(options: {
    verifiableCredential: object
    suite: DataIntegrityProof
    documentLoader: Loader
  }): Promise<Record<string, unknown>>
  export function verifyCredential(options: {
    credential: object
    suite: DataIntegrityProof
    documentLoader: Loader
    checkStatus?: () => Promise<{ verified: boolean }>
    now?: Date
  }): Promise<CredentialResult>
}

declare module '@digitalbazaar/data-integrity' {
  export class DataIntegrityProof {
    constructor(options: { cryptosuite: object; signer?: object; date?: string })
  }
}

declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export const cryptosuite: object
}

declare module '@digitalbazaar/ed25519-multikey' {
  export interface KeyPair {
    readonly id: string
    readonly publicKeyMultibase: string
    signer(): object
  }
  export function generate(options: { seed: Uint8Array; id?: string; controller?: string }): Promise<KeyPair>
}

declare module '@digitalbazaar/ecdsa-sd-2023-cryptosuite' {
  export function createSignCryptosuite(options: { mandatoryPointers: readonly string[] }): object
  export function createDiscloseCryptosuite(options: { selectivePointers: readonly string[] }): object
  export function createVerifyCryptosuite(): object
}

declare module '@digitalbazaar/ecdsa-multikey' {
  export interface KeyPair {
    readonly id: string
    readonly publicKeyMultibase: string
    signer(): object
  }
  export function generate(options: { curve: 'P-256'; id?: string; controller?: string }): Promise<KeyPair>
}
