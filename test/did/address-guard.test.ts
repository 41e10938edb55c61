import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createAddressGuard, isGlobalAddress } from '../../src/did/address-guard.js'

// The first and the last address of each block of the IANA special-purpose registries that is not globally reachable, and
// of multicast and reserved space.
const CLOSED = [
  ['this network', '0.0.0.0', '0.255.255.255'],
  ['private', '10.0.0.0', '10.255.255.255'],
  ['shared by carriers', '100.64.0.0', '100.127.255.255'],
  ['loopback', '127.0.0.1', '127.255.255.255'],
  ['link-local', '169.254.0.0', '169.254.169.254', '169.254.255.255'],
  ['private', '172.16.0.0', '172.31.255.255'],
  ['protocol assignments', '192.0.0.0', '192.0.0.170', '192.0.0.192', '192.0.0.255'],
  ['documentation 1', '192.0.2.0', '192.0.2.255'],
  ['6to4 relays', '192.88.99.0', '192.88.99.255'],
  ['private', '192.168.0.0', '192.168.255.255'],
  ['benchmarks', '198.18.0.0', '198.19.255.255'],
  ['documentation 2', '198.51.100.0', '198.51.100.255'],
  ['documentation 3', '203.0.113.0', '203.0.113.255'],
  ['multicast', '224.0.0.0', '239.255.255.255'],
  ['reserved', '240.0.0.0', '255.255.255.254'],
  ['broadcast', '255.255.255.255'],
  ['platform of Azure', '168.63.129.16'],
  ['unspecified', '::', '0:0:0:0:0:0:0:0'],
  ['loopback', '::1'],
  ['IPv4-compatible', '::7f00:1', '::9.9.9.9'],
  ['IPv4-mapped', '::ffff:0:0', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:9.9.9.9', '::ffff:ffff:ffff'],
  ['NAT64', '64:ff9b::', '64:ff9b::7f00:1', '64:ff9b::9.9.9.9', '64:ff9b::ffff:ffff'],
  ['local NAT64', '64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  ['discard', '100::', '100::ffff:ffff:ffff:ffff', '100:0:0:1::'],
  ['Teredo', '2001::', '2001:0:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['benchmarks', '2001:2::', '2001:2:0:ffff:ffff:ffff:ffff:ffff'],
  ['ORCHID', '2001:10::', '2001:1f:ffff:ffff:ffff:ffff:ffff:ffff', '2001:20::'],
  ['protocol assignments', '2001:1::1', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['documentation', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['6to4', '2002::', '2002:7f00:1::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['documentation', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['segment routing', '5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['unique local', 'fc00::', 'fd00:ec2::254', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['link-local', 'fe80::', 'fe80::1', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['site-local', 'fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['multicast', 'ff00::', 'ff02::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['not allocated', '4000::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '8000::1']
]
// The neighbours of those blocks, and some that everybody knows.
const OPEN = [
  ['1.0.0.0', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0'],
  ['169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '191.255.255.255', '192.0.1.0', '192.0.3.0'],
  ['192.88.98.255', '192.88.100.0', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0'],
  ['198.51.99.255', '198.51.101.0', '203.0.112.255', '203.0.114.0', '223.255.255.255', '168.63.129.15'],
  ['192.31.196.1', '192.52.193.1', '192.175.48.1', '9.9.9.9', '1.1.1.1', '93.184.215.14'],
  ['2000::', '2001:200::', '2001:db7:ffff::', '2001:db9::', '2001:ffff::', '2003::', '2620:4f:8000::1'],
  ['2620:fe::fe', '2a00:1450:4009:81f::200e', '3ffe::', '3fff:1000::', '3FFF:FFFF:ffff:ffff:ffff:ffff:ffff:ffff']
]
const NO_ADDRESS = [
  [
    '',
    ' ',
    'localhost',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1.2.3.04',
    '0x7f.1',
    '0177.0.0.1',
    '2130706433',
    '1.2.3.4 '
  ],
  ['1.2.3.4/8', '١.1.1.1', '+1.1.1.1', '1..1.1', '9.9.9.9\n', '9.9.9.9\u0000'],
  ['[2620:fe::fe]', '2620:fe::fe%eth0', '2620:::fe', '2620::fe::1', '2620:fe', ':2620::', '2620:', 'g620::1'],
  ['12620::1', '2620:1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7::8', '2620:9.9.9.9::1', '9.9.9.9::', '2620::9.9.9', '2620::1/64']
]

describe('isGlobalAddress', () => {
  test.each(CLOSED.flatMap(([name, ...addresses]) => addresses.map((address) => [name, address] as const)))(
    '134: %s, %s, is not of the public internet',
    (_name, address) => {
      expect(isGlobalAddress(address)).toBe(false)
      expect(isGlobalAddress(address.toUpperCase())).toBe(false)
    }
  )

  test.each(OPEN.flat())('%s is', (address) => {
    expect(isGlobalAddress(address)).toBe(true)
  })

  test.each(NO_ADDRESS.flat())('133: %j is no address, so it is not', (text) => {
    expect(isGlobalAddress(text)).toBe(false)
  })

  test('says the same of every spelling of an IPv6 address', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.constantFrom(0x20, 0x26, 0x3f, 0xfd, 0xfe, 0), (text, first) => {
        const host = new URL(`https://[${text}]/`).hostname.slice(1, -1)
        expect(isGlobalAddress(text)).toBe(isGlobalAddress(host))
        const moved = host.replace(/^[0-9a-f]+/, first.toString(16).padEnd(4, '0'))
        expect(isGlobalAddress(moved)).toBe(isGlobalAddress(moved.toUpperCase()))
      })
    )
  })

  test('says no without an error whatever the text is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^[0-9a-fA-F.:]+$/.test(text))
        expect(isGlobalAddress(text)).toBe(false)
      })
    )
  })
})

describe('createAddressGuard', () => {
  test('lets through what is named, and nothing beside it', () => {
    const guard = createAddressGuard(['10.20.0.0/15', '192.168.1.7', 'fd00:1::/33'])
    for (const address of ['10.20.0.0', '10.21.255.255', '192.168.1.7', 'fd00:1::', 'fd00:1:7fff::1', '9.9.9.9']) {
      expect([address, guard(address)]).toEqual([address, true])
    }
    for (const address of ['10.19.255.255', '10.22.0.0', '192.168.1.8', 'fd00:1:8000::', '::ffff:10.20.0.1', 'x', '']) {
      expect([address, guard(address)]).toEqual([address, false])
    }
  })

  test('behind NAT64 the address inside counts', () => {
    const guard = createAddressGuard(['64:ff9b::/96'])
    expect(guard('64:ff9b::9.9.9.9')).toBe(true)
    expect(guard('64:ff9b::10.0.0.1')).toBe(false)
    expect(guard('64:ff9b::7f00:1')).toBe(false)
    expect(createAddressGuard(['64:ff9b::/96', '10.0.0.0/8'])('64:ff9b::10.0.0.1')).toBe(true)
    expect(createAddressGuard(['0.0.0.0/0', '::/0'])('64:ff9b::10.0.0.1')).toBe(true)
  })

  test.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/08', '10.0.0.0/-1', 'fd00::/129', '10.0.0.0/8/8', 'host', '', 7])(
    '%j is refused as an entry',
    (entry) => {
      const create = () => createAddressGuard(['10.0.0.0/8', entry as string])
      expect(create).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', path: 'allowAddresses/1' }))
    }
  )
})
