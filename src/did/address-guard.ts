import { OptionError } from '../encoding/errors.js'
import { type AddressBytes, type AddressRange, isInRange, parseAddress, parseAddressRange } from './address-text.js'

/** Says whether a connection to an IP address, given as text, may be made. */
export type AddressGuard = (address: string) => boolean

// IANA IPv4 Special-Purpose Address Registry, with multicast (RFC 5771). The few addresses inside 192.0.0.0/24 that are
// reachable are no web servers, so the block is taken whole.
const CLOSED_IPV4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // shared by carriers
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, and the metadata services of clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // relays of 6to4, withdrawn
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
  '168.63.129.16' // public by its number, but answered by the platform inside every virtual machine of Azure
]

// Global unicast is 2000::/3 alone (RFC 4291 section 2.4), so loopback, mapped and translated IPv4, unique local,
// link-local, site-local and multicast addresses are all outside. IANA IPv6 Special-Purpose Address Registry for the rest.
const OPEN_IPV6 = '2000::/3'
const CLOSED_IPV6 = [
  '2001::/23', // protocol assignments: Teredo, ORCHID, benchmarks, anycast services
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4, which carries any IPv4 address
  '3fff::/20' // documentation
]
const TRANSLATED = '64:ff9b::/96'

/**
 * Whether an IP address is one of the public internet, that a server may connect to when a stranger names it. Stricter
 * than the registries: whatever carries an IPv4 address inside an IPv6 address (mapped, compatible, NAT64, 6to4, Teredo)
 * is not. Text that is not an address in its usual form is not either.
 *
 * Does NOT know which public addresses belong to your own network.
 *
 * Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC 8190).
 *
 * @example
 * ```ts
 * import { isGlobalAddress } from 'komma'
 *
 * console.log(isGlobalAddress('9.9.9.9'), isGlobalAddress('2620:fe::fe')) // => true true
 * console.log(isGlobalAddress('169.254.169.254'), isGlobalAddress('::ffff:9.9.9.9')) // => false false
 * ```
 */
export function isGlobalAddress(address: string): boolean {
  const bytes = parseAddress(address)
  return bytes !== undefined && isGlobal(bytes)
}

/**
 * A guard that lets global addresses through, and besides those of the blocks that are named.
 *
 * With `64:ff9b::/96` named, for a network that reaches IPv4 through NAT64, the IPv4 address inside has to be global or
 * named as well.
 *
 * @param allow addresses or blocks, such as `10.1.2.3` or `10.0.0.0/8`
 * @throws {OptionError} OPTION_INVALID
 *
 * @example
 * ```ts
 * import { createAddressGuard } from 'komma'
 *
 * const guard = createAddressGuard(['10.20.0.0/16'])
 * console.log(guard('9.9.9.9'), guard('10.20.0.7'), guard('10.30.0.7')) // => true true false
 * ```
 */
export function createAddressGuard(allow: readonly string[] = []): AddressGuard {
  const ranges = allow.map((text, index) => readAllowed(text, index))
  const isOpen = (bytes: AddressBytes): boolean =>
    isGlobal(bytes) ||
    (ranges.some((range) => isInRange(bytes, range)) && (!isTranslated(bytes) || isOpen(bytes.subarray(12))))
  return (address) => {
    const bytes = typeof address === 'string' ? parseAddress(address) : undefined
    return bytes !== undefined && isOpen(bytes)
  }
}

function isGlobal(bytes: AddressBytes): boolean {
  if (bytes.length === 16 && !isInRange(bytes, block(OPEN_IPV6))) return false
  return !(bytes.length === 16 ? CLOSED_IPV6 : CLOSED_IPV4).some((text) => isInRange(bytes, block(text)))
}

function isTranslated(bytes: AddressBytes): boolean {
  return bytes.length === 16 && isInRange(bytes, block(TRANSLATED))
}

function block(text: string): AddressRange {
  const range = parseAddressRange(text)
  if (range === undefined) throw new TypeError('a built-in block of addresses is malformed')
  return range
}

function readAllowed(text: unknown, index: number): AddressRange {
  const range = typeof text === 'string' ? parseAddressRange(text) : undefined
  if (range !== undefined) return range
  throw new OptionError({
    code: 'OPTION_INVALID',
    message: 'an entry is not an IP address or block',
    path: `allowAddresses/${index}`,
    expected: 'an address such as 10.1.2.3 or fd00::1, or a block such as 10.0.0.0/8',
    got: String(JSON.stringify(text)).slice(0, 100)
  })
}
