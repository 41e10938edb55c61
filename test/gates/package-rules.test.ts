import { describe, expect, it } from 'vitest'
import { publicEntries } from '../../scripts/gates/gate.mjs'
import { judgePackage, judgeTypes } from '../../scripts/gates/package-rules.mjs'

const manifest = {
  type: 'module',
  sideEffects: false,
  exports: {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './keys/file': { import: { types: './dist/keys/file.d.ts', default: './dist/keys/file.js' } },
    './schemas/*': './schemas/*',
    './package.json': './package.json'
  },
  bin: { komma: 'dist/cli/main.js' }
}
const files = [
  'package.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'SECURITY.md',
  'dist/index.js',
  'dist/index.d.ts',
  'dist/keys/file.js',
  'dist/keys/file.d.ts',
  'dist/cli/main.js',
  'dist/chunk-A_1b.js',
  'schemas/competency-definition.schema.json',
  'examples/first-badge.mjs',
  'examples/first-badge.award.json',
  'examples/badge.png'
]

describe('the package gate', () => {
  it('finds the entries that are code, in any form of exports', () => {
    expect(publicEntries(manifest)).toEqual([
      { name: '.', file: './dist/index.js', types: './dist/index.d.ts' },
      { name: './keys/file', file: './dist/keys/file.js', types: './dist/keys/file.d.ts' }
    ])
    expect(publicEntries({ exports: { '.': './index.js' } })).toEqual([
      { name: '.', file: './index.js', types: undefined }
    ])
    expect(publicEntries({})).toEqual([])
  })

  it('has nothing to say about a package that is as it should be', () => {
    expect(judgePackage(manifest, files)).toEqual([])
  })

  it.each([
    ['a CommonJS package', { ...manifest, type: undefined }, files],
    ['side effects', { ...manifest, sideEffects: undefined }, files],
    ['no exports', { ...manifest, exports: {} }, files],
    ['an install script', { ...manifest, scripts: { preinstall: 'x' } }, files],
    ['an entry without types', { ...manifest, exports: { '.': './dist/index.js' } }, files],
    ['types that were not packed', manifest, files.filter((file) => file !== 'dist/index.d.ts')],
    ['code that was not packed', manifest, files.filter((file) => file !== 'dist/keys/file.js')],
    ['a command that was not packed', manifest, files.filter((file) => file !== 'dist/cli/main.js')],
    ['no licence', manifest, files.filter((file) => file !== 'LICENSE')],
    ['sources', manifest, [...files, 'src/index.ts']],
    ['a file that npm would compile', manifest, [...files, 'binding.gyp']],
    ['a key', manifest, [...files, 'dist/keys.jwe']],
    ['a key among the examples', manifest, [...files, 'examples/keys.jwe']],
    ['an issued badge among the examples', manifest, [...files, 'examples/badge.json']]
  ])('refuses %s', (_, faulty, list) => {
    expect(judgePackage(faulty, list)).toHaveLength(1)
  })

  it('accepts from attw only what an ESM-only package means to be', () => {
    const meant = [
      { kind: 'CJSResolvesToESM', resolutionKind: 'node16-cjs' },
      { kind: 'NoResolution', resolutionKind: 'node10', entrypoint: './verify' }
    ]
    expect(judgeTypes({ analysis: { types: { kind: 'included' }, problems: meant } })).toEqual([])
    const unresolved = { kind: 'NoResolution', resolutionKind: 'bundler', entrypoint: '.' }
    const disagreeing = { kind: 'InternalResolutionError', resolutionKind: 'node16-esm' }
    expect(judgeTypes({ analysis: { types: {}, problems: [...meant, unresolved, disagreeing] } })).toHaveLength(2)
  })

  it('refuses a package without types, about which attw says nothing', () => {
    expect(judgeTypes({ analysis: { types: false } })).toHaveLength(1)
  })
})
