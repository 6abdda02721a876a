import fc from "fast-check";
import { expect, test } from "vitest";
import { replaceRepeatedIds } from "./replace-repeated-ids.ts";

const nameOf = (number: number) => `R${number}`;

test("the first item keeps its id, and a repeated one gets the next free id", () => {
  expect(replaceRepeatedIds(["R1", "R3", "R1", "R3"], { nameOf })).toEqual({
    ids: ["R1", "R3", "R2", "R4"],
    replaced: [
      { from: "R1", to: "R2" },
      { from: "R3", to: "R4" },
    ],
    kept: [],
  });
});

test("a repeated id that must stay is reported by its place", () => {
  const isKept = (id: string) => id === "R1";
  const { ids, kept } = replaceRepeatedIds(["R1", "R1", "x", "x"], { nameOf, isKept });
  expect(ids).toEqual(["R1", "R1", "x", "R2"]);
  expect(kept).toEqual([1]);
});

test("ids are unique afterwards, and replacing again changes nothing", () => {
  const id = fc.oneof(fc.constantFrom("R1", "R2", "R3"), fc.string());
  fc.assert(
    fc.property(fc.array(id), (given) => {
      const { ids } = replaceRepeatedIds(given, { nameOf });
      expect(new Set(ids).size).toBe(given.length);
      expect(replaceRepeatedIds(ids, { nameOf })).toEqual({ ids, replaced: [], kept: [] });
    }),
  );
});
