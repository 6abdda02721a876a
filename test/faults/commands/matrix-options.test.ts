import { expect, test } from "vitest";
import { nameOf, type Scenario } from "../scenario.ts";
import { readOptions } from "./matrix-options.ts";

const scenario = (id: string, times: "short" | "default"): Scenario => ({
  id,
  title: `fault ${id}`,
  guarantees: [],
  arena: { times },
  play: () => Promise.resolve(),
});
const all = [scenario("F01", "short"), scenario("F02", "short"), scenario("F02", "default")];

function chosen(...args: string[]): string[] {
  return readOptions(all, args)?.scenarios.map(nameOf) ?? [];
}

test("a fault is played at all its times by default", () => {
  expect(chosen("--only", "f02")).toEqual(["F02", "F02 at default times"]);
  expect(chosen("--only", "F02", "--times", "short")).toEqual(["F02"]);
  expect(chosen("--times", "default")).toEqual(["F02 at default times"]);
});

test("an unknown fault is refused by name, also one that is unknown at these times", () => {
  expect(() => chosen("--only", "F02,F99")).toThrow("There is no fault F99.");
  expect(() => chosen("--only", "F01", "--times", "default")).toThrow(
    "There is no fault F01 at default times.",
  );
  expect(() => chosen("--repeat", "often")).toThrow("must be a whole number of at least 1");
  expect(() => chosen("--seed", "x")).toThrow("--seed must be a whole number, not x");
  expect(() => chosen("--times", "long")).toThrow("must be short or default, not long");
});
