import { expect, test } from "vitest";
import { dateIn } from "./work-on-run.ts";

const lateOnNewYearsEve = Date.UTC(2026, 11, 31, 23, 30);

test("today is the date in the time zone of the workspace, not of the server", () => {
  expect(dateIn("Europe/Amsterdam", lateOnNewYearsEve)).toBe("2027-01-01");
  expect(dateIn("America/New_York", lateOnNewYearsEve)).toBe("2026-12-31");
});

test("an unknown time zone counts as UTC", () => {
  expect(dateIn("Mars/Olympus", lateOnNewYearsEve)).toBe("2026-12-31");
});
