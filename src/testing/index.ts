export type { TestRunner } from './harness.js'
export { type KeyStoreKit, testKeyStore } from './key-store.js'
export { type KitDocument, type ResolverKit, testResolver } from './resolver.js'
export { type StatusStoreKit, testStatusStore } from './status-store.js'
