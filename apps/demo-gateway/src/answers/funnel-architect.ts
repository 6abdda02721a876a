/** A scripted funnel: volumes follow from the conversion rates, and budgets sum to the total. */
import { DEMO_NOTE } from "./demo-note.ts";
import { type Brief, chooseChannels, clip, newBrief, nth } from "./new-brief.ts";
import type { Facts, Offer } from "./read-facts.ts";
import { splitAmount, toCents } from "./split-amount.ts";

type FunnelType = Facts["request"]["funnelType"];
type StageType = "awareness" | "consideration" | "conversion" | "retention" | "advocacy";

interface StageDesign {
  readonly type: StageType;
  readonly name: string;
  /** The fraction that continues to the next stage. */
  readonly rate: number;
  /** Percentage of the whole budget. */
  readonly share: number;
}

/** The audience: many strangers (marketing), few known contacts (sales), users (product). */
const DESIGNS: Readonly<Record<FunnelType, readonly StageDesign[]>> = {
  marketing: [
    { type: "awareness", name: "Discover", rate: 0.04, share: 45 },
    { type: "consideration", name: "Explore", rate: 0.25, share: 25 },
    { type: "conversion", name: "Begin", rate: 0.2, share: 20 },
    { type: "retention", name: "Stay", rate: 0.6, share: 10 },
  ],
  sales: [
    { type: "awareness", name: "First conversation", rate: 0.3, share: 40 },
    { type: "consideration", name: "Shared picture", rate: 0.4, share: 30 },
    { type: "conversion", name: "Decision", rate: 0.3, share: 30 },
  ],
  product: [
    { type: "awareness", name: "Sign up", rate: 0.35, share: 35 },
    { type: "consideration", name: "First success", rate: 0.4, share: 25 },
    { type: "conversion", name: "Subscribe", rate: 0.3, share: 20 },
    { type: "retention", name: "Make it a habit", rate: 0.7, share: 12 },
    { type: "advocacy", name: "Tell others", rate: 0.2, share: 8 },
  ],
};

/** The cost of one visitor, in any currency. */
const COST_PER_VISITOR: Readonly<Record<FunnelType, number>> = {
  marketing: 1,
  sales: 25,
  product: 4,
};
const PROPOSED_BUDGET = 8_000;
const ASSUMED_PRICE = 100;
/** Fewer visitors would leave later stages empty; more do not fit the database column. */
const VISITORS_MIN = 500;
const VISITORS_MAX = 2_000_000_000;

export function newFunnel(facts: Facts): object {
  const { plan, request, offers } = facts;
  const brief = withinPlan(newBrief(facts), plan);
  const designs = DESIGNS[request.funnelType];
  const planned = plan?.budget_allocation.total_budget ?? 0;
  const budget = toCents(planned > 0 ? planned : PROPOSED_BUDGET);
  const volumes = volumesOf(designs, budget / COST_PER_VISITOR[request.funnelType]);
  const buyers = buyersOf(designs, volumes);
  const price = priceOf(offers);
  const budgets = splitAmount(
    budget,
    designs.map(({ share }) => share),
  );
  return {
    funnel: {
      funnel_name: `${clip(brief.brand, 60)}: ${request.funnelType} funnel`,
      funnel_type: request.funnelType,
      description: describe(brief, {
        isPlanned: planned > 0,
        hasPrice: price !== null,
        wish: request.prompt,
      }),
      target_icp_segments: brief.segmentNames,
      target_offers: brief.offerNames,
      total_budget: budget,
      expected_conversion_rate: rateToConversion(designs),
      expected_revenue: toCents(buyers * (price ?? ASSUMED_PRICE)),
    },
    stages: designs.map((design, i) =>
      newStage(design, { brief, order: i + 1, volume: volumes[i] ?? 0, budget: budgets[i] ?? 0 }),
    ),
  };
}

/** If a plan names segments and offers, the funnel uses those of them that exist. */
function withinPlan(brief: Brief, plan: Facts["plan"]): Brief {
  const keep = (names: readonly string[], planned: readonly string[] = []) => {
    const kept = names.filter((name) => planned.includes(name));
    return kept.length > 0 ? kept : names;
  };
  return {
    ...brief,
    segmentNames: keep(brief.segmentNames, plan?.target_icp_segments),
    offerNames: keep(brief.offerNames, plan?.target_offers),
  };
}

interface Assumptions {
  readonly isPlanned: boolean;
  readonly hasPrice: boolean;
  readonly wish: string;
}

function describe(brief: Brief, { isPlanned, hasPrice, wish }: Assumptions): string {
  const { brand, audience, product, pain } = brief;
  return [
    `Leads ${audience} from “${pain}” to ${product}, in the voice of ${brand}.`,
    ...(wish ? [`It follows the wish: ${clip(wish, 200)}.`] : []),
    isPlanned ? "Its budget is the plan's." : "Its budget is a proposal.",
    ...(hasPrice ? [] : [`No price is known; ${ASSUMED_PRICE} was assumed for each buyer.`]),
    DEMO_NOTE,
  ].join(" ");
}

function volumesOf(designs: readonly StageDesign[], visitors: number): readonly number[] {
  let volume = Math.round(Math.min(Math.max(visitors, VISITORS_MIN), VISITORS_MAX));
  return designs.map(({ rate }) => {
    const entering = volume;
    volume = Math.round(entering * rate);
    return entering;
  });
}

function buyersOf(designs: readonly StageDesign[], volumes: readonly number[]): number {
  const at = designs.findIndex(({ type }) => type === "conversion");
  return Math.round((volumes[at] ?? 0) * (designs[at]?.rate ?? 0));
}

function rateToConversion(designs: readonly StageDesign[]): number {
  const at = designs.findIndex(({ type }) => type === "conversion");
  const product = designs.slice(0, at + 1).reduce((rate, design) => rate * design.rate, 1);
  return Math.round(product * 1e6) / 1e6;
}

/** The middle of the first offer's price range, as far as it is known. */
function priceOf(offers: readonly Offer[]): number | null {
  const offer = offers.find((one) => one.is_flagship) ?? offers[0];
  const { min = null, max = null } = offer?.price_range ?? {};
  if (min === null) return max;
  return max === null ? min : (min + max) / 2;
}

interface StagePlace {
  readonly brief: Brief;
  readonly order: number;
  readonly volume: number;
  readonly budget: number;
}

function newStage(design: StageDesign, { brief, order, volume, budget }: StagePlace): object {
  const { type, name, rate } = design;
  const { brand, audience, product, segmentNames, offerNames } = brief;
  const goingOn = Math.round(volume * rate);
  return {
    stage_name: `${name}: ${clip(brand, 40)}`,
    stage_type: type,
    stage_order: order,
    description: sentenceOf(type, brief),
    objective: `${goingOn} of ${volume} people go on.`,
    kpis: [
      { metric: "People who enter", target: volume, measurement: "weekly" },
      { metric: "People who go on", target: goingOn, measurement: "weekly" },
    ],
    campaign_types: newCampaignTypes(type, brief, budget),
    channels: chooseChannels(brief.channels.slice((order - 1) % 2)),
    content_assets: newAssets(type, brief),
    target_icps: segmentNames,
    linked_offers: offerNames,
    entry_criteria:
      order === 1
        ? `Has seen a message of ${brand}`
        : "Has met the exit criteria of the stage before",
    exit_criteria: exitOf(type, product, audience),
    expected_volume: volume,
    conversion_rate_target: rate,
    budget_allocation: budget,
  };
}

function sentenceOf(
  type: StageType,
  { audience, pain, product, benefit, brand, objection }: Brief,
): string {
  const sentences: Readonly<Record<StageType, string>> = {
    awareness: `${audience} recognise their problem: ${pain}.`,
    consideration: `They see how ${product} brings ${benefit}.`,
    conversion: `The last doubt is answered: ${objection}.`,
    retention: `They get more out of ${product} every month.`,
    advocacy: `They gladly tell others about ${brand}.`,
  };
  return sentences[type];
}

function exitOf(type: StageType, product: string, audience: string): string {
  const criteria: Readonly<Record<StageType, string>> = {
    awareness: "Has visited a page twice or left an address",
    consideration: `Has opened two e-mails about ${product}`,
    conversion: `Has bought or signed for ${product}`,
    retention: "Has come back within 30 days",
    advocacy: `Has brought one more of ${audience}`,
  };
  return criteria[type];
}

function newCampaignTypes(type: StageType, { audience, benefit }: Brief, budget: number): object[] {
  const costs = splitAmount(budget, [60, 40]);
  const kinds =
    type === "awareness" ? ["Paid reach", "Guest articles"] : ["E-mail series", "Small event"];
  return kinds.map((kind, i) => ({
    type: kind,
    description: `Tells ${audience} about ${benefit}.`,
    estimated_cost: costs[i],
    expected_results: "A third of the people who go on.",
  }));
}

function newAssets(type: StageType, { pain, product, brand, segment }: Brief): object[] {
  const assets: Readonly<Record<StageType, readonly (readonly [string, string])[]>> = {
    awareness: [
      ["blog", `What to do about ${pain}`],
      ["video", `${brand} in one minute`],
    ],
    consideration: [
      ["ebook", `A guide to ${product}`],
      ["webinar", `Questions about ${product}`],
    ],
    conversion: [
      ["email", `Begin with ${product}`],
      ["case_study", `A first month with ${product}`],
    ],
    retention: [["email", `More out of ${product}`]],
    advocacy: [["infographic", `${brand} at a glance`]],
  };
  return assets[type].map(([asset_type, title], i) => ({
    asset_type,
    title,
    purpose: nth(["Opens the conversation", "Deepens it"], i),
    target_icp: segment,
  }));
}
