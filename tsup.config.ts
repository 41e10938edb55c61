import { defineConfig } from 'tsup'
import { portableJsonLd } from './scripts/portable-jsonld.mjs'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    verify: 'src/verify.ts',
    images: 'src/baking/images.ts',
    'selective-disclosure': 'src/selective-disclosure.ts',
    http: 'src/http/vc-api.ts',
    'http/publication': 'src/http/publication.ts',
    'crypto/noble': 'src/crypto/noble-provider.ts',
    'keys/file': 'src/keys/file.ts',
    'keys/aws-kms': 'src/keys/aws-kms.ts',
    'keys/google-kms': 'src/keys/google-kms.ts',
    'keys/azure-key-vault': 'src/keys/azure-key-vault.ts',
    'keys/vault': 'src/keys/vault.ts',
    'keys/pkcs11': 'src/keys/pkcs11.ts',
    'keys/webcrypto': 'src/keys/webcrypto.ts',
    'status/sqlite': 'src/status/sqlite.ts',
    'status/postgres': 'src/status/postgres.ts',
    'batch/files': 'src/batch/files.ts',
    'batch/postgres': 'src/batch/postgres.ts',
    'batch/threads': 'src/batch/threads.ts',
    'publish/folder': 'src/publishing/folder-sink.ts',
    'resolve/folder': 'src/did/folder-resolver.ts',
    'resolve/web-node': 'src/did/node-fetch.ts',
    testing: 'src/testing/index.ts',
    'words/da': 'src/model/words/da.ts',
    'words/sv': 'src/model/words/sv.ts',
    'cli/main': 'src/cli/main.ts',
    'cli/thread': 'src/cli/thread.ts'
  },
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  splitting: true,
  treeshake: true,
  clean: true,
  external: [/^node:/],
  noExternal: ['jsonld', 'rdf-canonize', 'canonicalize'],
  esbuildPlugins: [portableJsonLd],
  esbuildOptions(options) {
    options.mainFields = ['module', 'main']
  },
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } }
})
