import { askResolver, type Resolution, type ResolveRequest, type Resolver } from '../did/resolver.js'
import { ResolutionError } from '../encoding/errors.js'
import type { RecentMap } from '../encoding/recent-map.js'

export interface ResolverBounds {
  /** Requests that one verification may make. */
  readonly maxRequests: number
  /** Seconds that one verification waits for all of its requests together. */
  readonly timeout: number
}

/** What was answered, by request. A failure is not kept for another verification. */
export type Answers = RecentMap<string, Promise<Resolution | undefined>>

/**
 * A resolver for one verification: it asks for each thing once, so that two checks cannot see two answers; it counts;
 * and it stops waiting, so that a resolver that hangs cannot hang the verification.
 *
 * @param shared answers of earlier verifications of one call, which are not asked for again
 */
export function boundResolver(resolver: Resolver, bounds: ResolverBounds, shared?: Answers): Resolver {
  let session: Resolver | undefined
  const answers = new Map<string, Promise<Resolution | undefined>>()
  let waited = 0
  return {
    resolve(request) {
      const key = `${request.kind} ${request.url} ${request.verificationMethod ?? ''}`
      const known = answers.get(key) ?? shared?.get(key)
      if (known !== undefined) return known
      if (answers.size >= bounds.maxRequests)
        return Promise.reject(refused(request, `more than ${bounds.maxRequests} requests`))
      const answer = ask(request)
      answers.set(key, answer)
      shared?.set(key, answer)
      answer.then(
        (found) => shared?.set(key, answer, found?.body.length),
        () => shared?.delete(key)
      )
      return answer
    }
  }

  function open(): Resolver {
    session ??= resolver.session?.() ?? resolver
    return session
  }

  async function ask(request: ResolveRequest): Promise<Resolution | undefined> {
    const started = performance.now()
    const controller = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      const stop = () => {
        reject(refused(request, `no answer within ${bounds.timeout} seconds`))
        controller.abort()
      }
      timer = setTimeout(stop, Math.max(bounds.timeout * 1000 - waited, 0))
    })
    try {
      return await Promise.race([
        askResolver({ resolve: (one) => open().resolve(one) }, { ...request, signal: controller.signal }),
        late
      ])
    } finally {
      clearTimeout(timer)
      waited += performance.now() - started
    }
  }
}

function refused(request: ResolveRequest, reason: string): ResolutionError {
  return new ResolutionError({
    code: 'RESOLUTION_FAILED',
    message: `the resolver was given up: ${reason}`,
    path: request.url
  })
}
