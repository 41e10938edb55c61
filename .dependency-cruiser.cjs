/** From the ground up. A file imports from its own floor or from a lower one. */
const FLOORS = [
  'encoding',
  'crypto',
  'model',
  'canonical',
  'keys',
  'did',
  'securing',
  'status',
  'baking',
  'competency',
  'verifying',
  'programme',
  'issuing',
  'publishing',
  'batch',
  'insight',
  'http',
  'cli'
]

/** What an application imports; no floor imports it. */
const TOP = '^src/(index\\.ts|verify\\.ts|selective-disclosure\\.ts|testing/)'

/** The files that may use what only Node has. Everything else runs in browsers and workers. */
const NODE_DRIVERS = [
  '^src/encoding/node-[a-z-]+\\.ts$',
  '^src/keys/file\\.ts$',
  '^src/keys/file-[a-z-]+\\.ts$',
  '^src/status/sqlite\\.ts$',
  '^src/status/sqlite-[a-z-]+\\.ts$',
  '^src/status/postgres\\.ts$',
  '^src/status/postgres-[a-z-]+\\.ts$',
  '^src/did/folder-resolver\\.ts$',
  '^src/did/node-[a-z-]+\\.ts$',
  '^src/publishing/folder-[a-z-]+\\.ts$',
  '^src/http/node-[a-z-]+\\.ts$',
  '^src/batch/',
  '^src/cli/'
]

/** Development packages that the build puts into dist, so that nobody has to install them. */
const BUILT_IN = 'node_modules/(jsonld|rdf-canonize)/'

const climbs = FLOORS.slice(0, -1).map((floor, index) => ({
  name: `climb-from-${floor}`,
  comment: `${floor} imports from a floor above it.`,
  severity: 'error',
  from: { path: `^src/${floor}/` },
  to: { path: `^src/(${FLOORS.slice(index + 1).join('|')})/` }
}))

module.exports = {
  forbidden: [
    ...climbs,
    {
      name: 'climb-to-top',
      comment: 'A floor imports what is there for applications.',
      severity: 'error',
      from: { path: '^src/', pathNot: TOP },
      to: { path: TOP }
    },
    {
      name: 'unknown-floor',
      comment: 'A file lies on no floor. Add its folder to FLOORS in .dependency-cruiser.cjs.',
      severity: 'error',
      from: { path: '^src/', pathNot: [TOP, `^src/(${FLOORS.join('|')})/`] },
      to: {}
    },
    {
      name: 'circle',
      comment: 'Two files need each other, directly or through others.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true }
    },
    {
      name: 'node-outside-driver',
      comment: 'Only a driver may import what only Node has.',
      severity: 'error',
      from: { path: '^src/', pathNot: NODE_DRIVERS },
      to: { dependencyTypes: ['core'] }
    },
    {
      // A Node that lacks a module (node:sqlite on Node 20) does not count it as its own.
      name: 'node-scheme-outside-driver',
      comment: 'Only a driver may import what only Node has.',
      severity: 'error',
      from: { path: '^src/', pathNot: NODE_DRIVERS },
      to: { path: '^node:' }
    },
    {
      name: 'driver-in-portable-code',
      comment: 'A driver that needs Node is imported by applications and the command, not by portable code.',
      severity: 'error',
      from: { path: '^src/', pathNot: NODE_DRIVERS },
      to: { path: NODE_DRIVERS }
    },
    {
      name: 'development-package',
      comment: 'An installed package lacks its devDependencies.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer'], pathNot: BUILT_IN }
    },
    {
      name: 'undeclared-package',
      comment: 'A package is imported that package.json does not name.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm', 'npm-dev', 'npm-peer'] }
    },
    {
      name: 'unresolvable',
      comment: 'An import leads nowhere.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true, pathNot: '^node:' }
    },
    {
      name: 'digitalbazaar-vc',
      comment: '@digitalbazaar/vc does not load in a bundled worker; it is a peer in tests.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '(^|node_modules/)@digitalbazaar/vc(/|$)' }
    },
    {
      name: 'calendar-outside-durations',
      comment: 'The calendar is large; only durations need it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/encoding/duration\\.ts$' },
      to: { path: '(^|node_modules/)temporal-polyfill(/|$)' }
    },
    {
      name: 'verify-reaches-write-way',
      comment: 'Who only verifies does not carry the write way or the calendar.',
      severity: 'error',
      from: { path: '^src/verify\\.ts$' },
      to: { path: '^src/(issuing|publishing|batch|insight|http|cli)/|^src/encoding/duration\\.ts$', reachable: true }
    },
    {
      name: 'disclosure-in-default-entry',
      comment: 'Who does not disclose selectively does not carry the suite for it and its curve.',
      severity: 'error',
      from: { path: '^src/(index|verify)\\.ts$' },
      to: { path: '^src/securing/sd/', reachable: true }
    }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.d.ts']
    },
    tsConfig: { fileName: 'tsconfig.json' }
  }
}
