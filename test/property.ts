/**
 * How often and from which seed property tests run. By default few runs from one seed, so that a suite gives the same answer twice;
 * BRAID_RUNS=3000 BRAID_SEED=77 look further.
 */
export function property(numRuns: number): { readonly seed: number; readonly numRuns: number } {
  return { seed: Number(process.env['BRAID_SEED'] ?? 20_250_801), numRuns: Number(process.env['BRAID_RUNS'] ?? numRuns) };
}

/** Milliseconds that a property may take: as long as it needs where more runs were asked for. */
export const propertyLimit = process.env['BRAID_RUNS'] ? 3_600_000 : 60_000;
