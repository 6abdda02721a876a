import { expect, test } from "vitest";
import { GUARANTEED, GUARANTEED_AT_DEFAULT_TIMES, UNTESTED } from "./catalogue.ts";
import { nameOf } from "./scenario.ts";
import { SCENARIOS } from "./scenarios/index.ts";

const names = SCENARIOS.map(nameOf);

test("every fault of the guarantee has a scenario, and none is also called untested", () => {
  expect(GUARANTEED.filter((id) => !names.includes(id))).toEqual([]);
  expect(GUARANTEED.filter((id) => id in UNTESTED)).toEqual([]);
});

test("what shorter times could hide is played at the times of production too", () => {
  const missing = GUARANTEED_AT_DEFAULT_TIMES.filter(
    (id) => !names.includes(`${id} at default times`),
  );
  expect(missing).toEqual([]);
});

test("no two scenarios write the same line", () => {
  expect(new Set(names).size).toBe(names.length);
});
