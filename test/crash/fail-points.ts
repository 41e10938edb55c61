/** Where a process can be told to die: each names what it has just done or is just about to do. */
export const FAIL_POINTS = {
  issue: [
    'issue: before reserve',
    'issue: after reserve',
    'issue: before sign',
    'issue: after sign',
    'issue: before record',
    'issue: after record',
    'issue: before release',
    'issue: after release'
  ],
  change: ['change: before setStatus', 'change: after setStatus'],
  publish: [
    'publish: before snapshot',
    'publish: after snapshot',
    'publish: before sign',
    'publish: after sign',
    'publish: before publish',
    'publish: after publish',
    'publish: before write',
    'publish: half written',
    'publish: before rename',
    'publish: after rename'
  ]
} as const

export const ALL_FAIL_POINTS: readonly string[] = Object.values(FAIL_POINTS).flat()
