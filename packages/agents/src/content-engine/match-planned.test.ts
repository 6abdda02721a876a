import { expect, test } from "vitest";
import { sampleContent } from "../../test/samples/content-engine.ts";
import type { PlannedRow } from "./context.ts";
import { matchPlanned } from "./match-planned.ts";
import { pairVariants } from "./pair-variants.ts";

const [a, b] = sampleContent.assets;
if (!a || !b) throw new Error("The sample has two assets.");

const piece = (content_id: string, own: Partial<PlannedRow> = {}): PlannedRow => ({
  id: content_id,
  content_id,
  title: `Title of ${content_id}`,
  channel: "E-mail",
  status: "draft",
  ...own,
});

const idsOf = (given: readonly (typeof a)[], planned: readonly PlannedRow[]) =>
  matchPlanned(pairVariants(given), planned).map((one) => one.planned?.content_id ?? null);

test.each([
  ["its id", "C1", "C1"],
  ["its id with the variants' letters", "C1-a", "C1-b"],
  ["the letters without a dash", "C1A", "C1B"],
  ["the word for a variant", "c1_variant_a", "c1_variant_b"],
])("a pair writes the piece that is named by %s", (_, first, second) => {
  const pair = [
    { ...a, asset_id: first },
    { ...b, asset_id: second },
  ];

  expect(idsOf(pair, [piece("C10"), piece("C1")])).toEqual(["C1"]);
});

test("a pair writes the piece of its title", () => {
  expect(
    idsOf(
      [{ ...a, title: "The January letter!" }, b],
      [piece("C1", { title: "The January Letter" })],
    ),
  ).toEqual(["C1"]);
});

test("a text that nobody planned writes none", () => {
  expect(idsOf([a, b], [piece("C1")])).toEqual([null]);
  expect(idsOf([{ ...a, asset_id: "Beta" }, b], [piece("Bet")])).toEqual([null]);
});

test("a piece is written once, on its own channel", () => {
  const title = "The January letter";
  const both = [a, b].flatMap((asset) => [
    { ...asset, title, channel: "linkedin" },
    { ...asset, title, channel: "email" },
  ]);

  expect(idsOf(both, [piece("C1", { title })])).toEqual([null, "C1"]);
});

test("nothing joins a piece that is published or archived", () => {
  const pair = [{ ...a, asset_id: "C1-a" }, b];

  for (const status of ["published", "active", "archived"]) {
    expect(idsOf(pair, [piece("C1", { status })])).toEqual([null]);
  }
});
