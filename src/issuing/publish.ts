import { buildControllerDocument } from '../did/build-controller-document.js'
import { buildJwks, isEnded, jwksUrlOf } from '../did/jwk-set.js'
import { verificationMethodUrl } from '../did/method-url.js'
import { dateFromInstant, parseDateTimeStamp, toWholeSeconds } from '../encoding/dates.js'
import { StatusError } from '../encoding/errors.js'
import { parseJson } from '../encoding/json.js'
import type { JsonObject } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import type { KeyInfo } from '../keys/key-store.js'
import { addProof } from '../securing/add-proof.js'
import { unsecured } from '../securing/unsecured-document.js'
import { buildStatusListCredential } from '../status/list-credential.js'
import type { StatusListInfo } from '../status/status-store.js'
import { digestOfText } from './checked-store.js'
import { checkUnsigned } from './gate.js'
import type { Workshop } from './workshop.js'

/** A document that belongs on the web, under its own id. */
export interface Published {
  /** The DID or URL that the document answers to. */
  readonly id: string
  readonly kind: 'controllerDocument' | 'jwks' | 'statusList'
  /** The exact text to serve. */
  readonly text: string
}

export interface PublishOptions {
  /** How long a status list is good for, in seconds. Default 604,800 (a week). */
  readonly lifetime?: number
  /**
   * A list that was signed longer ago than this is signed again, in seconds. Default 3,600: verifiers trust a list for a
   * day only, so one that is served for a week has to be signed again and again.
   */
  readonly refreshAfter?: number
  /** How long a reader may keep a status list before asking again, in seconds. Default 300. */
  readonly ttl?: number
}

const HOUR = 3_600
const WEEK = 604_800
const ATTEMPTS = 5

/**
 * The controller document of an issuer on the web, and its JWK Set for whoever verifies its JWTs. A `did:key` or
 * `did:jwk` is its own document and has neither.
 */
export function publishKeys(id: string, keys: readonly KeyInfo[], at: Date): readonly Published[] {
  const jwksUrl = jwksUrlOf(id)
  if (jwksUrl === undefined) return []
  return [
    { id, kind: 'controllerDocument', text: JSON.stringify(buildControllerDocument({ id, keys })) },
    { id: jwksUrl, kind: 'jwks', text: JSON.stringify(buildJwks({ id, keys, at })) }
  ]
}

/**
 * Signs every status list that changed since its last publication or was signed a while ago, and answers with the
 * current text of all of them.
 */
export async function publishStatusLists(
  workshop: Workshop,
  keys: readonly KeyInfo[],
  options: PublishOptions
): Promise<readonly Published[]> {
  const isTrusted = trustOf(workshop, keys)
  const published: Published[] = []
  for (const list of await workshop.status.lists()) {
    published.push({ id: list.id, kind: 'statusList', text: await publishList(workshop, list, isTrusted, options) })
  }
  return published
}

/** Whether verifiers still take a text that was signed before: not with a key that has expired or was compromised. */
function trustOf({ profile, now }: Workshop, keys: readonly KeyInfo[]): (text: string) => boolean {
  const ended = keys.filter((key) => isEnded(key, now())).map((key) => `${profile.id}#${key.id}`)
  return (text) => {
    if (ended.length === 0) return true
    const list = parseJson(text)
    const proof = isJsonObject(list) ? list['proof'] : undefined
    return isJsonObject(proof) && !ended.includes(String(proof['verificationMethod']))
  }
}

async function publishList(
  workshop: Workshop,
  list: StatusListInfo,
  isTrusted: (text: string) => boolean,
  options: PublishOptions
): Promise<string> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const snapshot = await workshop.status.snapshot(list.id)
    const last = await workshop.status.publication(list.id)
    if (last !== undefined && last.version >= snapshot.version) {
      const isNew = isFresh(last.validFrom, workshop.now(), options.refreshAfter ?? HOUR)
      if (isNew && isTrusted(last.text)) return last.text
      await workshop.status.touch(list.id)
      continue
    }
    const unsigned = await buildStatusListCredential({
      ...snapshot,
      issuer: workshop.profile.id,
      now: workshop.now(),
      ttlSeconds: options.ttl ?? 300,
      lifetimeSeconds: options.lifetime ?? WEEK
    })
    const text = JSON.stringify(await signList(workshop, unsigned))
    const counts = await workshop.status.publish({
      listId: list.id,
      version: snapshot.version,
      text,
      digest: digestOfText(text),
      validFrom: String(unsigned['validFrom']),
      at: toWholeSeconds(workshop.now())
    })
    if (counts) return text
  }
  throw new StatusError(
    {
      code: 'STATUS_CONFLICT',
      message: 'other publishers were faster each time',
      path: list.id,
      hint: 'Publish again.'
    },
    { retryable: true }
  )
}

async function signList(workshop: Workshop, unsigned: JsonObject): Promise<JsonObject> {
  const { contexts, suite, keyCache, profile } = workshop
  const signer = await workshop.signer()
  const expanded = await checkUnsigned(unsigned, 'BitstringStatusListCredential', { contexts })
  return addProof(unsecured(unsigned, expanded, contexts), {
    signer,
    // A proof that shows parts is for a holder; a list is for everybody.
    suite: suite?.showsPart ? undefined : suite,
    keyCache,
    verificationMethod: verificationMethodUrl(profile.id, signer),
    created: String(unsigned['validFrom'])
  })
}

function isFresh(validFrom: string, now: Date, refreshAfter: number): boolean {
  const signed = dateFromInstant(parseDateTimeStamp(validFrom)).getTime()
  return now.getTime() - signed <= refreshAfter * 1000
}
