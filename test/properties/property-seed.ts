/**
 * Setup of every test file: the seed that all fast-check properties share.
 *
 * The seed is fixed, so that a test run repeats the previous one. `npm run test:properties`
 * replaces it through the environment to search with fresh seeds.
 */
import fc from "fast-check";

const FIXED_SEED = 20_261_128;

const runs = process.env["PROPERTY_RUNS"];

fc.configureGlobal({
  seed: Number(process.env["PROPERTY_SEED"] ?? FIXED_SEED),
  ...(runs === undefined ? {} : { numRuns: Number(runs) }),
});
