import { describe, expect, test } from "vitest";
import { freeTimes, slotTime } from "./slots.ts";

const run = (from: number, to: number, tenantId = "a") => ({ tenantId, from, to });

test("the time of slots counts within the period only", () => {
  const used = slotTime([run(0, 10), run(10, 30), run(5, 15, "b")], { from: 5, to: 20 });
  expect(Object.fromEntries(used)).toEqual({ a: 15, b: 10 });
});

describe("free times", () => {
  const period = { from: 0, to: 100 };

  test("a slot is free from an end to the next start", () => {
    expect(freeTimes([run(-5, 40), run(45, 100)], period, 1)).toEqual([5]);
  });

  test("a slot that is never taken again is free until the end of the period", () => {
    expect(freeTimes([run(-5, 40)], period, 1)).toEqual([60]);
  });

  test("a slot that nobody held at first is free from the beginning", () => {
    expect(freeTimes([run(-5, 100), run(30, 100)], period, 2)).toEqual([30]);
  });

  test("an end and a start at once leave nothing free", () => {
    expect(freeTimes([run(-5, 40), run(40, 100)], period, 1)).toEqual([0]);
  });
});
