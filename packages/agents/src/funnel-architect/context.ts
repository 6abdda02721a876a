/** What the funnel architect knows: the workspace's foundation, and the plan it is to serve. */
import type { ContextSource } from "../agent.ts";
import { type Foundation, readFoundation } from "../marketing/foundation.ts";
import { type PlanBlock, toPlanBlock } from "../marketing/plan-block.ts";
import { readNamedRow } from "../marketing/read-named-row.ts";
import { type Setting, toSetting } from "../marketing/setting.ts";
import type { FunnelArchitectInput } from "./schema.ts";

export interface FunnelArchitectContext extends Setting, Foundation {
  readonly plan: PlanBlock | null;
  /** Null when the caller left it open. */
  readonly funnelType: NonNullable<FunnelArchitectInput["funnelType"]> | null;
}

export async function readFunnelArchitectContext(
  source: ContextSource,
  input: FunnelArchitectInput,
): Promise<FunnelArchitectContext> {
  const [foundation, plan] = await Promise.all([
    readFoundation(source.db),
    readNamedRow(source.db, "cmo_marketing_plans", { field: "planId", id: input.planId }),
  ]);
  return {
    ...toSetting(source),
    ...foundation,
    plan: plan && toPlanBlock(plan),
    funnelType: input.funnelType ?? null,
  };
}
