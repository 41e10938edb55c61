/** How long and from where a property is searched: one run of the tests is like another, `npm run fuzz` is not. */
export interface FuzzParameters {
  readonly numRuns: number
  readonly seed: number
}

const SEED = 20_260_601
/** From how many runs on a search is a long one. */
const LONG = 20_000

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

/** How many changes one signed badge is worth: signing costs more than verifying, and a long search has many badges anyway. */
export function changesOfABadge(): number {
  return Number(process.env['KOMMA_FUZZ_RUNS'] ?? 0) < LONG ? 4 : 20
}

/** What a search that was asked for has done, for whoever asked. */
export function tell(what: string): void {
  if (process.env['KOMMA_FUZZ_RUNS'] !== undefined) console.log(what)
}
