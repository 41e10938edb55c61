import { InputError } from './errors.js'

/** The part of CBOR that proofs are written in: no tags, no floating point, no `true`, `false` or `null`. */
export type CborValue = number | string | Uint8Array | readonly CborValue[] | CborMap
/** A CBOR map whose keys are whole numbers or texts. */
export type CborMap = ReadonlyMap<number | string, CborValue>

export interface CborOptions {
  /** JSON Pointer or name that an error shall carry. */
  readonly path?: string
  /** Values of every kind together. 10,000 unless told. */
  readonly maxItems?: number
}

const MAX_DEPTH = 8
const UNSIGNED = 0
const NEGATIVE = 1
const BYTES = 2
const TEXT = 3
const ARRAY = 4
const MAP = 5
/** How many bytes of argument follow the initial byte, by its low five bits (RFC 8949 section 3). */
const ARGUMENT_LENGTHS: ReadonlyMap<number, number> = /* @__PURE__ */ new Map([
  [24, 1],
  [25, 2],
  [26, 4],
  [27, 8]
])

/**
 * Reads deterministically encoded CBOR (RFC 8949 section 4.2.1) and nothing else: one value, definite lengths, every
 * number and length in its shortest form, map keys in order and each once, no tags.
 *
 * Does not check what the value means.
 *
 * @throws {InputError} ENCODING_INVALID
 */
export function decodeCbor(bytes: Uint8Array, options: CborOptions = {}): CborValue {
  return new Reader(bytes, options).document()
}

/** Writes a value as {@link decodeCbor} reads it. */
export function encodeCbor(value: CborValue): Uint8Array {
  return Uint8Array.from(encode(value))
}

class Reader {
  readonly #bytes: Uint8Array
  readonly #path: string | undefined
  #itemsLeft: number
  #at = 0

  constructor(bytes: Uint8Array, { path, maxItems = 10_000 }: CborOptions) {
    this.#bytes = bytes
    this.#path = path
    this.#itemsLeft = maxItems
  }

  document(): CborValue {
    const value = this.#value(0)
    if (this.#at < this.#bytes.length) this.#refuse('bytes follow the value', 'the end')
    return value
  }

  #value(depth: number): CborValue {
    if (depth > MAX_DEPTH) this.#refuse('arrays and maps are nested too deep', `at most ${MAX_DEPTH} levels`)
    this.#itemsLeft -= 1
    if (this.#itemsLeft < 0) this.#refuse('there are too many values', 'fewer')
    const [initial] = this.#take(1) as Uint8Array & { 0: number }
    const argument = this.#argument(initial & 0x1f)
    switch (initial >> 5) {
      case UNSIGNED:
        return argument
      case NEGATIVE:
        return -1 - argument
      case BYTES:
        return this.#take(argument).slice()
      case TEXT:
        return this.#text(argument)
      case ARRAY:
        return this.#array(argument, depth)
      case MAP:
        return this.#map(argument, depth)
      default:
        return this.#refuse('a value is of a kind that proofs do not use', 'a number, bytes, a text, an array or a map')
    }
  }

  #argument(low: number): number {
    if (low < 24) return low
    const length = ARGUMENT_LENGTHS.get(low)
    if (length === undefined) return this.#refuse('a length is left open or reserved', 'a length that is stated')
    const value = this.#take(length).reduce((sum, byte) => sum * 256 + byte, 0)
    if (value > Number.MAX_SAFE_INTEGER - 1) this.#refuse('a number is out of range', 'a number below 2^53 - 1')
    if (headOf(0, value).length !== 1 + length) this.#refuse('a number is not in its shortest form', 'fewer bytes')
    return value
  }

  #text(length: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.#take(length))
    } catch (cause) {
      if (cause instanceof InputError) throw cause
      return this.#refuse('a text is not UTF-8', 'UTF-8')
    }
  }

  #array(length: number, depth: number): readonly CborValue[] {
    const values: CborValue[] = []
    for (let index = 0; index < length; index += 1) values.push(this.#value(depth + 1))
    return values
  }

  #map(length: number, depth: number): CborMap {
    const map = new Map<number | string, CborValue>()
    let last: Uint8Array | undefined
    for (let index = 0; index < length; index += 1) {
      const start = this.#at
      const key = this.#value(depth + 1)
      if (typeof key !== 'number' && typeof key !== 'string')
        return this.#refuse('the key of a map is neither number nor text', 'a number or a text')
      const written = this.#bytes.subarray(start, this.#at)
      if (last !== undefined && compareBytes(last, written) >= 0)
        this.#refuse('the keys of a map are not in order, each once', 'keys in order')
      last = written
      map.set(key, this.#value(depth + 1))
    }
    return map
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) this.#refuse('the bytes end within a value', `${length} more bytes`)
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }

  #refuse(message: string, expected: string): never {
    throw new InputError({
      code: 'ENCODING_INVALID',
      message: `the CBOR cannot be read: ${message}`,
      ...(this.#path === undefined ? {} : { path: this.#path }),
      expected,
      got: `something else at byte ${this.#at} of ${this.#bytes.length}`
    })
  }
}

function encode(value: CborValue): readonly number[] {
  if (typeof value === 'number') return value < 0 ? headOf(NEGATIVE, -1 - value) : headOf(UNSIGNED, value)
  if (value instanceof Uint8Array) return [...headOf(BYTES, value.length), ...value]
  if (typeof value === 'string') {
    const bytes = new TextEncoder().encode(value)
    return [...headOf(TEXT, bytes.length), ...bytes]
  }
  if (isArray(value)) return [...headOf(ARRAY, value.length), ...value.flatMap(encode)]
  const entries = [...value].map(([key, member]) => [encode(key), encode(member)] as const)
  entries.sort(([left], [right]) => compareBytes(left, right))
  return [...headOf(MAP, entries.length), ...entries.flat(2)]
}

function isArray(value: readonly CborValue[] | CborMap): value is readonly CborValue[] {
  return Array.isArray(value)
}

/** The initial byte and the argument in its shortest form. */
function headOf(kind: number, argument: number): readonly number[] {
  const high = kind << 5
  if (argument < 24) return [high | argument]
  if (argument < 2 ** 8) return [high | 24, argument]
  if (argument < 2 ** 16) return [high | 25, ...bigEndian(argument, 2)]
  if (argument < 2 ** 32) return [high | 26, ...bigEndian(argument, 4)]
  return [high | 27, ...bigEndian(argument, 8)]
}

function bigEndian(value: number, length: number): readonly number[] {
  return Array.from({ length }, (_, index) => Math.floor(value / 256 ** (length - 1 - index)) % 256)
}

function compareBytes(left: ArrayLike<number>, right: ArrayLike<number>): number {
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const difference = (left[index] as number) - (right[index] as number)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
