import { expect, test } from "vitest";
import { FAULTS, type PlannedFault, planFaults } from "./nemesis-schedule.ts";

const PAUSE = { least: 1_500, most: 5_000 };

function plan(seed: number, count = 200): PlannedFault[] {
  const faults = planFaults(seed, PAUSE);
  return Array.from({ length: count }, () => faults.next().value);
}

test("a seed makes the same schedule, another seed another", () => {
  expect(plan(7)).toEqual(plan(7));
  expect(plan(7)).not.toEqual(plan(8));
});

test("every fault occurs, and every pause is within its bounds", () => {
  const planned = plan(1);
  expect(new Set(planned.map(({ fault }) => fault))).toEqual(new Set(FAULTS));
  expect(planned.every(({ pauseMs }) => pauseMs >= PAUSE.least && pauseMs <= PAUSE.most)).toBe(
    true,
  );
});
