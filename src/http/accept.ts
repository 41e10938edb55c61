const RANGE = /^([A-Za-z0-9!#$&^_.+*-]+\/[A-Za-z0-9!#$&^_.+*-]+)\s*((?:;[^;]*)*)$/

interface MediaRange {
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  readonly quality: number
}

interface Preference {
  readonly quality: number
  /** How closely the header names the type: 3 for the type itself, 2 for its kind, 1 for everything. */
  readonly closeness: number
}

/**
 * Which of the media types on offer an `Accept` header likes best (RFC 9110 section 12.5.1); of several that it likes
 * alike the one that it names, or the first. `undefined` where it takes none of them. A type with a parameter is taken
 * only by a range that names the same.
 */
export function negotiate(accept: string | null, offered: readonly string[]): string | undefined {
  if (accept === null || accept.trim() === '') return offered[0]
  const ranges = accept.split(',').flatMap(parseRange)
  const ranked = offered
    .map((offer) => ({ offer, ...preferenceFor(offer, ranges) }))
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality || other.closeness - one.closeness)
  return ranked[0]?.offer
}

/** The closest range decides. */
function preferenceFor(offer: string, ranges: readonly MediaRange[]): Preference {
  const [wanted] = parseRange(offer)
  const fitting = ranges
    .map(({ quality, ...range }) => ({ quality, closeness: closenessOf(range, wanted) }))
    .filter(({ closeness }) => closeness > 0)
    .sort((one, other) => other.closeness - one.closeness)
  return fitting[0] ?? { quality: 0, closeness: 0 }
}

function closenessOf({ type, parameters }: Omit<MediaRange, 'quality'>, wanted: MediaRange | undefined): number {
  if (wanted === undefined) return 0
  if (type === '*/*') return 1
  if (type === `${wanted.type.split('/', 1)[0]}/*`) return 2
  const sameParameters =
    parameters.size === wanted.parameters.size &&
    [...parameters].every(([name, value]) => wanted.parameters.get(name) === value)
  return type === wanted.type && sameParameters ? 3 : 0
}

function parseRange(text: string): MediaRange[] {
  const [, type, tail = ''] = RANGE.exec(text.trim()) ?? []
  if (type === undefined) return []
  const pairs = tail
    .split(';')
    .filter((part) => part.trim() !== '')
    .map(parseParameter)
  const parameters = new Map(pairs)
  const quality = Number(parameters.get('q') ?? 1)
  parameters.delete('q')
  return [{ type: type.toLowerCase(), parameters, quality: quality >= 0 && quality <= 1 ? quality : 0 }]
}

function parseParameter(text: string): readonly [name: string, value: string] {
  const [name = '', ...rest] = text.split('=')
  const value = rest.join('=').trim()
  const [, quoted = value] = /^"([^"]*)"$/.exec(value) ?? []
  return [name.trim().toLowerCase(), quoted]
}
