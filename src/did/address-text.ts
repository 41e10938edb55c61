/** 4 bytes of an IPv4 address or 16 of an IPv6 address. */
export type AddressBytes = Uint8Array

/** A block of addresses: those whose first `bits` bits are those of `base`. */
export interface AddressRange {
  readonly base: AddressBytes
  readonly bits: number
}

const DECIMAL = /^(?:0|[1-9][0-9]{0,2})$/
const GROUP = /^[0-9a-fA-F]{1,4}$/
const PREFIX_LENGTH = /^(?:0|[1-9][0-9]{0,2})$/

/**
 * Reads an IP address in its usual text form: four decimal numbers, or eight groups with at most one `::` and perhaps an
 * IPv4 address at the end. Gives `undefined` for anything else: octal, hexadecimal and shortened IPv4 forms, zone ids,
 * brackets, spaces.
 *
 * Source: RFC 4291 section 2.2; RFC 6943 section 3.1.1 for the IPv4 forms that readers disagree on.
 */
export function parseAddress(text: string): AddressBytes | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

/** Reads a block such as `10.0.0.0/8` or `fc00::/7`; an address alone is a block of one. `undefined` if it is neither. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [address = '', length, ...rest] = text.split('/')
  const base = parseAddress(address)
  if (base === undefined || rest.length > 0) return undefined
  if (length === undefined) return { base, bits: base.length * 8 }
  const bits = PREFIX_LENGTH.test(length) ? Number(length) : Number.POSITIVE_INFINITY
  return bits <= base.length * 8 ? { base, bits } : undefined
}

/** Whether an address lies in a block of its own family. */
export function isInRange(address: AddressBytes, { base, bits }: AddressRange): boolean {
  if (address.length !== base.length) return false
  const whole = bits >> 3
  for (let index = 0; index < whole; index += 1) if (address[index] !== base[index]) return false
  const shift = 8 - (bits & 7)
  return shift === 8 || (address[whole] ?? 0) >> shift === (base[whole] ?? 0) >> shift
}

function parseIpv4(text: string): AddressBytes | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => DECIMAL.test(part) && Number(part) <= 255)) return undefined
  return Uint8Array.from(parts, Number)
}

function parseIpv6(text: string): AddressBytes | undefined {
  if (text.length > 45) return undefined
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = [readGroups(halves[0] ?? '', halves.length === 1), readGroups(halves[1] ?? '', true)]
  if (head === undefined || tail === undefined) return undefined
  const missing = 16 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined
  return Uint8Array.from([...head, ...new Array<number>(missing).fill(0), ...tail])
}

function readGroups(text: string, isEnd: boolean): readonly number[] | undefined {
  if (text === '') return []
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [index, group] of groups.entries()) {
    if (GROUP.test(group)) {
      const value = Number.parseInt(group, 16)
      bytes.push(value >> 8, value & 0xff)
      continue
    }
    const embedded = isEnd && index === groups.length - 1 ? parseIpv4(group) : undefined
    if (embedded === undefined) return undefined
    bytes.push(...embedded)
  }
  return bytes
}
