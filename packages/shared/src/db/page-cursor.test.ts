import { expect, test } from "vitest";
import { decodePageCursor, encodePageCursor } from "./page-cursor.ts";

const row = {
  created_at: "2026-11-23T04:41:55.70298+00:00",
  id: "2ca5c1f0-8a52-4a4c-9a2e-5a4a0c7a2f11",
};
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

test("a cursor decodes to the key that was encoded", () => {
  expect(decodePageCursor(encodePageCursor(row))).toEqual([row.created_at, row.id]);
});

test.each([
  ["text that is not base64", "%%%"],
  ["a filter in place of the id", encode([row.created_at, `${row.id},status.eq.failed`])],
  ["a filter in place of the time", encode(['2026-01-01",id.gt.0', row.id])],
  ["a year that Postgres does not accept", encode(["0000-01-01T00:00:00Z", row.id])],
  ["a zone that Postgres does not accept", encode(["2026-01-01T00:00:00+23:59", row.id])],
  ["another shape", encode({ id: row.id })],
])("%s is refused, because a cursor becomes part of a filter", (_, text) => {
  expect(decodePageCursor(text)).toBeNull();
});
