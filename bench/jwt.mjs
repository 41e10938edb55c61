import { importJWK, jwtVerify } from 'jose'

/** What `jose` does for a JWT whose key is at hand: check the signature and the times, and parse the claims. */
export async function createJose(publicKey) {
  const x = Buffer.from(publicKey).toString('base64url')
  const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x }, 'EdDSA')
  return async (token) => {
    const { payload } = await jwtVerify(token, key, { algorithms: ['EdDSA'], typ: 'JWT' })
    if (payload.iss === undefined) throw new Error('the token names no issuer')
  }
}
