import { expect, test } from "vitest";
import { SAMPLE_IDS } from "../../test/sample-rows.ts";
import { sampleCampaign } from "../../test/samples/campaign-designer.ts";
import {
  contextOf,
  findingsIn,
  finish,
  finishHead,
  finishPieces,
} from "../../test/samples/finish-campaign.ts";

test("content is published within the campaign", () => {
  const outside = ["2026-03-01", "2027-01-01"];

  const { output, findings } = finishPieces((_, i) => ({ publish_date: outside[i] ?? null }));

  expect(output.content_outline.map((piece) => piece.publish_date)).toEqual([
    "2026-03-09",
    "2026-04-19",
  ]);
  expect(findings).toMatchObject([{ path: "content_outline", fixed: true }]);
});

test("a campaign that was dated from another today moves as a whole", () => {
  const { output } = finish({
    campaign: { ...sampleCampaign.campaign, start_date: "2024-03-11", end_date: "2024-04-21" },
    content_outline: sampleCampaign.content_outline.map((piece, i) => ({
      ...piece,
      publish_date: i === 0 ? "2024-03-11" : "2024-03-18",
    })),
  });

  expect(output.campaign).toMatchObject({ start_date: "2026-03-02", end_date: "2026-04-12" });
  expect(output.content_outline.map((piece) => piece.publish_date)).toEqual([
    "2026-03-02",
    "2026-03-09",
  ]);
});

test("dates in the past are a finding and stay if the caller may have meant them", async () => {
  const result = finishHead(
    { start_date: "2026-02-20" },
    await contextOf({ prompt: "Describe what we began in February" }),
  );

  expect(result.output.campaign.start_date).toBe("2026-02-20");
  expect(findingsIn(result)).toContain("open date campaign.start_date");
});

test("days outside the plan are a finding", async () => {
  const planned = await contextOf({ planId: SAMPLE_IDS.plan });
  const weeks = Array.from({ length: 9 }, (_, i) => i + 1);
  const timeline = weeks.flatMap((week) =>
    sampleCampaign.timeline.slice(0, 1).map((one) => ({ ...one, week })),
  );
  const campaign = { ...sampleCampaign.campaign, end_date: "2026-05-10" };

  expect(findingsIn(finish({}, planned))).toEqual([]);
  expect(findingsIn(finish({ campaign, timeline }, planned))).toEqual([
    "open date campaign.end_date",
  ]);
});

test.each([
  [{ preferences: { preferredChannels: ["email"], tone: "Warm", budgetNotes: "about 500" } }, true],
  [{ preferences: { notes: "It may run until June" } }, false],
  [{ preferences: "It may run until June" }, false],
  [{ prompt: "It may run until June" }, false],
])(
  "only words that may speak of days ask for days outside the plan: %j",
  async (wishes, isFound) => {
    const planned = await contextOf({ planId: SAMPLE_IDS.plan, ...wishes });
    const campaign = { ...sampleCampaign.campaign, end_date: "2026-05-10" };

    const found = findingsIn(finish({ campaign }, planned));

    expect(found.includes("open date campaign.end_date")).toBe(isFound);
  },
);

test("a campaign that ends before it starts is a finding, and its dates stay", () => {
  const backwards = { ...sampleCampaign.campaign, end_date: "2026-01-01" };

  expect(finish({ campaign: backwards })).toEqual({
    output: { ...sampleCampaign, campaign: backwards },
    findings: [expect.objectContaining({ kind: "date", path: "campaign.end_date", fixed: false })],
  });
});

test("weeks stand in order from 1, each once, none missing and none beyond the end", () => {
  const weeks = (numbers: readonly number[]) =>
    finish({
      timeline: numbers.flatMap((week) =>
        sampleCampaign.timeline.slice(0, 1).map((one) => ({ ...one, week })),
      ),
    });

  expect(weeks([6, 5, 4, 3, 2, 1]).output.timeline.map(({ week }) => week)).toEqual([
    1, 2, 3, 4, 5, 6,
  ]);
  expect(findingsIn(weeks([0, 1, 2, 3, 4, 5]))).toEqual(["fixed number timeline"]);
  expect(findingsIn(weeks([1, 2, 2, 3, 4, 5, 6]))).toEqual(["open duplicate timeline"]);
  expect(findingsIn(weeks([1, 2, 3]))).toEqual(["open missing timeline"]);
  expect(findingsIn(weeks([1, 2, 3, 4, 5, 6, 7]))).toEqual(["open date timeline"]);
});
