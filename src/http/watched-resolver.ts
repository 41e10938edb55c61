import type { Resolution, ResolveRequest, Resolver } from '../did/resolver.js'
import type { KommaErrorCode } from '../encoding/error-codes.js'
import { KommaError, ResolutionError } from '../encoding/errors.js'

/** A resolver whose errors can be shown to anybody, for one request. */
export interface WatchedResolver {
  readonly resolver: Resolver | undefined
  /** Whether the resolver itself failed, and whether it may do better later. */
  outage(): 'none' | 'final' | 'retryable'
}

const TOLD: readonly KommaErrorCode[] = ['RESOLUTION_INVALID', 'DID_INVALID']

/**
 * Watches a resolver while one request is served. What it throws reaches a report only as a code and a fixed sentence:
 * the messages of drivers name hosts, addresses and reasons that whoever names a host in a credential should not learn.
 *
 * @param report what the operator sees of it
 */
export function watchResolver(given: Resolver, report: (error: unknown) => void): WatchedResolver {
  let outage: ReturnType<WatchedResolver['outage']> = 'none'
  const note = (error: unknown, request: ResolveRequest) => {
    report(error)
    const isRetryable = request.signal?.aborted === true || (error instanceof KommaError && error.retryable)
    if (isRetryable) outage = 'retryable'
    else if (!(error instanceof ResolutionError) && outage === 'none') outage = 'final'
  }
  return { resolver: watch(given, note), outage: () => outage }
}

function watch(given: Resolver, note: (error: unknown, request: ResolveRequest) => void): Resolver {
  return {
    session: () => watch(given.session?.() ?? given, note),
    async resolve(request): Promise<Resolution | undefined> {
      const whenLate = () => note(request.signal?.reason, request)
      request.signal?.addEventListener('abort', whenLate, { once: true })
      try {
        return await given.resolve(request)
      } catch (error) {
        note(error, request)
        throw shown(error, request)
      } finally {
        request.signal?.removeEventListener('abort', whenLate)
      }
    }
  }
}

function shown(error: unknown, { url }: ResolveRequest): ResolutionError {
  const code = error instanceof KommaError && TOLD.includes(error.code) ? error.code : 'RESOLUTION_FAILED'
  const message = code === 'RESOLUTION_FAILED' ? 'a document could not be read' : 'a document is not what was asked for'
  const retryable = error instanceof KommaError && error.retryable
  return new ResolutionError({ code, message, path: url.slice(0, 200) }, { retryable })
}
