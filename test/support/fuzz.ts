/** How long and from where a property is searched: one run of the tests is like another, `npm run fuzz` is not. */
export interface FuzzParameters {
  readonly numRuns: number
  readonly seed: number
}

const SEED = 20_260_601

/**
 * Parameters for `fc.assert`: `usual` runs from a fixed seed, or what `npm run fuzz -- RUNS SEED` asks for.
 *
 * @param share the runs of this property for each run that is asked for, where one of its runs is worth several or costs more
 */
export function fuzzing(usual: number, share = 1): FuzzParameters {
  const { KOMMA_FUZZ_RUNS: runs, KOMMA_FUZZ_SEED: seed } = process.env
  return {
    numRuns: runs === undefined ? usual : Math.max(1, Math.ceil(Number(runs) * share)),
    seed: seed === undefined ? SEED : Number(seed)
  }
}
