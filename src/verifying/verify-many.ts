import { OptionError } from '../encoding/errors.js'
import { RecentMap } from '../encoding/recent-map.js'
import { type Answers, boundResolver } from './bounded-resolver.js'
import type { VerifyInput } from './intake.js'
import { type KnownLists, settle, type VerifyOptions } from './options.js'
import type { Report } from './report.js'
import { createRoom } from './room.js'
import { reportOn } from './steps.js'
import type { KnownList } from './verified-list.js'

/** How many answers and lists are kept for badges that come later. */
const KEPT_ANSWERS = 1_000
const KEPT_LISTS = 200
/** How much of either, in bytes: strangers choose how long a list is and how many there are. */
const KEPT_BYTES = 64 * 1_048_576
/** What an entry of a revocation list takes besides its texts. */
const ENTRY_BYTES = 200

/**
 * Verifies badges one after the other, each as `verify` does, and reads what they have in common once: keys, controller
 * documents and status lists. All are judged for one time. A report comes as soon as it is made; the next badge is taken
 * only when its report is asked for, so memory does not grow with their number.
 *
 * Does NOT look at badges together: whether two are of one person is not checked.
 *
 * @param inputs badges, as an array, a generator or a stream of any length
 * @param options those of `verify`; `limits.maxRequests` and `resolveTimeout` count for each badge
 * @returns the reports, in the order of the badges
 * @throws {OptionError} OPTION_INVALID at the first report, and what `inputs` throws
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises'
 * import { openFolderResolver } from 'komma/resolve/folder'
 * import { verifyMany } from 'komma/verify'
 *
 * const badges = [await readFile('badge.png'), await readFile('badge.json')]
 * for await (const report of verifyMany(badges, { resolver: await openFolderResolver('published') })) {
 *   console.log(report.accepted) // => true
 * }
 * ```
 */
export async function* verifyMany(
  inputs: Iterable<VerifyInput> | AsyncIterable<VerifyInput>,
  options: VerifyOptions = {}
): AsyncGenerator<Report, void, undefined> {
  checkInputs(inputs)
  const settings = settle(options)
  const { resolver } = options
  const lists = keepingLists()
  const answers: Answers = new RecentMap(KEPT_ANSWERS, KEPT_BYTES)
  for await (const input of inputs) {
    const own = resolver && { resolver: boundResolver(resolver, settings.resolverBounds, answers) }
    yield await reportOn(input, { ...settings, ...own, lists, room: createRoom(settings.limits) })
  }
}

/** Lists for the badges that follow; one that could not be read is read again. */
function keepingLists(): KnownLists {
  const kept = new RecentMap<string, Promise<KnownList>>(KEPT_LISTS, KEPT_BYTES)
  return {
    get: (address) => kept.get(address),
    set(address, list) {
      kept.set(address, list)
      const forget = () => kept.delete(address)
      list.then((read) => ('failed' in read ? forget() : kept.set(address, list, bytesOf(read))), forget)
    }
  }
}

function bytesOf(list: Exclude<KnownList, { readonly failed: unknown }>): number {
  if ('bits' in list) return list.bits.length
  return [...list.revoked.keys()].reduce((sum, id) => sum + id.length + ENTRY_BYTES, 0)
}

/** Text and bytes can be iterated, and would come apart into characters and numbers. */
function checkInputs(inputs: unknown): void {
  const isList = typeof inputs === 'object' && inputs !== null && !(inputs instanceof Uint8Array)
  if (isList && (Symbol.iterator in inputs || Symbol.asyncIterator in inputs)) return
  throw new OptionError({
    code: 'OPTION_INVALID',
    message: 'the badges cannot be gone through',
    path: 'inputs',
    expected: 'an array, a generator or a stream of badges'
  })
}
