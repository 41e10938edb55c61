import { malformed } from './list-faults.js'

// In the library, because the runtimes' own differ: some have none, some say nothing of bytes after the last block, and
// none stops by itself. A list has to be read alike everywhere.

const LONGEST_CODE = 15
const END_OF_BLOCK = 256
/** RFC 1951 section 3.2.7: the order in which the lengths of the code for lengths are written. */
const LENGTH_CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] as const
/** Section 3.2.5: how far and how long a repetition is, from its symbol. */
const LENGTHS = /* @__PURE__ */ steps(
  3,
  [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5]
)
const LONGEST_LENGTH = { base: 258, extra: 0 } as const
const DISTANCES = /* @__PURE__ */ steps(
  1,
  [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13]
)

/**
 * Unpacks raw DEFLATE data into `output`, and stops before a byte would not fit there.
 *
 * Takes what zlib takes: no code that has too many or too few words, no repetition from before the start.
 *
 * Source: RFC 1951.
 *
 * @returns how many bytes were written, and how many bytes of the data were read to the end of the last block
 * @throws {StatusError} STATUS_LIST_MALFORMED
 */
export function inflateRaw(data: Uint8Array, output: Uint8Array): { readonly written: number; readonly read: number } {
  const input = new BitReader(data)
  let fixed: Codes | undefined
  let written = 0
  for (let last = false; !last; ) {
    last = input.bits(1) === 1
    const kind = input.bits(2)
    if (kind === 3) throw malformed('The GZIP data have a block of an unknown kind')
    if (kind === 1) fixed ??= fixedCodes()
    const codes = kind === 1 ? fixed : kind === 2 ? readCodes(input) : undefined
    written = codes === undefined ? copyStored(input, output, written) : unpack(input, codes, output, written)
  }
  return { written, read: input.bytesRead }
}

function unpack(input: BitReader, { literals, distances }: Codes, output: Uint8Array, written: number): number {
  let end = written
  for (;;) {
    const symbol = literals.next(input)
    if (symbol === END_OF_BLOCK) return end
    if (symbol < END_OF_BLOCK) {
      if (end === output.length) throw tooLong()
      output[end] = symbol
      end += 1
    } else {
      end = repeat(input, lengthOf(input, symbol - END_OF_BLOCK - 1), distances, output, end)
    }
  }
}

function copyStored(input: BitReader, output: Uint8Array, written: number): number {
  const bytes = input.stored()
  if (written + bytes.length > output.length) throw tooLong()
  output.set(bytes, written)
  return written + bytes.length
}

function lengthOf(input: BitReader, index: number): number {
  const step = index === LENGTHS.length ? LONGEST_LENGTH : LENGTHS[index]
  if (step === undefined) throw badCode()
  return step.base + input.bits(step.extra)
}

function repeat(input: BitReader, length: number, distances: Code, output: Uint8Array, written: number): number {
  const step = DISTANCES[distances.next(input)]
  if (step === undefined) throw badCode()
  const distance = step.base + input.bits(step.extra)
  if (distance > written) throw malformed('The GZIP data repeat what was before their start')
  if (written + length > output.length) throw tooLong()
  for (let at = written; at < written + length; at++) output[at] = output[at - distance] as number
  return written + length
}

interface Codes {
  readonly literals: Code
  readonly distances: Code
}

/** Section 3.2.6. */
function fixedCodes(): Codes {
  const lengths = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280).fill(8, 280)
  return { literals: new Code(lengths), distances: new Code(new Uint8Array(32).fill(5)) }
}

/** Section 3.2.7. */
function readCodes(input: BitReader): Codes {
  const literalCount = input.bits(5) + 257
  const distanceCount = input.bits(5) + 1
  if (literalCount > 286 || distanceCount > 30) throw badCode()
  const lengths = readLengths(input, readLengthCode(input), literalCount + distanceCount)
  if (lengths[END_OF_BLOCK] === 0) throw badCode()
  const literals = new Code(lengths.subarray(0, literalCount))
  const distances = new Code(lengths.subarray(literalCount))
  if (!literals.isUsable || !distances.isUsable) throw badCode()
  return { literals, distances }
}

function readLengthCode(input: BitReader): Code {
  const count = input.bits(4) + 4
  const lengths = new Uint8Array(LENGTH_CODE_ORDER.length)
  for (const symbol of LENGTH_CODE_ORDER.slice(0, count)) lengths[symbol] = input.bits(3)
  const code = new Code(lengths)
  if (!code.isComplete) throw badCode()
  return code
}

function readLengths(input: BitReader, code: Code, count: number): Uint8Array {
  const lengths = new Uint8Array(count)
  for (let at = 0; at < count; ) {
    const symbol = code.next(input)
    if (symbol === 16 && at === 0) throw badCode()
    const [value, times] = runOf(input, symbol, lengths[at - 1] ?? 0)
    if (at + times > count) throw badCode()
    lengths.fill(value, at, at + times)
    at += times
  }
  return lengths
}

function runOf(input: BitReader, symbol: number, previous: number): readonly [value: number, times: number] {
  if (symbol === 16) return [previous, 3 + input.bits(2)]
  if (symbol === 17) return [0, 3 + input.bits(3)]
  if (symbol === 18) return [0, 11 + input.bits(7)]
  return [symbol, 1]
}

/** A Huffman code, given by the length of the word for each symbol (section 3.2.2). */
class Code {
  /** How many words have each length. */
  readonly #counts = new Uint16Array(LONGEST_CODE + 1)
  /** The symbols in the order of their words. */
  readonly #symbols: Uint16Array
  readonly isComplete: boolean
  /** Complete, or of one word of one bit, or of none: then it may stand where nothing uses it. */
  readonly isUsable: boolean

  constructor(lengths: Uint8Array) {
    for (const length of lengths) this.#counts[length] = (this.#counts[length] as number) + 1
    const unused = this.#counts[0] as number
    this.#counts[0] = 0
    let free = 1
    const starts = [0]
    for (let length = 1; length <= LONGEST_CODE; length++) {
      const count = this.#counts[length] as number
      free = free * 2 - count
      if (free < 0) throw badCode()
      starts.push((starts[length - 1] as number) + (this.#counts[length - 1] as number))
    }
    this.#symbols = new Uint16Array(lengths.length - unused)
    for (const [symbol, length] of lengths.entries()) {
      if (length === 0) continue
      this.#symbols[starts[length] as number] = symbol
      starts[length] = (starts[length] as number) + 1
    }
    this.isComplete = free === 0
    this.isUsable = this.isComplete || this.#symbols.length === (this.#counts[1] as number)
  }

  /** Reads one word and answers with its symbol. */
  next(input: BitReader): number {
    let word = 0
    let first = 0
    let index = 0
    for (let length = 1; length <= LONGEST_CODE; length++) {
      const count = this.#counts[length] as number
      word |= input.bits(1)
      if (word - first < count) return this.#symbols[index + word - first] as number
      index += count
      first = (first + count) * 2
      word *= 2
    }
    throw badCode()
  }
}

/** Reads bits from the least significant one of each byte. */
class BitReader {
  readonly #data: Uint8Array
  #position = 0
  #held = 0
  #heldBits = 0

  constructor(data: Uint8Array) {
    this.#data = data
  }

  /** The bytes from which at least one bit was read. */
  get bytesRead(): number {
    return this.#position
  }

  bits(count: number): number {
    while (this.#heldBits < count) {
      this.#held |= this.#byte() << this.#heldBits
      this.#heldBits += 8
    }
    const value = this.#held & ((1 << count) - 1)
    this.#held >>>= count
    this.#heldBits -= count
    return value
  }

  /** Section 3.2.4: whole bytes from the next one on, after their number and its complement. */
  stored(): Uint8Array {
    this.#held = 0
    this.#heldBits = 0
    const length = this.bits(16)
    if (this.bits(16) !== (length ^ 0xffff)) throw malformed('The GZIP data have a block of two lengths')
    const start = this.#position
    this.#position += length
    if (this.#position > this.#data.length) throw cutShort()
    return this.#data.subarray(start, this.#position)
  }

  #byte(): number {
    const byte = this.#data[this.#position]
    if (byte === undefined) throw cutShort()
    this.#position += 1
    return byte
  }
}

function steps(start: number, extras: readonly number[]): readonly { readonly base: number; readonly extra: number }[] {
  let base = start
  return extras.map((extra) => {
    const step = { base, extra }
    base += 2 ** extra
    return step
  })
}

function badCode() {
  return malformed('The GZIP data have a code that cannot be')
}

function cutShort() {
  return malformed('The GZIP data are cut short')
}

function tooLong() {
  return malformed('The GZIP data are longer than they state')
}
