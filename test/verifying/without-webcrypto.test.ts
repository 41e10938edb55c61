import { afterEach, describe, expect, it, vi } from 'vitest'
import { createKeyCache } from '../../src/crypto/key-cache.js'
import { nobleProvider } from '../../src/crypto/noble-provider.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { encodeBase64url } from '../../src/encoding/multibase.js'
import type { SigningKeyAlgorithm } from '../../src/keys/key-store.js'
import { ecdsaRdfc2019 } from '../../src/securing/ecdsa-rdfc-2019.js'
import { eddsaRdfc2022 } from '../../src/securing/eddsa-rdfc-2022.js'
import { verify } from '../../src/verifying/verify.js'
import { NOW } from '../support/issuer.js'
import { badgeClaims, segment } from '../support/jwt.js'
import { editable, plainBadge, testSigner } from '../support/sign.js'

const JOSE_NAMES = { Ed25519: 'EdDSA', 'P-256': 'ES256', 'P-384': 'ES384' } as const
const ECDSA = ['P-256', 'P-384'] as const

async function badge(algorithm: SigningKeyAlgorithm): Promise<JsonObject> {
  const issuer = await testSigner('issuer', algorithm)
  return issuer.sign(plainBadge(issuer.did), { suite: algorithm === 'Ed25519' ? eddsaRdfc2022 : ecdsaRdfc2019 })
}

async function jwt(algorithm: SigningKeyAlgorithm): Promise<string> {
  const { did, verificationMethod, signer } = await testSigner('issuer', algorithm)
  const header = { alg: JOSE_NAMES[algorithm], kid: verificationMethod, typ: 'JWT' }
  const input = `${segment(header)}.${segment(badgeClaims(did))}`
  return `${input}.${encodeBase64url(await signer.sign(new TextEncoder().encode(input)))}`
}

afterEach(() => vi.unstubAllGlobals())

describe('in a runtime without WebCrypto', () => {
  it('a badge with an Ed25519 key verifies as everywhere', async () => {
    const given = [await badge('Ed25519'), await jwt('Ed25519')]
    vi.stubGlobal('crypto', undefined)
    for (const each of given) expect((await verify(each, { now: NOW })).accepted).toBe(true)
  })

  it.each(ECDSA)('a badge with a %s key is neither good nor bad', async (algorithm) => {
    const given = [await badge(algorithm), await jwt(algorithm)]
    vi.stubGlobal('crypto', undefined)
    for (const each of given) {
      const report = await verify(each, { now: NOW })
      expect(report.accepted).toBe(false)
      expect(report.credential).toBeUndefined()
      const proof = report.checks.find(({ code }) => code === 'SIGNATURE_UNCHECKED')
      expect(proof).toMatchObject({ id: 'proof', outcome: 'unknown' })
    }
  })

  it.each(ECDSA)('a badge with a %s key verifies with a provider, and a changed one does not', async (algorithm) => {
    const given = await badge(algorithm)
    const token = await jwt(algorithm)
    vi.stubGlobal('crypto', undefined)
    const keyCache = createKeyCache({ provider: nobleProvider })
    for (const each of [given, token]) expect((await verify(each, { now: NOW, keyCache })).accepted).toBe(true)
    const changed = editable(given)
    changed.name = 'Another badge'
    const report = await verify(changed, { now: NOW, keyCache })
    expect(report.checks.find(({ id }) => id === 'proof')).toMatchObject({ code: 'SIGNATURE_INVALID' })
  })
})
