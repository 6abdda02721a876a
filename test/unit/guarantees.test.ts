/** The documents show the list of guarantees as it is. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formatPage } from "../faults/fault-matrix.ts";
import { SCENARIOS } from "../faults/scenarios/index.ts";
import { GUARANTEE_IDS, GUARANTEES, type GuaranteeId, isGuaranteeId } from "../guarantees.ts";
import { withGuarantees } from "../guarantees-section.ts";

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const STALE = "It is stale. Run `npm run docs:guarantees`.";

test("the guarantees are numbered from 1 without a gap", () => {
  expect(GUARANTEE_IDS).toEqual(GUARANTEE_IDS.map((_, index) => `G${index + 1}`));
});

test("every guarantee that faults can violate is named by a scenario", () => {
  const named = new Set<GuaranteeId>(SCENARIOS.flatMap(({ guarantees }) => guarantees));
  const played = GUARANTEE_IDS.filter((id) => GUARANTEES[id].checkedIn !== "tests");
  expect(played.filter((id) => !named.has(id))).toEqual([]);
});

describe("documents", () => {
  test("ARCHITECTURE.md has the guarantees of test/guarantees.ts", () => {
    const page = read("ARCHITECTURE.md");
    expect(page === withGuarantees(page), STALE).toBe(true);
  });

  test("docs/fault-matrix.md has the guarantees, and the titles of the scenarios", () => {
    const page = read("docs/fault-matrix.md");
    expect(page === formatPage({ lines: [], known: SCENARIOS, old: page }), STALE).toBe(true);
  });

  test.each(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/runbook.md"])(
    "%s names no guarantee that does not exist",
    (file) => {
      const named = [...read(file).matchAll(/\bG\d+\b/g)].map(([id]) => id);
      expect(named.filter((id) => !isGuaranteeId(id))).toEqual([]);
    },
  );

  test("a document without the markers is refused", () => {
    expect(() => withGuarantees("# Architecture")).toThrow("The document needs <!-- written by");
  });
});
