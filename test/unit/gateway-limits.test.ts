import { expect, test } from "vitest";
import { measure } from "../gateway-limits/measure.ts";

const every = (ms: number, from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / ms) }, (_, at) => from + (at + 1) * ms);

test("probes are counted after the first second, and the rate from ten seconds after the end", () => {
  const measured = measure({
    warmMs: 0,
    closedMs: 10_000,
    openedMs: 40_000,
    refusedMs: [10_010, 10_020, 10_500, 11_600, 13_000, 13_500],
    completedMs: [
      ...every(250, 0, 10_000),
      ...every(500, 42_000, 44_000),
      ...every(250, 44_000, 60_000),
    ],
  });
  expect(measured).toMatchObject({
    firstRefusals: 3,
    probes: 3,
    probesInASecond: 2,
    before: 4,
    after: 4,
  });
  expect(measured.recoveredAfterMs).toBeGreaterThan(5_000);
  expect(measured.recoveredAfterMs).toBeLessThan(8_000);
});

test("a rate that never comes back is no recovery", () => {
  const measured = measure({
    warmMs: 0,
    closedMs: 10_000,
    openedMs: 20_000,
    refusedMs: [],
    completedMs: [...every(250, 0, 10_000), ...every(1000, 20_000, 40_000)],
  });
  expect(measured).toMatchObject({ recoveredAfterMs: null, after: 1, probesInASecond: 0 });
});
