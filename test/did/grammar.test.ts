import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildControllerDocument } from '../../src/did/build-controller-document.js'
import { selectMethodOfKey, selectVerificationMethod } from '../../src/did/controller-document.js'
import { parseDidJwk } from '../../src/did/did-jwk.js'
import { parseDidKey } from '../../src/did/did-key.js'
import { buildJwks, selectJwk } from '../../src/did/jwk-set.js'
import { checkIssuerId, checkVerificationMethod } from '../../src/did/method-url.js'
import { KommaError } from '../../src/encoding/errors.js'
import type { JsonValue } from '../../src/encoding/json-types.js'
import { encodeBase64url } from '../../src/encoding/multibase.js'
import { createMemoryKeyStore } from '../../src/keys/memory.js'
import { NOW, testSeed } from '../support/issuer.js'
import { exampleJwk, exampleKey, MULTIKEYS } from '../support/public-keys.js'

const did = 'did:web:academy.example'
const keys = await (await createMemoryKeyStore({ seed: testSeed('issuer'), now: NOW, id: 'key-1' })).keys()
const document = buildControllerDocument({ id: did, keys })
const set = buildJwks({ id: did, keys, at: NOW })
const options = { id: did, controller: did, purpose: 'assertionMethod', at: NOW } as const

/** A value of the document in another place, of another type, or gone. */
const mutated = (value: JsonValue) =>
  fc.tuple(fc.nat({ max: 40 }), fc.jsonValue()).map(([at, other]) => {
    let count = 0
    return JSON.parse(JSON.stringify(value), (_, one) => (count++ === at ? other : one)) as JsonValue
  })
const fragments = fc.array(
  fc.oneof(
    fc.constantFrom(
      'did:',
      'key:',
      'jwk:',
      'web:',
      'https://',
      '#',
      '0',
      '?',
      '%',
      ':',
      '/',
      '@',
      'z6Mk',
      'academy.example'
    ),
    fc.constantFrom(...Object.values(MULTIKEYS)),
    fc.string({ maxLength: 6, unit: 'binary' })
  ),
  { maxLength: 8 }
)

function onlyOwnErrors(work: () => unknown): void {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(KommaError)
  }
}

describe('whatever is read, no error is a foreign one', () => {
  it('143, 144: DIDs and URLs of methods', () => {
    fc.assert(
      fc.property(fragments, (parts) => {
        const text = parts.join('')
        for (const read of [parseDidKey, parseDidJwk, checkIssuerId, checkVerificationMethod]) {
          onlyOwnErrors(() => read(text))
        }
      })
    )
  })

  it('144: the JSON of a did:jwk', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          mutated(exampleJwk('P-256')).map((value) => JSON.stringify(value))
        ),
        (text) => {
          onlyOwnErrors(() => parseDidJwk(`did:jwk:${encodeBase64url(new TextEncoder().encode(text))}`))
        }
      )
    )
  })

  it('140: controller documents', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), mutated(document)), (value) => {
        onlyOwnErrors(() => selectVerificationMethod(value as JsonValue, `${did}#key-1`, options))
        onlyOwnErrors(() => selectMethodOfKey(value as JsonValue, exampleKey('P-256'), options))
      })
    )
  })

  it('111, 112: key sets', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), mutated(set)), (value) => {
        onlyOwnErrors(() => selectJwk(value as JsonValue, { kid: `${did}#key-1`, key: undefined }, did))
        onlyOwnErrors(() => selectJwk(value as JsonValue, { kid: undefined, key: exampleKey('P-256') }, did))
      })
    )
  })
})
