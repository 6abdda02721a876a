import { describe, expect, test } from "vitest";
import { SAMPLE_IDS } from "../../test/sample-rows.ts";
import { sampleCampaign } from "../../test/samples/campaign-designer.ts";
import {
  contextOf,
  findingsIn,
  finish,
  finishHead,
  finishPieces,
} from "../../test/samples/finish-campaign.ts";

test("a valid campaign stays unchanged, without a finding", () => {
  expect(finish({})).toEqual({ output: sampleCampaign, findings: [] });
});

describe("the request", () => {
  test("decides the type of the campaign", async () => {
    const { output, findings } = finish({}, await contextOf({ campaignGoal: "reactivation" }));

    expect(output.campaign.campaign_type).toBe("reactivation");
    expect(findings).toMatchObject([{ path: "campaign.campaign_type", fixed: true }]);
  });

  test("decides the stage that the campaign works on", async () => {
    const asked = await contextOf({ stageId: SAMPLE_IDS.stage });
    const result = finishHead({ funnel_stage: "conversion" }, asked);

    expect(result.output).toEqual(sampleCampaign);
    expect(findingsIn(result)).toEqual(["fixed asked campaign.funnel_stage"]);
    expect(finishHead({ funnel_stage: "conversion" }).findings).toEqual([]);
  });

  test("limits the channels, in any spelling, and no code deletes one", async () => {
    const one = finish({}, await contextOf({ channels: ["email"] }));
    const both = finish({}, await contextOf({ channels: ["Newsletter", "linkedin ads"] }));

    expect(one.output).toEqual(sampleCampaign);
    expect(findingsIn(one)).toEqual(["open asked channels"]);
    expect(both.findings).toEqual([]);
  });

  test("is an open finding if no channel would remain", async () => {
    const result = finish({}, await contextOf({ channels: ["Trade fair"] }));

    expect(result.output).toEqual(sampleCampaign);
    expect(findingsIn(result)).toEqual(["open asked channels", "open missing channels"]);
  });

  test("misses a channel that was asked for, but not one that is asked for in two words", async () => {
    const more = finish({}, await contextOf({ channels: ["E-mail", "LinkedIn", "WhatsApp"] }));
    const same = finish({}, await contextOf({ channels: ["E-mail", "Newsletter", "LinkedIn"] }));

    expect(findingsIn(more)).toEqual(["open missing channels"]);
    expect(more.findings[0]?.message).toContain("WhatsApp");
    expect(same.findings).toEqual([]);
  });
});

describe("money", () => {
  test("shares sum to 100, and pieces are whole", () => {
    const channels = sampleCampaign.channels.map((channel) => ({
      ...channel,
      budget_percentage: 80,
      content_types: channel.content_types.map((type) => ({ ...type, quantity: 2.6 })),
    }));

    const { output } = finish({ channels });

    expect(output.channels.map((channel) => channel.budget_percentage)).toEqual([50, 50]);
    expect(output.channels[0]?.content_types[0]?.quantity).toBe(3);
  });

  test("channels without shares are an open finding, unless there is no money", () => {
    const channels = sampleCampaign.channels.map((one) => ({ ...one, budget_percentage: 0 }));
    const free = { ...sampleCampaign.campaign, budget_allocation: 0 };

    expect(findingsIn(finish({ channels }))).toEqual(["open sum channels"]);
    expect(findingsIn(finish({ channels, campaign: free }))).toEqual([]);
  });

  test("a budget above that of the stage, the funnel or the plan is a finding for the narrowest", async () => {
    const all = await contextOf({ planId: SAMPLE_IDS.plan, stageId: SAMPLE_IDS.stage });
    const plan = await contextOf({ planId: SAMPLE_IDS.plan });
    const sumOf = (amount: number, known: Awaited<ReturnType<typeof contextOf>>) =>
      finishHead({ budget_allocation: amount }, known).findings.map(({ message }) => message);

    expect(sumOf(3000, all)).toEqual([]);
    expect(sumOf(13_000, all)).toEqual([expect.stringContaining("3000")]);
    expect(sumOf(13_000, plan)).toEqual([expect.stringContaining("12000")]);
  });

  test("rates in percent become fractions", () => {
    const channels = sampleCampaign.channels.map((channel) => ({
      ...channel,
      expected_metrics: { reach: 900, engagement_rate: 22, conversion_rate: 0.5 },
    }));

    expect(finish({ channels }).output.channels[0]?.expected_metrics).toEqual({
      reach: 900,
      engagement_rate: 0.22,
      conversion_rate: 0.005,
    });
  });
});

describe("names", () => {
  test("segments and offers are the workspace's, by their exact names", () => {
    const spelled = finishHead({ target_icp: "independent hotel-owners" });
    const unknown = finishHead({ target_icp: "Chains", target_offer: "Lite" });
    const absent = finishHead({ target_icp: "", target_offer: "" });

    expect(spelled.output).toEqual(sampleCampaign);
    expect(findingsIn(unknown)).toEqual([
      "open reference campaign.target_icp",
      "open reference campaign.target_offer",
    ]);
    expect(findingsIn(absent)).toEqual([
      "open missing campaign.target_icp",
      "open missing campaign.target_offer",
    ]);
    expect(findingsIn(finishPieces(() => ({ target_icp: "Chains" })))).toEqual([
      "open reference content_outline[0].target_icp",
      "open reference content_outline[1].target_icp",
    ]);
  });

  test("content names the campaign's channels, and every channel has content", () => {
    const spelled = finishPieces(({ channel }) => ({ channel: channel.toUpperCase() }));
    const moved = finishPieces(() => ({ channel: "Linked-In" }));
    const elsewhere = finishPieces((piece, i) => ({ channel: i === 0 ? "Radio" : piece.channel }));

    expect(spelled.output).toEqual(sampleCampaign);
    expect(findingsIn(moved)).toEqual([
      "fixed reference content_outline",
      "open missing channels[1].channel_name",
    ]);
    expect(findingsIn(elsewhere)).toEqual([
      "open reference content_outline[0].channel",
      "open missing channels[0].channel_name",
    ]);
  });

  test("a channel is listed once", () => {
    const channels = sampleCampaign.channels.map((channel, i) => ({
      ...channel,
      channel_name: i === 0 ? "Newsletter" : "E-mail",
    }));
    const content_outline = sampleCampaign.content_outline.map((piece) => ({
      ...piece,
      channel: "E-mail",
    }));

    expect(findingsIn(finish({ channels, content_outline }))).toEqual([
      "open duplicate channels[1].channel_name",
    ]);
  });
});

describe("content", () => {
  test("repeated ids are replaced, unless something depends on them", () => {
    const free = finishPieces(() => ({ content_id: "C7", dependencies: [] }));
    const wanted = finishPieces((_, i) => ({ content_id: "C7", dependencies: i ? ["C7"] : [] }));

    expect(free.output.content_outline.map((piece) => piece.content_id)).toEqual(["C7", "C1"]);
    expect(findingsIn(wanted)).toContain("open duplicate content_outline[1].content_id");
  });

  test("depends on content that is there, and that is ready in time", () => {
    const unknown = finishPieces((piece) => ({ dependencies: ["C9", ...piece.dependencies] }));
    const circle = finishPieces((_, i) => ({
      dependencies: [i === 0 ? "C2" : "C1"],
      publish_date: null,
    }));
    const late = finishPieces((_, i) => ({ publish_date: i === 0 ? "2026-04-01" : "2026-03-20" }));

    expect(unknown.output).toEqual(sampleCampaign);
    expect(findingsIn(circle)).toEqual(["open order content_outline"]);
    expect(findingsIn(late)).toEqual(["open order content_outline[1].publish_date"]);
  });

  test("does not say the same twice on a channel", () => {
    const channels = sampleCampaign.channels.slice(0, 1);
    const content_outline = sampleCampaign.content_outline.map((piece) => ({
      ...piece,
      channel: "LinkedIn",
      title: "The hour",
    }));

    expect(findingsIn(finish({ channels, content_outline }))).toContain(
      "open duplicate content_outline[1].title",
    );
  });
});

test("a measure without a target and unproven claims are findings", () => {
  const kpi = { ...sampleCampaign.campaign.primary_kpi, target: null };

  expect(findingsIn(finishHead({ primary_kpi: kpi }))).toEqual([
    "open missing campaign.primary_kpi.target",
  ]);
  expect(findingsIn(finishPieces(() => ({ key_message: "Trusted by over 5,000 hotels" })))).toEqual(
    ["open claim content_outline[0].key_message", "open claim content_outline[1].key_message"],
  );
});

test("wishes in words are compared with the campaign's money, days and dates", async () => {
  const { budget_allocation } = sampleCampaign.campaign;
  const doubtsFor = async (prompt: string) => {
    const { findings } = finish({}, await contextOf({ prompt }));
    return findings.filter(({ grade }) => grade === "doubt").map(({ path }) => path);
  };

  expect(await doubtsFor(`At most ${budget_allocation} EUR, at most 6 weeks`)).toEqual([]);
  expect(await doubtsFor(`At most ${budget_allocation - 1} EUR`)).toEqual([
    "campaign.budget_allocation",
  ]);
  expect(await doubtsFor("At most 5 weeks")).toEqual(["campaign.end_date"]);
  expect(await doubtsFor("Nothing between 10 and 17 March")).toEqual([
    "content_outline[1].publish_date",
  ]);
});
