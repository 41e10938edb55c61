import { type Fault, InputError } from '../encoding/errors.js'
import type { JsonValue } from '../encoding/json-types.js'

/** Puts the text of a cell into an award. */
type Put = (award: Draft, text: string) => void

interface Draft {
  readonly members: Record<string, JsonValue>
  readonly recipient: Record<string, JsonValue>
  readonly identifiers: JsonValue[]
  readonly source: Record<string, JsonValue>
  readonly results: Map<string, Record<string, JsonValue>>
  readonly evidence: Map<number, Record<string, JsonValue>>
}

/** Columns whose names begin so are about a row, not of it, and are passed over. */
export const OWN_COLUMNS = 'komma:'

const SHORT: Readonly<Record<string, string>> = { email: 'recipient.email', name: 'recipient.name', id: 'recipient.id' }

const MEMBERS = [
  ...['awardedDate', 'validFrom', 'validUntil', 'activityStartDate', 'activityEndDate', 'role', 'licenseNumber'],
  ...['narrative', 'term', 'creditsEarned', 'idempotencyKey']
]
const EVIDENCE = /^evidence\.([1-9]\d?)\.(id|name|description|narrative|genre|audience|digestMultibase|mediaType)$/
const NUMBER = /^\d{1,9}(?:\.\d{1,9})?$/

const KNOWN = `email, name, id, ${MEMBERS.join(', ')}, recipient.identifier.TYPE, results.NAME.achievedLevel (or value, status), evidence.N.MEMBER, source.id (or name, url)`

/**
 * Reads the header of a CSV file: what each column puts into an award.
 *
 * @param names what columns stand for, by their name in the file; an empty text passes a column over
 * @returns a function that makes an award of the cells of a line; empty cells are left out
 * @throws {InputError} CSV_MALFORMED with every column that is unknown or given twice
 */
export function readHeader(
  header: readonly string[],
  names: Readonly<Record<string, string>>
): (cells: readonly string[]) => Record<string, JsonValue> {
  const faults: Fault[] = []
  const seen = new Set<string>()
  for (const name of Object.keys(names))
    if (!header.includes(name)) faults.push(wrong('the file has no such column', name))
  const puts = header.map((name) => {
    const meant = (Object.hasOwn(names, name) ? names[name] : name.trim()) ?? ''
    if (meant === '' || meant.startsWith(OWN_COLUMNS)) {
      // A column without a name and without a meaning would be passed over unseen.
      if (meant === '' && !Object.hasOwn(names, name)) faults.push(wrong('a column has no name', name))
      return undefined
    }
    const path = Object.hasOwn(SHORT, meant) ? (SHORT[meant] ?? '') : meant
    const put = putterOf(path)
    if (put === undefined) faults.push(wrong('the column stands for nothing in an award', name, KNOWN))
    else if (seen.has(path)) faults.push(wrong('two columns stand for the same', name))
    seen.add(path)
    return put
  })
  if (faults.length > 0) throw new InputError(faults.slice(0, 50))
  return (cells) => {
    const draft: Draft = {
      members: {},
      recipient: {},
      identifiers: [],
      source: {},
      results: new Map(),
      evidence: new Map()
    }
    for (const [at, put] of puts.entries()) if (cells[at]) put?.(draft, cells[at])
    return assemble(draft)
  }
}

function putterOf(path: string): Put | undefined {
  if (MEMBERS.includes(path)) {
    const isNumber = path === 'creditsEarned'
    return ({ members }, text) => {
      members[path] = isNumber && NUMBER.test(text) ? Number(text) : text
    }
  }
  const [, owner, member = ''] = /^(recipient|source)\.(id|email|name|url)$/.exec(path) ?? []
  if ((owner === 'recipient' && member !== 'url') || owner === 'source') {
    return (draft, text) => {
      draft[owner as 'recipient' | 'source'][member] = text
    }
  }
  const [, identityType] = /^recipient\.identifier\.([A-Za-z]+|ext:[A-Za-z0-9._-]+)$/.exec(path) ?? []
  if (identityType !== undefined) return ({ identifiers }, identity) => identifiers.push({ identityType, identity })
  const result = /^results\.([A-Za-z0-9][A-Za-z0-9._-]{0,63})\.(achievedLevel|value|status)$/.exec(path)
  if (result !== null) return ({ results }, text) => putInto(results, result[1] ?? '', result[2] ?? '', text)
  const evidence = EVIDENCE.exec(path)
  if (evidence === null) return undefined
  return (draft, text) => putInto(draft.evidence, Number(evidence[1]), evidence[2] ?? '', text)
}

function putInto<Key>(groups: Map<Key, Record<string, JsonValue>>, key: Key, member: string, text: string): void {
  const group = groups.get(key) ?? {}
  group[member] = text
  groups.set(key, group)
}

function assemble({ members, recipient, identifiers, source, results, evidence }: Draft): Record<string, JsonValue> {
  const listed = [...evidence].sort(([a], [b]) => a - b).map(([, item]) => item)
  return {
    recipient: identifiers.length === 0 ? recipient : { ...recipient, identifier: identifiers },
    ...members,
    ...(Object.keys(source).length === 0 ? {} : { source }),
    ...(results.size === 0
      ? {}
      : { results: [...results].map(([resultDescription, result]) => ({ resultDescription, ...result })) }),
    ...(listed.length === 0 ? {} : { evidence: listed })
  }
}

function wrong(message: string, column: string, expected?: string): Fault {
  const path = `line 1, column "${column.slice(0, 80)}"`
  const hint = 'Say what it stands for with the option columns, or the command line option --column'
  return { code: 'CSV_MALFORMED', message, path, hint, ...(expected === undefined ? {} : { expected }) }
}
