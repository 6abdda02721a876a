/** Finishes a campaign: what was asked for, its days, its money and its references. */
import type { Finished } from "../agent/define-agent.ts";
import { type Finding, fixedIf, open } from "../agent/finding.ts";
import { type Fitted, fitInSteps, fitted } from "../agent/fitted.ts";
import { daysBetween } from "../marketing/calendar.ts";
import { doubtsOfTexts } from "../marketing/doubts-of-texts.ts";
import { fitName } from "../marketing/fit-names.ts";
import {
  newEvidence,
  textsOf,
  unprovenNumbers,
  unprovenProof,
} from "../marketing/unproven-claims.ts";
import { FUNNEL_STAGES } from "../marketing/vocabulary.ts";
import type { CampaignDesignerContext } from "./context.ts";
import { fitCampaignDates } from "./fit-campaign-dates.ts";
import { fitChannels } from "./fit-channels.ts";
import { fitContent } from "./fit-content.ts";
import { fitTimeline } from "./fit-timeline.ts";
import type { CampaignDesignerOutput } from "./schema.ts";

type Output = CampaignDesignerOutput;
type Campaign = Output["campaign"];

/** What customers will read of a campaign. */
const PUBLISHED = /^content_outline\[\d+\]\.(?:title|key_message|supporting_points\[\d+\]|cta)$/;
const MONTH_DAYS = 30;

type Step = (output: Output, context: CampaignDesignerContext) => Fitted<Output>;

/** The days and channels of the campaign precede its content, which must match them. */
const STEPS: readonly Step[] = [fitHead, fitCampaignDates, fitChannels, fitContent, fitTimeline];

export function finishCampaign(output: Output, context: CampaignDesignerContext): Finished<Output> {
  const steps = STEPS.map((step) => (given: Output) => step(given, context));
  const { value, findings } = fitInSteps(output, steps);
  const claims = unprovenProof(textsOf(value), newEvidence(context));
  return { output: value, findings: [...findings, ...claims, ...doubtsOf(value, context)] };
}

function doubtsOf(output: Output, context: CampaignDesignerContext): Finding[] {
  const { campaign, channels, content_outline } = output;
  const { start_date, end_date, budget_allocation } = campaign;
  const texts = textsOf(output);
  const published = texts.filter(({ path }) => PUBLISHED.test(path));
  const days = daysBetween(start_date, end_date) + 1;
  const dates = content_outline.map(({ publish_date }, i) => ({
    path: `content_outline[${i}].publish_date`,
    date: publish_date ?? "",
  }));
  const numbers = unprovenNumbers(published, newEvidence(context));
  const doubts = doubtsOfTexts(
    {
      texts,
      published,
      words: [context.asked.words],
      cost: { path: "campaign.budget_allocation", value: budget_allocation },
      days: { path: "campaign.end_date", value: days },
      parts: channels.map(({ channel_name, budget_percentage }, i) => ({
        path: `channels[${i}].budget_percentage`,
        name: channel_name,
        value: (budget_allocation * budget_percentage) / 100,
      })),
      months: Math.max(1, days / MONTH_DAYS),
      own: [context.segments, context.offers],
      dates: [{ path: "campaign.start_date", date: start_date }, ...dates],
    },
    context,
  );
  return [...numbers, ...doubts];
}

function fitHead(output: Output, context: CampaignDesignerContext): Fitted<Output> {
  const { value: campaign, findings } = fitInSteps(output.campaign, [
    (given) => fitAsked(given, context),
    (given) => fitTarget(given, context),
    (given) => fitted(given, ...missingIn(given, context), ...overspent(given, context)),
  ]);
  return { value: campaign === output.campaign ? output : { ...output, campaign }, findings };
}

function fitTarget(given: Campaign, { names }: CampaignDesignerContext): Fitted<Campaign> {
  const icp = fitName(given.target_icp, {
    kind: "segment",
    known: names.segments,
    path: "campaign.target_icp",
  });
  const offer = fitName(given.target_offer, {
    kind: "offer",
    known: names.offers,
    path: "campaign.target_offer",
  });
  const isSame = icp.value === given.target_icp && offer.value === given.target_offer;
  return {
    value: isSame ? given : { ...given, target_icp: icp.value, target_offer: offer.value },
    findings: [...icp.findings, ...offer.findings],
  };
}

/** The same campaign if it has the requested goal and works on the requested stage. */
function fitAsked(given: Campaign, { asked, stage }: CampaignDesignerContext): Fitted<Campaign> {
  const campaign_type = asked.goal ?? given.campaign_type;
  // The screens write stages, too, so their type may be a word outside of the vocabulary.
  const stageType = FUNNEL_STAGES.find((one) => one === stage?.stage_type);
  const funnel_stage = stageType ?? given.funnel_stage;
  const wrongType = campaign_type !== given.campaign_type;
  const wrongStage = funnel_stage !== given.funnel_stage;
  return fitted(
    wrongType || wrongStage ? { ...given, campaign_type, funnel_stage } : given,
    ...fixedIf(wrongType, "asked", "campaign.campaign_type", "Set to the goal that was asked for."),
    ...fixedIf(
      wrongStage,
      "asked",
      "campaign.funnel_stage",
      "Set to the stage that the campaign was asked to work on.",
    ),
  );
}

/** One campaign addresses one segment with one offer, and has one measure. */
function missingIn(
  { target_icp, target_offer, primary_kpi }: Campaign,
  { names }: CampaignDesignerContext,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (target_icp === "" && names.segments.length > 0) {
    findings.push(
      open("missing", "campaign.target_icp", "Name the one segment that it speaks to."),
    );
  }
  if (target_offer === "" && names.offers.length > 0) {
    findings.push(open("missing", "campaign.target_offer", "Name the one offer that it is about."));
  }
  if (primary_kpi.target === null || primary_kpi.target === "") {
    const message = `Say what ${primary_kpi.metric} must reach: a measure without a target decides nothing.`;
    findings.push(open("missing", "campaign.primary_kpi.target", message));
  }
  return findings;
}

/** The stage, the funnel and the plan limit the budget. Only the narrowest limit is reported. */
function overspent(
  { budget_allocation }: Campaign,
  { stage, funnel, plan }: CampaignDesignerContext,
): readonly Finding[] {
  const limits = [
    { of: "stage", amount: Number(stage?.budget_allocation ?? 0) },
    { of: "funnel", amount: Number(funnel?.funnel.total_budget ?? 0) },
    { of: "plan", amount: totalOf(plan?.budget_allocation) },
  ].filter(({ amount }) => amount > 0 && budget_allocation > amount);
  const [narrowest] = limits.toSorted((a, b) => a.amount - b.amount);
  if (!narrowest) return [];
  return [
    open(
      "sum",
      "campaign.budget_allocation",
      `${budget_allocation} is more than the ${narrowest.of} has: ${narrowest.amount}. Stay within it.`,
    ),
  ];
}

/** A plan's budget is free JSON. Without a total there is no limit. */
function totalOf(budget: unknown): number {
  if (typeof budget !== "object" || budget === null || !("total_budget" in budget)) return 0;
  return typeof budget.total_budget === "number" ? budget.total_budget : 0;
}
