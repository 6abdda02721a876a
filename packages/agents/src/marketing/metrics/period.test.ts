import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, daysBetween } from "../calendar.ts";
import { PERIODS } from "../vocabulary.ts";
import { windowsOf } from "./period.ts";

test.each([
  ["last_7_days", ["2026-02-24", "2026-03-02"], ["2026-02-17", "2026-02-23"]],
  ["last_30_days", ["2026-02-01", "2026-03-02"], ["2026-01-02", "2026-01-31"]],
  ["last_90_days", ["2025-12-03", "2026-03-02"], ["2025-09-04", "2025-12-02"]],
  ["this_month", ["2026-03-01", "2026-03-02"], ["2026-02-01", "2026-02-02"]],
  ["last_month", ["2026-02-01", "2026-02-28"], ["2026-01-01", "2026-01-31"]],
  ["this_quarter", ["2026-01-01", "2026-03-02"], ["2025-10-01", "2025-11-30"]],
  ["last_quarter", ["2025-10-01", "2025-12-31"], ["2025-07-01", "2025-09-30"]],
] as const)("%s has these days and is compared with those", (period, current, previous) => {
  expect(windowsOf(period, "2026-03-02")).toEqual({
    current: { from: current[0], to: current[1] },
    previous: { from: previous[0], to: previous[1] },
  });
});

test("a month that is longer than the one before is compared with all of that", () => {
  expect(windowsOf("this_month", "2026-03-31").previous).toEqual({
    from: "2026-02-01",
    to: "2026-02-28",
  });
});

test("a range is compared with as many days before it, and does not reach beyond today", () => {
  expect(windowsOf({ from: "2026-01-10", to: "2026-01-19" }, "2026-03-02")).toEqual({
    current: { from: "2026-01-10", to: "2026-01-19" },
    previous: { from: "2025-12-31", to: "2026-01-09" },
  });
  expect(windowsOf({ from: "2026-03-01", to: "2026-12-31" }, "2026-03-02").current).toEqual({
    from: "2026-03-01",
    to: "2026-03-02",
  });
});

test("no day counts twice and none is lost between the two, whatever the day", () => {
  const day = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays("2000-01-01", days));

  fc.assert(
    fc.property(day, fc.constantFrom(...PERIODS), (today, period) => {
      const { current, previous } = windowsOf(period, today);

      expect(current.from <= current.to && current.to <= today).toBe(true);
      expect(previous.from <= previous.to && previous.to < current.from).toBe(true);
      if (period.startsWith("last")) expect(daysBetween(previous.to, current.from)).toBe(1);
    }),
  );
});
