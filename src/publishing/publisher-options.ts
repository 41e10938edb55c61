import { OptionError } from '../encoding/errors.js'
import { createEmitter, type Emit, type EventHook } from '../issuing/events.js'
import type { Issuer } from '../issuing/issuer.js'
import type { PublishOptions } from '../issuing/publish.js'
import { hostOf, type PublicDocument, placeDocuments } from './placement.js'
import { isPlace, type PublicationSink } from './sink.js'

/** Calls a function after so many milliseconds, and answers with how to call it off. */
export type After = (milliseconds: number, callback: () => void) => () => void

export interface PublisherOptions {
  /** Whose documents are published. */
  readonly issuer: Pick<Issuer, 'id' | 'publish'>
  /** Where they are put. */
  readonly sink: PublicationSink
  /** Further documents, such as achievements; asked for in every round. */
  readonly documents?: () => Promise<readonly PublicDocument[]>
  /**
   * Where each document lies in the sink. Unless told: where its own address leads under the hosts of the issuer and of its
   * status lists, and otherwise in a folder of its kind.
   */
  readonly place?: (documents: readonly PublicDocument[]) => readonly string[]
  /** The place of a list of all that is published, from ids to places. None unless told. */
  readonly index?: string
  /** How lists are signed. Default: valid for a week, signed again after an hour, to be kept for 300 seconds. */
  readonly lists?: PublishOptions
  /** Write nothing in a round in which something may not be replaced. Default false: everything else is written. */
  readonly allOrNothing?: boolean
  /** Seconds from a change to its publication, beyond which it is `late`. Default 60. */
  readonly maxDelay?: number
  /** Seconds from the start of a round of `run` to the next. Default 15. */
  readonly interval?: number
  /** Seconds that one call of the sink may take. Default 30. */
  readonly timeout?: number
  /** Is told what was published, what is late and what failed. It cannot break the work. */
  readonly onEvent?: EventHook
  /** Default: the system clock. */
  readonly clock?: () => Date
  /** Default: `setTimeout`. */
  readonly after?: After
}

/** What a publisher works with, settled once. */
export interface Settled {
  readonly issuer: PublisherOptions['issuer']
  readonly sink: PublicationSink
  readonly documents: () => Promise<readonly PublicDocument[]>
  readonly place: (documents: readonly PublicDocument[]) => readonly string[]
  readonly index: string | undefined
  readonly lists: PublishOptions
  readonly allOrNothing: boolean
  readonly maxDelay: number
  readonly interval: number
  readonly timeout: number
  readonly emit: Emit
  readonly now: () => Date
  readonly after: After
}

const NAMES = [
  'issuer',
  'sink',
  'documents',
  'place',
  'index',
  'lists',
  'allOrNothing',
  'maxDelay',
  'interval',
  'timeout',
  'onEvent',
  'clock',
  'after'
]
const FUNCTIONS = ['documents', 'place', 'onEvent', 'clock', 'after']
const DAY = 86_400
const WEEK = 7 * DAY
const HOUR = 3_600

/** @throws {OptionError} OPTION_INVALID */
export function settlePublisher(options: PublisherOptions): Settled {
  checkOptions(options)
  const { issuer, sink, lists = {}, maxDelay = 60, interval = 15, timeout = 30 } = options
  const now = options.clock ?? (() => new Date())
  return {
    issuer,
    sink,
    documents: options.documents ?? (async () => []),
    place: options.place ?? ((documents) => placeDocuments(documents, hostsOf(issuer.id, documents))),
    index: options.index,
    lists,
    allOrNothing: options.allOrNothing ?? false,
    maxDelay: seconds('maxDelay', maxDelay, 1, WEEK),
    interval: seconds('interval', interval, 1, DAY),
    timeout: seconds('timeout', timeout, 1, HOUR),
    emit: createEmitter(options.onEvent, issuer.id, now),
    now,
    after: options.after ?? afterTimeout
  }
}

function hostsOf(issuer: string, documents: readonly PublicDocument[]): readonly string[] {
  const lists = documents.filter(({ kind }) => kind === 'statusList').map(({ id }) => hostOf(id))
  return [hostOf(issuer), ...lists].filter((host) => host !== undefined)
}

function afterTimeout(milliseconds: number, callback: () => void): () => void {
  const timer = setTimeout(callback, milliseconds)
  return () => clearTimeout(timer)
}

function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null) throw invalid('options', 'an object')
  const given = options as Readonly<Record<string, unknown>>
  const unknown = Object.keys(given).find((name) => !NAMES.includes(name))
  if (unknown !== undefined) throw invalid(unknown, NAMES.join(', '))
  for (const name of FUNCTIONS)
    if (given[name] !== undefined && typeof given[name] !== 'function') throw invalid(name, 'a function')
  checkMethod('issuer', given['issuer'], 'publish')
  checkMethod('sink', given['sink'], 'read')
  checkMethod('sink', given['sink'], 'write')
  const { index, allOrNothing } = given
  if (index !== undefined && !isPlace(index)) throw invalid('index', 'a path such as index.json')
  if (allOrNothing !== undefined && typeof allOrNothing !== 'boolean') throw invalid('allOrNothing', 'true or false')
  checkLists((given['lists'] ?? {}) as PublishOptions)
}

function checkMethod(path: string, value: unknown, method: string): void {
  const found = (value as Readonly<Record<string, unknown>> | null | undefined)?.[method]
  if (typeof found !== 'function') throw invalid(path, `an object with the method ${method}; is an await missing?`)
}

/** A list that is signed again only after it has ended would lapse in between. */
function checkLists({ lifetime = WEEK, refreshAfter = HOUR }: PublishOptions): void {
  if (refreshAfter < lifetime) return
  throw invalid('lists.refreshAfter', `less than ${lifetime} seconds, which is how long a list is valid`)
}

function seconds(path: string, value: number, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw invalid(path, `a number of seconds from ${least} to ${most}`)
}

function invalid(path: string, expected: string): OptionError {
  return new OptionError({ code: 'OPTION_INVALID', message: 'an option cannot be used', path, expected })
}
