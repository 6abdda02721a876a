import { expect, test } from "vitest";
import { toFractions } from "./rates.ts";

test("one rate above 1 makes all of them percent", () => {
  expect(toFractions([0.5, 22, null, "unknown"])).toEqual([0.005, 0.22, null, "unknown"]);
});

test("fractions stay, and so does what is no rate at all", () => {
  for (const rates of [[0.5, 0.02, null], [0.5, 4000], []]) expect(toFractions(rates)).toBe(rates);
});
