import { compareInstants, parseDateTimeStamp } from '../encoding/dates.js'
import { OptionError } from '../encoding/errors.js'
import { RecentMap } from '../encoding/recent-map.js'

/** A status list as it was seen: it verified by itself, and was not from the future. */
export interface SeenStatusList {
  /** Where it lives. */
  readonly list: string
  /** Whose it is: two issuers never share a memory, so that one cannot make the other's lists look old. */
  readonly issuer: string
  /** From when it is valid, as a dateTimeStamp; where the list does not say, when its oldest proof was made. */
  readonly validFrom: string
}

/**
 * Remembers the newest list that was seen of each issuer at each address, so that nobody can serve an older one in its
 * place, from a time before a revocation (security case 165).
 *
 * **Contract for drivers.** `remember` keeps the later of what it knows for exactly this `list` and `issuer` and of the
 * `validFrom` it is given, compared as points in time, and answers with it. What it has answered once it never takes
 * back. It throws, or rejects, where it cannot know: then the status is `unknown` (`STATUS_MEMORY_FAILED`), unless the
 * credential is revoked. So it is where an answer takes longer than `resolveTimeout`, is no time, or lies before the time
 * that was given.
 *
 * A memory that forgets lets an old list pass once more, and nothing else.
 */
export interface StatusMemory {
  remember(seen: SeenStatusList): string | Promise<string>
}

export interface StatusMemoryOptions {
  /** How many lists to remember; the one unused for longest is forgotten first. 10,000 unless told. */
  readonly maxLists?: number
}

/**
 * A memory for `VerifyOptions.statusMemory` that lasts as long as the object. Keep one for the whole process.
 *
 * Does NOT survive a restart: for that, keep the times in a database (see {@link StatusMemory}).
 *
 * @throws {OptionError} OPTION_INVALID
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { openFolderResolver } from 'komma/resolve/folder'
 * import { createStatusMemory, verify } from 'komma/verify'
 *
 * const options = { statusMemory: createStatusMemory(), resolver: await openFolderResolver('published') }
 * const report = await verify(await readFile('badge.json'), options)
 * console.log(report.accepted) // => true
 * ```
 */
export function createStatusMemory({ maxLists = 10_000 }: StatusMemoryOptions = {}): StatusMemory {
  if (!Number.isSafeInteger(maxLists) || maxLists < 1) {
    throw new OptionError({
      code: 'OPTION_INVALID',
      message: 'the size of the status memory is out of bounds',
      path: 'maxLists',
      expected: 'a whole number from 1'
    })
  }
  const newest = new RecentMap<string, string>(maxLists)
  return Object.freeze({
    remember({ list, issuer, validFrom }: SeenStatusList): string {
      const key = JSON.stringify([list, issuer])
      const known = newest.get(key)
      const latest = known === undefined || isLater(validFrom, known) ? validFrom : known
      newest.set(key, latest)
      return latest
    }
  })
}

/** Whether one dateTimeStamp is later than another. */
export function isLater(one: string, other: string): boolean {
  return compareInstants(parseDateTimeStamp(one), parseDateTimeStamp(other)) > 0
}
