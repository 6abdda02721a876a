/** The default run plays the same properties each time: one seed for all, set in one place. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readPropertyFiles } from "../properties/property-files.ts";

const files = readPropertyFiles();

/** Has a seed of its own for a replay, and only when the environment names one. */
const REPLAYS = "supabase/tests/ledger-model.test.ts";

test("every property runs with the shared seed", () => {
  const drawn: number[] = [];
  const draw = fc.property(fc.integer(), (value) => void drawn.push(value));

  fc.assert(draw, { numRuns: 10 });
  fc.assert(draw, { numRuns: 10 });

  expect(fc.readConfigureGlobal().seed).toEqual(expect.any(Number));
  expect(drawn.slice(10)).toEqual(drawn.slice(0, 10));
});

test("no test file sets a seed or the global configuration", () => {
  expect(files.length).toBeGreaterThan(20);
  const own = files.filter(
    ({ path, text }) =>
      path !== REPLAYS && !path.endsWith("/property-seeds.test.ts") && isSeeded(text),
  );
  expect(own.map(({ path }) => path)).toEqual([]);
});

function isSeeded(text: string): boolean {
  return /\bseed\b\s*:|\bconfigureGlobal\b/.test(text);
}
