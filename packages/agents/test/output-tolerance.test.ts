import { describe, expect, test } from "vitest";
import { readOutput } from "../src/agent/read-output.ts";
import { catalogEntry } from "../src/catalog.ts";
import { sampleIntake } from "./samples/brand-intake.ts";
import { sampleCampaign } from "./samples/campaign-designer.ts";
import { sampleContent } from "./samples/content-engine.ts";
import { sampleFunnel } from "./samples/funnel-architect.ts";
import { sampleAnalysis } from "./samples/optimization-analyst.ts";
import { samplePlan } from "./samples/plan-90day.ts";

type Path = readonly (string | number)[];

const samples = [
  ["setup", sampleIntake],
  ["strategy", samplePlan],
  ["funnels", sampleFunnel],
  ["campaigns", sampleCampaign],
  ["content", sampleContent],
  ["optimization", sampleAnalysis],
] as const;

/** Members that `finish` sets or that have a default: an answer without them is complete. */
const settled = {
  setup: [],
  strategy: [
    "start_date",
    "end_date",
    "budget_allocation.currency",
    "budget_allocation.total_budget",
    "budget_allocation.breakdown.0.percentage",
    "channel_mix.0.budget_percentage",
  ],
  funnels: ["funnel.funnel_type", "funnel.total_budget", "stages.2.stage_order"],
  campaigns: ["campaign.budget_allocation", "channels.0.expected_metrics"],
  content: ["assets.0.metadata", "content_summary", "content_summary.total_assets"],
  optimization: [
    "analysis_summary.analysis_date",
    "analysis_summary.period_analyzed",
    "recommendations.0.priority_score",
    "recommendations.0.metrics_affected.0.current_value",
    "recommendations.0.metrics_affected.0.gap",
  ],
} as const;

describe.each(samples)("%s", (mode, sample) => {
  const card = catalogEntry(mode);
  const places = placesIn(sample);
  const read = (path: Path, change: (value: unknown) => unknown) =>
    readOutput(card, changed(sample, path, change));

  test("treats null as absent, at any depth", () => {
    for (const { path } of places) {
      const { kind } = read(path, () => null);

      expect([path, kind]).toEqual([path, read(path, () => undefined).kind]);
    }
  });

  test("takes a number in quotes for the number, a number for its text", () => {
    for (const { path, value } of places.filter((place) => typeof place.value === "number")) {
      // A member that may be text stays unchanged.
      const kept = read(path, () => "12.5 words").kind === "read" ? expect.anything() : sample;

      expect(read(path, () => ` ${value} `)).toMatchObject({ kind: "read", output: kept });
    }
    for (const { path } of places.filter(isFreeText)) {
      expect([path, read(path, () => 5).findings]).toEqual([path, []]);
    }
  });

  test("takes one text for a list of one", () => {
    for (const { path, value } of places.filter(isList)) {
      const [first] = Array.isArray(value) ? value : [];
      const list = read(path, () => [first]);

      expect(read(path, () => first)).toEqual(list);
    }
  });

  test.each(settled[mode])("does without a readable %s", (place) => {
    const path = place.split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key));

    expect(read(path, () => undefined).kind).toBe("read");
    expect(read(path, () => null).kind).toBe("read");
  });
});

test("a timestamp is read as its date", () => {
  const [milestone, ...others] = samplePlan.milestones;
  const target_date = `${milestone?.target_date}T09:00:00Z`;
  const answer = { ...samplePlan, milestones: [{ ...milestone, target_date }, ...others] };

  expect(readOutput(catalogEntry("strategy"), answer)).toMatchObject({ output: samplePlan });
});

test("a campaign's content may serve the stages that a campaign may", () => {
  const content_outline = sampleCampaign.content_outline.map((piece) => ({
    ...piece,
    funnel_stage: "retention",
  }));
  const answer = { ...sampleCampaign, content_outline };

  expect(readOutput(catalogEntry("campaigns"), answer)).toMatchObject({ output: answer });
});

interface Place {
  readonly path: Path;
  readonly value: unknown;
}

function placesIn(value: unknown, path: Path = []): Place[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const inner = [...path, Array.isArray(value) ? Number(name) : name];
    return [{ path: inner, value: member }, ...placesIn(member, inner)];
  });
}

function changed(value: unknown, [key, ...rest]: Path, change: (v: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  if (Array.isArray(value)) {
    const items = value.map((item, at) => (at === key ? changed(item, rest, change) : item));
    return items.filter((item) => item !== undefined);
  }
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    name === key ? changed(member, rest, change) : member,
  ]);
  return Object.fromEntries(members);
}

/** Only sentences, because single words may belong to a vocabulary; prose is not part of the JSON. */
function isFreeText({ path, value }: Place): boolean {
  return path[0] !== "message" && typeof value === "string" && value.includes(" ");
}

function isList({ value }: Place): boolean {
  return Array.isArray(value) && typeof value[0] === "string";
}
