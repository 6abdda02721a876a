/**
 * The context of the campaign designer: the foundation, the plan and funnel of the campaign, and
 * the existing campaigns with their recent numbers, on which expectations are based.
 */
import type { WorkspaceDb } from "@cmo/shared/db";
import { type ContextSource, InputError } from "../agent/define-agent.ts";
import type { Metrics } from "../marketing/metrics/measure-campaigns.ts";
import { windowsOf } from "../marketing/metrics/period.ts";
import { type Foundation, readFoundation } from "../marketing/workspace/foundation.ts";
import { type PlanBlock, toPlanBlock } from "../marketing/workspace/plan-block.ts";
import { type CampaignBlock, readCampaigns } from "../marketing/workspace/read-campaigns.ts";
import { type FunnelWithStages, readFunnel } from "../marketing/workspace/read-funnel.ts";
import { readNamedRow } from "../marketing/workspace/read-named-row.ts";
import { type Setting, toSetting } from "../prompt/setting.ts";
import type { Room } from "../prompt/take-within.ts";
import type { CampaignDesignerInput } from "./schema.ts";

/** Enough to show the campaigns that the new one must fit. */
const CAMPAIGNS_ROOM: Room = { items: 15, characters: 12_000 };
const MEASURED_PERIOD = "last_90_days";

type StageBlock = FunnelWithStages["stages"][number];

/** The request, as `finish` needs it. */
interface Asked {
  /** Null if the caller left it open. */
  readonly goal: NonNullable<CampaignDesignerInput["campaignGoal"]> | null;
  /** The only channels to use; empty if all are allowed. */
  readonly channels: readonly string[];
  /** The caller's own words, which may ask for unusual days. */
  readonly words: string;
}

export interface CampaignDesignerContext extends Setting, Foundation {
  readonly asked: Asked;
  readonly plan: PlanBlock | null;
  readonly funnel: FunnelWithStages | null;
  /** The stage of the funnel that the campaign works on. */
  readonly stage: StageBlock | null;
  readonly campaigns: readonly CampaignBlock[];
  /** The numbers of the last 90 days. */
  readonly metrics: Metrics;
}

export async function readCampaignDesignerContext(
  source: ContextSource,
  input: CampaignDesignerInput,
): Promise<CampaignDesignerContext> {
  const { db, today } = source;
  const { planId } = input;
  const [foundation, plan, { funnel, stage, read }] = await Promise.all([
    readFoundation(db),
    readNamedRow(db, "cmo_marketing_plans", { field: "planId", id: planId }),
    readFunnelAndCampaigns(db, today, input),
  ]);
  return {
    ...toSetting(source),
    ...foundation,
    asked: {
      goal: input.campaignGoal ?? null,
      channels: input.channels?.filter((name) => name !== "") ?? [],
      words: wordsOf(input),
    },
    plan: plan && toPlanBlock(plan),
    funnel,
    stage,
    campaigns: read.campaigns,
    metrics: read.metrics,
    leftOut: [...foundation.leftOut, ...(funnel?.leftOut ?? []), ...read.leftOut],
  };
}

async function readFunnelAndCampaigns(
  db: WorkspaceDb,
  today: string,
  input: CampaignDesignerInput,
) {
  const { funnel, stage } = await readFunnelAndStage(db, input);
  const read = await readCampaigns(db, {
    windows: windowsOf(MEASURED_PERIOD, today),
    funnelId: funnel?.funnel.id,
    planId: input.planId,
    room: CAMPAIGNS_ROOM,
  });
  return { funnel, stage, read };
}

/** A stage implies its funnel. A stage of another funnel is refused. */
async function readFunnelAndStage(db: WorkspaceDb, { funnelId, stageId }: CampaignDesignerInput) {
  const row = await readNamedRow(db, "cmo_funnel_stages", { field: "stageId", id: stageId });
  const funnel = await readFunnel(db, funnelId ?? row?.funnel_id, row);
  const stage = funnel?.stages.find(({ id }) => id === row?.id) ?? null;
  if (row && !stage) {
    throw new InputError(
      "stageId names no stage of the funnel in funnelId. Check both ids, or leave one out.",
    );
  }
  return { funnel, stage };
}

/** Only the prompt and the notes may mention days. */
function wordsOf({ prompt, preferences }: CampaignDesignerInput): string {
  const notes = typeof preferences === "string" ? preferences : preferences?.notes;
  return [prompt ?? "", notes ?? ""].filter((text) => text !== "").join("\n");
}
