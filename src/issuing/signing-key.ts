import { compareInstants, type Instant, instantFromDate, parseDateTimeStamp } from '../encoding/dates.js'
import { KeyError } from '../encoding/errors.js'
import { signerOf } from '../keys/checked-signer.js'
import { checkKeyIssuer } from '../keys/key-life.js'
import type { KeyStore, Signer } from '../keys/key-store.js'
import type { Emit } from './events.js'

const DAY = 86_400n
const WARNING_DAYS = 30

interface Issuing {
  readonly issuer: string
  readonly now: () => Date
  readonly emit: Emit
}

/**
 * The key that signs now, each time it is asked for: one whose time is not over, that signs for this issuer alone. Within
 * 30 days of its end an event tells of it, once a day.
 *
 * @throws {KeyError} KEY_PURPOSE, KEY_REVOKED, KEY_EXPIRED, KEY_ISSUER, KEY_NOT_FOUND, KEY_STORE_IO
 */
export function signingKey(keys: KeyStore, { issuer, now, emit }: Issuing): () => Promise<Signer> {
  const told = new Map<string, bigint>()
  return async () => {
    const signer = await signerOf(keys)
    const end = checkMaySign(signer, now())
    await bindSigner(keys, signer, issuer)
    if (end === undefined) return signer
    const today = instantFromDate(now()).seconds / DAY
    if (told.get(signer.id) !== today) {
      told.set(signer.id, today)
      emit({ type: 'keyEnds', key: signer.id, ends: end.text, days: end.days })
    }
    return signer
  }
}

/**
 * Records the issuer that a key signs for, where the store can.
 *
 * @throws {KeyError} KEY_ISSUER, KEY_STORE_IO
 */
export async function bindSigner(keys: KeyStore, signer: Signer, issuer: string): Promise<void> {
  checkKeyIssuer(signer, issuer)
  if (signer.issuer === issuer || keys.bind === undefined) return
  try {
    await keys.bind(signer.id, issuer)
  } catch (cause) {
    if (cause instanceof KeyError) throw cause
    throw new KeyError({ code: 'KEY_STORE_IO', message: 'the key store failed', hint: 'See the cause.' }, { cause })
  }
}

interface End {
  readonly text: string
  /** Whole days until then. */
  readonly days: number
}

/** @returns when the key ends, where that is soon */
function checkMaySign(signer: Signer, now: Date): End | undefined {
  const { use, revoked, expires, signsUntil } = signer
  if (use !== undefined && use !== 'assertionMethod') {
    throw refused('KEY_PURPOSE', 'the key is for another use than signing credentials', signer, String(use))
  }
  const time = instantFromDate(now)
  if (revoked !== undefined && isOver(read(revoked, 'revoked', signer), time)) {
    throw refused('KEY_REVOKED', 'the key was declared compromised', signer, revoked)
  }
  const ends = [read(signsUntil, 'signsUntil', signer), read(expires, 'expires', signer)]
    .filter((end) => end !== undefined)
    .sort((one, other) => compareInstants(one.instant, other.instant))
  const [first] = ends
  if (first === undefined) return undefined
  if (isOver(first, time)) throw refused('KEY_EXPIRED', 'the time in which the key signs is over', signer, first.text)
  const days = Number((first.instant.seconds - time.seconds) / DAY)
  return days < WARNING_DAYS ? { text: first.text, days } : undefined
}

interface Time {
  readonly text: string
  readonly instant: Instant
}

function read(text: unknown, name: string, signer: Signer): Time | undefined {
  if (text === undefined) return undefined
  try {
    return { text: text as string, instant: parseDateTimeStamp(text as string) }
  } catch (cause) {
    throw new KeyError(
      {
        code: 'KEY_STORE_IO',
        message: 'the key store says something of the key that is no time',
        path: `${String(signer.id).slice(0, 100)}/${name}`,
        expected: 'a date and time in UTC'
      },
      { cause }
    )
  }
}

function isOver(end: Time | undefined, now: Instant): boolean {
  return end !== undefined && compareInstants(end.instant, now) <= 0
}

function refused(
  code: 'KEY_PURPOSE' | 'KEY_REVOKED' | 'KEY_EXPIRED',
  message: string,
  { id }: Signer,
  got: string
): KeyError {
  return new KeyError({
    code,
    message,
    path: String(id).slice(0, 100),
    got: got.slice(0, 40),
    hint: 'Rotate to another key, and publish the documents of the issuer.'
  })
}
