import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { drawWaits } from "./draw-waits.ts";
import { withWritten } from "./write-page.ts";

const page = readFileSync(new URL("../../../docs/flow-control.md", import.meta.url), "utf8");

test("the page has a place for what is measured, and keeps the rest", () => {
  const written = withWritten(page, "| measured |");
  expect(written).toContain("| measured |");
  expect(withWritten(written, "again")).toBe(withWritten(page, "again"));
  expect(written.startsWith(page.slice(0, page.indexOf("<!--")))).toBe(true);
});

test("a page without a place is refused", () => {
  expect(() => withWritten("# Another page", "x")).toThrow("no place");
});

test("the plot has a dot for each run that started and an arrow for each that still waits", () => {
  const tenants = [
    { fair: [1, 2], fifo: [{ waited: 40, isOver: false }] },
    { fair: [3], fifo: [{ waited: 50, isOver: true }] },
  ];
  const svg = drawWaits({ title: "Waits", tenants });
  const count = (tag: RegExp): number => [...svg.matchAll(tag)].length;
  // The legend has two dots and one arrow of its own.
  expect(count(/<circle/g)).toBe(4 + 2);
  expect(count(/fill="none"/g)).toBe(1 + 1);
});
