import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/encoding/json-types.js'
import { type ContextDocument, contextDigest, verify } from '../../src/index.js'
import { NOW, testHouse } from '../support/issuer.js'
import { plainBadge } from '../support/sign.js'

const URL = 'https://academy.example/terms/v1'
const TERM = { '@protected': true, shift: 'https://academy.example/terms#shift' }
const context = (terms: JsonObject, sha256?: string): ContextDocument => {
  const document = { '@context': terms }
  return { url: URL, document, sha256: sha256 ?? contextDigest(document) }
}

/** A badge with a member of the academy's own vocabulary, signed by an issuer who registered these contexts. */
async function issueWith(contexts: readonly ContextDocument[]) {
  const { issuer } = await testHouse({ contexts })
  const badge = plainBadge(issuer.id, { shift: 'night' })
  return issuer.issueAsGiven({ ...badge, '@context': [...(badge['@context'] as string[]), URL] })
}

describe('a context of the issuer’s own', () => {
  it('40: is refused where it was not registered, and nothing is fetched or signed', async () => {
    await expect(issueWith([])).rejects.toMatchObject({
      name: 'InputError',
      code: 'CREDENTIAL_INVALID',
      path: '/@context'
    })
  })

  it('40: is registered with its content and digest, and refused where they differ', async () => {
    await expect(issueWith([context(TERM, '00'.repeat(32))])).rejects.toMatchObject({
      name: 'OptionError',
      code: 'CONTEXT_DIGEST_MISMATCH'
    })
  })

  it('40: is refused where it could change what a badge says', async () => {
    const expiry = { '@protected': true, expiry: 'https://www.w3.org/2018/credentials#validUntil' }
    await expect(issueWith([context(expiry)])).rejects.toMatchObject({ code: 'CONTEXT_UNSAFE' })
  })

  it('40: is signed with once it was registered, and read by those alone who registered it too', async () => {
    const contexts = [context(TERM)]
    const { text } = await issueWith(contexts)
    const stranger = await verify(text, { now: NOW })
    expect(stranger.checks.find(({ id }) => id === 'shape')?.code).toBe('CONTEXT_NOT_ALLOWED')
    const known = await verify(text, { now: NOW, contexts })
    expect(known.checks.find(({ id }) => id === 'proof')?.code).toBe('PROOF_VALID')
    expect(known.credential?.['shift']).toBe('night')
  })
})
