import { nobleProvider } from '../../src/crypto/noble-provider.js'
import type { KeyImportOptions } from '../../src/crypto/provider.js'

/** Who does the arithmetic of signatures. Every verdict has to be the same on each. */
export const BACKENDS: readonly (readonly [name: string, options: KeyImportOptions])[] = [
  ['WebCrypto', { backend: 'webcrypto' }],
  ['noble', { backend: 'noble', provider: nobleProvider }]
]
