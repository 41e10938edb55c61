import { type RandomSource, randomBytes } from '../crypto/digest.js'
import { OptionError } from '../encoding/errors.js'
import { encodeBase64url } from '../encoding/multibase.js'

/**
 * Remembers which challenges were given out, so that a presentation counts once.
 *
 * **Contract for drivers.** `take` answers `true` exactly once for each challenge that was given out and has not run out,
 * whoever asks at the same time from whatever process, and `false` for every other text; it throws where it cannot tell.
 * A presentation whose challenge could not be taken is never accepted.
 */
export interface ChallengeStore {
  take(challenge: string): boolean | Promise<boolean>
}

/** A challenge store of one process. */
export interface MemoryChallengeStore extends ChallengeStore {
  /** A fresh challenge of 128 random bits, to be sent to the holder. */
  give(): string
}

/**
 * Keeps challenges in memory. Those not taken in time are forgotten, and so are the oldest of too many.
 *
 * Does NOT work across processes: presentations that reach another one are refused there.
 *
 * @param options `lifetime` in seconds, 300 unless told; `most` challenges at a time, 10,000 unless told
 * @throws {OptionError} OPTION_INVALID
 *
 * @example
 * ```ts
 * import { createMemoryChallengeStore } from 'komma/verify'
 *
 * const challenges = createMemoryChallengeStore()
 * const challenge = challenges.give()
 * console.log(challenges.take(challenge), challenges.take(challenge)) // => true false
 * ```
 */
export function createMemoryChallengeStore(
  options: {
    readonly lifetime?: number
    readonly most?: number
    readonly clock?: () => Date
    readonly random?: RandomSource
  } = {}
): MemoryChallengeStore {
  const { lifetime = 300, most = 10_000, clock = () => new Date(), random = randomBytes } = options
  for (const [path, value] of Object.entries({ lifetime, most })) {
    if (typeof value === 'number' && value > 0) continue
    throw new OptionError({ code: 'OPTION_INVALID', message: 'an option is out of bounds', path, expected: 'above 0' })
  }
  const given = new Map<string, number>()
  return Object.freeze({
    give() {
      const challenge = encodeBase64url(random(16))
      given.set(challenge, clock().getTime() + lifetime * 1000)
      const [oldest] = given.keys()
      if (given.size > most && oldest !== undefined) given.delete(oldest)
      return challenge
    },
    take(challenge: string) {
      const until = given.get(challenge)
      given.delete(challenge)
      return until !== undefined && clock().getTime() <= until
    }
  })
}
