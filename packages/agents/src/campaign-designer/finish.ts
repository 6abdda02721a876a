/** The campaign's exact side: what was asked for, its days, its money, and what refers to what. */
import type { Finding, Finished } from "../agent.ts";
import { fixed, open } from "../marketing/findings.ts";
import { fitName } from "../marketing/fit-names.ts";
import { newEvidence, textsOf, unprovenProof } from "../marketing/unproven-claims.ts";
import type { CampaignDesignerContext } from "./context.ts";
import { fitCampaignDates } from "./fit-campaign-dates.ts";
import { fitChannels } from "./fit-channels.ts";
import { fitContent } from "./fit-content.ts";
import { fitTimeline } from "./fit-timeline.ts";
import type { CampaignDesignerOutput } from "./schema.ts";

type Output = CampaignDesignerOutput;

/** Each step answers the same output if there is nothing to mend, else another and says so. */
type Step = (output: Output, context: CampaignDesignerContext, told: Finding[]) => Output;

/** Content is held to the campaign's days and channels, so these are settled before it. */
const STEPS: readonly Step[] = [fitHead, fitCampaignDates, fitChannels, fitContent, fitTimeline];

export function finishCampaign(output: Output, context: CampaignDesignerContext): Finished<Output> {
  const findings: Finding[] = [];
  const finished = STEPS.reduce((mended, step) => step(mended, context, findings), output);
  findings.push(...unprovenProof(textsOf(finished), newEvidence(context)));
  return { output: finished, findings };
}

function fitHead(output: Output, context: CampaignDesignerContext, told: Finding[]): Output {
  const { campaign } = output;
  const { names, asked } = context;
  const target_icp = fitName(campaign.target_icp, {
    kind: "segment",
    known: names.segments,
    path: "campaign.target_icp",
    told,
  });
  const target_offer = fitName(campaign.target_offer, {
    kind: "offer",
    known: names.offers,
    path: "campaign.target_offer",
    told,
  });
  const campaign_type = asked.goal ?? campaign.campaign_type;
  if (campaign_type !== campaign.campaign_type) {
    told.push(fixed("asked", "campaign.campaign_type", "Set to the goal that was asked for."));
  }
  told.push(...missingIn(campaign, context), ...overspent(campaign, context));
  const isSame =
    campaign_type === campaign.campaign_type &&
    target_icp === campaign.target_icp &&
    target_offer === campaign.target_offer;
  if (isSame) return output;
  return { ...output, campaign: { ...campaign, campaign_type, target_icp, target_offer } };
}

/** One campaign speaks to one segment about one offer, and counts something. */
function missingIn(
  { target_icp, target_offer, primary_kpi }: Output["campaign"],
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

/** The stage, the funnel and the plan each have what they have; the narrowest is told. */
function overspent(
  { budget_allocation }: Output["campaign"],
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

/** A plan's budget is free JSON: whatever has no total has no limit. */
function totalOf(budget: unknown): number {
  if (typeof budget !== "object" || budget === null || !("total_budget" in budget)) return 0;
  return typeof budget.total_budget === "number" ? budget.total_budget : 0;
}
