import { expect, test } from "vitest";
import { SAMPLE_ROWS } from "../../../test/sample-rows.ts";
import { sampleSource } from "../../../test/sample-source.ts";
import { toSetting } from "../../prompt/setting.ts";
import { userMessage } from "../../prompt/user-message.ts";
import { readFoundation } from "./foundation.ts";

const [, segment] = SAMPLE_ROWS.cmo_icp_segments ?? [];
const [offer] = SAMPLE_ROWS.cmo_offers ?? [];
if (!(segment && offer)) throw new Error("The sample has neither a segment nor an offer.");

const segments = (count: number, description = "Small") =>
  Array.from({ length: count }, (_, i) => ({
    ...segment,
    id: `0b8d7c1e-3f52-4a51-9a3a-6a1c1d2f${String(i).padStart(4, "0")}`,
    segment_name: `Segment ${i}`,
    segment_description: description,
    is_primary: i === 7,
    priority_score: 50,
    created_at: `2026-02-${String(1 + (i % 28)).padStart(2, "0")}T09:00:00+00:00`,
  }));

const read = (rows: object) => readFoundation(sampleSource({ ...SAMPLE_ROWS, ...rows }).db);

test("the primary segment comes first, then the newest, and the rest is noted as left out", async () => {
  const rows = segments(24);
  const { segments: shown, names, leftOut } = await read({ cmo_icp_segments: rows });

  expect(shown.slice(0, 2).map((one) => one.segment_name)).toEqual(["Segment 7", "Segment 23"]);
  expect(shown).toHaveLength(20);
  expect(names.segments).toHaveLength(24);
  expect(leftOut).toEqual([
    "4 further segments are not shown; the most important ones come first.",
  ]);
});

test("long segments are fewer, so that a prompt stays within its room", async () => {
  const { segments: shown, leftOut } = await read({
    cmo_icp_segments: segments(8, "x".repeat(10_000)),
  });

  expect(shown.map((one) => one.segment_name)).toEqual(["Segment 7", "Segment 6"]);
  expect(leftOut[0]).toMatch(/^6 further segments/);
});

test("offers on sale come before others, the flagship first, and archived ones not at all", async () => {
  const of = (offer_name: string, status: string, is_flagship = false) => ({
    ...offer,
    offer_name,
    status,
    is_flagship,
  });
  const { offers, leftOut } = await read({
    cmo_offers: [of("Draft", "draft", true), of("Sold", "active"), of("Gone", "archived")],
  });

  expect(offers.map((one) => one.offer_name)).toEqual(["Sold", "Draft"]);
  expect(leftOut).toEqual([]);
});

test("a prompt says what was left out, outside of the data and before the task", async () => {
  const source = sampleSource({ ...SAMPLE_ROWS, cmo_icp_segments: segments(21) });
  const { leftOut } = await readFoundation(source.db);

  const { content } = userMessage({ ...toSetting(source), leftOut }, {}, "Do it.");

  expect(content).toMatch(/<\/data-f00dfeed>\n\n1 further segment is not shown; .*\n\nDo it\.$/);
});
