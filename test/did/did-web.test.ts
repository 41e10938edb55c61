import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { didWebToPath, didWebToUrl, parseDidWeb } from '../../src/did/did-web.js'

const invalid = expect.objectContaining({ name: 'ResolutionError', code: 'DID_INVALID' })

describe('did:web', () => {
  test.each([
    ['did:web:academy.example', 'https://academy.example/.well-known/did.json', '.well-known/did.json'],
    ['did:web:academy.example%3A8443', 'https://academy.example:8443/.well-known/did.json', '.well-known/did.json'],
    ['did:web:academy.example:issuers:7', 'https://academy.example/issuers/7/did.json', 'issuers/7/did.json'],
    [
      'did:web:a.b-c.example%3A3000:x_y:~'.replace('~', 'Z.z'),
      'https://a.b-c.example:3000/x_y/Z.z/did.json',
      'x_y/Z.z/did.json'
    ],
    [
      'did:web:example.com:issuers:540e388e-2735-4c3e-9709-80142801c774',
      'https://example.com/issuers/540e388e-2735-4c3e-9709-80142801c774/did.json',
      'issuers/540e388e-2735-4c3e-9709-80142801c774/did.json'
    ]
  ])('%s is read', (did, url, path) => {
    expect(parseDidWeb(did)).toMatchObject({ did, internationalized: false })
    expect(didWebToUrl(did)).toBe(url)
    expect(new URL(url).href).toBe(url)
    expect(didWebToPath(did)).toBe(path)
  })

  test('142: a name in Punycode is read, and marked', () => {
    expect(parseDidWeb('did:web:xn--e1awd7f.com')).toMatchObject({ host: 'xn--e1awd7f.com', internationalized: true })
  })

  test.each([
    'did:web:good.example%40evil.example',
    'did:web:evil.example%2F..%2Fx',
    'did:web:127.0.0.1',
    'did:web:localhost%3A8080',
    'did:web:localhost',
    'did:web:[::1]',
    'did:web:169.254.169.254',
    'did:web:0x7f.1',
    'did:web:0x7f.0x1',
    'did:web:2130706433',
    'did:web:::ffff:7f00:1',
    'did:web:ⓔxample.com',
    'did:web:EXAMPLE.com',
    'did:web:example.com:..:..:admin',
    'did:web:example.com:.:x',
    'did:web:example.com:%2e%2e:x',
    'did:web:example.com%3A443',
    'did:web:example.com%3A99999',
    'did:web:example.com%3A0',
    'did:web:example.com%3A080',
    'did:web:example.com%3A',
    'did:web:example.com%3a8080',
    'did:web:example.com%3A80%3A81',
    'did:web:example.com%23',
    'did:web:example.com%3F',
    'did:web:example.com%5C',
    'did:web:example.com:a%2Fb',
    'did:web:example.com.',
    'did:web:.example.com',
    'did:web:a..example.com',
    'did:web:-a.example.com',
    'did:web:a-.example.com',
    'did:web:a_b.example.com',
    'did:web:metadata.google.internal',
    'did:web:printer.local',
    'did:web:example.com:',
    'did:web:example.com::x',
    'did:web:example.com/x',
    'did:web:example.com?x=1',
    'did:web:example.com#key',
    'did:web:user@example.com',
    'did:web:exa mple.com',
    'did:web:example.com\n',
    'did:web:',
    'did:web',
    'did:key:example.com',
    'DID:WEB:example.com',
    `did:web:${'a'.repeat(64)}.example`,
    `did:web:${'a.'.repeat(130)}example`,
    `did:web:example.com${':x'.repeat(1000)}`
  ])('131, 132, 133, 142: %j is refused', (did) => {
    expect(() => parseDidWeb(did)).toThrow(invalid)
    expect(() => didWebToUrl(did)).toThrow(invalid)
    expect(() => didWebToPath(did)).toThrow(invalid)
  })

  test('131, 132: whatever is read leads to the host it names, and a URL parser reads the same', () => {
    const part = fc.stringMatching(/^[a-z0-9.%:@/?#-]{0,20}$/)
    fc.assert(
      fc.property(part, (rest) => {
        const did = `did:web:${rest}.example`
        let url: string
        try {
          url = didWebToUrl(did)
        } catch (error) {
          expect(error).toEqual(invalid)
          return
        }
        expect(new URL(url).href).toBe(url)
        expect(new URL(url).hostname).toBe(parseDidWeb(did).host)
      })
    )
  })
})
