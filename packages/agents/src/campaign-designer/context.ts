/** What the campaign designer knows: the foundation, what the campaign serves, what runs already. */
import type { Row, WorkspaceDb } from "@cmo/shared/db";
import { type ContextSource, InputError } from "../agent.ts";
import { type Foundation, readFoundation } from "../marketing/foundation.ts";
import { pick } from "../marketing/pick.ts";
import { type PlanBlock, toPlanBlock } from "../marketing/plan-block.ts";
import { type FunnelWithStages, readFunnel } from "../marketing/read-funnel.ts";
import { readNamedRow } from "../marketing/read-named-row.ts";
import { type Setting, toSetting } from "../marketing/setting.ts";
import type { CampaignDesignerInput } from "./schema.ts";

/** Enough to see what the new campaign must fit in with. */
const CAMPAIGNS_MAX = 20;

const CAMPAIGN_COLUMNS = [
  "campaign_name",
  "campaign_type",
  "status",
  "funnel_stage",
  "target_icp",
  "target_offer",
  "start_date",
  "end_date",
] as const;

type CampaignBlock = Pick<Row<"cmo_campaigns">, (typeof CAMPAIGN_COLUMNS)[number]>;

export interface CampaignDesignerContext extends Setting, Foundation {
  /** Null when the caller left it open. */
  readonly goal: NonNullable<CampaignDesignerInput["campaignGoal"]> | null;
  readonly plan: PlanBlock | null;
  readonly funnel: FunnelWithStages | null;
  readonly campaigns: readonly CampaignBlock[];
}

export async function readCampaignDesignerContext(
  source: ContextSource,
  input: CampaignDesignerInput,
): Promise<CampaignDesignerContext> {
  const { db } = source;
  const [foundation, plan, funnel, campaigns] = await Promise.all([
    readFoundation(db),
    readNamedRow(db, "cmo_marketing_plans", { field: "planId", id: input.planId }),
    readFunnelOfStage(db, input),
    db.list("cmo_campaigns", {
      orderBy: [
        ["created_at", "descending"],
        ["id", "ascending"],
      ],
      limit: CAMPAIGNS_MAX,
    }),
  ]);
  return {
    ...toSetting(source),
    ...foundation,
    goal: input.campaignGoal ?? null,
    plan: plan && toPlanBlock(plan),
    funnel,
    campaigns: campaigns.map((row) => pick(row, CAMPAIGN_COLUMNS)),
  };
}

/** A stage brings its funnel along; a stage and a funnel that do not belong together are refused. */
async function readFunnelOfStage(
  db: WorkspaceDb,
  { funnelId, stageId }: CampaignDesignerInput,
): Promise<FunnelWithStages | null> {
  const [stage, named] = await Promise.all([
    readNamedRow(db, "cmo_funnel_stages", { field: "stageId", id: stageId }),
    readFunnel(db, funnelId),
  ]);
  if (!stage || stage.funnel_id === funnelId) return named;
  if (named) {
    throw new InputError(
      "stageId names no stage of the funnel in funnelId. Check both ids, or leave one out.",
    );
  }
  return readFunnel(db, stage.funnel_id);
}
