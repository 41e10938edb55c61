import { describe, expect, it } from 'vitest'
import { materialFromJwk } from '../../../src/crypto/jwk.js'
import { importPublicKey } from '../../../src/crypto/public-key.js'
import { KommaError } from '../../../src/encoding/errors.js'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import { takeApart } from '../../../src/securing/jwt/compact-jws.js'
import { JWT_ALGORITHMS, readJoseHeader } from '../../../src/securing/jwt/jose-header.js'
import { describeShared, readSharedJson } from '../../support/shared.js'

interface WycheproofGroup {
  readonly public?: JsonObject
  /** Symmetric keys stand here. */
  readonly private?: JsonObject
  readonly tests: readonly { readonly tcId: number; readonly result: string; readonly jws: unknown }[]
}

/** What is valid for Wycheproof and refused here, by reason. */
const REFUSED_ON_PURPOSE: Readonly<Record<string, readonly number[]>> = {
  'a symmetric algorithm': [1, 348, 352, 357, 358, 359, 372, 373, 376, 377],
  'an algorithm that no credential format asks for: RS384': [264, 265, 266, 267],
  'an algorithm that no credential format asks for: RS512': [268, 269, 270, 271],
  'an algorithm that no credential format asks for: PS384': [320, 321, 322, 323, 346, 350],
  'an algorithm that no credential format asks for: PS512': [325, 326, 327, 328],
  'an algorithm that no credential format asks for: ES512': [347, 351],
  'an empty payload, which is how a detached one looks': [259, 272]
}

/** Reader, header gate, key and signature, as they follow each other in a verification. The payload may be anything. */
async function accepts(jws: unknown, jwk: JsonObject): Promise<boolean> {
  try {
    const { header, signature, signingInput } = takeApart(jws as string)
    const rules = { expects: 'credential', lenient: false, hasIss: true, algorithms: JWT_ALGORITHMS } as const
    const read = readJoseHeader({ kid: 'key', ...header }, rules)
    if ('refused' in read) return false
    const key = await importPublicKey(materialFromJwk(jwk))
    return await key.verify(read.algorithm, signature, signingInput)
  } catch (error) {
    if (error instanceof KommaError) return false
    throw error
  }
}

describeShared('Wycheproof, JSON Web Signature', () => {
  it('100, 116: gives every verdict of all 401 tests, but for the valid ones that it refuses on purpose', async () => {
    const { testGroups } = readSharedJson('vectors/wycheproof/json_web_signature_test.json')
    const refusedOnPurpose = Object.values(REFUSED_ON_PURPOSE).flat()
    const wrong: number[] = []
    let count = 0
    for (const { tests, ...keys } of testGroups as readonly WycheproofGroup[]) {
      for (const { tcId, result, jws } of tests) {
        count += 1
        const expected = result === 'valid' && !refusedOnPurpose.includes(tcId)
        const isText = typeof jws === 'string'
        if ((isText && (await accepts(jws, keys.public ?? keys.private ?? {}))) !== expected) wrong.push(tcId)
      }
    }
    expect(wrong).toEqual([])
    expect(count).toBe(401)
  })
})

describe('the examples of the standards', () => {
  it('RFC 8037 appendix A.4: EdDSA', async () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
    const jws =
      'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg'
    expect(await accepts(jws, jwk)).toBe(true)
    expect(await accepts(jws.replace('RXh', 'RXg'), jwk)).toBe(false)
  })

  it('RFC 7515 appendix A.3: ES256', async () => {
    const jwk = {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0'
    }
    const jws =
      'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q'
    expect(await accepts(jws, jwk)).toBe(true)
    expect(await accepts(jws.replace('eyJpc3', 'eyJpc2'), jwk)).toBe(false)
  })
})
