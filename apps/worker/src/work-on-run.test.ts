import { expect, test } from "vitest";
import { dateIn } from "./work-on-run.ts";

const lateOnNewYearsEve = Date.UTC(2026, 11, 31, 23, 30);

test("today is the workspace's day, not the server's", () => {
  expect(dateIn("Europe/Amsterdam", lateOnNewYearsEve)).toBe("2027-01-01");
  expect(dateIn("America/New_York", lateOnNewYearsEve)).toBe("2026-12-31");
});

test("a time zone that nobody knows counts as UTC", () => {
  expect(dateIn("Mars/Olympus", lateOnNewYearsEve)).toBe("2026-12-31");
});
