/** The context of the funnel architect: the workspace's foundation and the plan of the funnel. */
import { z } from "zod";
import type { ContextSource } from "../agent/define-agent.ts";
import { AMOUNT_MAX, roundToCents } from "../marketing/money.ts";
import { type Foundation, readFoundation } from "../marketing/workspace/foundation.ts";
import { type PlanBlock, toPlanBlock } from "../marketing/workspace/plan-block.ts";
import { type MeasuredWorkspace, readMeasured } from "../marketing/workspace/read-measured.ts";
import { readNamedRow } from "../marketing/workspace/read-named-row.ts";
import { type Setting, toSetting } from "../prompt/setting.ts";
import type { FunnelArchitectInput } from "./schema.ts";

export interface FunnelArchitectContext extends Setting, Foundation {
  readonly plan: PlanBlock | null;
  readonly measured: MeasuredWorkspace;
  /** The parts of the plan that the funnel must match. */
  readonly planned: Planned;
  /** Null if the caller left it open. */
  readonly funnelType: NonNullable<FunnelArchitectInput["funnelType"]> | null;
  readonly asked: FunnelArchitectInput;
}

interface Planned {
  /** Null without a plan, or if the plan has no budget. */
  readonly budget: number | null;
  readonly segments: readonly string[];
  readonly offers: readonly string[];
}

export async function readFunnelArchitectContext(
  source: ContextSource,
  input: FunnelArchitectInput,
): Promise<FunnelArchitectContext> {
  const [foundation, row] = await Promise.all([
    readFoundation(source.db),
    readNamedRow(source.db, "cmo_marketing_plans", { field: "planId", id: input.planId }),
  ]);
  const plan = row && toPlanBlock(row);
  const planned = toPlanned(plan);
  const measured = await readMeasured(source.db, {
    today: source.today,
    budget: planned.budget,
    planId: input.planId,
  });
  return {
    ...toSetting(source),
    ...foundation,
    leftOut: [...foundation.leftOut, ...measured.leftOut],
    plan,
    measured,
    planned,
    funnelType: input.funnelType ?? null,
    asked: input,
  };
}

const budgetSchema = z.object({
  total_budget: z.number().positive().max(AMOUNT_MAX).overwrite(roundToCents),
});
const namesSchema = z.array(z.string()).catch([]);

/** The screen writes these columns, too, so values of an unexpected shape are ignored. */
function toPlanned(plan: PlanBlock | null): Planned {
  return {
    budget: budgetSchema.safeParse(plan?.budget_allocation).data?.total_budget ?? null,
    segments: namesSchema.parse(plan?.target_icp_segments),
    offers: namesSchema.parse(plan?.target_offers),
  };
}
