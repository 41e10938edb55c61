import { resolveDid } from '../did/resolve-did.js'
import type { Resolver } from '../did/resolver.js'
import { KommaError } from '../encoding/errors.js'
import type { JsonObject } from '../encoding/json-types.js'
import { negotiate } from './accept.js'
import { answerJson, answerProblem } from './answer.js'
import { unavailable } from './problem-of.js'
import type { Call } from './service.js'
import { watchFor } from './verify-options.js'

const ERROR_TYPES = 'https://www.w3.org/ns/did#'
/** The problems of DID Resolution 1.0 section 11 that occur here, with the status of section 12.1. */
const ERRORS = {
  INVALID_DID: { status: 400, detail: 'The identifier is not a valid DID.' },
  INVALID_OPTIONS: { status: 400, detail: 'The resolver has no options that are given in a query.' },
  NOT_FOUND: { status: 404, detail: 'There is no DID document for the DID.' },
  REPRESENTATION_NOT_SUPPORTED: {
    status: 406,
    detail: 'The document cannot be given in a media type that is accepted.'
  },
  INVALID_DID_DOCUMENT: { status: 500, detail: 'What was found is not the DID document of the DID.' },
  INTERNAL_ERROR: { status: 500, detail: 'The DID could not be resolved.' },
  METHOD_NOT_SUPPORTED: { status: 501, detail: 'The resolver does not know the method of the DID.' }
} as const
type ResolutionErrorName = keyof typeof ERRORS

const WHOLE_RESULT = 'application/did-resolution'
/** As resolvers before DID Resolution 1.0 are asked for the whole result. */
const EARLIER_RESULT = 'application/ld+json;profile="https://w3id.org/did-resolution"'
const RESULTS: readonly string[] = [WHOLE_RESULT, EARLIER_RESULT, 'application/json', 'application/ld+json']
const DOCUMENTS: readonly string[] = ['application/did', 'application/did+json', 'application/did+ld+json']
const CONTEXT = 'https://w3id.org/did-resolution/v1'
const DID = /^did:([a-z0-9]+):[A-Za-z0-9._:%-]*[A-Za-z0-9._%-]$/

/** `GET /1.0/identifiers/{did}` (DID Resolution 1.0 section 12.1) */
export async function resolveIdentifier({ request, service, rest }: Call): Promise<Response> {
  const accepted = negotiate(request.headers.get('accept'), [...RESULTS, ...DOCUMENTS])
  if (accepted === undefined) return answerError('REPRESENTATION_NOT_SUPPORTED', WHOLE_RESULT)
  if (new URL(request.url).search !== '') return answerError('INVALID_OPTIONS', accepted)
  const did = readDid(rest)
  const method = DID.exec(did)?.[1]
  if (method === undefined) return answerError('INVALID_DID', accepted)
  const watched = watchFor(service)
  if (!isSupported(method, watched.resolver)) return answerError('METHOD_NOT_SUPPORTED', accepted)
  try {
    const document = await resolveDid(did, watched.resolver)
    return document === undefined ? answerError('NOT_FOUND', accepted) : answerDocument(document, accepted)
  } catch (error) {
    if (watched.outage() !== 'none') return answerProblem(unavailable(watched.outage() === 'retryable'))
    return answerError(nameOf(error), accepted)
  }
}

/** Clients append the DID as it is, or encode it as a whole. Only the colons tell which: a DID holds `%` itself. */
function readDid(written: string): string {
  if (!/^did%3a/i.test(written)) return written
  try {
    return decodeURIComponent(written)
  } catch {
    return ''
  }
}

/** Who cannot read from the web cannot resolve a `did:web`, whatever it is. */
function isSupported(method: string, resolver: Resolver | undefined): boolean {
  return method === 'key' || method === 'jwk' || (method === 'web' && resolver !== undefined)
}

function nameOf(error: unknown): ResolutionErrorName {
  if (!(error instanceof KommaError)) throw error
  if (error.code === 'DID_INVALID' || error.code === 'KEY_INVALID') return 'INVALID_DID'
  if (error.code === 'RESOLUTION_INVALID') return 'INVALID_DID_DOCUMENT'
  // A host that answers with something else than a document has none for the DID.
  return error.code === 'RESOLUTION_FAILED' ? 'NOT_FOUND' : 'INTERNAL_ERROR'
}

function answerDocument(didDocument: JsonObject, mediaType: string): Response {
  if (DOCUMENTS.includes(mediaType)) return answerJson(didDocument, { mediaType })
  const didResolutionMetadata = { contentType: DOCUMENTS[0] }
  return answerJson({ '@context': CONTEXT, didDocument, didResolutionMetadata, didDocumentMetadata: {} }, { mediaType })
}

/** Errors are told in a result, also to whoever asked for a document alone. */
function answerError(name: ResolutionErrorName, accepted: string): Response {
  const { status, detail } = ERRORS[name]
  const error = { type: `${ERROR_TYPES}${name}`, title: name, detail }
  return answerJson(
    { '@context': CONTEXT, didDocument: null, didResolutionMetadata: { error }, didDocumentMetadata: {} },
    { status, mediaType: DOCUMENTS.includes(accepted) ? WHOLE_RESULT : accepted }
  )
}
