/** The campaign's exact side: what was asked for, its days, its money, and what refers to what. */
import type { Finished } from "../agent/define-agent.ts";
import { type Finding, fixedIf, open } from "../agent/finding.ts";
import { fitName } from "../marketing/fit-names.ts";
import { newEvidence, textsOf, unprovenProof } from "../marketing/unproven-claims.ts";
import { FUNNEL_STAGES } from "../marketing/vocabulary.ts";
import type { CampaignDesignerContext } from "./context.ts";
import { fitCampaignDates } from "./fit-campaign-dates.ts";
import { fitChannels } from "./fit-channels.ts";
import { fitContent } from "./fit-content.ts";
import { fitTimeline } from "./fit-timeline.ts";
import type { CampaignDesignerOutput } from "./schema.ts";

type Output = CampaignDesignerOutput;
type Campaign = Output["campaign"];

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
  const campaign = fitAsked(output.campaign, context, told);
  const { names } = context;
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
  told.push(...missingIn(campaign, context), ...overspent(campaign, context));
  const isSame =
    campaign === output.campaign &&
    target_icp === campaign.target_icp &&
    target_offer === campaign.target_offer;
  if (isSame) return output;
  return { ...output, campaign: { ...campaign, target_icp, target_offer } };
}

/** The same campaign if it has the goal that was asked for, and works on the stage that was. */
function fitAsked(
  given: Campaign,
  { asked, stage }: CampaignDesignerContext,
  told: Finding[],
): Campaign {
  const campaign_type = asked.goal ?? given.campaign_type;
  // The screens write stages too, so their types are words of the vocabulary or nothing.
  const stageType = FUNNEL_STAGES.find((one) => one === stage?.stage_type);
  const funnel_stage = stageType ?? given.funnel_stage;
  const wrongType = campaign_type !== given.campaign_type;
  const wrongStage = funnel_stage !== given.funnel_stage;
  told.push(
    ...fixedIf(wrongType, "asked", "campaign.campaign_type", "Set to the goal that was asked for."),
    ...fixedIf(
      wrongStage,
      "asked",
      "campaign.funnel_stage",
      "Set to the stage that the campaign was asked to work on.",
    ),
  );
  return wrongType || wrongStage ? { ...given, campaign_type, funnel_stage } : given;
}

/** One campaign speaks to one segment about one offer, and counts something. */
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

/** The stage, the funnel and the plan each have what they have; the narrowest is told. */
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

/** A plan's budget is free JSON: whatever has no total has no limit. */
function totalOf(budget: unknown): number {
  if (typeof budget !== "object" || budget === null || !("total_budget" in budget)) return 0;
  return typeof budget.total_budget === "number" ? budget.total_budget : 0;
}
