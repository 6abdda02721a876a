import { expect, test } from "vitest";
import { type PlannedTrouble, planTroubles, TROUBLES } from "./nemesis-schedule.ts";

const PAUSE = { least: 1_500, most: 5_000 };

function plan(seed: number, count = 200): PlannedTrouble[] {
  const troubles = planTroubles(seed, PAUSE);
  return Array.from({ length: count }, () => troubles.next().value);
}

test("a seed makes the same schedule, another seed another", () => {
  expect(plan(7)).toEqual(plan(7));
  expect(plan(7)).not.toEqual(plan(8));
});

test("every trouble comes, and every pause is as long as it may be", () => {
  const planned = plan(1);
  expect(new Set(planned.map(({ trouble }) => trouble))).toEqual(new Set(TROUBLES));
  expect(planned.every(({ pauseMs }) => pauseMs >= PAUSE.least && pauseMs <= PAUSE.most)).toBe(
    true,
  );
});
