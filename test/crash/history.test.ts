import { describe, expect, it } from 'vitest'
import { checkHistory, type Entries, type Fact, type View, type Violation } from './history.js'

type Open<T> = T extends readonly [infer First, infer Second]
  ? [First, Second]
  : T extends readonly (infer Item)[]
    ? Open<Item>[]
    : T extends object
      ? { -readonly [Name in keyof T]: Open<T[Name]> }
      : T

interface Case {
  facts: Open<Fact>[]
  earlier: Open<View>
  view: Open<View>
  files: { list: string; digest: string | undefined }[]
  seen: { list: string; digest: string; entries: Open<Entries> }[]
}

const LIST = 'https://academy.example/status/1'
const entries = (...set: [number, number][]): Open<Entries> => ({ length: 131_072, set })

/** Two badges, one of them revoked between two publications, and a slot that was given up. Nothing is wrong with it. */
function sound(): Case {
  const issuance = (id: string, state = 'released', digest: string | null = `d-${id}`) => {
    return { id, key: `key-${id}`, keyId: 'key-1', state, digest, at: '2026-06-01T12:00:00Z' }
  }
  const slot = (id: string, index: number) => ({ list: LIST, index, id, purpose: 'revocation' })
  const publication = (version: number) => {
    return { list: LIST, version, digest: `l-${version}`, validFrom: `2026-06-01T12:00:0${version}Z` }
  }
  const list = { id: LIST, purpose: 'revocation', capacity: 8, used: 3, version: 2, publishedVersion: 2 }
  const event = { list: LIST, index: 5, sequence: 1, order: 1, before: 0, after: 1, key: 'revoke-a' }
  const view = {
    lists: [list],
    issuances: [issuance('a'), issuance('b'), issuance('c', 'abandoned', null)],
    slots: [slot('a', 5), slot('b', 2), slot('c', 7)],
    events: [event],
    publications: [publication(1), publication(2)]
  }
  const earlier = {
    lists: [{ ...list, used: 2, version: 1, publishedVersion: 1 }],
    issuances: [issuance('a'), issuance('b', 'intended', null)],
    slots: [slot('a', 5), slot('b', 2)],
    events: [],
    publications: [publication(1)]
  }
  const issued = (id: string, index: number, from: number) => {
    return {
      kind: 'issued' as const,
      key: `key-${id}`,
      id,
      digest: `d-${id}`,
      places: [{ list: LIST, index }],
      from,
      to: from + 5
    }
  }
  const published = (version: number, from: number, said: Open<Entries>) => {
    const lists = [{ list: LIST, digest: `l-${version}`, entries: said }]
    return { kind: 'published' as const, lists, from, to: from + 5 }
  }
  return {
    facts: [
      { kind: 'began', key: 'key-a', from: 1 },
      issued('a', 5, 1),
      published(1, 10, entries()),
      issued('b', 2, 20),
      { kind: 'changed', id: 'a', purpose: 'revocation', status: 1, sequence: 1, from: 30, to: 35 },
      { kind: 'abandoned', id: 'c', from: 36, to: 38 },
      published(2, 40, entries([5, 1]))
    ],
    earlier,
    view,
    files: [
      { list: LIST, digest: 'l-1' },
      { list: LIST, digest: 'l-2' }
    ],
    seen: []
  }
}

function check({ facts, earlier, view, files, seen }: Case): Violation[] {
  const indexes = [5, 2, 7, 0, 1, 3, 4, 6]
  const indexesOf = (_list: string, used: number) => new Set(indexes.slice(0, used))
  return checkHistory({ facts, views: [earlier, view], files, seen, indexesOf })
}

function find<Kind extends Fact['kind']>({ facts }: Case, kind: Kind, n = 0): Open<Extract<Fact, { kind: Kind }>> {
  return facts.filter((fact) => fact.kind === kind)[n] as Open<Extract<Fact, { kind: Kind }>>
}

function item<T>(items: readonly T[], n: number): T {
  return items[n] as T
}

/** Each takes one thing of the sound history and breaks it. */
const PLANTED: readonly [what: string, rule: Violation['rule'], plant: (made: Case) => void][] = [
  ['one slot is of two credentials', 'I1', ({ view }) => view.slots.push({ ...item(view.slots, 0), id: 'b' })],
  [
    'two credentials were handed out with one slot',
    'I1',
    (made) => {
      find(made, 'issued', 1).places = [{ list: LIST, index: 5 }]
    }
  ],
  ['a released credential is not recorded', 'I2', ({ view }) => view.issuances.shift()],
  [
    'a released credential is only intended',
    'I2',
    ({ view }) => {
      item(view.issuances, 0).state = 'intended'
    }
  ],
  [
    'a released credential is recorded with another text',
    'I2',
    ({ view }) => {
      item(view.issuances, 0).digest = 'other'
    }
  ],
  [
    'a released credential is recorded for another key',
    'I2',
    ({ view }) => {
      item(view.issuances, 0).key = 'other'
    }
  ],
  [
    'a released credential is recorded without a key',
    'I2',
    ({ view }) => {
      item(view.issuances, 0).keyId = ''
    }
  ],
  [
    'a released credential is recorded at another place',
    'I2',
    ({ view }) => {
      item(view.slots, 1).index = 3
    }
  ],
  ['a released credential has no slot', 'I2', ({ view }) => view.slots.splice(1, 1)],
  [
    'what was given up is signed after all',
    'I2',
    ({ view }) => {
      Object.assign(item(view.issuances, 2), { state: 'released', digest: 'x' })
    }
  ],
  [
    'a record went back',
    'I2',
    ({ earlier, view }) => {
      item(earlier.issuances, 1).state = 'recorded'
      item(view.issuances, 1).state = 'intended'
    }
  ],
  [
    'a text was signed anew',
    'I2',
    ({ earlier }) => {
      Object.assign(item(earlier.issuances, 1), { state: 'recorded', digest: 'first' })
    }
  ],
  [
    'a slot was taken away',
    'I3',
    ({ earlier }) => earlier.slots.push({ ...item(earlier.slots, 0), index: 0, id: 'z' })
  ],
  [
    'a slot was given again',
    'I3',
    ({ earlier }) => {
      item(earlier.slots, 1).id = 'z'
    }
  ],
  [
    'a list is gone',
    'I3',
    ({ earlier }) => earlier.lists.push({ ...item(earlier.lists, 0), id: 'https://x.example/2' })
  ],
  [
    'an event was changed',
    'I4',
    ({ earlier, view }) => {
      earlier.events.push({ ...item(view.events, 0), key: 'other' })
    }
  ],
  [
    'an event is gone',
    'I4',
    ({ earlier, view }) => {
      earlier.events.push({ ...item(view.events, 0), sequence: 9, order: 2, before: 1 })
    }
  ],
  ['an acknowledged revocation is not there', 'I4', ({ view }) => view.events.pop()],
  [
    'an acknowledged revocation says something else',
    'I4',
    (made) => {
      find(made, 'changed').status = 0
    }
  ],
  [
    'an acknowledged revocation is of another credential',
    'I4',
    ({ view }) => {
      item(view.events, 0).index = 2
    }
  ],
  [
    'a revocation was taken back',
    'I4',
    ({ view }) => {
      view.events.push({ ...item(view.events, 0), sequence: 2, order: 2, before: 1, after: 0, key: 'lift' })
    }
  ],
  [
    'an event does not follow the one before',
    'I4',
    ({ view }) => {
      item(view.events, 0).before = 1
    }
  ],
  [
    'an event of a slot is missing in between',
    'I4',
    ({ view }) => {
      item(view.events, 0).order = 2
    }
  ],
  [
    'an event is of a slot that nobody has',
    'I4',
    ({ view }) => {
      view.events.push({ ...item(view.events, 0), index: 6, sequence: 2, key: 'other' })
    }
  ],
  [
    'two events have one key',
    'I4',
    ({ view }) => {
      view.events.push({ ...item(view.events, 0), index: 2, sequence: 2 })
    }
  ],
  [
    'a version went back',
    'I5',
    ({ earlier }) => {
      item(earlier.lists, 0).version = 3
    }
  ],
  [
    'a published version went back',
    'I5',
    ({ earlier }) => {
      item(earlier.lists, 0).publishedVersion = 3
    }
  ],
  [
    'a version does not look newer',
    'I5',
    ({ view }) => {
      item(view.publications, 1).validFrom = '2026-06-01T12:00:01Z'
    }
  ],
  [
    'a publication was changed',
    'I5',
    ({ earlier }) => {
      item(earlier.publications, 0).digest = 'other'
    }
  ],
  [
    'an older list was handed out later',
    'I5',
    ({ facts }) => {
      facts.push({ ...(item(facts, 2) as Extract<Open<Fact>, { kind: 'published' }>), from: 50, to: 55 })
    }
  ],
  ['a file went back to an older list', 'I5', ({ files }) => files.reverse()],
  [
    'an acknowledged revocation is not in a later list',
    'I6',
    (made) => {
      find(made, 'published', 1).lists = [{ list: LIST, digest: 'l-2', entries: entries() }]
    }
  ],
  [
    'a later list lost a revocation',
    'I6',
    (made) => {
      item(made.view.lists, 0).version = 3
      made.view.publications.push({ list: LIST, version: 3, digest: 'l-3', validFrom: '2026-06-01T12:00:03Z' })
      made.seen.push({ list: LIST, digest: 'l-3', entries: entries() })
    }
  ],
  [
    'a list revokes what nobody revoked',
    'I6',
    (made) => {
      find(made, 'published', 1).lists = [{ list: LIST, digest: 'l-2', entries: entries([2, 1], [5, 1]) }]
    }
  ],
  [
    'a list that was only seen revokes what nobody revoked',
    'I6',
    (made) => {
      made.view.publications.push({ list: LIST, version: 3, digest: 'l-3', validFrom: '2026-06-01T12:00:03Z' })
      made.seen.push({ list: LIST, digest: 'l-3', entries: entries([5, 1], [2, 1]) })
    }
  ],
  ['a list was handed out that is not recorded', 'I6', ({ view }) => view.publications.pop()],
  ['a file is cut off', 'I6', ({ files }) => files.push({ list: LIST, digest: undefined })],
  ['a file is none of the lists', 'I6', ({ files }) => files.push({ list: LIST, digest: 'other' })],
  [
    'an index lies beyond the list',
    'I7',
    (made) => {
      find(made, 'issued', 1).places = [{ list: LIST, index: 8 }]
      item(made.view.slots, 1).index = 8
    }
  ],
  [
    'more slots were given than there are',
    'I7',
    ({ view }) => {
      item(view.lists, 0).capacity = 2
    }
  ],
  [
    'a list is shorter than the standard allows',
    'I7',
    (made) => {
      find(made, 'published').lists = [{ list: LIST, digest: 'l-1', entries: { length: 131_064, set: [] } }]
    }
  ],
  [
    'the list counts fewer slots than were given',
    'I8',
    ({ view }) => {
      item(view.lists, 0).used = 2
    }
  ],
  [
    'the list counts slots that nobody has',
    'I8',
    ({ view }) => {
      item(view.lists, 0).used = 4
    }
  ],
  [
    'the count of slots went back',
    'I8',
    ({ earlier }) => {
      item(earlier.lists, 0).used = 4
    }
  ],
  [
    'a slot is one that has not been given out yet',
    'I8',
    (made) => {
      find(made, 'issued', 1).places = [{ list: LIST, index: 6 }]
      item(made.view.slots, 1).index = 6
    }
  ],
  [
    'one key made two credentials',
    'idempotency',
    (made) => {
      find(made, 'issued', 1).key = 'key-a'
    }
  ],
  [
    'one key made two texts',
    'idempotency',
    (made) => {
      made.facts.push({ ...find(made, 'issued'), digest: 'other' })
    }
  ]
]

describe('the checker of histories', () => {
  it('finds nothing in a sound history, in the beginning and without any view', () => {
    expect(check(sound())).toEqual([])
    expect(checkHistory({ facts: [], views: [] })).toEqual([])
    const { earlier, facts } = sound()
    expect(checkHistory({ facts: facts.slice(0, 3), views: [earlier] })).toEqual([])
  })

  it.each(PLANTED)('finds it where %s (%s)', (_what, rule, plant) => {
    const made = sound()
    plant(made)
    expect(check(made).map((violation) => violation.rule)).toContain(rule)
  })

  it('has a planted breach for every rule', () => {
    const rules = new Set(PLANTED.map(([, rule]) => rule))
    expect([...rules].sort()).toEqual(['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'idempotency'])
  })

  it('takes a suspension that was lifted, and a list between the two', () => {
    const made = sound()
    for (const slot of made.view.slots) slot.purpose = 'suspension'
    const [first] = made.view.events
    made.view.events.push({ ...item(made.view.events, 0), sequence: 2, order: 2, before: 1, after: 0, key: 'lift' })
    find(made, 'changed').purpose = 'suspension'
    made.facts.push({ kind: 'changed', id: 'a', purpose: 'suspension', status: 0, sequence: 2, from: 60, to: 65 })
    made.view.publications.push({ list: LIST, version: 3, digest: 'l-3', validFrom: '2026-06-01T12:00:03Z' })
    made.facts.push({ kind: 'published', lists: [{ list: LIST, digest: 'l-3', entries: entries() }], from: 70, to: 75 })
    expect(first?.after).toBe(1)
    expect(check(made)).toEqual([])
    find(made, 'published', 2).lists = [{ list: LIST, digest: 'l-3', entries: entries([5, 1]) }]
    expect(check(made).map(({ rule }) => rule)).toContain('I6')
  })

  it('does not ask for a change that was not acknowledged when the publication began', () => {
    const made = sound()
    Object.assign(find(made, 'published', 1), { from: 33 })
    find(made, 'published', 1).lists = [{ list: LIST, digest: 'l-2', entries: entries() }]
    expect(check(made)).toEqual([])
  })
})
