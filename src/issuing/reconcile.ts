import { createMapResolver, type Resolver } from '../did/resolver.js'
import { compareInstants, parseDateTimeStamp, toWholeSeconds } from '../encoding/dates.js'
import { InputError, OptionError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { isJsonObject } from '../encoding/snapshot.js'
import { idOf, objectsOf, textOf } from '../model/read.js'
import { defaultSuites } from '../securing/default-suites.js'
import {
  decodeList,
  MIN_STATUS_ENTRIES,
  parseStatusListIndex,
  parseStatusSize,
  readStatus
} from '../status/bitstring.js'
import type { Reconciliation, RestorableStatusStore, SeenCredential, SeenList } from '../status/reconcile.js'
import type { StatusPurpose, StatusSlot, StatusStore } from '../status/status-store.js'
import { verify } from '../verifying/verify.js'
import { digestOfText } from './checked-store.js'
import type { IssuerOptions } from './issuer-options.js'
import { publishKeys } from './publish.js'
import { readList } from './published-lists.js'
import { readSecuredText } from './secure.js'
import type { Workshop } from './workshop.js'

/** What was seen outside the store. */
export interface Seen {
  /** Reads the lists that the store knows, and the next ones, from where they are published. */
  readonly published?: Resolver
  /** Status lists as they were published; for lists that have no address on the web. */
  readonly lists?: readonly string[]
  /** Credentials that recipients or other systems hold, as JSON text or JWT. */
  readonly credentials?: readonly string[]
  /** Why; kept with every status that is carried over. Default: that an old backup was put back. */
  readonly reason?: string
  /** Who decided it. Default: the issuer. */
  readonly actor?: string
}

const MOST_LISTS = 1_000
const PURPOSES: readonly StatusPurpose[] = ['revocation', 'suspension', 'refresh', 'message']
/** What has to hold: an old list or credential may be past its time and still tells what was set and given. */
const DECISIVE = ['input', 'shape', 'issuer', 'proof', 'document']

/**
 * Makes a status store whole after an old backup of it was put back. Only lists and credentials that the issuer signed
 * count.
 *
 * @throws {OptionError} OPTION_INVALID where the store cannot be reconciled
 * @throws {InputError} CREDENTIAL_INVALID for a text that the issuer did not sign, with its place
 */
export async function reconcile(
  workshop: Workshop,
  options: IssuerOptions,
  { published, lists = [], credentials = [], reason, actor }: Seen
): Promise<Reconciliation> {
  const { status, keys } = options
  if (!isRestorable(status)) {
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'the status store cannot be reconciled',
      path: 'status',
      expected: 'a store with the method reconcile'
    })
  }
  const own = publishKeys(workshop.profile.id, await keys.keys(), workshop.now())
  const check = verifierOf(workshop, options, createMapResolver(own.map(({ id, text }) => [id, text] as const)))
  const known = new Map((await status.lists()).map((list) => [list.id, list.statusSize]))
  const texts = [...lists, ...(published === undefined ? [] : await readAll(workshop, published))]
  const read = {
    lists: await readEach(texts, 'lists', check),
    credentials: await readEach(credentials, 'credentials', check)
  }
  const isOwn = (list: string) =>
    known.has(list) || read.lists.some(({ id }) => id === list) || numberIn(workshop, list) > 0
  const seenCredentials = read.credentials.flatMap((one) => seenCredential(one, isOwn))
  const slots = seenCredentials.flatMap((credential) => credential.slots)
  const seenLists = new Map<string, SeenList>()
  for (const one of read.lists) {
    const size = known.get(one.id) ?? slots.find(({ list }) => list === one.id)?.statusSize ?? sizeOfMessages(workshop)
    const list = seenList(workshop, one, size)
    const before = seenLists.get(list.id)
    if (before === undefined || isLater(list, before)) seenLists.set(list.id, list)
  }
  for (const slot of slots) {
    if (!known.has(slot.list) && !seenLists.has(slot.list)) seenLists.set(slot.list, unpublished(workshop, slot))
  }
  return status.reconcile({
    lists: [...seenLists.values()],
    credentials: seenCredentials,
    reason: reason ?? 'carried over after an old backup of the status store was put back',
    actor: actor ?? workshop.profile.id,
    at: toWholeSeconds(workshop.now())
  })
}

/** A text that the issuer signed, and what it says. */
interface Read {
  readonly id: string
  readonly document: JsonObject
  readonly text: string
}

type Check = (text: string, path: string) => Promise<JsonObject>

async function readEach(texts: readonly string[], path: string, check: Check): Promise<Read[]> {
  const read: Read[] = []
  for (const [n, text] of texts.entries()) {
    const document = await check(text, `${path}/${n}`)
    read.push({ id: idOf(document) ?? '', document, text })
  }
  return read
}

function isRestorable(status: StatusStore): status is RestorableStatusStore {
  return typeof (status as Partial<RestorableStatusStore>).reconcile === 'function'
}

/** The lists of the store, and those after them for as long as there are any. */
async function readAll({ status, listUrl }: Workshop, published: Resolver): Promise<string[]> {
  const known = await status.lists()
  const texts: string[] = []
  const add = async (url: string) => {
    const text = await readList(published, url)
    if (text !== undefined) texts.push(text)
    return text !== undefined
  }
  for (const { id } of known) await add(id)
  for (const purpose of PURPOSES) {
    let n = Math.max(0, ...known.filter((list) => list.purpose === purpose).map(({ number }) => number)) + 1
    while (n <= MOST_LISTS && (await add(listUrl(n, purpose)))) n += 1
  }
  return texts
}

/** Gives the credential in a text, where this issuer signed it. */
function verifierOf(
  { profile, now }: Workshop,
  { contexts = [], inlineContexts = false, suite }: IssuerOptions,
  resolver: Resolver
): Check {
  const suites =
    suite === undefined ? defaultSuites : [...defaultSuites.filter(({ name }) => name !== suite.name), suite]
  return async (text, path) => {
    const options = {
      expect: 'VerifiableCredential',
      now: laterOf(now(), text),
      resolver,
      contexts,
      inlineContexts,
      suites
    } as const
    const report = await verify(text, options)
    const wrong = report.checks.find(({ id, outcome }) => DECISIVE.includes(id) && outcome !== 'pass')
    const credential = wrong === undefined ? readSecuredText(text) : undefined
    if (isJsonObject(credential) && idOf(credential['issuer']) === profile.id) return credential
    throw new InputError({
      code: 'CREDENTIAL_INVALID',
      message: 'this was not signed by the issuer',
      path,
      ...(wrong === undefined ? {} : { got: `${wrong.id}: ${wrong.code}` })
    })
  }
}

/** The clock may have been set back since; what was signed is none the less signed. */
function laterOf(now: Date, text: string): Date {
  try {
    const document = readSecuredText(text)
    if (!isJsonObject(document)) return now
    const [proof] = objectsOf(document['proof'])
    const times = [document['validFrom'], proof?.['created']].flatMap((time) => {
      const moment = typeof time === 'string' ? Date.parse(time) : Number.NaN
      return Number.isNaN(moment) ? [] : [moment]
    })
    return new Date(Math.max(now.getTime(), ...times))
  } catch {
    // The verifier says what is wrong with it.
    return now
  }
}

function seenList(workshop: Workshop, { id, document, text }: Read, size: number): SeenList {
  const subject = document['credentialSubject']
  const { statusPurpose, encodedList } = isJsonObject(subject) ? subject : {}
  const purpose = PURPOSES.find((one) => one === statusPurpose)
  if (purpose === undefined || typeof encodedList !== 'string')
    throw new InputError({ code: 'CREDENTIAL_INVALID', message: 'this is no status list of an issuer', path: id })
  const number = numberIn(workshop, id)
  return {
    id,
    purpose,
    ...(number === 0 ? {} : { number }),
    ...statusesIn(decodeList(encodedList), purpose === 'message' ? size : 1),
    publication: { text, digest: digestOfText(text), validFrom: String(document['validFrom']) }
  }
}

/** A list that a credential names and nobody published. */
function unpublished(workshop: Workshop, { list, purpose, statusSize, index }: StatusSlot): SeenList {
  const number = numberIn(workshop, list)
  const capacity = Math.max(MIN_STATUS_ENTRIES, Math.ceil((index + 1) / 8) * 8)
  return { id: list, purpose, statusSize, capacity, statuses: [], ...(number === 0 ? {} : { number }) }
}

function seenCredential({ id, document, text }: Read, isOwn: (list: string) => boolean): SeenCredential[] {
  const slots = objectsOf(document['credentialStatus']).flatMap((entry): StatusSlot[] => {
    const list = textOf(entry['statusListCredential']) ?? ''
    const purpose = PURPOSES.find((one) => one === entry['statusPurpose'])
    if (purpose === undefined || !isOwn(list)) return []
    const statusSize = parseStatusSize(entry['statusSize'], entry['statusMessage'])
    return [{ purpose, statusSize, list, index: parseStatusListIndex(entry['statusListIndex']) }]
  })
  if (slots.length === 0) return []
  return [{ credentialId: id, text, digest: digestOfText(text), keyId: keyIdOf(document), slots }]
}

function keyIdOf({ proof }: JsonObject): string {
  const [first] = objectsOf(proof)
  return textOf(first?.['verificationMethod'])?.split('#').at(-1) || 'unknown'
}

/** Which list of its purpose an address belongs to; 0 where it is none that the issuer gives. */
function numberIn({ listUrl }: Workshop, list: string): number {
  if (!list.startsWith('https://')) return 0
  for (const purpose of PURPOSES) {
    for (let n = 1; n <= MOST_LISTS; n += 1) if (listUrl(n, purpose) === list) return n
  }
  return 0
}

function sizeOfMessages({ statusEntries }: Workshop): number {
  return statusEntries.find(({ purpose }) => purpose === 'message')?.statusSize ?? 1
}

function isLater(a: SeenList, b: SeenList): boolean {
  const [mine, theirs] = [a, b].map(({ publication }) => parseDateTimeStamp(String(publication?.validFrom)))
  return mine !== undefined && theirs !== undefined && compareInstants(mine, theirs) > 0
}

function statusesIn(bits: Uint8Array, statusSize: number): Pick<SeenList, 'statusSize' | 'capacity' | 'statuses'> {
  const capacity = Math.floor((bits.length * 8) / statusSize)
  const statuses: { index: number; status: number }[] = []
  for (let index = 0; index < capacity; index += 1) {
    // Most bytes are 0.
    if (statusSize === 1 && index % 8 === 0 && bits[index / 8] === 0) {
      index += 7
      continue
    }
    const status = readStatus(bits, index, { statusSize })
    if (status !== 0) statuses.push({ index, status })
  }
  return { statusSize, capacity, statuses }
}
