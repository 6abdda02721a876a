import { expect, test } from "vitest";
import { ownTicks, parseProcess, parseTotals } from "./other-load.ts";

test("waiting for a disk is idle, everything else that is not idle is busy", () => {
  const text = "cpu  10 20 30 400 50 6 7 8 9 10\ncpu0 1 2 3 4\n";
  expect(parseTotals(text)).toEqual({ busy: 10 + 20 + 30 + 6 + 7 + 8, idle: 450 });
});

test("a process counts its own time and that of its children that have ended", () => {
  const line = "42 (a (strange) name) S 7 42 42 0 -1 4194560 1 2 3 4 100 20 3 4 20 0 11 0 999";
  expect(parseProcess(line)).toEqual({ pid: 42, parent: 7, ticks: 127 });
});

test("a process tree is added up, and other processes are left out", () => {
  const all = [
    { pid: 1, parent: 0, ticks: 1_000 },
    { pid: 10, parent: 1, ticks: 1 },
    { pid: 11, parent: 10, ticks: 2 },
    { pid: 12, parent: 11, ticks: 4 },
    { pid: 20, parent: 1, ticks: 500 },
  ];
  expect(ownTicks(all, 10)).toBe(7);
});
