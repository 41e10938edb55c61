import { afterEach, expect, it, vi } from 'vitest'
import { expand } from '../../../src/canonical/json-ld.js'
import { importPublicKey } from '../../../src/crypto/public-key.js'
import type { JsonObject } from '../../../src/encoding/json-types.js'
import { decodeMultibase } from '../../../src/encoding/multibase.js'
import { createContextSet } from '../../../src/model/contexts.js'
import { createStatementKey, importStatementKey } from '../../../src/securing/sd/statement-key.js'
import { unsecured } from '../../../src/securing/unsecured-document.js'
import { deriveCredential, ecdsaSd2023 } from '../../../src/selective-disclosure.js'
import { disclosureSigner, p256Keys } from '../../support/disclosure.js'
import { plainBadge } from '../../support/sign.js'

afterEach(() => vi.unstubAllGlobals())

const key = createStatementKey(new Uint8Array(48).fill(3))
const statement = '<urn:a> <urn:b> "ü" .\n'

it.each([
  ['with WebCrypto', globalThis.crypto],
  ['without WebCrypto', undefined]
])('checks the signature of a statement %s', async (_name, crypto) => {
  const signature = key.sign(statement)
  vi.stubGlobal('crypto', crypto)
  const check = await importStatementKey(key.publicKey)
  expect(await check(signature, statement)).toBe(true)
  expect(await check(signature, `${statement} `)).toBe(false)
  expect(
    await check(
      signature.map((byte, index) => (index === 40 ? byte ^ 1 : byte)),
      statement
    )
  ).toBe(false)
})

it('makes one signature for one statement', () => {
  expect(key.sign(statement)).toEqual(key.sign(statement))
  expect(key.sign(statement)).not.toEqual(key.sign(`${statement} `))
})

it('does not hold a proof that brings a context, which nothing signs', async () => {
  const signer = await disclosureSigner()
  const { proof, ...shown } = await deriveCredential(await signer.sign(plainBadge(signer.id)), { reveal: [] })
  const [given] = proof as readonly [JsonObject]
  const contexts = createContextSet()
  const [info] = await (await p256Keys('issuer')).keys()
  const publicKey = await importPublicKey({ algorithm: 'P-256', bytes: decodeMultibase(String(info?.id)).slice(2) })
  const secured = unsecured(shown, await expand(shown, contexts), contexts)
  expect(await ecdsaSd2023.verifyProof(secured, given, publicKey)).toEqual({ holds: true })
  const more = { ...given, '@context': shown['@context'] as string[] }
  expect(await ecdsaSd2023.verifyProof(secured, more, publicKey)).toEqual({ holds: false })
})
