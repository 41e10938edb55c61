import { gunzipSync } from 'node:zlib'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { generate } from '@digitalbazaar/ed25519-multikey'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { issue, verifyCredential } from '@digitalbazaar/vc'

const DID_CONTEXT = 'https://www.w3.org/ns/did/v1'
const MULTIKEY_CONTEXT = 'https://w3id.org/security/multikey/v1'

/**
 * The peer as its authors mean it to be used: contexts in memory with the tag `static`, so that its caches work, and
 * the controller document and the key document ready made.
 *
 * @param contexts a map of contexts by URL
 * @param lists status lists by URL
 */
export async function createPeer({ seed, contexts, lists = new Map() }) {
  const { publicKeyMultibase } = await generate({ seed })
  const id = `did:key:${publicKeyMultibase}`
  const key = await generate({ seed, id: `${id}#${publicKeyMultibase}`, controller: id })
  const documents = new Map()
  for (const url of contexts.urls) documents.set(url, { document: structuredClone(contexts.get(url)), tag: 'static' })
  for (const document of controllerDocuments(id, key)) documents.set(document.id, { document })

  const documentLoader = async (url) => {
    const found = documents.get(url)
    if (found === undefined) throw new Error(`not at hand: ${url}`)
    return { contextUrl: null, documentUrl: url, ...found }
  }
  const signing = new DataIntegrityProof({ cryptosuite, signer: key.signer() })
  const verifying = new DataIntegrityProof({ cryptosuite })
  const check = (credential) =>
    verifyCredential({ credential, suite: verifying, documentLoader, checkStatus: (options) => checkStatus(options) })

  /** What `vc-bitstring-status-list` does for each badge: read the list, verify it, unpack it, look at the bit. */
  async function checkStatus({ credential }) {
    const { statusListCredential, statusListIndex } = credential.credentialStatus
    const list = JSON.parse(lists.get(statusListCredential))
    const result = await check(list)
    const bits = gunzipSync(Buffer.from(list.credentialSubject.encodedList.slice(1), 'base64url'))
    const index = Number(statusListIndex)
    const isSet = (bits[index >> 3] & (0x80 >> (index & 7))) !== 0
    return { verified: result.verified && !isSet }
  }

  return {
    id,
    sign: async (text) => JSON.stringify(await issue({ credential: JSON.parse(text), suite: signing, documentLoader })),
    /** With a time of the caller's, so that signatures can be compared. */
    signAt: (text, date) => {
      const suite = new DataIntegrityProof({ cryptosuite, signer: key.signer(), date })
      return issue({ credential: JSON.parse(text), suite, documentLoader })
    },
    verify: async (text) => {
      const result = await check(JSON.parse(text))
      if (!result.verified) throw new Error('the peer does not verify the badge', { cause: result.error })
    }
  }
}

function controllerDocuments(id, { id: method, publicKeyMultibase }) {
  const key = { id: method, type: 'Multikey', controller: id, publicKeyMultibase }
  return [
    { '@context': MULTIKEY_CONTEXT, ...key },
    { '@context': [DID_CONTEXT, MULTIKEY_CONTEXT], id, verificationMethod: [key], assertionMethod: [method] }
  ]
}
