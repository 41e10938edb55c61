/** A place in a status list. */
export interface Place {
  readonly list: string
  readonly index: number
}

/**
 * What a process said while it lived. `from` and `to` are microseconds of one clock of the machine: when the call began,
 * and when its answer was there.
 */
export type Fact =
  | { readonly kind: 'began'; readonly key: string; readonly from: number }
  | {
      readonly kind: 'issued'
      readonly key: string
      readonly id: string
      readonly digest: string
      readonly places: readonly Place[]
      readonly from: number
      readonly to: number
    }
  | { readonly kind: 'abandoned'; readonly id: string; readonly from: number; readonly to: number }
  | {
      readonly kind: 'changed'
      readonly id: string
      readonly purpose: string
      readonly status: number
      readonly sequence: number
      readonly from: number
      readonly to: number
    }
  | { readonly kind: 'published'; readonly lists: readonly PublishedList[]; readonly from: number; readonly to: number }

/** A signed list as it was handed out. */
export interface PublishedList {
  readonly list: string
  readonly digest: string
  readonly entries: Entries
}

/** What a list says: its length in entries, and every status that is not 0. */
export interface Entries {
  readonly length: number
  readonly set: readonly (readonly [index: number, status: number])[]
}

/** The tables of a store at one moment, read without the library. */
export interface View {
  readonly lists: readonly {
    readonly id: string
    readonly purpose: string
    readonly capacity: number
    readonly used: number
    readonly version: number
    readonly publishedVersion: number
  }[]
  readonly issuances: readonly {
    readonly id: string
    readonly key: string
    readonly keyId: string
    readonly state: string
    readonly digest: string | null
    readonly at: string
  }[]
  readonly slots: readonly (Place & { readonly id: string; readonly purpose: string })[]
  readonly events: readonly (Place & {
    readonly sequence: number
    readonly order: number
    readonly before: number
    readonly after: number
    readonly key: string
  })[]
  readonly publications: readonly {
    readonly list: string
    readonly version: number
    readonly digest: string
    readonly validFrom: string
  }[]
}

/** The file of a list, as it lay there after a kill. */
export interface ListFile {
  readonly list: string
  /** Undefined where it is not whole. */
  readonly digest: string | undefined
}

export interface History {
  readonly facts: readonly Fact[]
  /** In the order in which they were read; what was read last is judged by all facts. */
  readonly views: readonly View[]
  readonly files?: readonly ListFile[]
  /** Every signed list that was seen, by whatever way. */
  readonly seen?: readonly PublishedList[]
  /** The indexes that the first `used` slots of a list come to. */
  readonly indexesOf?: (list: string, used: number) => ReadonlySet<number>
}

export interface Violation {
  /** Which invariant is broken. */
  readonly rule: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'idempotency'
  readonly text: string
}

const LEAST_ENTRIES = 131_072
const FINAL = ['revocation', 'refresh']

/** Every breach of the invariants of a store that the history shows. Empty where there is none. */
export function checkHistory(history: History): Violation[] {
  const last = history.views.at(-1)
  if (last === undefined) return []
  return [
    ...places(history.facts, last),
    ...released(history.facts, last),
    ...events(history.facts, last),
    ...published(history, last),
    ...bounds(history, last),
    ...files(history, last),
    ...history.views.slice(1).flatMap((view, n) => steps(history.views[n] as View, view))
  ]
}

/** I1, and that one key means one credential. */
function places(facts: readonly Fact[], view: View): Violation[] {
  const found: Violation[] = []
  const owners = new Map<string, string>()
  const take = (place: Place, id: string): void => {
    const name = nameOf(place)
    const owner = owners.get(name)
    if (owner !== undefined && owner !== id)
      found.push({ rule: 'I1', text: `${name} belongs to ${owner} and to ${id}` })
    owners.set(name, id)
  }
  const rows = new Set<string>()
  for (const slot of view.slots) {
    const name = nameOf(slot)
    if (rows.has(name)) found.push({ rule: 'I1', text: `${name} is there twice` })
    rows.add(name)
    take(slot, slot.id)
  }
  const ids = new Map<string, string>()
  for (const fact of facts) {
    if (fact.kind !== 'issued') continue
    for (const place of fact.places) take(place, fact.id)
    const made = `${fact.id} ${fact.digest}`
    const earlier = ids.get(fact.key)
    if (earlier !== undefined && earlier !== made)
      found.push({ rule: 'idempotency', text: `the key ${fact.key} made ${earlier} and ${made}` })
    ids.set(fact.key, made)
  }
  return found
}

/** I2. */
function released(facts: readonly Fact[], view: View): Violation[] {
  const records = new Map(view.issuances.map((record) => [record.id, record]))
  const slots = groupBy(view.slots, ({ id }) => id)
  return facts.flatMap((fact): Violation[] => {
    if (fact.kind === 'abandoned') {
      const state = records.get(fact.id)?.state
      return state === 'abandoned' ? [] : [{ rule: 'I2', text: `${fact.id} was abandoned and is ${state}` }]
    }
    if (fact.kind !== 'issued') return []
    const record = records.get(fact.id)
    if (record === undefined) return [{ rule: 'I2', text: `${fact.id} was released and is not recorded` }]
    const own = (slots.get(fact.id) ?? []).map(nameOf).sort()
    const faults = [
      ...(record.state === 'released' ? [] : [`is ${record.state}`]),
      ...(record.digest === fact.digest ? [] : ['is recorded with another text']),
      ...(record.key === fact.key ? [] : [`is recorded for the key ${record.key}`]),
      ...(record.keyId !== '' && record.at !== '' ? [] : ['is recorded without key or time']),
      ...(own.join() === fact.places.map(nameOf).sort().join() ? [] : [`is recorded at ${own.join() || 'no place'}`])
    ]
    return faults.map((fault) => ({ rule: 'I2', text: `${fact.id} was released and ${fault}` }))
  })
}

/** I4: the events of each slot are a chain, hold every change that was acknowledged, and take nothing final back. */
function events(facts: readonly Fact[], view: View): Violation[] {
  const found: Violation[] = []
  const purposes = new Map(view.slots.map((slot) => [nameOf(slot), slot.purpose]))
  const keys = new Set<string>()
  for (const [name, chain] of groupBy(view.events, nameOf)) {
    const purpose = purposes.get(name)
    if (purpose === undefined) found.push({ rule: 'I4', text: `events of ${name}, which nobody has` })
    let before = 0
    for (const [n, event] of sorted(chain, ({ order }) => order).entries()) {
      if (event.order !== n + 1 || event.before !== before)
        found.push({ rule: 'I4', text: `event ${event.sequence} of ${name} does not follow the one before` })
      if (FINAL.includes(purpose ?? '') && event.after !== 1)
        found.push({ rule: 'I4', text: `event ${event.sequence} takes back what is final at ${name}` })
      if (keys.has(event.key)) found.push({ rule: 'I4', text: `two events have the key ${event.key}` })
      keys.add(event.key)
      before = event.after
    }
  }
  const slots = new Map(view.slots.map((slot) => [`${slot.id} ${slot.purpose}`, nameOf(slot)]))
  const bySequence = new Map(view.events.map((event) => [event.sequence, event]))
  for (const fact of facts) {
    if (fact.kind !== 'changed') continue
    const event = bySequence.get(fact.sequence)
    const place = slots.get(`${fact.id} ${fact.purpose}`)
    if (event === undefined || nameOf(event) !== place || event.after !== fact.status)
      found.push({ rule: 'I4', text: `the change ${fact.sequence} of ${fact.id} was acknowledged and is not there` })
  }
  return found
}

/** I5 and I6: what was published is what the events came to, in order, with all that was acknowledged before. */
function published(history: History, view: View): Violation[] {
  const seen = new Map((history.seen ?? []).map((one) => [one.digest, one.entries]))
  const calls = history.facts.filter((fact) => fact.kind === 'published')
  for (const { digest, entries } of calls.flatMap(({ lists }) => lists)) seen.set(digest, entries)
  const changes = history.facts.filter((fact) => fact.kind === 'changed')
  const versions = new Map(view.publications.map((row) => [`${row.list} ${row.digest}`, row.version]))
  return [
    ...view.lists.flatMap(({ id }) => {
      const events = sorted(
        view.events.filter(({ list }) => list === id),
        ({ sequence }) => sequence
      )
      return [...inOrder(view, id, events, seen), ...complete(id, events, changes, calls)]
    }),
    ...calls.flatMap(({ lists }) =>
      lists
        .filter(({ list, digest }) => !versions.has(`${list} ${digest}`))
        .map(({ list }): Violation => ({ rule: 'I6', text: `a list of ${list} was handed out and is not recorded` }))
    ),
    ...neverBack(calls, versions)
  ]
}

/** Each version of a list is what its events had come to at some point, at or after that of the version before. */
function inOrder(view: View, list: string, events: View['events'], seen: ReadonlyMap<string, Entries>): Violation[] {
  const found: Violation[] = []
  const rows = sorted(
    view.publications.filter((row) => row.list === list),
    ({ version }) => version
  )
  const statuses = new Map<number, number>()
  let count = 0
  let validFrom = Number.NEGATIVE_INFINITY
  for (const row of rows) {
    const time = Date.parse(row.validFrom)
    if (time <= validFrom) found.push({ rule: 'I5', text: `version ${row.version} of ${list} does not look newer` })
    validFrom = time
    const entries = seen.get(row.digest)
    if (entries === undefined) continue
    for (; !isSame(statuses, entries) && count < events.length; count += 1) {
      const { index, after } = events[count] as View['events'][number]
      statuses.set(index, after)
    }
    if (isSame(statuses, entries)) continue
    found.push({ rule: 'I6', text: `version ${row.version} of ${list} says what its events never came to` })
    return found
  }
  return found
}

type Call<Kind> = Extract<Fact, { readonly kind: Kind }>

/** A change that was acknowledged before a publication began, or a later one of the same slot, is what it says. */
function complete(
  list: string,
  events: View['events'],
  changes: readonly Call<'changed'>[],
  calls: readonly Call<'published'>[]
): Violation[] {
  const bySequence = new Map(events.map((event) => [event.sequence, event]))
  const wanted = changes.flatMap((change) => {
    const event = bySequence.get(change.sequence)
    if (event === undefined) return []
    const later = events.filter(({ index, order }) => index === event.index && order >= event.order)
    return [{ change, index: event.index, allowed: new Set(later.map(({ after }) => after)) }]
  })
  return calls.flatMap((call) => {
    const entries = call.lists.find((one) => one.list === list)?.entries
    if (entries === undefined) return []
    const statuses = new Map(entries.set)
    return wanted
      .filter(({ change, index, allowed }) => change.to < call.from && !allowed.has(statuses.get(index) ?? 0))
      .map(({ change }): Violation => {
        const text = `the change ${change.sequence} of ${change.id} was acknowledged and is not in a later list`
        return { rule: 'I6', text }
      })
  })
}

/** A publication that began after another was done hands out nothing older. */
function neverBack(calls: readonly Call<'published'>[], versions: ReadonlyMap<string, number>): Violation[] {
  return calls.flatMap((call) =>
    call.lists
      .filter(({ list, digest }) => {
        const version = versions.get(`${list} ${digest}`) ?? 0
        const before = calls.filter(({ to }) => to < call.from).flatMap(({ lists }) => lists)
        return before.some((one) => one.list === list && (versions.get(`${list} ${one.digest}`) ?? 0) > version)
      })
      .map(({ list }): Violation => ({ rule: 'I5', text: `${list} was handed out in a version older than before` }))
  )
}

/** I7 and I8. */
function bounds({ facts, seen = [], indexesOf }: History, view: View): Violation[] {
  const found: Violation[] = []
  const slots = groupBy(view.slots, ({ list }) => list)
  const places = facts.flatMap((fact) => (fact.kind === 'issued' ? fact.places : []))
  for (const { id, capacity, used } of view.lists) {
    const own = slots.get(id) ?? []
    if (used > capacity) found.push({ rule: 'I7', text: `${id} gave ${used} slots of ${capacity}` })
    for (const { index } of [...own, ...places.filter(({ list }) => list === id)])
      if (index < 0 || index >= capacity) found.push({ rule: 'I7', text: `${id}#${index} lies beyond ${capacity}` })
    if (used !== own.length) found.push({ rule: 'I8', text: `${id} counts ${used} slots and has ${own.length}` })
    const expected = indexesOf?.(id, used)
    for (const { index } of expected === undefined ? [] : own)
      if (!expected?.has(index)) found.push({ rule: 'I8', text: `${id}#${index} is above what was given out` })
  }
  const lists = [...seen, ...facts.flatMap((fact) => (fact.kind === 'published' ? fact.lists : []))]
  for (const { list, entries } of lists)
    if (entries.length < LEAST_ENTRIES) found.push({ rule: 'I7', text: `${list} has ${entries.length} entries` })
  return found
}

/** I5 and I6 for the files: whole, and never older than one that was there before. */
function files({ files: all = [] }: History, view: View): Violation[] {
  const found: Violation[] = []
  const versions = new Map(view.publications.map((row) => [`${row.list} ${row.digest}`, row.version]))
  const newest = new Map<string, number>()
  for (const { list, digest } of all) {
    const version = digest === undefined ? undefined : versions.get(`${list} ${digest}`)
    if (version === undefined) {
      found.push({ rule: 'I6', text: `the file of ${list} is not a list that was published` })
      continue
    }
    if (version < (newest.get(list) ?? 0))
      found.push({ rule: 'I5', text: `the file of ${list} went back to ${version}` })
    newest.set(list, Math.max(version, newest.get(list) ?? 0))
  }
  return found
}

/** What may not change from one moment to a later one: I3, I4, I5, I8. */
function steps(before: View, after: View): Violation[] {
  const lists = new Map(after.lists.map((list) => [list.id, list]))
  const slots = new Map(after.slots.map((slot) => [nameOf(slot), slot.id]))
  const states = new Map(after.issuances.map((record) => [record.id, record]))
  const events = new Map(after.events.map((event) => [event.sequence, JSON.stringify(event)]))
  const publications = new Map(after.publications.map((row) => [`${row.list} ${row.version}`, row.digest]))
  return [
    ...before.slots
      .filter((slot) => slots.get(nameOf(slot)) !== slot.id)
      .map((slot): Violation => ({ rule: 'I3', text: `${nameOf(slot)} was of ${slot.id} and is not any more` })),
    ...before.issuances
      .filter(({ id, state, digest }) => isLost(state, digest, states.get(id)))
      .map(({ id }): Violation => ({ rule: 'I2', text: `the record of ${id} went back` })),
    ...before.events
      .filter((event) => events.get(event.sequence) !== JSON.stringify(event))
      .map(({ sequence }): Violation => ({ rule: 'I4', text: `event ${sequence} was changed or is gone` })),
    ...before.publications
      .filter((row) => publications.get(`${row.list} ${row.version}`) !== row.digest)
      .map(
        ({ list, version }): Violation => ({ rule: 'I5', text: `version ${version} of ${list} was changed or is gone` })
      ),
    ...before.lists.flatMap((list): Violation[] => {
      const now = lists.get(list.id)
      if (now === undefined) return [{ rule: 'I3', text: `${list.id} is gone` }]
      const isOlder = now.version < list.version || now.publishedVersion < list.publishedVersion
      return [
        ...(isOlder ? [{ rule: 'I5', text: `${list.id} went back to an older version` } as const] : []),
        ...(now.used < list.used ? [{ rule: 'I8', text: `${list.id} went back to ${now.used} slots` } as const] : [])
      ]
    })
  ]
}

const ORDER = ['intended', 'recorded', 'released']

function isLost(state: string, digest: string | null, now: View['issuances'][number] | undefined): boolean {
  if (now === undefined || (digest !== null && now.digest !== digest)) return true
  if (state === 'abandoned' || now.state === 'abandoned')
    return now.state !== 'abandoned' || !['intended', 'abandoned'].includes(state)
  return ORDER.indexOf(now.state) < ORDER.indexOf(state)
}

function isSame(statuses: ReadonlyMap<number, number>, { set }: Entries): boolean {
  const own = [...statuses].filter(([, status]) => status !== 0)
  return own.length === set.length && set.every(([index, status]) => statuses.get(index) === status)
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}

function sorted<T>(items: readonly T[], by: (item: T) => number): T[] {
  return [...items].sort((left, right) => by(left) - by(right))
}

function nameOf({ list, index }: Place): string {
  return `${list}#${index}`
}
