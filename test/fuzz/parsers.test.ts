import { deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bakePng, unbakePng } from '../../src/baking/png.js'
import { bakeSvg, unbakeSvg } from '../../src/baking/svg.js'
import { materialFromJwk } from '../../src/crypto/jwk.js'
import { materialFromMultikey } from '../../src/crypto/multikey.js'
import { parseAddress, parseAddressRange } from '../../src/did/address-text.js'
import { selectMethodOfKey, selectVerificationMethod } from '../../src/did/controller-document.js'
import { parseDidJwk } from '../../src/did/did-jwk.js'
import { parseDidKey } from '../../src/did/did-key.js'
import { didWebToPath, didWebToUrl, parseDidWeb } from '../../src/did/did-web.js'
import { selectJwk } from '../../src/did/jwk-set.js'
import { checkIssuerId, checkVerificationMethod, parseHttps, parseOwnKey } from '../../src/did/method-url.js'
import { checkWebAddress } from '../../src/did/web-address.js'
import { canonicalJson } from '../../src/encoding/canonical-json.js'
import { decodeCbor, encodeCbor } from '../../src/encoding/cbor.js'
import { instantFromDate, parseDateTimeStamp } from '../../src/encoding/dates.js'
import { addDuration, isDuration } from '../../src/encoding/duration.js'
import { KommaError } from '../../src/encoding/errors.js'
import { parseJson } from '../../src/encoding/json.js'
import { findPointerFaults, parsePointer } from '../../src/encoding/json-pointer.js'
import type { JsonObject } from '../../src/encoding/json-types.js'
import {
  decodeBase64url,
  decodeHex,
  decodeMultibase,
  encodeBase64url,
  encodeMultibase
} from '../../src/encoding/multibase.js'
import { snapshotJson } from '../../src/encoding/snapshot.js'
import { parseCompactJws } from '../../src/securing/jwt/compact-jws.js'
import { readJoseHeader } from '../../src/securing/jwt/jose-header.js'
import { readBaseProofValue, readDerivedProofValue } from '../../src/securing/sd/proof-value.js'
import {
  decodeList,
  decodeList2021,
  parseStatusListIndex,
  parseStatusSize,
  readStatus
} from '../../src/status/bitstring.js'
import { gunzipMember } from '../../src/status/gzip.js'
import { openOfflineBundle } from '../../src/verify.js'
import { png } from '../baking/png-builder.js'
import { svg } from '../baking/svg-builder.js'
import { corpusIssuer } from '../corpus/issuers.js'
import { fuzzing } from '../support/fuzz.js'
import { bytesNear, nearlyJson, textsNear } from '../support/grammars.js'
import { NOW } from '../support/issuer.js'
import { segment } from '../support/jwt.js'
import { exampleJwk, exampleKey, MULTIKEYS, RSA_JWK } from '../support/public-keys.js'
import { plainBadge } from '../support/sign.js'

const issuer = await corpusIssuer('fuzz', 'P-256', 'did:web:academy.example')
const badge = await issuer.embed(plainBadge(issuer.id))
const token = await issuer.jwt(plainBadge(issuer.id), 'JWT')
const didKey = `did:key:${MULTIKEYS['P-256']}`
const didJwk = `did:jwk:${segment(exampleJwk('Ed25519'))}`
const bits = gzipSync(new Uint8Array(16_384))
const list = `u${bits.toString('base64url')}`
const utf8 = (text: string) => new TextEncoder().encode(text)
const bundle = JSON.stringify({
  type: 'KommaOfflineBundle',
  version: 1,
  made: '2026-06-01T12:00:00Z',
  credential: { text: badge },
  documents: [{ url: issuer.id, kind: 'controllerDocument', readAt: '2026-06-01T12:00:00Z', text: '{}' }],
  contexts: [{ url: 'https://x.example', sha256: '00', document: {} }]
})
const ID_PIECES = [
  'did:',
  'key:',
  'jwk:',
  'web:',
  'https://',
  'HTTPS:',
  '#',
  '?',
  '%',
  '%3A',
  ':',
  '/',
  '@',
  'z6Mk',
  'a.example',
  '..'
]
const dids = textsNear([didKey, didJwk, issuer.id, 'https://school.example/issuer#key-1'], ID_PIECES)
const addresses = ['127.0.0.1', '[::1]', '::ffff:10.0.0.1', '2001:db8::/32', '0x7f.1']
const method = { id: issuer.id, controller: issuer.id, purpose: 'assertionMethod', at: NOW } as const

/** A value of a document in another place, of another type, or gone. */
const near = (document: unknown) =>
  fc.tuple(fc.nat({ max: 40 }), fc.option(fc.jsonValue(), { nil: undefined })).map(([at, other]) => {
    let count = 0
    const changed = JSON.parse(JSON.stringify(document), (name, one) => (name !== '' && count++ === at ? other : one))
    // Where an entry of an array is gone there is a hole, which no JSON has.
    return JSON.parse(JSON.stringify(changed))
  })

/** Every parser of what strangers write, with a text that its grammar has made. */
const PARSERS: readonly (readonly [string, fc.Arbitrary<unknown>, (input: never) => unknown])[] = [
  ['JSON', nearlyJson, parseJson],
  [
    'JSON bytes',
    bytesNear([utf8(badge)], [Uint8Array.of(0xff), Uint8Array.of(0xef, 0xbb, 0xbf), utf8('{"a":[')]),
    parseJson
  ],
  [
    'an object',
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true
    }),
    snapshotJson
  ],
  ['canonical JSON', fc.anything(), canonicalJson],
  ['JWS', textsNear([token], ['.', '..', 'eyJhbGciOiJub25lIn0', '=', '+', 'e30']), parseCompactJws],
  [
    'JOSE header',
    near({ alg: 'ES256', kid: 'did:web:x', typ: 'JWT', jwk: exampleJwk('P-256'), crit: ['b64'] }),
    (header: JsonObject) =>
      readJoseHeader(header, { expects: 'credential', hasIss: true, lenient: false, algorithms: ['ES256'] })
  ],
  ['multibase', textsNear([MULTIKEYS.Ed25519, list], ['z', 'u', 'm', '=', '1', '0', 'Il']), decodeMultibase],
  ['base64url', textsNear([list.slice(1)], ['=', '+', '/', '_', 'A']), decodeBase64url],
  ['hexadecimal', textsNear(['00ff'], ['0', 'F', 'x', ' ']), decodeHex],
  ['Multikey', textsNear(Object.values(MULTIKEYS), ['z', 'zDn', 'z6Mk', 'z82', '1']), materialFromMultikey],
  ['JWK', fc.oneof(near(exampleJwk('P-384')), near(exampleJwk('Ed25519')), near(RSA_JWK)), materialFromJwk],
  [
    'CBOR',
    bytesNear(
      [encodeCbor([new Map([[1, 'a']]), Uint8Array.of(1), -7])],
      [Uint8Array.of(0x9f), Uint8Array.of(0xff), Uint8Array.of(0xa1), Uint8Array.of(0x5b, 0xff), Uint8Array.of(0x1b)]
    ),
    decodeCbor
  ],
  [
    'a proof value of selective disclosure',
    textsNear(['u2V0AhVhA'], ['u', '2V0B', '2V0A', 'hV', 'WEA']),
    (text: string) => readBaseProofValue(text)
  ],
  [
    'a derived proof value',
    textsNear(['u2V0BhVhA'], ['u', '2V0B', '2V0A', 'hV', 'WEA']),
    (text: string) => readDerivedProofValue(text)
  ],
  [
    'PNG',
    bytesNear(
      [bakePng(png(), badge)],
      [utf8('IHDR'), utf8('iTXt'), utf8('IEND'), Uint8Array.of(0, 0, 0, 0), Uint8Array.of(0xff, 0xff, 0xff, 0xff)]
    ),
    unbakePng
  ],
  [
    'SVG',
    textsNear(
      [bakeSvg(svg('<g/>'), token)],
      [
        '<svg',
        ' xmlns="http://www.w3.org/2000/svg"',
        '<openbadges:credential',
        '<![CDATA[',
        ']]>',
        '<!DOCTYPE',
        '<!ENTITY a "b">',
        '&a;',
        '&#0;',
        '<!--',
        '-->',
        '<?x',
        '?>',
        '/>',
        '>'
      ]
    ),
    unbakeSvg
  ],
  [
    'GZIP',
    bytesNear(
      [Uint8Array.from(bits)],
      [Uint8Array.of(0x1f, 0x8b, 8, 0), Uint8Array.from(deflateRawSync(new Uint8Array(64)))]
    ),
    (bytes: Uint8Array) => gunzipMember(bytes, 65_536)
  ],
  [
    'a status list',
    textsNear([list, list.slice(1)], ['u', 'H4sI', '=', 'A']),
    (text: string) => [() => decodeList(text), () => decodeList2021(text)].forEach(attempt)
  ],
  [
    'places in lists',
    fc.anything(),
    (value: unknown) =>
      [
        () => parseStatusListIndex(value),
        () => parseStatusSize(value, value),
        () => readStatus(new Uint8Array(16), 131_072, { statusSize: value as number })
      ].forEach(attempt)
  ],
  ['did:key', dids, parseDidKey],
  [
    'did:jwk',
    fc.oneof(
      dids,
      near(exampleJwk('P-256')).map((jwk) => `did:jwk:${encodeBase64url(utf8(`${JSON.stringify(jwk)}`))}`)
    ),
    parseDidJwk
  ],
  [
    'did:web',
    dids,
    (did: string) => [() => parseDidWeb(did), () => didWebToUrl(did), () => didWebToPath(did)].forEach(attempt)
  ],
  [
    'issuers and methods',
    dids,
    (url: string) =>
      [
        () => checkIssuerId(url),
        () => checkVerificationMethod(url),
        () => parseOwnKey(url),
        () => parseHttps(url, 'id')
      ].forEach(attempt)
  ],
  [
    'web addresses',
    textsNear(['https://a.example/', ...addresses.map((address) => `https://${address}/`)], ID_PIECES),
    (url: string) => checkWebAddress(url, [])
  ],
  [
    'IP addresses',
    textsNear(addresses, ['.', ':', '::', '/', '0x', '256', 'ffff']),
    (text: string) => [parseAddress(text), parseAddressRange(text)]
  ],
  [
    'controller documents',
    near(issuer.controllerDocument),
    (document: JsonObject) =>
      [
        () => selectVerificationMethod(document, issuer.verificationMethod, method),
        () => selectMethodOfKey(document, exampleKey('P-256'), method)
      ].forEach(attempt)
  ],
  [
    'JWK Sets',
    near({ keys: [{ ...exampleJwk('P-256'), kid: issuer.verificationMethod }] }),
    (set: JsonObject) => selectJwk(set, { kid: issuer.verificationMethod, key: undefined }, issuer.id)
  ],
  [
    'dates',
    textsNear(
      ['2026-06-01T12:00:00.5+02:00', '-0001-12-31T24:00:00Z'],
      ['T', 'Z', '-', ':', '.', '+', '14:00', '60', '9999']
    ),
    parseDateTimeStamp
  ],
  [
    'durations',
    textsNear(['P1Y2M3DT4H5M6S', 'P3W'], ['P', 'T', 'Y', 'M', 'D', '-', '.', '9999999']),
    (text: string) =>
      [() => isDuration(text), () => addDuration(NOW, text), () => instantFromDate(new Date(text))].forEach(attempt)
  ],
  [
    'JSON Pointers',
    textsNear(['/a/b~1c/0'], ['/', '~', '~0', '~2', '-', '__proto__']),
    (text: string) => [parsePointer(text), findPointerFaults([text], JSON.parse(badge), '/reveal')]
  ],
  [
    'offline bundles',
    fc.oneof(
      textsNear([bundle], ['{', '"type"', '"credential":', 'null']),
      near(JSON.parse(bundle)).map((one) => `${JSON.stringify(one)}`)
    ),
    openOfflineBundle
  ]
]

describe('whatever a parser is handed, it reads it or refuses it with an error of its own', () => {
  it.each(PARSERS)('%s', (_, input, parse) => {
    fc.assert(
      fc.property(input, (one) => {
        onlyOwnErrors(() => parse(one as never))
      }),
      fuzzing(200)
    )
  })
})

describe('what is read is written in one way alone', () => {
  it('JSON is read as every reader does', () => {
    fc.assert(
      fc.property(nearlyJson, (text) => {
        const read = onlyOwnErrors(() => ({ value: parseJson(text) }))
        if (read !== undefined) expect(read.value).toEqual(JSON.parse(text))
      }),
      fuzzing(500)
    )
  })

  it('CBOR', () => {
    const pieces = [
      Uint8Array.of(0x18),
      Uint8Array.of(0x41),
      Uint8Array.of(0xa1, 0x01),
      Uint8Array.of(0x82),
      Uint8Array.of(0x20)
    ]
    fc.assert(
      fc.property(bytesNear([encodeCbor([new Map([[1, 'a']]), -7])], pieces), (bytes) => {
        const read = onlyOwnErrors(() => decodeCbor(bytes))
        if (read !== undefined) expect(encodeCbor(read)).toEqual(bytes)
      }),
      fuzzing(500)
    )
  })

  it('multibase', () => {
    fc.assert(
      fc.property(textsNear([MULTIKEYS.Ed25519, 'uAQID'], ['z', 'u', '1', '=', 'A', 'Q']), (text) => {
        const read = onlyOwnErrors(() => decodeMultibase(text))
        if (read !== undefined)
          expect(encodeMultibase(text.startsWith('z') ? 'base58btc' : 'base64url', read)).toBe(text)
      }),
      fuzzing(500)
    )
  })
})

function attempt(work: () => unknown): void {
  onlyOwnErrors(work)
}

function onlyOwnErrors<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof KommaError)) throw error
    expect(error.code).toMatch(/^[A-Z][A-Z0-9_]+$/)
    return undefined
  }
}
