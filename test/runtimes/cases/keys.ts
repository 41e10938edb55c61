import { constants, generateKeyPairSync, sign } from 'node:crypto'
import { materialFromJwk } from '../../../src/crypto/jwk.js'
import type { KeyAlgorithm, SignatureAlgorithm } from '../../../src/crypto/public-key.js'
import { didJwkFromMaterial } from '../../../src/did/did-jwk.js'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import { testSigner } from '../../support/sign.js'

/** A key pair that signs as it is told, and the identifiers of whoever publishes it. */
export interface CaseKeyPair {
  readonly algorithm: KeyAlgorithm
  readonly did: string
  readonly verificationMethod: string
  sign(message: Uint8Array, algorithm?: SignatureAlgorithm): Promise<Uint8Array>
}

/** The key pair of this kind that belongs to the label. */
export async function keyPair(algorithm: KeyAlgorithm, label: string): Promise<CaseKeyPair> {
  if (algorithm === 'RSA') return rsaPair()
  const { did, verificationMethod, signer } = await testSigner(label, algorithm)
  return { algorithm, did, verificationMethod, sign: (message) => signer.sign(message) }
}

/** Made anew each time: no seed gives an RSA key, and a key in a file would look like one to keep. */
function rsaPair(): CaseKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const did = didJwkFromMaterial(materialFromJwk(publicKey.export({ format: 'jwk' }) as JsonObject))
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  return {
    algorithm: 'RSA',
    did,
    verificationMethod: `${did}#0`,
    sign: async (message, name) => sign('sha256', message, { key: privateKey, ...(name === 'PS256' ? pss : {}) })
  }
}
