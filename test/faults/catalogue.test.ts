import { expect, test } from "vitest";
import { DIFFERENT, GUARANTEED, GUARANTEED_AT_DEFAULT_TIMES, UNTESTED } from "./catalogue.ts";
import { nameOf } from "./scenario.ts";
import { SCENARIOS } from "./scenarios/index.ts";

const names = SCENARIOS.map(nameOf);

test("every guaranteed fault has a scenario, and none is also listed as untested", () => {
  expect(GUARANTEED.filter((id) => !names.includes(id))).toEqual([]);
  expect(GUARANTEED.filter((id) => id in UNTESTED)).toEqual([]);
});

test("faults that depend on times are played at the times of production too", () => {
  const missing = GUARANTEED_AT_DEFAULT_TIMES.filter(
    (id) => !names.includes(`${id} at default times`),
  );
  expect(missing).toEqual([]);
});

test("a bound that differs belongs to a fault that is played", () => {
  expect(Object.keys(DIFFERENT).filter((id) => !GUARANTEED.includes(id))).toEqual([]);
});

test("no two scenarios write the same row", () => {
  expect(new Set(names).size).toBe(names.length);
});
