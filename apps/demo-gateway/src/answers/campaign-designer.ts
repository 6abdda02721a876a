/** A scripted campaign of six weeks for the requested goal and channels. */
import { addDays } from "./add-days.ts";
import { DEMO_NOTE } from "./demo-note.ts";
import { type Brief, chooseChannels, clip, newBrief, nth } from "./new-brief.ts";
import type { Facts } from "./read-facts.ts";
import { fallingShares, toCents, toCount } from "./split-amount.ts";

type Goal = Facts["request"]["campaignGoal"];

interface GoalDesign {
  readonly stage: "awareness" | "consideration" | "conversion" | "retention";
  readonly verb: string;
  readonly kpi: string;
  readonly perThousand: number;
}

interface Outline extends Brief {
  readonly goal: Goal;
  readonly design: GoalDesign;
  readonly stage: string;
  readonly start: string;
  readonly end: string;
  readonly budget: number;
  readonly isProposal: boolean;
}

const DESIGNS: Readonly<Record<Goal, GoalDesign>> = {
  awareness: { stage: "awareness", verb: "Get to know", kpi: "Reach", perThousand: 60_000 },
  lead_gen: { stage: "consideration", verb: "Try", kpi: "Qualified leads", perThousand: 16 },
  nurture: {
    stage: "consideration",
    verb: "Understand",
    kpi: "Replies and clicks",
    perThousand: 120,
  },
  conversion: { stage: "conversion", verb: "Begin with", kpi: "New customers", perThousand: 4 },
  retention: {
    stage: "retention",
    verb: "Get more out of",
    kpi: "Returning customers",
    perThousand: 30,
  },
  reactivation: {
    stage: "retention",
    verb: "Come back to",
    kpi: "Customers won back",
    perThousand: 8,
  },
};

const STAGES = ["awareness", "consideration", "conversion", "retention", "advocacy"];
const WEEKS = 6;
const WEEK_MS = 7 * 86_400_000;
/** A week of preparation, unless the plan starts later. */
const LEAD_DAYS = 7;
const PROPOSED_BUDGET = 3_000;
const SHARE_OF_PLAN = 0.2;

export function newCampaign(facts: Facts): object {
  const outline = newOutline(facts);
  const { channels, audience, product, benefit, objection, goal } = outline;
  const shares = fallingShares(channels.length);
  return {
    campaign: newHead(outline, facts),
    channels: channels.map((channel, i) =>
      newChannel(channel, { outline, share: shares[i] ?? 0, place: i }),
    ),
    content_outline: newContentOutline(outline),
    timeline: newTimeline(outline),
    complementary_suggestions: [
      {
        campaign_type: goal === "retention" ? "advocacy" : "retention",
        rationale: `Keeps ${audience} close once they have ${product}.`,
        synergy_score: 75,
      },
      {
        campaign_type: goal === "nurture" ? "conversion" : "nurture",
        rationale: `Answers “${objection}” for those who wait, and repeats: ${benefit}.`,
        synergy_score: 60,
      },
    ],
  };
}

function newOutline(facts: Facts): Outline {
  const { request, plan, stages, today } = facts;
  const brief = newBrief(facts);
  const design = DESIGNS[request.campaignGoal];
  const stage = stages.find(({ id }) => id !== "" && id === request.stage_id);
  const wished = request.channels.length > 0 ? request.channels : (stage?.channels ?? []);
  const earliest = addDays(today, LEAD_DAYS);
  const wanted = plan?.start_date && plan.start_date > earliest ? plan.start_date : earliest;
  const last = plan?.end_date && plan.end_date >= today ? plan.end_date : "9999-12-31";
  const start = earlier(wanted, last);
  const total = plan?.budget_allocation.total_budget ?? 0;
  const given = stage?.budget_allocation || total * SHARE_OF_PLAN;
  const limits = [facts.funnel.total_budget, total].flatMap((limit) => limit || []);
  return {
    ...brief,
    channels: wished.length > 0 ? chooseChannels(wished) : brief.channels.slice(0, 3),
    goal: request.campaignGoal,
    design,
    stage: stage && STAGES.includes(stage.stage_type) ? stage.stage_type : design.stage,
    start,
    end: earlier(addDays(start, WEEKS * 7 - 1), last),
    budget: toCents(Math.min(given > 0 ? given : PROPOSED_BUDGET, ...limits)),
    isProposal: !(given > 0),
  };
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

function newHead(outline: Outline, facts: Facts): object {
  const { brand, audience, product, segment, offer, design, goal, stage, start, end, budget } =
    outline;
  const target = Math.max(1, toCount((budget / 1_000) * design.perThousand));
  return {
    campaign_name: `${design.verb} ${clip(product, 60)}`,
    campaign_type: goal,
    objective: `${target} × ${design.kpi.toLowerCase()} among ${audience} by ${end}.`,
    description: describe(outline, facts),
    target_icp: segment,
    target_offer: offer,
    funnel_stage: stage,
    start_date: start,
    end_date: end,
    budget_allocation: budget,
    primary_kpi: { metric: design.kpi, target, measurement: "weekly" },
    secondary_kpis: [
      { metric: "Open rate of e-mails", target: "20–25 %" },
      { metric: "Visitors of the landing page", target: toCount(target * 25) },
    ],
    success_criteria: `Go on at ${target}, scale above, stop below ${Math.ceil(target / 2)} after four weeks. ${brand} decides in week five.`,
  };
}

function describe({ brand, promise, pain, isProposal, budget }: Outline, facts: Facts): string {
  const { preferences, prompt } = facts.request;
  const notes =
    typeof preferences === "string" ? preferences : preferences.budgetNotes || preferences.notes;
  const wish = prompt || notes;
  return [
    `${brand} answers “${pain}” with its promise: ${promise}.`,
    ...(wish ? [`It follows the wish: ${clip(wish, 200)}.`] : []),
    ...(isProposal ? [`${budget} ${facts.workspace.currency} is a proposal.`] : []),
    DEMO_NOTE,
  ].join(" ");
}

interface ChannelPlace {
  readonly outline: Outline;
  readonly share: number;
  readonly place: number;
}

function newChannel(channel: string, { outline, share, place }: ChannelPlace): object {
  const { product, audience, design } = outline;
  return {
    channel_name: channel,
    channel_type: typeOfChannel(channel),
    priority: nth(["primary", "secondary", "supporting", "supporting"], place),
    budget_percentage: share,
    content_types: [
      {
        type: contentTypeOf(channel),
        quantity: WEEKS - place,
        description: `One thought a week about ${product}`,
        cta: `${design.verb} ${product}`,
      },
    ],
    posting_frequency: place === 0 ? "Twice a week" : "Once a week",
    targeting_notes: `For ${audience}`,
    expected_metrics: {
      reach: 5_000 - place * 1_000,
      engagement_rate: 0.02,
      conversion_rate: 0.03,
    },
  };
}

function typeOfChannel(channel: string): string {
  if (/\bads?\b|paid|ppc|sponsor/i.test(channel)) return "paid";
  if (/mail|blog|site|landing|newsletter|webinar/i.test(channel)) return "owned";
  return /press|\bpr\b|partner|review|referral/i.test(channel) ? "earned" : "organic";
}

function contentTypeOf(channel: string): string {
  if (/mail|newsletter/i.test(channel)) return "email";
  if (/\bads?\b|paid|ppc/i.test(channel)) return "ad";
  if (/blog/i.test(channel)) return "blog";
  if (/webinar/i.test(channel)) return "webinar";
  return /video|youtube|tiktok/i.test(channel) ? "video" : "social_post";
}

/** The weeks in which a piece appears, its message, and the stage of its readers. */
const PIECES = [
  [0, "The problem", "awareness"],
  [1, "A first answer", "awareness"],
  [2, "How it works", "consideration"],
  [2, "A look inside", "consideration"],
  [3, "Doubts answered", "consideration"],
  [4, "An invitation", "conversion"],
  [5, "The last call", "conversion"],
] as const;

function newContentOutline(outline: Outline): object[] {
  const { channels, start, end, segment, product, pain, benefit, objection, tone, design } =
    outline;
  return PIECES.map(([week, title, funnel_stage], i) => ({
    content_id: `C${i + 1}`,
    title: `${title}: ${clip(product, 60)}`,
    content_type: contentTypeOf(nth(channels, i)),
    channel: nth(channels, i),
    funnel_stage,
    target_icp: segment,
    key_message: nth([pain, benefit, objection], i),
    supporting_points: [`Begins with: ${pain}`, `Leads to: ${benefit}`],
    cta: `${design.verb} ${product}`,
    tone,
    estimated_production_time: "4 hours",
    dependencies: i === 0 ? [] : [`C${i}`],
    publish_date: earlier(addDays(start, week * 7 + (i % 5)), end),
  }));
}

function newTimeline({ brand, product, channels, start, end }: Outline): object[] {
  const weeks = Math.floor((Date.parse(end) - Date.parse(start)) / WEEK_MS) + 1;
  const phases = ["Prepare", "Launch", "Run", "Run", "Run", "Learn"].slice(0, weeks);
  return phases.map((phase, i) => ({
    week: i + 1,
    phase,
    activities: [`${phase} on ${nth(channels, i)}`, "Look at the numbers on Friday"],
    deliverables: [`Content of week ${i + 1} for ${product}`],
    milestones: i === phases.length - 1 ? [`${brand} decides how to go on`] : [],
  }));
}
