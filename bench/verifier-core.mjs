import { verifyCredential } from '@digitalcredentials/verifier-core'

/**
 * The verifier of the Digital Credentials Consortium. It asks the web for a schema at every badge and compiles it; here
 * it gets an empty one from memory, which favours it. Status lists it reads from the web alone, so it is not asked about
 * badges that have one.
 */
export async function verifyWithVerifierCore(text) {
  const { fetch } = globalThis
  globalThis.fetch = async () => new Response('{}', { headers: { 'content-type': 'application/json' } })
  try {
    const { log = [] } = await verifyCredential({ credential: JSON.parse(text), knownDIDRegistries: [] })
    const signature = log.find(({ id }) => id === 'valid_signature')
    if (signature?.valid !== true) throw new Error('verifier-core does not verify the badge')
  } finally {
    globalThis.fetch = fetch
  }
}
