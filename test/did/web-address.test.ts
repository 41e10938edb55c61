import { describe, expect, test } from 'vitest'
import { checkWebAddress } from '../../src/did/web-address.js'

const refused = expect.objectContaining({ name: 'ResolutionError', code: 'RESOLUTION_FAILED', retryable: false })

describe('checkWebAddress', () => {
  test.each([
    'https://academy.example/',
    'https://academy.example',
    'https://academy.example/issuers/7?list=1',
    'https://a.b-c.example/~x/%41',
    'https://xn--e1awd7f.com/',
    'https://9.9.9.9/x',
    'https://[2620:fe::fe]/x'
  ])('lets %s through', (url) => {
    expect(checkWebAddress(url, []).protocol).toBe('https:')
  })

  test.each([
    '0x7f.1',
    '2130706433',
    '0177.0.0.1',
    '127.1',
    '127.0.0.1',
    '169.254.169.254',
    '10.0.0.1',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:7f00:1]',
    '[::ffff:127.0.0.1]',
    '[fd00:ec2::254]',
    '[64:ff9b::7f00:1]',
    '[fe80::1%25eth0]'
  ])('133: the address %s is refused', (host) => {
    expect(() => checkWebAddress(`https://${host}/list`, [])).toThrow(refused)
  })

  test.each([
    'localhost',
    'LOCALHOST',
    'a.localhost',
    'printer.local',
    'metadata.google.internal',
    'internal',
    'router.home.arpa',
    'home.arpa',
    'intranet',
    'localhost.',
    'academy.example.',
    'a..example',
    '-a.example',
    `${'a'.repeat(64)}.example`
  ])('134: the name %s is refused before it is looked up', (host) => {
    expect(() => checkWebAddress(`https://${host}/list`, [])).toThrow(refused)
  })

  test.each([
    'http://academy.example/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'ftp://academy.example/',
    'gopher://academy.example/',
    'ws://academy.example/',
    'blob:https://academy.example/1',
    'javascript:1',
    'https://u:p@academy.example/',
    'https://u@academy.example/',
    'https://:p@academy.example/',
    'https://@academy.example/',
    'https://academy.example:22/',
    'https://academy.example:6379/',
    'https://academy.example:8443/',
    'https://academy.example:443/',
    'https://academy.example:/',
    'https://academy.example:99999/'
  ])('137: %s is refused', (url) => {
    expect(() => checkWebAddress(url, [])).toThrow(refused)
  })

  test('137: a port that was named may be connected to', () => {
    expect(checkWebAddress('https://academy.example:8443/x', [8443]).port).toBe('8443')
    expect(checkWebAddress('https://academy.example/x', [8443]).port).toBe('')
    expect(() => checkWebAddress('https://academy.example:8444/x', [8443])).toThrow(refused)
  })

  test.each([
    'https://good.example\\@evil.example/',
    'https://good.example%40evil.example/',
    'https://good.example/../x',
    'https://good.example/%2e%2e/x',
    'https:good.example/',
    'https:///good.example/',
    ' https://good.example/',
    'https://good.example/\n',
    'https://go\tod.example/',
    'HTTPS://good.example/',
    'https://GOOD.example/',
    'https://ⓔxample.com/',
    'https://good.example/x#y',
    'https://good.example/#',
    'good.example',
    '',
    `https://good.example/${'x'.repeat(2048)}`
  ])('131, 132, 142: what readers could understand in two ways is refused: %j', (url) => {
    expect(() => checkWebAddress(url, [])).toThrow(refused)
  })

  test('says what is wrong without repeating a long text', () => {
    const url = `https://good.example/${'x'.repeat(100_000)}`
    const error: unknown = (() => {
      try {
        return checkWebAddress(url, [])
      } catch (reason) {
        return reason
      }
    })()
    expect(String(error).length).toBeLessThan(1000)
  })
})
