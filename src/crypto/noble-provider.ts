import { p256, p384 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { mgf1, PKCS1_SHA256, PSS } from 'micro-rsa-dsa-dh/rsa.js'
import { integerFromBytes } from './integers.js'
import type { CryptoProvider } from './provider.js'

/** RFC 7518 section 3.5: MGF1 with the same hash, and a salt as long as the hash. */
const PSS_SHA256 = /* @__PURE__ */ PSS(sha256, /* @__PURE__ */ mgf1(sha256), 32)

/**
 * Checks ECDSA (P-256, P-384) and RSA signatures in plain JavaScript, for runtimes without WebCrypto: hand it to
 * `createKeyCache`, and the key cache to `verify`. Where WebCrypto can, it is not asked.
 *
 * Does NOT take care to use the same time for every input: it sees public keys only.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { createKeyCache, verify } from 'komma'
 * import { nobleProvider } from 'komma/crypto/noble'
 * import { openFolderResolver } from 'komma/resolve/folder'
 *
 * const keyCache = createKeyCache({ provider: nobleProvider })
 * const resolver = await openFolderResolver('published')
 * const report = await verify(await readFile('badge.json'), { keyCache, resolver })
 * console.log(report.accepted) // => true
 * ```
 */
export const nobleProvider: CryptoProvider = /* @__PURE__ */ Object.freeze<CryptoProvider>({
  verifyEcdsa(curve, publicKey, signature, message) {
    return (curve === 'P-256' ? p256 : p384).verify(signature, message, publicKey, { lowS: false })
  },
  verifyRsa(algorithm, publicKey, signature, message) {
    const key = { n: integerFromBytes(publicKey.modulus), e: integerFromBytes(publicKey.exponent) }
    try {
      return (algorithm === 'RS256' ? PKCS1_SHA256 : PSS_SHA256).verify(key, message, signature)
    } catch {
      // The library throws where RFC 8017 section 8.1.2, step 2c, says: invalid signature.
      return false
    }
  }
})
