/** Checks whether a funnel can be built. Only its author can repair these defects. */

import { doubt, type Finding, open } from "../agent/finding.ts";
import { doubtsOfTexts } from "../marketing/doubts-of-texts.ts";
import { findRepeated } from "../marketing/find-repeated.ts";
import { toKey } from "../marketing/fit-names.ts";
import { LANGUAGES } from "../marketing/languages/languages.ts";
import {
  newEvidence,
  textsOf,
  unprovenNumbers,
  unprovenProof,
} from "../marketing/unproven-claims.ts";
import { FUNNEL_STAGES } from "../marketing/vocabulary.ts";
import type { FunnelArchitectContext } from "./context.ts";
import { throughConversion } from "./fit-flow.ts";
import type { FunnelArchitectOutput } from "./schema.ts";

type Stage = FunnelArchitectOutput["stages"][number];

const REQUIRED_STAGES = FUNNEL_STAGES.slice(0, 3);
/** Measures of a stage that the prompt asks for. */
const KPIS_MIN = 2;
/** Kinds of campaigns of a stage that the prompt asks for. */
const CAMPAIGN_TYPES_MAX = 3;
/** A buyer may pay monthly for a year, or less than the list price. */
const PRICE_LEEWAY = { below: 0.5, above: 12 } as const;
/** Users, sites or pieces that one buyer pays for, where the price is for each of them. */
const PARTS_MAX = 50;

export function checkFunnel(
  output: FunnelArchitectOutput,
  context: FunnelArchitectContext,
): readonly Finding[] {
  return [
    ...checkTypes(output),
    ...checkNames(output),
    ...output.stages.flatMap((stage, i) => checkStage(stage, i, context)),
    ...checkPlanned(output, context),
    ...checkRevenue(output, context),
    ...checkTexts(output, context),
  ];
}

function checkTypes({ stages }: FunnelArchitectOutput): Finding[] {
  const types = stages.map((stage) => stage.stage_type);
  const missing = REQUIRED_STAGES.filter((type) => !types.includes(type));
  const found = missing.map((type) => open("missing", "stages", `Add a stage of type ${type}.`));
  const places = types.map((type) => FUNNEL_STAGES.indexOf(type));
  const stray = places.findIndex((place, i) => place < (places[i - 1] ?? 0));
  if (stray > 0) {
    found.push(
      open(
        "order",
        `stages[${stray}].stage_type`,
        `Stages follow each other as ${FUNNEL_STAGES.join(", ")}. Order the stages so, and let their volumes and rates follow.`,
      ),
    );
  }
  return found;
}

function checkNames({ stages }: FunnelArchitectOutput): Finding[] {
  return findRepeated(stages.map((stage) => toKey(stage.stage_name))).map((i) =>
    open("duplicate", `stages[${i}].stage_name`, "Two stages have this name. Rename one."),
  );
}

function checkStage(stage: Stage, index: number, { names }: FunnelArchitectContext): Finding[] {
  const wanting = [
    ["kpis", stage.kpis.length < KPIS_MIN, "Give at least two measures with a number."],
    ["campaign_types", stage.campaign_types.length === 0, "Give one to three kinds of campaigns."],
    [
      "target_icps",
      names.segments.length > 0 && stage.target_icps.length === 0,
      "Name at least one segment.",
    ],
    [
      "linked_offers",
      names.offers.length > 0 && stage.linked_offers.length === 0,
      "Name at least one offer.",
    ],
    ["entry_criteria", stage.entry_criteria === "", "Say what can be observed of who enters."],
    ["exit_criteria", stage.exit_criteria === "", "Say what can be observed of who goes on."],
  ] as const;
  const found = wanting
    .filter(([, isWanting]) => isWanting)
    .map(([member, , message]) => open("missing", `stages[${index}].${member}`, message));
  if (stage.campaign_types.length > CAMPAIGN_TYPES_MAX) {
    found.push(doubt("length", `stages[${index}].campaign_types`, "Three usually are enough."));
  }
  return found;
}

/** The funnel of a plan uses only the segments and offers of the plan. */
function checkPlanned(
  { funnel }: FunnelArchitectOutput,
  { planned, names }: FunnelArchitectContext,
): Finding[] {
  const pairs = [
    ["target_icp_segments", planned.segments, names.segments],
    ["target_offers", planned.offers, names.offers],
  ] as const;
  return pairs.flatMap(([member, wanted, known]) => {
    const possible = wanted.filter((name) => known.includes(name));
    const stray = funnel[member].find((name) => known.includes(name) && !possible.includes(name));
    if (possible.length === 0 || stray === undefined) return [];
    return [
      open(
        "asked",
        `funnel.${member}`,
        `“${stray}” is not in the plan that the funnel serves. Use only what the plan names: ${possible.join(", ")}.`,
      ),
    ];
  });
}

function checkRevenue(
  { funnel, stages }: FunnelArchitectOutput,
  { offers, workspace }: FunnelArchitectContext,
): Finding[] {
  const buyers = throughConversion(stages)?.buyers ?? 0;
  const sold = funnel.target_offers.map((name) => offers.find((one) => one.offer_name === name));
  const isOfPart = sold.some((offer) => isPriceOfPart(offer?.pricing_model ?? ""));
  const prices = sold.map((offer) => pricesOf(offer?.price_range, workspace.currency));
  const known = prices.filter((price) => price !== null).flat();
  if (buyers === 0 || known.length === 0 || prices.includes(null)) return [];
  const low = buyers * Math.min(...known);
  const high = buyers * Math.max(...known);
  const { expected_revenue } = funnel;
  const most = high * PRICE_LEEWAY.above * (isOfPart ? PARTS_MAX : 1);
  const isPlausible = expected_revenue >= low * PRICE_LEEWAY.below && expected_revenue <= most;
  if (isPlausible) return [];
  return [
    doubt(
      "number",
      "funnel.expected_revenue",
      `${buyers} buyers at the offers' listed prices bring about ${low} to ${high} ${workspace.currency}, not ${expected_revenue}. Let the revenue follow from buyers and prices.`,
    ),
  ];
}

const PER = new RegExp(
  `(?<!\\p{L})(?:${LANGUAGES.flatMap(({ per }) => per).join("|")})\\s+(\\p{L}+)`,
  "giu",
);
const SPANS = new Set(LANGUAGES.flatMap(({ spans }) => spans));

/** “Per user and month”, but not “per month”. */
function isPriceOfPart(pricingModel: string): boolean {
  return [...pricingModel.matchAll(PER)].some(([, of = ""]) => !SPANS.has(of.toLowerCase()));
}

/** The prices of a range; null if it has none, or if they are in another currency. */
function pricesOf(range: unknown, currency: string): readonly number[] | null {
  if (typeof range !== "object" || range === null) return null;
  const named = new Map<string, unknown>(Object.entries(range));
  if ((named.get("currency") ?? currency) !== currency) return null;
  const prices = [named.get("min"), named.get("max")].filter((price) => typeof price === "number");
  return prices.length > 0 ? prices : null;
}

/** A funnel consists of numbers; only its content is published and checked. */
function checkTexts(output: FunnelArchitectOutput, context: FunnelArchitectContext): Finding[] {
  const { brand, segments, offers, plan, measured, asked } = context;
  const evidence = newEvidence(brand, segments, offers, plan, measured, asked);
  const content = output.stages.flatMap((stage, i) =>
    stage.content_assets.flatMap((asset, n) => textsOf(asset, ["stages", i, "content_assets", n])),
  );
  const texts = textsOf(output);
  const cost = { path: "funnel.total_budget", value: output.funnel.total_budget };
  return [
    ...unprovenProof(texts, evidence),
    ...unprovenNumbers(content, evidence),
    ...doubtsOfTexts(
      { texts, published: content, words: [asked.prompt], cost, own: [segments, offers] },
      context,
    ),
  ];
}
