import { SecuringError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import type { ContextSet } from '../model/contexts.js'
import { expandDocument, nodesToQuads } from './json-ld-processor.js'
import type { Quad } from './quads.js'

/**
 * Expands any document, and tells what is wrong with it.
 *
 * @throws {SecuringError} CONTEXT_UNKNOWN, UNDEFINED_TERM, CANONICALIZATION_FAILED
 */
export async function expandGenerally(document: JsonObject, contexts: ContextSet): Promise<readonly unknown[]> {
  // The library wraps what a loader throws, so the unknown address is remembered here.
  let unknownContext: string | undefined
  const load = (url: string) => {
    const content = contexts.get(url)
    if (content === undefined) {
      unknownContext ??= url
      throw new Error('unknown context')
    }
    return content
  }
  try {
    const nodes = await expandDocument(document, load)
    const relative = findRelativeId(nodes)
    if (relative !== undefined) throw lost('an id or type is not an absolute IRI', relative)
    return nodes
  } catch (cause) {
    throw unknownContext === undefined ? translate(cause) : unknown(unknownContext, cause)
  }
}

/**
 * Turns any expanded nodes into RDF quads.
 *
 * @throws {SecuringError} UNDEFINED_TERM, CANONICALIZATION_FAILED
 */
export function generalQuads(nodes: readonly unknown[]): readonly Quad[] {
  try {
    return nodesToQuads(nodes) as Quad[]
  } catch (cause) {
    throw translate(cause)
  }
}

const ABSOLUTE_IRI = /^[A-Za-z][A-Za-z0-9+.-]*:/

function unknown(url: string, cause: unknown): SecuringError {
  return new SecuringError(
    {
      code: 'CONTEXT_UNKNOWN',
      message: 'a context is not known',
      path: '/@context',
      got: url,
      hint: 'Register it with the option contexts, with its content and SHA-256.'
    },
    { cause }
  )
}

/** Safe mode passes over an empty id, which leaves no trace in RDF and so none in the signature. */
function findRelativeId(value: unknown): string | undefined {
  if (Array.isArray(value)) return firstOf(value, findRelativeId)
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, member] of Object.entries(value)) {
    const ids = name === '@id' || name === '@type' ? [member].flat() : []
    const bad = ids.find((id) => typeof id === 'string' && !ABSOLUTE_IRI.test(id) && id !== '@json')
    if (bad !== undefined) return bad
    const inner = name === '@value' ? undefined : findRelativeId(member)
    if (inner !== undefined) return inner
  }
  return undefined
}

function firstOf<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}

/** The part of the library's error that says what was lost. */
interface SafeModeError {
  readonly details?: {
    readonly code?: string
    readonly event?: { readonly code?: string; readonly details?: Readonly<Record<string, unknown>> }
  }
}

function translate(cause: unknown): SecuringError {
  if (cause instanceof SecuringError) return cause
  const { code, event } = (cause as SafeModeError).details ?? {}
  if (event === undefined) {
    return new SecuringError(
      { code: 'CANONICALIZATION_FAILED', message: 'JSON-LD processing failed', ...(code ? { got: code } : {}) },
      { cause }
    )
  }
  const dropped = [
    event.details?.['property'],
    event.details?.['type'],
    event.details?.['id'],
    event.details?.['value']
  ]
  const name = dropped.find((value) => typeof value === 'string')
  return lost(event.code ?? 'unknown reason', typeof name === 'string' ? name : undefined, cause)
}

function lost(reason: string, got: string | undefined, cause?: unknown): SecuringError {
  return new SecuringError(
    {
      code: 'UNDEFINED_TERM',
      message: `JSON-LD would drop part of the document (${reason})`,
      ...(got === undefined ? {} : { got: JSON.stringify(got.slice(0, 200)) }),
      hint: 'Use only terms that the contexts define, and absolute IRIs for ids.'
    },
    cause === undefined ? {} : { cause }
  )
}
